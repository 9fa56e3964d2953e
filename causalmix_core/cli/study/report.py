"""``study report NAME``: the document, its figures and the datasheet, from the tables alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

_CHECKOUT = Path(__file__).resolve().parents[3]


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "report",
        help="write the study's document from its tables",
        description="Write the document of a study, its figures and the tables' datasheet, from the tables alone: the same "
        "bytes every time. Studies whose tables lie in the same folder and that have the same outcome are set beside it.",
    )
    parser.add_argument("plan", metavar="NAME", help="name of the study")
    parser.add_argument(
        "--tables", metavar="DIR", type=Path, help="the tables that are kept (default: data/NAME)"
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        help="the document; figures go to images/NAME beside it (default: docs/STUDY.md of the flagship, docs/studies/NAME.md "
        "of another)",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="write nothing; exit 1 and name the first line that is not as the tables give it",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the report, or compare it with what is there."""
    from causalmix_core.study.document import document_of
    from causalmix_core.study.report.writing import (
        build_report,
        first_difference,
        studies_beside,
        write_report,
    )

    tables = arguments.tables or _CHECKOUT / "data" / arguments.plan
    files = build_report(tables, arguments.out or document_of(arguments.plan), studies_beside(tables))
    if arguments.check:
        wrong = first_difference(files)
        print(wrong or f"{len(files)} files are what the tables give.")
        return 1 if wrong else 0
    write_report(files)
    for path in files:
        print(path)
    return 0
