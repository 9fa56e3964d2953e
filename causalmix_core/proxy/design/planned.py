"""Mixtures from a table: a plan of runs, or any file with share columns.

Columns as in the runs table (``docs/RUNS_TABLE.md``): ``share_<domain>`` for every domain of the pool, and if there are any
``pool_id``, ``repeats`` (how often a row is made) and ``assignment``; other columns are not used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.evidence.identity import texts
from causalmix_core.evidence.issues import IssueLog, shown
from causalmix_core.evidence.numbers import parse_numbers, report_cells
from causalmix_core.evidence.reading import read_frame
from causalmix_core.evidence.roles import guess_roles, name_in_role
from causalmix_core.evidence.shares import close_shares
from causalmix_core.proxy.design.design import KINDS_OF_ASSIGNMENT, Assignment
from causalmix_core.proxy.design.mixtures import Mixtures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    import pandas as pd
    from numpy.typing import NDArray

    from causalmix_core.proxy.design.design import AssignmentKind

MOST_REPEATS = 1_000


@dataclass(frozen=True, eq=False)
class PlannedMixtures:
    """The rows of a table as mixtures.

    Attributes
    ----------
    shares : (n, K), domains in the order of the pool, rows sum to 1.
    pool_ids : n names, or None where the table has none.
    repeats : n numbers of runs to make of each row, >= 1.
    assignments : n, "designed" where the table does not say.
    """

    shares: NDArray[np.float64]
    pool_ids: tuple[str, ...] | None
    repeats: tuple[int, ...]
    assignments: tuple[Assignment, ...]

    def on(self, pools: Sequence[str]) -> Mixtures:
        """With the pools of a design: by name, or the only one where the table names none.

        Raises
        ------
        DesignError : a pool that the design lacks.
        """
        names = self.pool_ids or (pools[0],) * len(self.shares)
        # One healthy pool, and a plan made for one target: that is the pool meant.
        if len(pools) == 1 and len(set(names)) == 1:
            names = (pools[0],) * len(self.shares)
        for row, name in enumerate(names):
            if name not in pools:
                raise DesignError(
                    f"Row {row + 1:,} of the plan is for the pool {shown(name)!r}, and the design has "
                    f"{', '.join(pools[:8])}{', ...' if len(pools) > 8 else ''}; name the design it belongs to with --like."
                )
        return Mixtures(self.shares, names, self.assignments)


def read_planned(path: str | PathLike[str], domains: Sequence[str]) -> PlannedMixtures:
    """Read a table of mixtures in any format of the runs table.

    Raises
    ------
    TableError : it cannot be read, or a cell is no share; names row, column and value.
    DesignError : a domain of the pool has no column, or a column no domain.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise DesignError(f"{file} is no file; name a table with share_ columns, such as a plan.") from None
    frame, issues = read_frame(data, file.name)
    log = IssueLog(issues)
    roles = guess_roles(frame.columns)
    columns = _share_columns(frame, domains, file)
    numbers = parse_numbers(frame, columns)
    report_cells(frame, columns, numbers, log)
    if log.failed():
        raise log.refuse()
    if not len(frame):
        raise DesignError(f"{file} has no rows; a plan has one a run.")
    shares = close_shares(numbers.values, columns, np.arange(1, len(frame) + 1), log)
    if log.failed():
        raise log.refuse()
    single = {role: column for column, role in roles.items() if role in ("pool_id", "assignment")}
    return PlannedMixtures(
        shares,
        tuple(name.strip() for name in texts(frame[single["pool_id"]])) if "pool_id" in single else None,
        _repeats(frame, file),
        _assignments(frame, single.get("assignment"), file),
    )


def _share_columns(frame: pd.DataFrame, domains: Sequence[str], file: Path) -> list[str]:
    """The share column of each domain, in their order."""
    own = {name_in_role(c, "share"): c for c, role in guess_roles(frame.columns).items() if role == "share"}
    missing = [d for d in domains if d not in own]
    strange = [name for name in own if name not in domains]
    if missing:
        raise DesignError(
            f"{file} has no column share_{shown(missing[0])}, which the pool has as a domain; add it (0 where it is not used)."
        )
    if strange:
        raise DesignError(
            f"{file} has the column {shown(own[strange[0]])}, and the pool no such domain; it has {', '.join(domains)}."
        )
    return [own[d] for d in domains]


def _repeats(frame: pd.DataFrame, file: Path) -> tuple[int, ...]:
    column = next((c for c in frame.columns if c.casefold() == "repeats"), None)
    if column is None:
        return (1,) * len(frame)
    found = parse_numbers(frame, [column]).values[:, 0]
    for row, value in enumerate(found):
        if not (1 <= value <= MOST_REPEATS and value == int(value)):
            raise DesignError(
                f"{file}, row {row + 1:,}, column {shown(column)} holds {shown(frame[column].iloc[row])!r}; "
                f"give a whole number from 1 to {MOST_REPEATS:,}."
            )
    return tuple(int(value) for value in found)


def _assignments(frame: pd.DataFrame, column: str | None, file: Path) -> tuple[Assignment, ...]:
    words = (
        ("designed",) * len(frame)
        if column is None
        else tuple(word.strip().casefold() for word in texts(frame[column]))
    )
    for row, word in enumerate(words):
        if word not in KINDS_OF_ASSIGNMENT:
            raise DesignError(
                f"{file}, row {row + 1:,}, column {shown(column)} holds {shown(word)!r}; "
                f"write {', '.join(KINDS_OF_ASSIGNMENT)}."
            )
    return tuple(Assignment(cast("AssignmentKind", word), "as listed in a table", None) for word in words)
