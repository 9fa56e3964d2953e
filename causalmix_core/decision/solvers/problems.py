"""Many responses over one region at once, each with a radius of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region

    Array = NDArray[np.float64]
    Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Problems:
    """R problems: maximise sum_k a_k log(t_k + eps) + b_k t_k over the region at a radius.

    Attributes
    ----------
    region : anchor, metric and bounds of all; its own radius has no part.
    epsilon : > 0. a, b : (R, K) coefficients. radii : (R,) >= 0.
    """

    region: Region
    epsilon: float
    a: Array
    b: Array
    radii: Array

    def only(self, rows: Indices) -> Problems:
        """The chosen problems."""
        return replace(self, a=self.a[rows], b=self.b[rows], radii=self.radii[rows])

    @property
    def count(self) -> int:
        """R."""
        return len(self.radii)

    @property
    def size(self) -> Array:
        """(R,) the largest coefficient of each problem, by magnitude."""
        largest: Array = np.maximum(np.abs(self.a).max(axis=1), np.abs(self.b).max(axis=1))
        return largest

    def gain(self, shares: Array, rows: Indices) -> Array:
        """Gain over the anchor of mixtures (..., N, K), the N-th in problem ``rows[N]``; (..., N)."""
        anchor = self.region.anchor
        logs = np.log(shares + self.epsilon) - np.log(anchor + self.epsilon)
        gain: Array = (self.a[rows] * logs + self.b[rows] * (shares - anchor)).sum(axis=-1)
        return gain
