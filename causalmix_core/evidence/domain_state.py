"""The state of one domain: one value for each covariate that every domain of a table has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import PoolError
from causalmix_core.evidence.entered import json_object, number
from causalmix_core.evidence.issues import listed, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

REMEDY = 'write a JSON object such as {"duplicate_rate": 0.2}'


def own_names(table: RunsTable) -> tuple[str, ...]:
    """Names of the J covariates of the first domain, in column order; empty without own covariates."""
    return tuple(c.name for c in table.covariates if c.domain == table.domains[0])


def own_columns(table: RunsTable) -> NDArray[np.intp]:
    """(K, J) state column of covariate j of domain k, for a table whose covariates are per domain."""
    where = {(c.domain, c.name): i for i, c in enumerate(table.covariates)}
    return np.array([[where[d, name] for name in own_names(table)] for d in table.domains], dtype=np.intp)


def parse_domain_state(
    data: bytes | Mapping[str, object], domain: str, table: RunsTable
) -> NDArray[np.float64]:
    """(J,) state of a domain from ``{covariate name: number}`` in the table's own units.

    A covariate may stand as its name (``duplicate_rate``) or as a column (``x_<domain>__duplicate_rate``).

    Raises
    ------
    PoolError : not such an object, a covariate missing or unknown, or a value that is no finite number.
    """
    names = own_names(table)
    if not names:
        raise PoolError(
            f"{table.name} has no covariates of single domains, so a domain has no state to describe it by; add"
            " x_<domain>__<name> columns."
        )
    what = f"state of {shown(domain)}"
    prefix = f"x_{domain}__"
    values = {
        key.removeprefix(prefix): value for key, value in json_object(data, what, REMEDY, PoolError).items()
    }
    for key in values:
        if key not in names:
            raise PoolError(
                f"The {what} gives {shown(key)!r}, which is no covariate of the domains of {table.name}; they have"
                f" {listed(names)}."
            )
    missing = [name for name in names if name not in values]
    if missing:
        raise PoolError(f"The {what} lacks {listed(missing)}; give a number for each of {listed(names)}.")
    return np.array(
        [number(values[n], f"{n} in the {what}", "correct it", PoolError) for n in names], dtype=np.float64
    )
