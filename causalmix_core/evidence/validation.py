"""From raw cells to a validated runs table, or to everything that is wrong with it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.evidence import directions, identity
from causalmix_core.evidence.canonical import content_hash
from causalmix_core.evidence.issues import IssueLog, listed, shown
from causalmix_core.evidence.layout import lay_out
from causalmix_core.evidence.numbers import parse_numbers, report_cells
from causalmix_core.evidence.shares import CLOSED, LEAST_SLACK, close_shares
from causalmix_core.evidence.sizes import size_covariates
from causalmix_core.evidence.table import RunsTable
from causalmix_core.evidence.variation import (
    keep_varying_covariates,
    keep_varying_outcomes,
    warn_of_descendants,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from causalmix_core.evidence.layout import Layout
    from causalmix_core.evidence.meta import TableMeta
    from causalmix_core.evidence.roles import Role
    from causalmix_core.evidence.table import Covariate, Issue

# K - 1 slopes and a mean are learned: below three runs a domain no estimate means anything.
FEWEST_RUNS_PER_DOMAIN = 3
GOOD_RUNS_PER_DOMAIN = 10


@dataclass(frozen=True)
class Built:
    """What became of a frame: a table, or the errors among ``issues`` that refused it."""

    layout: Layout
    table: RunsTable | None
    log: IssueLog


@dataclass(frozen=True, eq=False)
class _Parts:
    """Numbers of the kept rows, split by what they are."""

    shares: NDArray[np.float64]
    covariates: tuple[Covariate, ...]
    states: NDArray[np.float64]
    outcomes: tuple[str, ...]
    scores: NDArray[np.float64]


def build_table(
    frame: pd.DataFrame,
    name: str,
    meta: TableMeta,
    roles: Mapping[str, Role] | None = None,
    drop_incomplete: bool = False,
    found: tuple[Issue, ...] = (),
) -> RunsTable:
    """Validate a frame of raw cells.

    Parameters
    ----------
    frame : as :func:`read_frame` gives it.
    name : label where ``meta`` has no title.
    meta : what the sidecar says.
    roles : corrections on top of the guessed roles and of ``meta.roles``.
    drop_incomplete : leave rows with empty, NaN or infinite numbers out instead of refusing them.
    found : issues from reading, kept with the table.

    Raises
    ------
    TableError : the first error as its message, all issues as ``.issues``.
    """
    built = try_build(frame, name, meta, roles, drop_incomplete, found)
    if built.table is None:
        raise built.log.refuse()
    return built.table


def try_build(
    frame: pd.DataFrame,
    name: str,
    meta: TableMeta,
    roles: Mapping[str, Role] | None = None,
    drop_incomplete: bool = False,
    found: tuple[Issue, ...] = (),
) -> Built:
    """As :func:`build_table`, but a refused table is an answer and no exception."""
    log = IssueLog(found)
    layout = lay_out(list(frame.columns), {**meta.roles, **(roles or {})}, log)
    # A faulty header makes the cells meaningless: tell of the header alone.
    if log.failed():
        return Built(layout, None, log)
    frame, values = _numbers(frame, layout, drop_incomplete, log)
    if log.failed():
        return Built(layout, None, log)
    parts = _split(values, layout, np.asarray(identity.row_numbers(frame)), log)
    made, sizes = size_covariates(frame, layout.provenance, [c for _, c in layout.covariates], log)
    parts = dataclasses.replace(
        parts, covariates=(*parts.covariates, *made), states=np.concatenate([parts.states, sizes], axis=1)
    )
    table = _assemble(frame, name, meta, layout, parts, log)
    return Built(layout, None if log.failed() else table, log)


def _numbers(
    frame: pd.DataFrame, layout: Layout, drop_incomplete: bool, log: IssueLog
) -> tuple[pd.DataFrame, NDArray[np.float64]]:
    """The kept rows and their number columns; too few rows and bad cells are errors."""
    columns = layout.number_columns
    numbers = parse_numbers(frame, columns)
    values = numbers.values
    lacking = numbers.incomplete.any(axis=1)
    if drop_incomplete and lacking.any():
        log.add(
            "note",
            "dropped-incomplete",
            f"{int(lacking.sum()):,} of {len(frame):,} rows are incomplete and were left out,"
            f" the first of them row {int(np.argmax(lacking)) + 1:,}.",
            "Fill their cells if these runs matter.",
        )
        kept = ~lacking
        frame, values = frame[kept], values[kept]
        numbers = dataclasses.replace(
            numbers, values=values, incomplete=numbers.incomplete[kept], text=numbers.text[kept]
        )
    _check_number_of_runs(len(frame), len(layout.shares), log)
    report_cells(frame, columns, numbers, log)
    return frame, values


def _check_number_of_runs(runs: int, domains: int, log: IssueLog) -> None:
    message = f"There are {runs:,} runs for {domains:,} domains"
    if runs < FEWEST_RUNS_PER_DOMAIN * domains:
        log.add(
            "error",
            "too-few-runs",
            f"{message}, too few to tell the domains apart.",
            f"Bring at least {FEWEST_RUNS_PER_DOMAIN * domains:,} runs, better {GOOD_RUNS_PER_DOMAIN * domains:,}",
        )
    elif runs < GOOD_RUNS_PER_DOMAIN * domains:
        log.add(
            "warning",
            "few-runs",
            f"{message}; intervals will be wide.",
            f"Bring {GOOD_RUNS_PER_DOMAIN * domains:,} runs or more.",
        )


def _split(values: NDArray[np.float64], layout: Layout, rows: NDArray[np.int64], log: IssueLog) -> _Parts:
    """Close the shares and leave out columns that never vary."""
    first, second = len(layout.shares), len(layout.shares) + len(layout.covariates)
    shares = close_shares(values[:, :first], [column for column, _ in layout.shares], rows, log)
    states, scores = values[:, first:second], values[:, second:]
    columns = [column for column, _ in layout.covariates]
    keep_states = keep_varying_covariates(states, columns, log)
    keep_scores = keep_varying_outcomes(scores, [column for column, _ in layout.outcomes], log)
    states = states[:, keep_states]
    if not log.failed():
        warn_of_descendants(shares, states, [c for c, k in zip(columns, keep_states, strict=True) if k], log)
    return _Parts(
        shares=shares,
        covariates=tuple(c for (_, c), k in zip(layout.covariates, keep_states, strict=True) if k),
        states=states + 0.0,
        outcomes=tuple(o for (_, o), k in zip(layout.outcomes, keep_scores, strict=True) if k),
        scores=scores[:, keep_scores],
    )


def _assemble(
    frame: pd.DataFrame, name: str, meta: TableMeta, layout: Layout, parts: _Parts, log: IssueLog
) -> RunsTable | None:
    domains = tuple(domain for _, domain in layout.shares)
    run_ids = identity.run_ids(frame, layout.run_id, log)
    pool_ids = identity.pool_ids(frame, layout.pool_id, log)
    assignment = identity.assignments(frame, layout.assignment, log)
    natural = _natural(meta, domains, log)
    every = tuple(outcome for _, outcome in layout.outcomes)
    described = {o.name: o for o in directions.describe_outcomes(every, meta, log)}
    outcomes = tuple(described[outcome] for outcome in parts.outcomes)
    if log.failed():
        return None
    unused = tuple(c for c in (layout.assignment,) if c is not None and assignment is None)
    kept_text = (*layout.provenance, *unused)
    # Ids are shown and exported as well, so they are looked at together with the text that is only kept.
    identity.warn_of_formulas(frame, [*kept_text, *(c for c in (layout.run_id, layout.pool_id) if c)], log)
    default = directions.default_outcome(outcomes, meta, log)
    table = RunsTable(
        name=meta.title or name,
        domains=domains,
        shares=_read_only(parts.shares),
        covariates=parts.covariates,
        states=_read_only(parts.states),
        outcomes=outcomes,
        scores=_read_only(parts.scores * np.array([o.sign for o in outcomes]) + 0.0),
        run_ids=run_ids,
        pool_ids=pool_ids,
        assignment=assignment,
        provenance=identity.provenance(frame, kept_text, _taken(layout, parts, assignment is not None)),
        natural=None if natural is None else _read_only(natural),
        natural_label=meta.natural_label,
        default_outcome=default,
        description=meta.description,
        issues=log.issues(),
        sha256="",
    )
    return dataclasses.replace(table, sha256=content_hash(table))


def _taken(layout: Layout, parts: _Parts, assigned: bool) -> tuple[str, ...]:
    """Column names that the canonical file uses, which kept text must not have."""
    return (
        "run_id",
        *(("pool_id",) if layout.pool_id else ()),
        *(("assignment",) if assigned else ()),
        *(f"share_{domain}" for _, domain in layout.shares),
        *(covariate.column for covariate in parts.covariates),
        *(f"y_{outcome}" for outcome in parts.outcomes),
    )


def _natural(meta: TableMeta, domains: Sequence[str], log: IssueLog) -> NDArray[np.float64] | None:
    """Natural shares in domain order, closed to 1."""
    if meta.natural is None:
        return None
    for domain in (*domains, *meta.natural):
        if domain not in meta.natural or domain not in domains:
            where = "is a domain without" if domain in domains else "is no domain of the table, yet has"
            log.add(
                "error",
                "bad-natural-shares",
                f"In the description file, {shown(domain)!r} {where} a natural share.",
                f"Give one to each of {listed(list(domains))}",
                value=shown(domain),
            )
            return None
    shares = np.array([meta.natural[domain] for domain in domains], dtype=np.float64)
    total = float(shares.sum())
    if abs(total - 1.0) > max(LEAST_SLACK, 5e-4 * len(domains)):
        log.add(
            "error",
            "bad-natural-shares",
            f"The natural shares in the description file sum to {total:.6g}, not to 1.",
            "Correct them",
            value=f"{total:.6g}",
        )
        return None
    return shares if abs(total - 1.0) <= CLOSED else shares / total


def _read_only(values: NDArray[np.float64]) -> NDArray[np.float64]:
    fixed = np.array(values, dtype=np.float64, order="C")
    fixed.flags.writeable = False
    return fixed
