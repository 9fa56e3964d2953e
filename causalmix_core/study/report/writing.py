"""The report as files: built from a tables folder, written, or compared with what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.files import write_atomically
from causalmix_core.study.report.again import again
from causalmix_core.study.report.analysis import analysis
from causalmix_core.study.report.answer import answer
from causalmix_core.study.report.beside import beside, comparable, in_short
from causalmix_core.study.report.comparison import verified_of
from causalmix_core.study.report.datasheet import datasheet
from causalmix_core.study.report.limits import limits
from causalmix_core.study.report.markdown import document
from causalmix_core.study.report.oracle import oracle
from causalmix_core.study.report.scale import scale
from causalmix_core.study.report.section import images_of
from causalmix_core.study.report.setting import setting
from causalmix_core.study.report.source import read_tables
from causalmix_core.study.report.units import in_unit
from causalmix_core.study.report.verification import verification

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from causalmix_core.study.report.beside import Other
    from causalmix_core.study.report.source import StudyTables

DATASHEET, PLAN = "DATASHEET.md", "plan.yaml"


def build_report(tables_folder: Path, out: Path, others: Sequence[Path] = ()) -> dict[Path, bytes]:
    """Every file of the report: the document at ``out``, its figures beside it, the datasheet among the tables.

    Parameters
    ----------
    others : tables folders of other studies; those that are verified and have the same outcome are set beside this one.

    Raises
    ------
    StudyError : a needed table is missing, unreadable, or of another study.
    """
    tables = read_tables(tables_folder)
    verified = verified_of(tables)
    beside_it = _comparable(tables, others)
    sections = (
        answer(tables, verified), in_short(tables, verified, beside_it), setting(tables), verification(tables, verified), oracle(tables, verified),
        scale(tables, verified), analysis(tables), beside(tables, verified, beside_it),
        limits(tables, verified), again(tables),
    )  # fmt: skip
    title = f"# {tables.plan.plain['title']}: the study"
    files = {out: document([title, *(part for section in sections for part in section.parts)])}
    for section in sections:
        files.update(
            {out.parent / images_of(tables.plan.name) / name: data for name, data in section.figures.items()}
        )
    files[tables_folder / DATASHEET] = datasheet(tables, verified)
    return {path: in_unit(data, tables.plan) for path, data in files.items()}


def studies_beside(tables_folder: Path) -> list[Path]:
    """Tables folders of the studies that are kept beside one, by name."""
    kept = sorted(path.parent for path in tables_folder.parent.glob(f"*/{PLAN}"))
    return [folder for folder in kept if folder.resolve() != tables_folder.resolve()]


def _comparable(tables: StudyTables, others: Sequence[Path]) -> list[Other]:
    found = [read_tables(folder) for folder in others]
    pairs = [(other, verified_of(other)) for other in found if comparable(tables, other)]
    return [(other, verified) for other, verified in pairs if verified is not None]


def write_report(files: Mapping[Path, bytes]) -> None:
    """Write every file, folders too."""
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)


def first_difference(files: Mapping[Path, bytes]) -> str | None:
    """The first file and line that are not as the tables give them, as a sentence; None where all are."""
    for path, data in files.items():
        if not path.is_file():
            return f"{path} is missing."
        there = path.read_bytes()
        if there != data:
            return _line(path, there, data)
    return None


def _line(path: Path, there: bytes, wanted: bytes) -> str:
    lines, due = there.split(b"\n"), wanted.split(b"\n")
    number = next(
        (i for i, (one, other) in enumerate(zip(lines, due, strict=False)) if one != other),
        min(len(lines), len(due)),
    )
    shown = [
        repr(found[number].decode("utf-8", "replace")[:160]) if number < len(found) else "nothing"
        for found in (lines, due)
    ]
    return f"{path}, line {number + 1}: there is {shown[0]}, the tables give {shown[1]}."
