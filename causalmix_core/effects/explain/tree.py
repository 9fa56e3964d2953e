"""Rules by which effects differ: EconML's interpreter tree over the runs' pools, as plain data.

Source: EconML's ``SingleTreeCateInterpreter``, a regression tree of the estimated effects on the
covariates; the paper draws one of depth 3 (its Figure 3).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.effects.explain.pools import explained_pools, pool_effects
from causalmix_core.effects.explain.surrogate import FOLDS, pool_folds, share_explained
from causalmix_core.effects.explain.views import EffectTree, TreeNode
from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from causalmix_core.evidence.table import Covariate

    Array = NDArray[np.float64]

DEPTHS = (1, 2, 3, 4)
MOST_POOLS = 2048
FEWEST_IN_LEAF = 5
LEAF_PART = 0.05


class _Effects:
    """The little of an estimator that the interpreter asks for."""

    def __init__(self, states: Array, effects: Array) -> None:
        self._states, self._effects = states, effects

    def const_marginal_effect(self, states: Array) -> Array:
        """(m, d) the states it was made with -> (m, K) effects."""
        if states is not self._states:
            raise ValueError("effects are known at the states they were computed for")
        return self._effects


def effect_tree(fit: Fit, anchor: Array, depth: int = 3, domain: str | None = None) -> EffectTree:
    """Rules for the substitution effects at ``anchor`` (K,) of one domain, or of all at once (None).

    Every group keeps at least 5 pools and 5 % of them. Thresholds are rounded to as few digits
    as sort the runs' pools the same way.

    Raises
    ------
    ConfigError
        A depth that is not 1 to 4, an unknown domain, a fit of average effects, or too few pools.
    """
    if depth not in DEPTHS:
        raise ConfigError(
            f"The tree's depth is {depth}; give a whole number from {DEPTHS[0]} to {DEPTHS[-1]}."
        )
    table = fit.table
    if domain is not None and domain not in table.domains:
        raise ConfigError(f"There is no domain {domain!r}; choose one of {', '.join(table.domains)}.")
    chosen = list(table.domains) if domain is None else [domain]
    states = explained_pools(fit, MOST_POOLS)
    effects = pool_effects(fit, states, anchor)[:, [table.domains.index(name) for name in chosen]]
    found = _interpret(states, effects, depth)
    return EffectTree(
        domains=tuple(chosen),
        outcome=fit.outcome.name,
        unit=fit.outcome.unit,
        covariate_columns=table.covariate_columns,
        nodes=_nodes(found, states, table.covariates),
        r2=share_explained(effects, _predicted(found, states, effects)),
        r2_unseen=_unseen(states, effects, depth),
    )


def _interpret(states: Array, effects: Array, depth: int) -> Any:
    from econml.cate_interpreter import SingleTreeCateInterpreter

    leaf = max(FEWEST_IN_LEAF, math.ceil(LEAF_PART * len(states)))
    interpreter = SingleTreeCateInterpreter(max_depth=depth, min_samples_leaf=leaf, random_state=0)
    return interpreter.interpret(_Effects(states, effects), states)


def _predicted(found: Any, states: Array, effects: Array) -> Array:
    return np.asarray(found.tree_model_.predict(states)).reshape(len(states), effects.shape[1])


def _unseen(states: Array, effects: Array, depth: int) -> float:
    """Share of the variance that the rules foretell on pools left out in turn."""
    fold = pool_folds(len(states))
    predicted = np.empty_like(effects)
    for number in range(FOLDS):
        out = fold == number
        found = _interpret(states[~out], effects[~out], depth)
        predicted[out] = _predicted(found, states[out], effects)
    return share_explained(effects, predicted)


def _nodes(found: Any, states: Array, covariates: tuple[Covariate, ...]) -> tuple[TreeNode, ...]:
    tree = found.tree_model_.tree_
    inside = found.tree_model_.decision_path(states).toarray().astype(bool)
    depths = {0: 0}
    nodes = []
    for number in range(tree.node_count):
        mean, spread = (np.atleast_1d(found.node_dict_[number][name]) for name in ("mean", "std"))
        node = TreeNode(depths[number], int(inside[:, number].sum()), mean, spread)
        low, high = int(tree.children_left[number]), int(tree.children_right[number])
        if low >= 0:
            depths[low] = depths[high] = depths[number] + 1
            column = int(tree.feature[number])
            below, above = states[inside[:, low], column].max(), states[inside[:, high], column].min()
            threshold = shortest_between(float(below), float(above))
            node = replace(node, covariate=covariates[column], threshold=threshold, low=low, high=high)
        nodes.append(node)
    return tuple(nodes)


def shortest_between(low: float, high: float) -> float:
    """The number of fewest decimals in [low, high), near its middle; low < high."""
    middle = 0.5 * (low + high)
    first = -math.floor(math.log10(max(abs(low), abs(high))))
    for decimals in range(first - 1, first + 17):
        rounded = round(middle, decimals)
        if low <= rounded < high:
            return rounded
    return low
