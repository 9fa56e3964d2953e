"""``import regmix|olmix``: another project's pair of files becomes one runs table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_out, size
from causalmix_core.cli.output import check_output
from causalmix_core.cli.reading import read_file
from causalmix_core.delivery.numbers import thousands
from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    import argparse

    from causalmix_core.evidence.table import RunsTable


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("import", help="make a runs table of another project's files")
    sources = parser.add_subparsers(title="sources", metavar="SOURCE", required=True)
    regmix = sources.add_parser(
        "regmix",
        help="RegMix: mixtures and losses",
        description="RegMix's pair of CSVs; rows are joined by their index column.",
    )
    regmix.add_argument("mixtures", metavar="MIXTURES.csv", type=Path)
    regmix.add_argument("losses", metavar="LOSSES.csv", type=Path)
    _add_sizes(regmix)
    add_out(regmix, "RUNS.csv", "runs table to write, with RUNS.meta.json beside it")
    regmix.set_defaults(run=run_regmix)
    olmix = sources.add_parser(
        "olmix",
        help="olmix: ratios and metrics",
        description="olmix's ratios.csv and metrics.csv; rows are joined by run.",
    )
    olmix.add_argument("ratios", metavar="RATIOS.csv", type=Path)
    olmix.add_argument("metrics", metavar="METRICS.csv", type=Path)
    olmix.add_argument("--priors", metavar="PRIORS.csv", type=Path, help="token counts: the natural shares")
    _add_sizes(olmix)
    add_out(olmix, "RUNS.csv", "runs table to write, with RUNS.meta.json beside it")
    olmix.set_defaults(run=run_olmix)


def _add_sizes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--params", type=size, help="model size of all these runs, e.g. 1e6 or 60M")
    parser.add_argument("--tokens", type=size, help="token budget of all these runs, e.g. 1e9 or 1B")


def run_regmix(arguments: argparse.Namespace) -> int:
    """Join, check, write."""
    from causalmix_core.evidence.imports import import_regmix

    check_output(arguments.out, (arguments.mixtures, arguments.losses))
    pair = (read_file(arguments.mixtures), read_file(arguments.losses))
    table = import_regmix(*pair, params=arguments.params, tokens=arguments.tokens)
    return write_table(table, arguments.out)


def run_olmix(arguments: argparse.Namespace) -> int:
    """Join, check, write."""
    from causalmix_core.evidence.imports import import_olmix

    inputs = [path for path in (arguments.ratios, arguments.metrics, arguments.priors) if path]
    check_output(arguments.out, inputs)
    files = [read_file(path) for path in inputs]
    table = import_olmix(*files, params=arguments.params, tokens=arguments.tokens)
    return write_table(table, arguments.out)


def write_table(table: RunsTable, out: Path) -> int:
    """Write a runs table with its sidecar and say what it holds."""
    from causalmix_core.evidence.canonical import table_csv, table_meta
    from causalmix_core.evidence.meta import meta_path

    write_atomically(meta_path(out), table_meta(table))
    write_atomically(out, table_csv(table))
    print(
        f"{out}: {thousands(table.n_runs)} runs, {len(table.domains)} domains, {len(table.outcomes)} outcomes."
    )
    return 0
