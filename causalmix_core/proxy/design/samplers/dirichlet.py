"""Mixtures from a Dirichlet law, with exact densities."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design.samplers.drawn import Drawn, floor_words, raised, raised_log_density

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def dirichlet(
    runs: int, domains: int, rng: np.random.Generator, *, concentration: float, min_share: float
) -> Drawn:
    """Symmetric Dirichlet: ``concentration`` 1 is uniform on the simplex, less goes to its corners, more to its middle.

    Parameters
    ----------
    concentration : > 0, the Dirichlet's parameter of every domain.
    min_share : 0 to less than 1/K; the drawn mixture is pulled towards equal shares until each has that much.

    Raises
    ------
    DesignError : a parameter out of its range.
    """
    check_concentration(concentration)
    parts = draw_parts(np.full((runs, domains), concentration), rng)
    alpha = np.full(domains, concentration)
    return Drawn(
        raised(parts, min_share),
        f"Dirichlet with concentration {concentration:g}{floor_words(min_share)}",
        "random",
        raised_log_density(log_density(parts, alpha), domains, min_share),
    )


def draw_parts(alpha: Array, rng: np.random.Generator) -> Array:
    """(n, K) one draw for each row of parameters ``alpha`` (n, K)."""
    return np.stack([rng.dirichlet(row) for row in alpha]) if len(alpha) else np.empty(alpha.shape)


def log_density(parts: Array, alpha: Array) -> Array:
    """(n,) log density at ``parts`` (n, K) of a Dirichlet with parameters ``alpha`` (K,).

    With respect to the first K - 1 shares. A share of exactly 0 (rounding of very small draws) gives an
    infinite value or NaN unless its parameter is 1.
    """
    from scipy.special import gammaln, xlogy

    constant = gammaln(alpha.sum()) - gammaln(alpha).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = constant + xlogy(alpha - 1.0, parts).sum(axis=-1)
    return found


def check_concentration(concentration: float) -> None:
    """Refuse a concentration that is no Dirichlet parameter."""
    if not (math.isfinite(concentration) and concentration > 0.0):
        raise DesignError(f"The concentration is {concentration:g}; give a number > 0, such as 1.")
