"""LLaMA-Factory: counts per domain, the one meaning of "weight" its loader keeps.

``num_samples`` draws without replacement first and with replacement beyond a file's size; with
``mix_strategy: concat`` every drawn example is seen once. Probabilities are not written: the
interleaving strategies repeat, drop or ignore them (see Hugging Face ``interleave_datasets``).
Not covered: streaming mode, where the loader ignores ``num_samples``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.delivery.counts import largest_remainder
from causalmix_core.delivery.shares_csv import csv_bytes
from causalmix_core.delivery.verdict import accepted_because, refuse_blocked
from causalmix_core.delivery.yaml_text import yaml_text
from causalmix_core.errors import ExportError
from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

DEFAULT_EXAMPLES = 100_000
_MOST_EXAMPLES = 10**12
_LONGEST_SLUG = 60
_SIGNATURE = "# Written by CausalMix"


@dataclass(frozen=True)
class DatasetRow:
    """One domain of the export.

    Attributes
    ----------
    domain : its name in the document; ``dataset`` : its name in ``dataset_info.json``.
    file_name : the examples are looked for there, beside ``dataset_info.json``.
    asked, obtained : share of the document and share of the counts, 0..1.
    examples : how many; 0 means that the domain is left out of the trainer's files.
    """

    domain: str
    dataset: str
    file_name: str
    asked: float
    examples: int
    obtained: float


@dataclass(frozen=True)
class LlamaFactoryFiles:
    """The export as bytes by file name, and the table of shares asked and obtained."""

    files: Mapping[str, bytes]
    rows: tuple[DatasetRow, ...]


def default_examples(document: Mapping[str, Any]) -> int:
    """The document's budget where that counts examples, else :data:`DEFAULT_EXAMPLES`."""
    budget = document.get("budget")
    return budget if budget is not None and document["unit"] == "examples" else DEFAULT_EXAMPLES


def llama_factory_files(
    document: Mapping[str, Any], *, examples: int = DEFAULT_EXAMPLES, dataset_dir: str = "data"
) -> LlamaFactoryFiles:
    """``dataset_info.json``, ``mixture.yaml`` and ``shares.csv`` of a checked document.

    Where a failed check was accepted, ``mixture.json`` too: the reason travels with the files.

    Parameters
    ----------
    examples : 1..10^12 in total; the counts add up to exactly this.
    dataset_dir : what the trainer is told as ``dataset_dir``.

    Raises
    ------
    ExportError : ``examples`` is out of range, or a check fails and nobody has said why the
        mixture is used all the same.
    """
    refuse_blocked(document)
    if not 1 <= examples <= _MOST_EXAMPLES:
        raise ExportError(f"The number of examples is {examples}; give 1 to {_MOST_EXAMPLES:,}.")
    rows = _rows(document["mixture"], _counts(document, examples), examples)
    kept = [row for row in rows if row.examples > 0]
    info = {row.dataset: {"file_name": row.file_name, "num_samples": row.examples} for row in kept}
    header = ("domain", "dataset", "file_name", "share_asked", "examples", "share_obtained")
    table = [(row.domain, row.dataset, row.file_name, row.asked, row.examples, row.obtained) for row in rows]
    files = {
        "dataset_info.json": canonical_json(info),
        "mixture.yaml": _yaml(document["id"], kept, examples, dataset_dir),
        "shares.csv": csv_bytes(header, table),
    }
    if accepted_because(document) is not None:
        files["mixture.json"] = canonical_json(document)
    return LlamaFactoryFiles(files, rows)


def write_llama_factory(
    document: Mapping[str, Any], directory: Path, *, examples: int = DEFAULT_EXAMPLES
) -> tuple[tuple[Path, ...], tuple[DatasetRow, ...]]:
    """Write the files into ``directory`` (made if missing); their paths and the table.

    Raises
    ------
    ExportError : see :func:`llama_factory_files`; or the folder holds one of these files from
        another hand, such as a trainer's own ``dataset_info.json``.
    OSError : the folder cannot be written.
    """
    export = llama_factory_files(document, examples=examples, dataset_dir=str(directory))
    directory.mkdir(parents=True, exist_ok=True)
    _refuse_foreign(directory, export.files)
    paths = tuple(directory / name for name in export.files)
    for path in paths:
        write_atomically(path, export.files[path.name])
    return paths, export.rows


def slugs(domains: Sequence[str]) -> tuple[str, ...]:
    """A name for each domain that is safe in paths, YAML and comma lists; distinct in any case.

    Letters lose their accents, anything but ASCII letters, digits, ``_`` and ``-`` becomes
    ``_``; a name of which nothing is left is ``domain<position>``.
    """
    taken: set[str] = set()
    found = []
    for position, domain in enumerate(domains, start=1):
        ascii_only = unicodedata.normalize("NFKD", domain).encode("ascii", "ignore").decode()
        base = re.sub(r"[^A-Za-z0-9_-]+", "_", ascii_only).strip("_-")[:_LONGEST_SLUG]
        base = slug = base or f"domain{position}"
        number = 1
        # File systems that ignore case would make one file of "Web" and "web".
        while slug.lower() in taken:
            number += 1
            slug = f"{base}_{number}"
        taken.add(slug.lower())
        found.append(slug)
    return tuple(found)


def _counts(document: Mapping[str, Any], examples: int) -> Mapping[str, int]:
    """The document's own counts where they are of so many examples: no more than there are."""
    counts = document.get("counts")
    if counts is not None and document["unit"] == "examples" and document["budget"] == examples:
        return {domain: counts.get(domain, 0) for domain in document["mixture"]}
    domains = sorted(document["mixture"])
    shared = largest_remainder([document["mixture"][domain] for domain in domains], examples)
    return dict(zip(domains, shared, strict=True))


def _rows(mixture: Mapping[str, float], counts: Mapping[str, int], examples: int) -> tuple[DatasetRow, ...]:
    domains = sorted(mixture)
    return tuple(
        DatasetRow(
            domain, f"mix_{slug}", f"{slug}.jsonl", mixture[domain], counts[domain], counts[domain] / examples
        )
        for domain, slug in zip(domains, slugs(domains), strict=True)
    )


def _yaml(identity: str, kept: Sequence[DatasetRow], examples: int, dataset_dir: str) -> bytes:
    lines = (
        f"{_SIGNATURE} from mixture {identity}: {examples} examples in all.",
        "# Put each domain's examples beside dataset_info.json, under the file names it gives.",
        "# Leave max_samples unset (it cuts each dataset after num_samples), and do not stream.",
        f"dataset: {','.join(row.dataset for row in kept)}",
        f"dataset_dir: {yaml_text(dataset_dir)}",
        "mix_strategy: concat",
    )
    return ("\n".join(lines) + "\n").encode("utf-8")


def _refuse_foreign(directory: Path, names: Mapping[str, bytes]) -> None:
    present = [name for name in names if (directory / name).exists()]
    marked = directory / "mixture.yaml"
    ours = marked.is_file() and marked.read_bytes().startswith(_SIGNATURE.encode())
    if present and not ours:
        raise ExportError(
            f"{directory} already holds {present[0]} that this export did not write; "
            "give --out another folder and merge the entries by hand."
        )
