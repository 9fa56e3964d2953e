"""The small interface behind which every estimator stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.coding import Coding

    Array = NDArray[np.float64]
    Progress = Callable[[float, str], None]


class Engine(Protocol):
    """Slopes of one outcome on a coded mixture, as a function of the pool's state.

    The outcome at a pool x and a mixture T is ``level(x) + encode(T) . slopes(x)``, or the best
    approximation of that form where the model itself has another one.
    """

    @property
    def coding(self) -> Coding:
        """How mixtures are coded; p = ``coding.size``."""

    @property
    def method(self) -> str:
        """Short name of what was fitted."""

    @property
    def summary(self) -> str:
        """One sentence for people."""

    def slopes(self, states: Array) -> Array:
        """(m, d) states -> (m, p) slopes."""

    def covariance(self, state: Array) -> Array:
        """(d,) one state -> (p, p) covariance of the slopes there."""

    def direction_variances(self, states: Array, direction: Array) -> Array:
        """(m, d) states -> (m,) variance of ``slopes . direction`` (p,), for maps and slices."""

    def level(self, states: Array) -> Array:
        """(m, d) states -> (m,) what the outcome would be with encode(T) = 0."""

    def predict(self, shares: Array, states: Array) -> Array:
        """(m, K) mixtures on pools (m, d) -> (m,) expected outcome."""


class SeparablePrediction:
    """Prediction of engines whose outcome is exactly level plus slopes; trees predict by themselves."""

    def predict(self: Engine, shares: Array, states: Array) -> Array:
        """(m, K) mixtures on pools (m, d) -> (m,) expected outcome."""
        predicted: Array = self.level(states) + (self.coding.encode(shares) * self.slopes(states)).sum(axis=1)
        return predicted
