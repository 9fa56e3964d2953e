"""Rows to predict: mixtures, and pool states where a fit needs them, without outcomes.

Tolerant where it can be: columns in any order and case, other columns ignored, percent and
rounding re-closed as in a runs table. Strict where a guess would change a prediction: every domain
and every covariate must be there, and every cell must be a number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.evidence.identity import texts
from causalmix_core.evidence.issues import IssueLog, listed, refusal, shown
from causalmix_core.evidence.numbers import parse_numbers, report_cells
from causalmix_core.evidence.reading import read_frame
from causalmix_core.evidence.roles import guess_role, name_in_role
from causalmix_core.evidence.shares import close_shares
from causalmix_core.evidence.sizes import SIZES, parse_size, size_indices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows in the order of the file.

    Attributes
    ----------
    names : m names, the run_id column where there is one, else ``row-1``, ``row-2``, ...
    shares : (m, K) in the table's order of domains, rows sum to 1.
    states : (m, d) in table units; the runs' average in every row where they were not asked for.
    """

    names: tuple[str, ...]
    shares: NDArray[np.float64]
    states: NDArray[np.float64]


def read_rows(
    data: bytes,
    filename: str,
    table: RunsTable,
    *,
    with_states: bool,
    sizes: Mapping[str, float] | None = None,
) -> Rows:
    """Read rows for the domains, and where ``with_states`` the covariates, of ``table``.

    A size covariate (``x_log10_params``) may stand as its count (``params``); where a file has neither,
    ``sizes`` ``{covariate column: value}`` gives it.

    Raises
    ------
    TableError : unreadable file, a domain or covariate without a column, a share column of an
        unknown domain, a cell that is no number, or shares that do not sum to 1.
    """
    frame, _ = read_frame(data, filename)
    if with_states:
        frame = _with_sizes(frame, table, sizes or {})
    columns = [str(column) for column in frame.columns]
    share_columns = _share_columns(columns, table)
    state_columns = _state_columns(columns, table) if with_states else []
    log = IssueLog()
    numbers = parse_numbers(frame, [*share_columns, *state_columns])
    report_cells(frame, [*share_columns, *state_columns], numbers, log)
    if log.failed():
        raise log.refuse()
    split = len(share_columns)
    shares = close_shares(numbers.values[:, :split], share_columns, np.arange(1, len(frame) + 1), log)
    if log.failed():
        raise log.refuse()
    average = np.tile(table.states.mean(axis=0), (len(frame), 1))
    states = numbers.values[:, split:] if with_states else average
    return Rows(_names(frame, columns), shares, states)


def _share_columns(columns: Sequence[str], table: RunsTable) -> list[str]:
    """Column of each domain, in the table's order."""
    found = {_folded(name_in_role(c, "share")): c for c in columns if guess_role(c) == "share"}
    missing = [f"share_{domain}" for domain in table.domains if _folded(domain) not in found]
    if missing:
        raise refusal(
            "no-shares",
            f"{len(missing)} of the {len(table.domains)} domains of the fit have no column: {listed(missing)}.",
            "Name the mixture's columns share_<domain>; files of RegMix or olmix are turned into this form "
            "by the import command",
        )
    known = {_folded(domain) for domain in table.domains}
    strangers = [column for name, column in found.items() if name not in known]
    if strangers:
        raise refusal(
            "unknown-domain",
            f"The column {shown(strangers[0])!r} is a share of a domain that the fit does not know.",
            f"Remove it; the fit has {listed(table.domains)}",
            column=strangers[0],
        )
    return [found[_folded(domain)] for domain in table.domains]


def _state_columns(columns: Sequence[str], table: RunsTable) -> list[str]:
    """Column of each covariate, in the table's order."""
    found = {_folded(column): column for column in columns}
    missing = [name for name in table.covariate_columns if _folded(name) not in found]
    if missing:
        raise refusal(
            "no-covariates",
            f"{len(missing)} of the {len(table.covariates)} covariates of the fit have no column: {listed(missing)}.",
            "Add them, or fit without covariates (--no-covariates)",
        )
    return [found[_folded(name)] for name in table.covariate_columns]


def _with_sizes(frame: pd.DataFrame, table: RunsTable, sizes: Mapping[str, float]) -> pd.DataFrame:
    """The frame with the table's size covariates: its own, made of its counts, or as given."""
    columns = {_folded(str(column)): column for column in frame.columns}
    for name in size_indices(table):
        covariate = SIZES[name].column
        if _folded(covariate) in columns:
            continue
        if name in columns:
            frame = frame.assign(**{covariate: _logarithms(frame[columns[name]], name)})
        elif covariate in sizes:
            frame = frame.assign(**{covariate: sizes[covariate]})
    return frame


def _logarithms(series: pd.Series, name: str) -> list[float]:
    """log10 of the counts in a column; the first cell that holds none is named."""
    found = []
    for row, cell in enumerate(texts(series), start=1):
        size = parse_size(cell)
        if size is None:
            raise refusal(
                "unread-size",
                f"Row {row:,}, column {name} holds {shown(cell)!r}, which is no size.",
                "Write a number > 0 in every row (1e6, 60M, 1.5B), or leave the column out",
                row=row,
                column=name,
            )
        found.append(math.log10(size))
    return found


def _folded(name: str) -> str:
    """Names that differ only by case and blanks are one name, as in a runs table."""
    return "".join(name.casefold().split())


def _names(frame: pd.DataFrame, columns: Sequence[str]) -> tuple[str, ...]:
    named = [column for column in columns if guess_role(column) == "run_id"]
    if named:
        return texts(frame[named[0]])
    return tuple(f"row-{i + 1}" for i in range(len(frame)))
