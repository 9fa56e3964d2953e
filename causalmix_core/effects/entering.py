"""What a domain brings as its share goes from 0 to some share, the other domains giving way.

Linear in a response's coefficients (a, b), per percentage point, so that a step is a (2K,) vector.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.evidence.domain_state import own_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit

    Array = NDArray[np.float64]


def coefficients(fit: Fit, states: Array) -> Array:
    """(m, 2K) the (a, b) of a Response at each state."""
    found: Array = fit.engine.slopes(states) @ fit.engine.coding.decode.T
    return found


def giving_way(anchor: Array, share: float, epsilon: float) -> Array:
    """(2K,) change of features, per percentage point, when ``share`` of the anchor is taken pro rata."""
    left = (1.0 - share) * anchor
    logs = np.log(left + epsilon) - np.log(anchor + epsilon)
    return np.concatenate([logs, left - anchor]) / (100.0 * share)


def coming_in(share: float, epsilon: float) -> Array:
    """(2,) change of the log and the linear feature, per percentage point, from 0 to ``share``."""
    return np.array([math.log1p(share / epsilon), share]) / (100.0 * share)


def entering(anchor: Array, domain: int, share: float, epsilon: float) -> Array:
    """(2K,) the same for a seen domain that the anchor does not hold."""
    step = giving_way(anchor, share, epsilon)
    step[[domain, len(anchor) + domain]] = coming_in(share, epsilon)
    return step


def foretold(fit: Fit, states: Array, own: Array, others: list[int], anchor: Array, share: float) -> Array:
    """(m,) effect of a domain in its own states (m, J) beside pools (m, d), from the domains ``others``."""
    columns, k = own_columns(fit.table), len(anchor)
    placed = states.copy()
    for j in others:
        placed[:, columns[j]] = own
    theirs = coefficients(fit, placed)
    mean = np.stack([theirs[:, others].mean(axis=1), theirs[:, [k + j for j in others]].mean(axis=1)], axis=1)
    given = coefficients(fit, states) @ giving_way(anchor, share, fit.epsilon)
    return given + mean @ coming_in(share, fit.epsilon)
