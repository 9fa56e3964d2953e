"""``validate RUNS``: whether a runs table keeps the contract, and what was noticed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.cli.arguments import add_drop_incomplete
from causalmix_core.cli.output import print_json
from causalmix_core.delivery.numbers import thousands
from causalmix_core.errors import TableError

if TYPE_CHECKING:
    import argparse

    from causalmix_core.evidence.inspect import Inspection
    from causalmix_core.evidence.table import RunsTable


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "validate",
        help="check a runs table",
        description="Check a runs table (CSV, TSV, Parquet, JSON lines, Excel). Beside RUNS a file "
        "<name>.meta.json with directions, units and natural shares is read when it is there.",
    )
    parser.add_argument("runs", metavar="RUNS", type=Path, help="the runs table")
    parser.add_argument("--json", action="store_true", help="print all findings as JSON")
    add_drop_incomplete(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print what was found; 0 when the table can be used, else 2."""
    from causalmix_core.evidence import inspect_runs, load

    data, meta = load(arguments.runs)
    found = inspect_runs(data, arguments.runs.name, meta=meta, drop_incomplete=arguments.drop_incomplete)
    if arguments.json:
        print_json(_as_json(found))
    else:
        _print_text(found)
    if found.table is not None:
        return 0
    raise _refusal(found)


def _as_json(found: Inspection) -> dict[str, Any]:
    return {
        "valid": found.table is not None,
        "issues": [asdict(issue) for issue in found.issues],
        "columns": [asdict(column) for column in found.columns],
        "table": None if found.table is None else _table_json(found.table),
    }


def _table_json(table: RunsTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "sha256": table.sha256,
        "n_runs": table.n_runs,
        "n_pools": None if table.pool_ids is None else len(set(table.pool_ids)),
        "domains": list(table.domains),
        "covariates": list(table.covariate_columns),
        "outcomes": [asdict(outcome) for outcome in table.outcomes],
        "default_outcome": table.default_outcome,
        "natural": None
        if table.natural is None
        else dict(zip(table.domains, table.natural.tolist(), strict=True)),
    }


def _print_text(found: Inspection) -> None:
    from causalmix_core.evidence.issues import sentence

    if found.table is not None:
        print(_summary(found.table))
    for issue in found.issues:
        print(f"{issue.severity}: {sentence(issue)}")


def _summary(table: RunsTable) -> str:
    pools = "" if table.pool_ids is None else f" on {thousands(len(set(table.pool_ids)))} pools"
    return (
        f"{table.name}: {thousands(table.n_runs)} runs{pools}, {len(table.domains)} domains, "
        f"{len(table.covariates)} covariates, {len(table.outcomes)} outcomes "
        f"({', '.join(outcome.name for outcome in table.outcomes)}).\n"
        f"domains: {', '.join(table.domains)}\n"
        f"sha256: {table.sha256}"
    )


def _refusal(found: Inspection) -> TableError:
    """The first error in one sentence; the others were printed."""
    from causalmix_core.evidence.issues import sentence

    errors = [issue for issue in found.issues if issue.severity == "error"]
    return TableError(sentence(errors[0], len(errors) - 1), found.issues)
