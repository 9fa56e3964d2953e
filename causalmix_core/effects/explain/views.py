"""What explanations are: plain data, drawn and printed without the libraries that made them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import Covariate

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TreeNode:
    """One group of pools.

    Attributes
    ----------
    depth : 0 at the root.
    pools : how many of the runs' pools are in it.
    mean, spread : (m,) mean and standard deviation over them of each explained effect.
    covariate, threshold : where it splits: pools with covariate <= threshold (table units) go
        to ``low``, the others to ``high``; None in a leaf.
    low, high : numbers of its children in ``EffectTree.nodes``, or None in a leaf.
    """

    depth: int
    pools: int
    mean: Array
    spread: Array
    covariate: Covariate | None = None
    threshold: float | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, eq=False)
class EffectTree:
    """Rules that sort the runs' pools by the effects of one domain, or of all at once.

    Attributes
    ----------
    domains : m names of the explained domains; ``outcome``, ``unit`` : what an effect, per
        percentage point, is measured in.
    covariate_columns : the d columns, in the order of a state.
    nodes : the root first, every child after its parent.
    r2 : share of the variance of the effects over the pools that the rules explain, 0..1.
    r2_unseen : the same on pools left out in turn (five folds); below 0 where the rules foretell
        worse than the mean.
    """

    domains: tuple[str, ...]
    outcome: str
    unit: str
    covariate_columns: tuple[str, ...]
    nodes: tuple[TreeNode, ...]
    r2: float
    r2_unseen: float

    @property
    def depth(self) -> int:
        """Number of rules on the longest path."""
        return max(node.depth for node in self.nodes)

    @property
    def leaves(self) -> tuple[int, ...]:
        """Numbers of the leaves, from the lowest side to the highest."""
        return self._leaves_below(0)

    def _leaves_below(self, number: int) -> tuple[int, ...]:
        node = self.nodes[number]
        if node.low is None or node.high is None:
            return (number,)
        return (*self._leaves_below(node.low), *self._leaves_below(node.high))

    def path(self, pool: Array) -> tuple[int, ...]:
        """Numbers of the nodes that a pool state (d,) passes, from the root to its leaf."""
        passed = [0]
        while True:
            node = self.nodes[passed[-1]]
            if node.covariate is None or node.low is None or node.high is None:
                return tuple(passed)
            value = pool[self.covariate_columns.index(node.covariate.column)]
            passed.append(node.low if value <= node.threshold else node.high)


@dataclass(frozen=True, eq=False)
class PoolDrivers:
    """How the covariates of one pool move a quantity away from its average over the pools.

    ``base + values.sum() == predicted``: what the surrogate says; ``actual`` : what the fit says;
    the difference is what the explanation leaves open.

    Attributes
    ----------
    state : (d,) the pool, in table units.
    values : (d,) SHAP values, in the quantity's unit.
    """

    state: Array
    values: Array
    base: float
    predicted: float
    actual: float

    @property
    def remainder(self) -> float:
        """The part of ``actual`` that the explanation does not hold."""
        return self.actual - self.predicted


@dataclass(frozen=True, eq=False)
class Drivers:
    """What one quantity of one domain depends on, over the runs' pools and at one pool.

    Attributes
    ----------
    domain : whose; ``quantity`` : in words; ``unit`` : of ``values``, "" when unknown.
    covariates : d descriptions; ``states`` : (m, d) pools, in table units.
    observed : (m,) the quantity at these pools, as the fit has it.
    values : (m, d) SHAP values; ``base`` + their sum is the surrogate's prediction, (m,).
    base : the surrogate's average over the pools.
    r2 : share of the variance over pools left out of the surrogate that it explains; <= 1,
        below 0 where it foretells worse than the mean.
    r2_in_sample : the same on the pools it was fitted on; an upper end, for comparison.
    here : the pool at hand.
    """

    domain: str
    quantity: str
    unit: str
    covariates: tuple[Covariate, ...]
    states: Array
    observed: Array
    values: Array
    base: float
    r2: float
    r2_in_sample: float
    here: PoolDrivers

    @property
    def predicted(self) -> Array:
        """(m,) what the surrogate says at the pools."""
        predicted: Array = self.base + self.values.sum(axis=1)
        return predicted

    @property
    def importance(self) -> Array:
        """(d,) mean size of each covariate's SHAP values."""
        importance: Array = np.abs(self.values).mean(axis=0)
        return importance

    @property
    def order(self) -> NDArray[np.int64]:
        """(d,) covariates from the most to the least important."""
        return np.argsort(-self.importance, kind="stable")
