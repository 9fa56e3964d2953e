"""``proxy collect STUDY_DIR``: the finished runs as a runs table with a datasheet; results from elsewhere."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.import_runs import write_table
from causalmix_core.cli.output import check_output
from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    import argparse

    from causalmix_core.evidence import RunsTable
    from causalmix_core.proxy.engine import Study


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "collect",
        help="finished runs as a runs table",
        description="Write runs.csv with its sidecar and a datasheet made from the rows. Runs that failed are not in "
        "it, and the datasheet says how many.",
    )
    parser.add_argument("study", metavar="STUDY_DIR", type=Path)
    parser.add_argument("--out", metavar="RUNS.csv", type=Path, help="default: STUDY_DIR/runs.csv")
    parser.add_argument(
        "--import",
        metavar="DIR",
        dest="folder",
        type=Path,
        help="first take the results of run folders that were trained elsewhere",
    )
    parser.add_argument(
        "--append-to",
        metavar="RUNS",
        type=Path,
        help="a runs table of the same domains, covariates and outcomes: write its runs and, behind them, those of the "
        "study that it lacks",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Import, collect, write."""
    from causalmix_core.proxy.engine import open_study
    from causalmix_core.proxy.engine.collect import collect
    from causalmix_core.proxy.engine.datasheet import datasheet

    study = open_study(arguments.study)
    out = arguments.out or study.path / "runs.csv"
    sheet = out.with_name(f"{out.stem}.datasheet.md")
    check_output(out, [] if arguments.append_to is None else [arguments.append_to])
    if arguments.folder is not None:
        _take(study, arguments.folder)
    table = collect(study.path)
    if arguments.append_to is not None:
        _write_behind(table, arguments.append_to, out, study)
        return 0
    write_table(table, out)
    write_atomically(sheet, datasheet(table, _left_out(study)).encode())
    print(f"{sheet}: how they came about.")
    return 0


def _write_behind(table: RunsTable, path: Path, out: Path, study: Study) -> None:
    from causalmix_core.delivery.numbers import thousands
    from causalmix_core.evidence import read_runs
    from causalmix_core.proxy.engine.appending import append_runs

    both = append_runs(read_runs(path), table, study.path.name)
    write_table(both.table, out)
    known = f"; {thousands(both.known)} were there already" if both.known else ""
    print(f"{thousands(both.new)} runs of {study.path} were added{known}.")


def _take(study: Study, folder: Path) -> None:
    from causalmix_core.proxy.engine.importing import import_runs

    found = import_runs(study, folder)
    print(f"{folder}: {len(found.taken)} runs taken, {len(found.known)} were there already.")
    for name, why in found.refused:
        print(f"{name} was not taken: {why}.")


def _left_out(study: Study) -> Counter[tuple[str, str]]:
    from causalmix_core.proxy.engine import Ledger

    with Ledger(study.ledger_path) as ledger:
        return Counter((run.state, run.kind or "") for run in ledger.runs() if run.state != "done")
