"""``predict FIT_DIR ROWS.csv``: the expected outcome of given mixtures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_fit_directory, add_out
from causalmix_core.cli.output import check_output
from causalmix_core.cli.reading import open_fit, read_file
from causalmix_core.delivery.numbers import thousands
from causalmix_core.delivery.shares_csv import csv_bytes
from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    import argparse


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "predict",
        help="predict the outcome of mixtures",
        description="One row per input row, in the same order: the row's name and a column "
        "predicted_<outcome> in the table's own unit and direction.",
    )
    add_fit_directory(parser)
    parser.add_argument(
        "rows",
        metavar="ROWS.csv",
        type=Path,
        help="share_<domain> columns, and the covariate columns where the fit uses them; others are ignored. "
        "Rows without params and tokens are foretold at the fit's target size",
    )
    add_out(parser, "PREDICTIONS.csv", "file to write")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read, predict, write."""
    from causalmix_core.evidence.rows import read_rows

    check_output(arguments.out, (arguments.rows,))
    fit = open_fit(arguments.fit_dir)
    rows = read_rows(
        read_file(arguments.rows),
        arguments.rows.name,
        fit.table,
        with_states=fit.reads_states,
        sizes=fit.target,
    )
    held = fit.predict(rows.shares, rows.states)
    predicted = fit.outcome.sign * held
    header = ("run_id", f"predicted_{fit.outcome.name}")
    data = csv_bytes(header, zip(rows.names, predicted.tolist(), strict=True))
    write_atomically(arguments.out, data)
    print(f"{arguments.out}: {thousands(len(predicted))} predictions of {fit.outcome.name}.")
    return 0
