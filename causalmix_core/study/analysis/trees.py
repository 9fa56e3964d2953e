"""Rules by which effects differ between pools, of the paper's fit and of the recommended one (the paper's Figure 3)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.delivery.explanations import last_rule_words, rule_words, tree_sentence
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.explain.tree import effect_tree
from causalmix_core.effects.fit import fit
from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.effects.explain.views import EffectTree
    from causalmix_core.study.analysis.setting import Setting

    Array = NDArray[np.float64]
    Progress = Callable[[float, str], None]

NAMES: tuple[EstimatorName, ...] = ("paper", "recommended")
WORDS = (
    "A tree of rules on the pool's covariates, fitted to the effects that an estimator finds at the study's own pools. An "
    "effect is what the outcome gains when one percent of the anchor, the mixture of the outcome's weights, is replaced "
    "by the domain, the rest pro rata."
)


def trees(setting: Setting, report: Progress) -> dict[str, Any]:
    """The part ``trees`` of the analysis, at the plan's depth."""
    rows = []
    names = setting.asked_for(NAMES)
    for number, name in enumerate(names):
        report(number / len(names), name)
        rows.append(setting.kept.get(f"tree-{name}", partial(_tree, setting, name)))
    return {"words": WORDS, "rows": rows}


def _tree(setting: Setting, name: EstimatorName) -> dict[str, Any]:
    domains = setting.table.domains
    anchor = np.array([setting.plan.weights.get(domain, 0.0) for domain in domains])
    try:
        fitted = fit(setting.table, FitConfig(setting.outcome, name, seed=setting.fit_seed), calibrate=False)
        found = effect_tree(fitted, anchor, int(setting.asked["tree_depth"]))
    except ConfigError as error:
        return {"name": name, "refused": str(error)}
    return {
        "name": name,
        "refused": None,
        "unit": f"{found.unit or found.outcome} for one percent",
        "anchor": dict(zip(domains, anchor.tolist(), strict=True)),
        "depth": found.depth,
        "r2": found.r2,
        "r2_unseen": found.r2_unseen,
        "sentence": tree_sentence(found),
        "nodes": [_node(found, number) for number in range(len(found.nodes))],
    }


def _node(tree: EffectTree, number: int) -> dict[str, Any]:
    node = tree.nodes[number]
    return {
        "rule": rule_words(tree, number),
        "last_rule": last_rule_words(tree, number),
        "depth": node.depth,
        "pools": node.pools,
        "effects": dict(zip(tree.domains, node.mean.tolist(), strict=True)),
        "spread": dict(zip(tree.domains, node.spread.tolist(), strict=True)),
        "covariate": node.covariate.column if node.covariate else None,
        "threshold": node.threshold,
        "low": node.low,
        "high": node.high,
    }
