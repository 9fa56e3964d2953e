"""The pools that an explanation looks at, and what the fit says of all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

MOST_POOLS = 256  # more pools make an explanation slower and hardly any truer
FEWEST_POOLS = 20


def explained_pools(fit: Fit, most: int = MOST_POOLS) -> Array:
    """(m, d) distinct pool states of the runs, sorted; at most ``most``, evenly over that order.

    Raises
    ------
    ConfigError
        The fit's effects are averages, or the table has fewer than 20 distinct pools.
    """
    if not fit.depends_on_pool:
        raise ConfigError(
            "This fit's effects are averages, the same for every pool, so no covariate drives them; fit with "
            "covariates to see what they depend on."
        )
    distinct = np.unique(fit.table.states, axis=0)
    if len(distinct) < FEWEST_POOLS:
        raise ConfigError(
            f"{fit.table.name} has {len(distinct)} distinct pools and an explanation needs {FEWEST_POOLS}; "
            "add runs on other pools."
        )
    if len(distinct) <= most:
        return distinct
    return distinct[np.linspace(0, len(distinct) - 1, most).round().astype(np.int64)]


def pool_effects(fit: Fit, states: Array, anchor: Array) -> Array:
    """(m, K) substitution effects at ``anchor`` (K,) at each state (m, d), per percentage point."""
    to_effects = fit.response(states[0]).substitution_map(anchor) @ fit.engine.coding.decode
    effects: Array = fit.engine.slopes(states) @ to_effects.T
    return effects


def point_responses(fit: Fit, states: Array) -> tuple[Response, ...]:
    """The response at each state (m, d) with a covariance of zeros, where only estimates count.

    The covariance of a forest takes far longer than its slopes, and a policy does not read it.
    """
    coding = fit.engine.coding
    certain = np.zeros((coding.size, coding.size))
    return tuple(coding.response(fit.table.domains, slopes, certain) for slopes in fit.engine.slopes(states))
