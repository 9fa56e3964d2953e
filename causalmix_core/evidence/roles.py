"""What each column is: guessed from its prefix, corrected by the user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable

Role = Literal["share", "covariate", "outcome", "run_id", "pool_id", "assignment", "provenance", "ignore"]
ROLES: tuple[Role, ...] = get_args(Role)
PREFIXES: dict[Role, str] = {"share": "share_", "covariate": "x_", "outcome": "y_"}
# A table has at most one column of each of these.
SINGLE_ROLES: tuple[Role, ...] = ("run_id", "pool_id", "assignment")


def guess_role(column: str) -> Role:
    """Role that a column's name says; a name that says nothing is provenance."""
    folded = column.casefold()
    for role, prefix in PREFIXES.items():
        if folded.startswith(prefix):
            return role
    for role in SINGLE_ROLES:
        if folded == role:
            return role
    return "provenance"


def guess_roles(columns: Iterable[str]) -> dict[str, Role]:
    """Role of every column, in order."""
    return {column: guess_role(column) for column in columns}


def name_in_role(column: str, role: Role) -> str:
    """Name of the domain, covariate or outcome in a column: without the prefix of its role.

    A column that was given the role by hand and has no prefix keeps its whole name.
    """
    prefix = PREFIXES[role]
    return column[len(prefix) :].strip() if column.casefold().startswith(prefix) else column
