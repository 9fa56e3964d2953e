"""What drives an effect or a recommended move: SHAP values over the runs' pools and at one pool."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.explain.pools import explained_pools, pool_effects
from causalmix_core.effects.explain.surrogate import explain
from causalmix_core.effects.explain.views import Drivers, PoolDrivers
from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit

    Array = NDArray[np.float64]

EFFECT = "effect"
PER_POINT = "per percentage point"
MOVE = "recommended move"
POINTS = "percentage points of share"


def effect_drivers(
    fit: Fit, pool: Array, anchor: Array, domains: Sequence[str] | None = None
) -> tuple[Drivers, ...]:
    """Drivers of the substitution effects at ``anchor`` (K,), for ``domains`` (None: all), here at ``pool``.

    Each domain has its own stand-in (see :mod:`~causalmix_core.effects.explain.surrogate`): trees
    shared by all domains explain far less of an effect that depends on the domain's own state.

    Raises
    ------
    ConfigError, PoolError
        A fit of average effects, too few pools, an unknown domain, or a pool that does not fit.
    """
    states = explained_pools(fit)
    here = fit.response(pool).substitution_effects(anchor)
    effects = pool_effects(fit, states, anchor)
    unit = f"{fit.outcome.unit} {PER_POINT}".strip()
    return _drivers(fit, states, effects, (pool, here), domains, EFFECT, unit)


def move_drivers(
    fit: Fit,
    states: Array,
    moves: Array,
    pool: Array,
    move: Array,
    domains: Sequence[str] | None = None,
) -> tuple[Drivers, ...]:
    """Drivers of recommended moves: share minus anchor share, in percentage points.

    Parameters
    ----------
    states : (m, d) pools, such as :func:`~causalmix_core.effects.explain.pools.explained_pools`.
    moves : (m, K) recommended share minus anchor share at each of them, -1..1.
    pool, move : (d,) and (K,) the pool at hand and its own recommended move.
    domains : for which; None for all.
    """
    return _drivers(fit, states, 100.0 * moves, (pool, 100.0 * move), domains, MOVE, POINTS)


def _drivers(
    fit: Fit,
    states: Array,
    quantities: Array,
    here: tuple[Array, Array],
    domains: Sequence[str] | None,
    quantity: str,
    unit: str,
) -> tuple[Drivers, ...]:
    table = fit.table
    made = []
    for name in table.domains if domains is None else domains:
        if name not in table.domains:
            raise ConfigError(f"There is no domain {name!r}; choose one of {', '.join(table.domains)}.")
        k = table.domains.index(name)
        explained = explain(states, quantities[:, k], np.vstack([states, here[0]]))
        own = explained.values[-1]
        made.append(
            Drivers(
                domain=name,
                quantity=quantity,
                unit=unit,
                covariates=table.covariates,
                states=states,
                observed=quantities[:, k],
                values=explained.values[:-1],
                base=explained.base,
                r2=explained.r2,
                r2_in_sample=explained.r2_in_sample,
                here=PoolDrivers(
                    here[0], own, explained.base, explained.base + float(own.sum()), float(here[1][k])
                ),
            )
        )
    return tuple(made)
