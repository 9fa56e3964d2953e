"""Mixtures as people choose them: more of what looks good, the safe domains when the pool looks bad.

For studies of confounding. People see each domain's quality through noise, and lean on it: T is proportional to
G exp(.9 z - .9 safe mean(z) / .5), G ~ Dirichlet(2), z the noisy look standardised; 5 % equal shares are added, so that no
domain vanishes. What they saw is not recorded, as in life, so the law of the mixture has no known density.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.proxy.design.samplers.drawn import Drawn, floor_words, raised, without_density

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

CONCENTRATION = 2.0
PULL = 0.9
LOOK_NOISE = 0.15  # sd of a quality in 0..1 as it is seen
TYPICAL, SPREAD = 0.57, 0.4  # middle and sd of looks, to standardise them
MEAN_SPREAD = 0.5  # sd of a pool's mean look in those units
EQUAL_PART = 0.05


def chosen(quality: Array, lean: Array, rng: np.random.Generator, *, min_share: float) -> Drawn:
    """One mixture for each row of pool states.

    Parameters
    ----------
    quality : (n, K) undamaged part of each domain in the run's pool, 0..1.
    lean : (K,) -1 (fallback, gets weight when the pool looks bad overall) to 1 (gets weight when it looks good).
    """
    runs, k = quality.shape
    look = (quality + rng.normal(0.0, LOOK_NOISE, size=(runs, k)) - TYPICAL) / SPREAD
    overall = look.mean(axis=1, keepdims=True) / MEAN_SPREAD
    parts = rng.dirichlet(np.full(k, CONCENTRATION), size=runs) * np.exp(PULL * look + PULL * lean * overall)
    parts = (1.0 - EQUAL_PART) * parts / parts.sum(axis=1, keepdims=True) + EQUAL_PART / k
    law = (
        f"chosen by looks: Dirichlet({CONCENTRATION:g}) x exp({PULL:g} look), look noise {LOOK_NOISE:g}, "
        f"{EQUAL_PART:.0%} equal shares{floor_words(min_share)}"
    )
    return without_density(raised(parts, min_share), law, "chosen")
