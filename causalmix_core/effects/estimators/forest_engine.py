"""An honest causal forest on contrasts, alone or on top of a trend that another engine carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.effects.engine import SeparablePrediction
from causalmix_core.effects.forest import contrast_map, forest_covariance, forest_direction_variances

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.coding import Coding
    from causalmix_core.effects.engine import Engine
    from causalmix_core.effects.level import Level

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ForestEngine(SeparablePrediction):
    """slopes(x) = trend(x) + forest(features(x)), and the level likewise.

    Attributes
    ----------
    coding : of the trend, or contrasts.
    trend : slopes before the forest, or None.
    forest : fitted on contrasts, splitting on the states, or on the trend's K own-state indices.
    index_mixture : (K,) the mixture at which indices are taken, or None where it splits on states.
    fitted_level : of the forest's own slopes, beside the trend's level.
    """

    coding: Coding
    trend: Engine | None
    forest: Any
    index_mixture: Array | None
    fitted_level: Level
    method: str
    summary: str

    def slopes(self, states: Array) -> Array:
        """(m, d) -> (m, p)."""
        found = self._forest_slopes(states)
        return found if self.trend is None else found + self.trend.slopes(states)

    def covariance(self, state: Array) -> Array:
        """(d,) -> (p, p): forest and trend variance added, as if independent."""
        place = contrast_map(self.coding)
        found: Array = place @ forest_covariance(self.forest, self._features(state[None])[0]) @ place.T
        return found if self.trend is None else found + self.trend.covariance(state)

    def direction_variances(self, states: Array, direction: Array) -> Array:
        """(m, d) and (p,) -> (m,)."""
        inner = direction @ contrast_map(self.coding)
        found = forest_direction_variances(self.forest, self._features(states), inner)
        return found if self.trend is None else found + self.trend.direction_variances(states, direction)

    def level(self, states: Array) -> Array:
        """(m, d) -> (m,)."""
        found = self.fitted_level.at(states, self._forest_slopes(states))
        return found if self.trend is None else found + self.trend.level(states)

    def _forest_slopes(self, states: Array) -> Array:
        found: Array = self.forest.predict(self._features(states)) @ contrast_map(self.coding).T
        return found

    def _features(self, states: Array) -> Array:
        if self.trend is None or self.index_mixture is None:
            return states
        return own_state_indices(self.trend, states, self.index_mixture)


def own_state_indices(trend: Engine, states: Array, mixture: Array) -> Array:
    """(m, K) what a trend says each domain is worth per unit of share at a mixture (K,)."""
    log_part, linear_part = np.split(trend.slopes(states) @ trend.coding.decode.T, 2, axis=1)
    indices: Array = log_part / (mixture + trend.coding.epsilon) + linear_part
    return indices
