"""Responses with convex parts: the convex-concave procedure from many starts.

A negative log coefficient makes a_k log(t + eps) convex: the outcome rises ever faster as the
domain vanishes. Each step replaces the convex parts by their tangents, which lie below them, and
solves the concave rest exactly, so the outcome never falls. What it reaches depends on where the
first tangents are laid, hence the starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.separable import maximise_concave, objectives

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

STEPS = 60


def maximise_mixed(response: Response, region: Region, radii: Array) -> Array:
    """(R, K) best mixtures found at each of ``radii`` (R,)."""
    a = response.log_coefficients
    rise, fall = np.maximum(a, 0.0), np.minimum(a, 0.0)
    starts = np.stack([region.anchor, region.lower, region.upper])
    shares = np.repeat(starts[None], len(radii), axis=0).reshape(-1, len(a))
    row_radii = np.repeat(radii, len(starts))
    for _ in range(STEPS):
        tangents = response.linear_coefficients + fall / (shares + response.epsilon)
        rows = objectives(np.broadcast_to(rise, tangents.shape), tangents, response.epsilon)
        shares = maximise_concave(rows, region, row_radii)
    shares = shares.reshape(len(radii), len(starts), -1)
    best = response.gain(shares, region.anchor).argmax(axis=1)
    chosen: Array = np.take_along_axis(shares, best[:, None, None], axis=1)[:, 0]
    return chosen
