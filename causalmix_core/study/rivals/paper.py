"""CausalMix as the paper has it (arXiv 2607.01104): its causal forest, its analytical and its search policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.rivals.ground import Choice, Predicted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.study.rivals.ground import Ground, PoolAtHand

    Array = NDArray[np.float64]


def causalmix_a(ground: Ground, pool: PoolAtHand) -> Choice:
    """Shares in proportion to the positive marginal returns of the paper's forest (CausalMix-A)."""
    from causalmix_core.decision.solvers.paper import causalmix_a as closed_form

    response = ground.fit("paper").response(pool.state)
    held = ground.within(np.ones(len(ground.table.domains))) > 0.0
    # Another set of domains: restrict the returns and renormalise, as the paper does for its two-domain case.
    shares = np.zeros(len(held))
    shares[held] = closed_form(response.log_coefficients[held])
    return _choice(ground, pool, shares)


def causalmix_s(ground: Ground, pool: PoolAtHand) -> Choice:
    """The mean of the 100 best of 100,000 random mixtures by the paper's forest (CausalMix-S)."""
    from causalmix_core.decision.region import make_region
    from causalmix_core.decision.solvers.paper import causalmix_s as search

    response = ground.fit("paper").response(pool.state)
    everywhere = make_region(ground.table.domains, ground.anchor, 1.0, present=ground.present)
    return _choice(ground, pool, search(response, everywhere, ground.seed))


def _choice(ground: Ground, pool: PoolAtHand, shares: Array) -> Choice:
    from statistics import NormalDist

    response = ground.fit("paper").response(pool.state)
    gain, se = float(response.gain(shares, ground.anchor)), float(response.gain_se(shares, ground.anchor))
    half = NormalDist().inv_cdf(0.5 + ground.level / 2.0) * se
    return Choice(shares, Predicted(gain, (gain - half, gain + half)))
