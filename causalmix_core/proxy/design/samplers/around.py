"""Mixtures around one that somebody believes in: a Dirichlet law with that mean, with exact densities.

Runs near the anchor say most about the moves that a trust region allows; runs drawn over the whole simplex say little there.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design.names import SHARPNESS
from causalmix_core.proxy.design.samplers.dirichlet import draw_parts, log_density
from causalmix_core.proxy.design.samplers.drawn import Drawn, floor_words, raised, raised_log_density

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def around(
    runs: int, centre: Array, rng: np.random.Generator, *, sharpness: float, min_share: float
) -> Drawn:
    """Dirichlet(``sharpness`` x ``centre``): a share t of the centre varies with variance t (1 - t) / (sharpness + 1).

    Parameters
    ----------
    centre : (K,) shares > 0, sum 1. sharpness : > 0; at 10 about a fifth of the data moves, at 50 a tenth.

    Raises
    ------
    DesignError : a parameter out of its range, or a domain that the centre does not hold.
    """
    if not (math.isfinite(sharpness) and sharpness > 0.0):
        raise DesignError(f"The sharpness is {sharpness:g}; give a number > 0, such as {SHARPNESS:g}.")
    if not (centre > 0.0).all():
        raise DesignError(
            "The law around a mixture needs a share above 0 of every domain; give each at least a little."
        )
    alpha = sharpness * centre
    parts = draw_parts(alpha[None, :].repeat(runs, axis=0), rng)
    shares = ", ".join(f"{share:.3g}" for share in centre)
    return Drawn(
        raised(parts, min_share),
        f"Dirichlet around ({shares}) with sharpness {sharpness:g}{floor_words(min_share)}",
        "random",
        raised_log_density(log_density(parts, alpha), len(centre), min_share),
    )
