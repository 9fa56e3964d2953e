"""Explanations that the pages show, computed by the core when they are asked for and kept by content."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages._ui import results

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.delivery.recommendation import Recommendation
    from causalmix_core.effects.explain.views import Drivers, EffectTree
    from causalmix_core.effects.fit import Fit
    from causalmix_core.scenarios.scenario import Scenario

    Array = NDArray[np.float64]


@st.cache_data(max_entries=64, show_spinner=False)
def _tree(key: str, _fit: Fit, _anchor: Array, depth: int, domain: str | None) -> EffectTree:
    from causalmix_core.effects.explain.tree import effect_tree

    return effect_tree(_fit, _anchor, depth, domain)


def tree(fit: Fit, anchor: Array, depth: int, domain: str | None) -> EffectTree:
    """Rules for the effects of one domain, or of all (None).

    Raises
    ------
    ConfigError : too few distinct pools.
    """
    return _tree(repr((fit.sha256, anchor.tobytes())), fit, anchor, depth, domain)


@st.cache_data(max_entries=64, show_spinner=False)
def _drivers(
    key: str, _fit: Fit, _pool: Array, _anchor: Array, domains: tuple[str, ...]
) -> tuple[Drivers, ...]:
    from causalmix_core.effects.explain.drivers import effect_drivers

    return effect_drivers(_fit, _pool, _anchor, domains)


def drivers(fit: Fit, pool: Array, anchor: Array, domains: tuple[str, ...]) -> tuple[Drivers, ...]:
    """What the effects of these domains depend on, over the runs' pools and at one.

    Raises
    ------
    ConfigError : too few distinct pools.
    """
    key = repr((fit.sha256, pool.tobytes(), anchor.tobytes()))
    return _drivers(key, fit, pool, anchor, domains)


def name(fit: Fit, scenario: Scenario) -> str:
    """Text that names a recommendation: equal text, equal recommendation."""
    return repr((fit.sha256, scenario))


@st.cache_data(max_entries=64, show_spinner=False)
def _recommendation(key: str, _fit: Fit, _scenario: Scenario) -> Recommendation:
    from causalmix_core.delivery.recommendation import explain_recommendation

    made = results.decision(_fit, _scenario)
    return explain_recommendation(_fit, _scenario.pool.state(_fit.table), made)


def recommendation(fit: Fit, scenario: Scenario) -> Recommendation:
    """What the largest moves of a scenario's recommendation depend on.

    Raises
    ------
    CausalMixError : as for the decision itself, or too few distinct pools.
    """
    return _recommendation(name(fit, scenario), fit, scenario)
