"""Linear returns over a region, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.feasibility import check_region
from causalmix_core.decision.solvers.separable import maximise_concave, objectives

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region

    Array = NDArray[np.float64]


def maximise_linear(gradient: Array, region: Region) -> Array:
    """Mixture (K,) of the region that maximises ``gradient . T``.

    Total variation: greedy transport from the worst domains to the best. L2: the anchor moved
    along the gradient and clipped. KL(p || T): ``T_k = lam p_k / (mu - g_k)`` clipped; domains
    absent from the anchor enter only as far as the best of them is worth the price of all.
    Equal gradients return the anchor, or the mixture within the bounds nearest to it.

    Parameters
    ----------
    gradient : (K,) outcome units per unit of share; adding a constant changes nothing.

    Raises
    ------
    InfeasibleRegion, AnchorError
        See :func:`~causalmix_core.decision.feasibility.check_region`.
    """
    check_region(region)
    # Without a logarithm epsilon has no part; any positive number keeps the forms defined.
    rows = objectives(np.zeros_like(gradient), gradient, epsilon=1.0)
    shares: Array = maximise_concave(rows, region, np.array([region.radius]))[0]
    return shares
