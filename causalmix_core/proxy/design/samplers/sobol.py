"""Mixtures that fill the simplex evenly: a scrambled Sobol sequence bent onto it.

Stick breaking turns K - 1 uniform numbers into a symmetric Dirichlet mixture: with T_1..T_{k-1} taken, the
next share is a Beta(a, a (K - k)) part of the rest. So the sequence needs one dimension fewer than domains,
and its evenness survives (Owen 1998, scrambled nets; Connor and Mosimann 1969 for the construction).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.proxy.design.samplers.dirichlet import check_concentration
from causalmix_core.proxy.design.samplers.drawn import Drawn, floor_words, raised, without_density

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def sobol(
    runs: int, domains: int, rng: np.random.Generator, *, concentration: float, min_share: float
) -> Drawn:
    """The first ``runs`` points of a scrambled sequence, each marginally Dirichlet(``concentration``).

    The points are laid out together, so a single one has no density: ``log_density`` is None.
    """
    from scipy.stats import qmc

    check_concentration(concentration)
    sequence = qmc.Sobol(domains - 1, scramble=True, rng=rng)
    # A power of two at a time keeps the sequence balanced; its prefix is what is asked for.
    points = sequence.random_base2(max(1, math.ceil(math.log2(runs))))[:runs]
    shares = raised(stick_breaking(points, concentration), min_share)
    law = f"scrambled Sobol sequence, bent to Dirichlet with concentration {concentration:g}{floor_words(min_share)}"
    return without_density(shares, law, "designed")


def stick_breaking(points: Array, concentration: float) -> Array:
    """(n, K) mixtures of (n, K - 1) numbers in [0, 1)."""
    from scipy.stats import beta

    k = points.shape[1] + 1
    left = concentration * np.arange(k - 1, 0, -1)
    parts = beta.ppf(points, concentration, left)
    rest = np.cumprod(1.0 - parts, axis=1)
    before = np.column_stack([np.ones(len(points)), rest[:, :-1]])
    shares: Array = np.column_stack([parts * before, rest[:, -1]])
    return shares / shares.sum(axis=1, keepdims=True)
