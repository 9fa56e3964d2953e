"""Marks on a frontier: its knee, where returns have halved, where the runs end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Metric

    Array = NDArray[np.float64]

# A curve that rises nowhere by more than this part of its whole gain above the straight line has no knee.
STRAIGHT = 0.05
# The gain has reached its end when no more than this part of it is missing.
REACHED = 1e-6


def path_length(metric: Metric, radii: Array) -> Array:
    """What gains grow by in proportion near the anchor: the radius, in KL its square root."""
    return np.sqrt(radii) if metric == "kl" else radii


def knee_radius(metric: Metric, radii: Array, gains: Array) -> float | None:
    """Radius where the gain lies farthest above the straight line from its start to its end, or None.

    Both axes are scaled to 0..1 between the first radius and the first one at which the gain has
    reached its end, so a flat tail moves nothing (Kneedle, Satopaa et al. 2011, without smoothing:
    a frontier is exact). In KL the axis is the root of the radius. None for straight lines: nowhere
    more than 5 % of the whole gain above.
    """
    risen = gains - gains[0]
    if len(radii) < 3 or risen[-1] <= 0.0:
        return None
    last = int(np.argmax(risen >= (1.0 - REACHED) * risen[-1]))
    length = path_length(metric, radii[: last + 1])
    along = (length - length[0]) / (length[-1] - length[0])
    above = risen[: last + 1] / risen[last] - along
    top = int(np.argmax(above))
    return float(radii[top]) if above[top] > STRAIGHT else None


def half_marginal_radius(metric: Metric, radii: Array, gains: Array) -> float | None:
    """Radius where the gain per radius has fallen to half of what it is at the first, or None.

    The first two radii are close together and give the marginal return at the start. In KL it is
    taken per square root of the radius, because the gain starts like that root.
    """
    length = path_length(metric, radii)
    if len(radii) < 3 or (np.diff(length) <= 0.0).any():
        return None
    slopes = np.diff(gains) / np.diff(length)
    middles = 0.5 * (length[1:] + length[:-1])
    below = np.flatnonzero(slopes <= 0.5 * slopes[0])
    if slopes[0] <= 0.0 or not len(below):
        return None
    k = int(below[0])
    part = (slopes[k - 1] - 0.5 * slopes[0]) / (slopes[k - 1] - slopes[k])
    half = middles[k - 1] + part * (middles[k] - middles[k - 1])
    return float(half**2 if metric == "kl" else half)


def support_radius(radii: Array, inside: NDArray[np.bool_]) -> float | None:
    """Last radius before the first mixture outside the runs, given which (R,) are inside.

    None where all are inside; 0 where the first is not.
    """
    outside = np.flatnonzero(~inside)
    if not len(outside):
        return None
    first = int(outside[0])
    return float(radii[first - 1]) if first else 0.0
