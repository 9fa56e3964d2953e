"""Several runs tables of the same domains as one: runs of several sizes, each with a table of its own."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd

from causalmix_core.evidence.canonical import table_csv, table_meta
from causalmix_core.evidence.issues import listed, refusal
from causalmix_core.evidence.limits import MAX_BYTES_OF_A_PATH
from causalmix_core.evidence.meta import parse_meta
from causalmix_core.evidence.reading import read_frame
from causalmix_core.evidence.roles import guess_role
from causalmix_core.evidence.sizes import SIZES
from causalmix_core.evidence.validation import build_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causalmix_core.evidence.roles import Role
    from causalmix_core.evidence.table import Outcome, RunsTable


def combine_runs(
    tables: Sequence[RunsTable], labels: Sequence[str], rows: Sequence[Sequence[int] | None] = ()
) -> RunsTable:
    """One table with the runs of all, in order, validated as any other.

    Parameters
    ----------
    tables : two or more with the same domains, covariates and outcomes, in any order of columns. Text
        columns that one lacks are empty there; sizes become covariates where they differ (see
        ``sizes``). Equal pool ids name the same pool.
    labels : one for each table, put before the run ids (``label:id``) where ids of two tables are equal.
    rows : which rows of each table to take, None for all; left out, all of every table.

    Title, natural shares, directions and units are those of the first.

    Raises
    ------
    TableError : tables that do not go together, and anything a runs table is refused for.
    """
    first = tables[0]
    for table, label in zip(tables[1:], labels[1:], strict=True):
        _check_alike(first, table, labels[0], label)
    taken = rows or (None,) * len(tables)
    frames = [_frame(table, own) for table, own in zip(tables, taken, strict=True)]
    ids = [name for frame in frames for name in frame["run_id"]]
    if len(set(ids)) < len(ids):
        frames = [f.assign(run_id=label + ":" + f["run_id"]) for f, label in zip(frames, labels, strict=True)]
    roles: dict[str, Role] = {
        c: "provenance" for t in tables for c in t.provenance if guess_role(c) != "provenance"
    }
    joined = pd.concat(frames, ignore_index=True).fillna("")
    said = f"{len(joined):,} runs of {len(tables)} tables put together: {listed(list(labels))}."
    meta = dataclasses.replace(parse_meta(table_meta(first)), description=said)
    return build_table(joined, first.name, meta, roles)


def _frame(table: RunsTable, rows: Sequence[int] | None) -> pd.DataFrame:
    """Cells as text; sizes that the counts beside them give are made anew for all runs together."""
    frame, _ = read_frame(table_csv(table), "runs.csv", max_bytes=MAX_BYTES_OF_A_PATH)
    if rows is not None:
        frame = frame.iloc[list(rows)].reset_index(drop=True)
    kept = {name.casefold() for name in table.provenance}
    return frame.drop(columns=[c.column for name, c in SIZES.items() if name in kept], errors="ignore")


def _check_alike(first: RunsTable, other: RunsTable, label: str, other_label: str) -> None:
    """Refuse tables whose columns do not mean the same."""

    def own(table: RunsTable) -> set[str]:
        counted = {c.column for name, c in SIZES.items() if name in {p.casefold() for p in table.provenance}}
        return set(table.covariate_columns) - counted

    pairs = {
        "domains": (set(first.domains), set(other.domains)),
        "covariates": (own(first), own(other)),
        "outcomes": ({_outcome(o) for o in first.outcomes}, {_outcome(o) for o in other.outcomes}),
        "columns of ids": (_ids(first), _ids(other)),
    }
    for what, (one, another) in pairs.items():
        if one != another:
            odd = sorted(one ^ another)
            raise refusal(
                "tables-differ",
                f"{label} and {other_label} do not have the same {what}: {listed(odd)} is in one of them alone.",
                "Give tables of the same domains, covariates and outcomes, with the same directions and units",
            )


def _outcome(outcome: Outcome) -> str:
    better = "higher" if outcome.higher_is_better else "lower"
    return f"{outcome.name} ({', '.join(filter(None, (outcome.unit, better + ' is better')))})"


def _ids(table: RunsTable) -> set[str]:
    have = {"pool_id": table.pool_ids, "assignment": table.assignment}
    return {name for name, values in have.items() if values is not None}
