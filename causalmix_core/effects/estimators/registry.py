"""All estimators by name: what each is in a sentence, what it needs, and how simple it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from causalmix_core.effects.estimators.components import fit_components_estimator
from causalmix_core.effects.estimators.constant import fit_constant
from causalmix_core.effects.estimators.forest import fit_forest
from causalmix_core.effects.estimators.hybrid import fit_hybrid
from causalmix_core.effects.estimators.linear_dml import fit_linear_dml
from causalmix_core.effects.estimators.log_linear import fit_average
from causalmix_core.effects.estimators.paper import fit_paper
from causalmix_core.effects.estimators.regmix import fit_regmix
from causalmix_core.effects.estimators.ridge import fit_ridge_r
from causalmix_core.effects.estimators.s_learner import fit_s_learner
from causalmix_core.effects.estimators.shared_slopes import fit_shared_slopes
from causalmix_core.effects.estimators.shared_slopes_forest import (
    fit_shared_slopes_forest,
    fit_shared_slopes_r_forest,
)
from causalmix_core.effects.estimators.shared_slopes_r import fit_shared_slopes_r
from causalmix_core.effects.estimators.smooth import fit_smooth
from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.config import EstimatorName, FitConfig
    from causalmix_core.effects.engine import Engine, Progress
    from causalmix_core.effects.residuals import Residuals
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]
    Fitter = Callable[[RunsTable, Array, FitConfig, Progress, Residuals], Engine]
    JointFitter = Callable[[RunsTable, Array, FitConfig, Progress], Engine]

Needs = Literal["nothing", "covariates", "covariates per domain"]
Switch = Literal["covariates", "orthogonalise", "epsilon"]
FOREST_MAX_DOMAINS = 64
_ALL: frozenset[Switch] = frozenset({"covariates", "orthogonalise", "epsilon"})
_EPSILON: frozenset[Switch] = frozenset({"epsilon"})


@dataclass(frozen=True)
class Estimator:
    """One estimator.

    Attributes
    ----------
    name : as in :class:`~causalmix_core.effects.config.FitConfig`.
    title, sentence : for people.
    complexity : 1 is the simplest; no two are equal.
    fit : makes an engine.
    needs : what the table must have.
    conditions : whether effects depend on the pool.
    reads_states : whether predictions do.
    switches : the settings that mean something to it.
    max_domains : the largest K, or None.
    slow_beyond : more covariates than this make it too slow for a comparison that does not ask for it.
    """

    name: EstimatorName
    title: str
    sentence: str
    complexity: int
    fit: Fitter
    needs: Needs = "covariates"
    conditions: bool = True
    reads_states: bool = True
    switches: frozenset[Switch] = _EPSILON
    max_domains: int | None = None
    slow_beyond: int | None = None


def _joint(fit: JointFitter) -> Fitter:
    """A fitter that purges by fitting level and slopes together, and needs no residuals."""
    return lambda table, target, config, report, residuals: fit(table, target, config, report)


_PER_DOMAIN: Needs = "covariates per domain"
_LISTED = (
    Estimator(
        "constant", "Average effects, purged",
        "One answer for all pools, after taking out what the pool's state foretells.",
        1, fit_constant, conditions=False,
    ),
    Estimator(
        "log-linear", "Average effects",
        "One answer for all pools from the mixture alone, in logs and shares.",
        2, _joint(fit_average), needs="nothing", conditions=False, reads_states=False,
    ),
    Estimator(
        "shared-slopes", "Own-state slopes",
        "What a domain is worth follows its own state by one law that all domains share, with small deviations.",
        3, fit_shared_slopes, needs=_PER_DOMAIN, switches=frozenset({"orthogonalise", "epsilon"}),
    ),
    Estimator(
        "components", "Learned components",
        "Linear and smooth slopes in the state, level beside them; how large each part may be is learned from the runs.",
        4, _joint(fit_components_estimator), switches=frozenset({"orthogonalise", "epsilon"}),
    ),
    Estimator(
        "linear-dml", "LinearDML",
        "Effects linear in the covariates by least squares on purged outcome and mixture, without shrinkage.",
        5, fit_linear_dml, switches=frozenset(),
    ),
    Estimator(
        "ridge", "Ridge R-learner",
        "Effects linear in all covariates, shrunken, fitted to purged outcome and mixture.",
        6, fit_ridge_r,
    ),
    Estimator(
        "shared-slopes-r", "Own-state slopes, R-learner",
        "Own-state slopes fitted to purged outcome and mixture: safer where people chose the runs, needs more of them.",
        7, fit_shared_slopes_r, needs=_PER_DOMAIN,
    ),
    Estimator(
        "hybrid", "Ridge R-learner and forest",
        "The ridge R-learner for the trend, and a causal forest for what it leaves.",
        8, fit_hybrid, max_domains=FOREST_MAX_DOMAINS,
    ),
    Estimator(
        "forest", "Causal forest",
        "A causal forest on purged contrasts of the shares, with settings that do well on mixtures.",
        9, fit_forest, switches=frozenset(), max_domains=FOREST_MAX_DOMAINS,
    ),
    Estimator(
        "shared-slopes-forest", "Own-state slopes and forest",
        "Own-state slopes, and a causal forest on what they say each domain is worth.",
        10, fit_shared_slopes_forest, needs=_PER_DOMAIN, max_domains=FOREST_MAX_DOMAINS,
    ),
    Estimator(
        "shared-slopes-r-forest", "Own-state slopes, R-learner, and forest",
        "The R-learner of own-state slopes, and a causal forest on what they say each domain is worth.",
        11, fit_shared_slopes_r_forest, needs=_PER_DOMAIN, max_domains=FOREST_MAX_DOMAINS,
    ),
    Estimator(
        "regmix", "RegMix",
        "Boosted trees on the mixture alone, as RegMix fits them: one answer for all pools.",
        12, fit_regmix, needs="nothing", conditions=False, reads_states=False,
    ),
    Estimator(
        "s-learner", "Boosted trees",
        "Boosted trees on mixture and pool state together; nothing is purged.",
        13, fit_s_learner,
    ),
    Estimator(
        "smooth", "Smooth and boosted",
        "A Gaussian process and RegMix's trees on the mixture alone, averaged: for wide designs without covariates.",
        14, fit_smooth, needs="nothing", conditions=False, reads_states=False, slow_beyond=0,
    ),
    Estimator(
        "paper", "The paper's forest",
        "CausalForestDML on the logarithm of the shares with boosted nuisances, as published; slow.",
        15, _joint(fit_paper), needs="nothing", switches=_ALL, max_domains=FOREST_MAX_DOMAINS, slow_beyond=0,
    ),
)  # fmt: skip

REGISTRY: dict[EstimatorName, Estimator] = {found.name: found for found in _LISTED}

RECOMMENDED_SENTENCE = (
    "Learned components where the table has covariates (slopes of a domain in its own state where every domain "
    "has covariates of its own, in the pool's state otherwise), average effects without."
)


def choices(table: RunsTable) -> tuple[EstimatorName, ...]:
    """What a table can be fitted with: ``recommended``, then all that it allows from simple to complex."""
    return ("recommended", *(found.name for found in _LISTED if shortcoming(found, table) is None))


def title(name: EstimatorName) -> str:
    """A few words for people."""
    return "Recommended" if name == "recommended" else REGISTRY[name].title


def sentence(name: EstimatorName) -> str:
    """One sentence for people."""
    return RECOMMENDED_SENTENCE if name == "recommended" else REGISTRY[name].sentence


def switches(name: EstimatorName) -> frozenset[Switch]:
    """The settings that mean something to an estimator."""
    return _ALL if name == "recommended" else REGISTRY[name].switches


def concrete(config: FitConfig, table: RunsTable) -> Estimator:
    """The estimator that a fit of this table uses: ``recommended`` depends on its covariates."""
    if config.estimator != "recommended":
        return REGISTRY[config.estimator]
    if not config.covariates or table.states.shape[1] == 0:
        return REGISTRY["log-linear"]
    return REGISTRY["components"]


def offered(table: RunsTable) -> tuple[EstimatorName, ...]:
    """What a comparison on a table takes unless told otherwise, simplest first: all it can, less the slow ones."""
    d = table.states.shape[1]
    return tuple(
        found.name
        for found in _LISTED
        if shortcoming(found, table) is None and (found.slow_beyond is None or d <= found.slow_beyond)
    )


def check(config: FitConfig, table: RunsTable) -> None:
    """Refuse settings that an estimator does not know, and tables that it cannot use.

    Raises
    ------
    ConfigError : a sentence naming the setting or what the table lacks.
    """
    found = concrete(config, table)
    _check_switches(config)
    missing = shortcoming(found, table)
    if missing is not None:
        raise ConfigError(missing)


def _check_switches(config: FitConfig) -> None:
    settings: dict[Switch, tuple[bool, str]] = {
        "covariates": (not config.covariates, "cannot leave the covariates out"),
        "orthogonalise": (not config.orthogonalise, "cannot leave the purging out"),
        "epsilon": (config.epsilon is not None, "has no epsilon"),
    }
    for switch, (used, complaint) in settings.items():
        if used and switch not in switches(config.estimator):
            raise ConfigError(
                f"{config.estimator} {complaint}: the setting {switch} means nothing to it; "
                "put it back to its default or choose another estimator."
            )


def shortcoming(found: Estimator, table: RunsTable) -> str | None:
    """Why a table cannot be fitted by an estimator, in a sentence; None where it can."""
    if found.needs != "nothing" and table.states.shape[1] == 0:
        return (
            f"{found.name} needs covariates of the pool and {table.name} has none; "
            "choose log-linear or regmix, or add x_ columns."
        )
    if found.needs == _PER_DOMAIN and not table.covariates_are_per_domain:
        return (
            f"{found.name} needs the same covariates for every domain and {table.name} describes the whole pool "
            "alone; choose components or ridge, or add x_<domain>__<name> columns."
        )
    if found.max_domains is not None and len(table.domains) > found.max_domains:
        return (
            f"{table.name} has {len(table.domains)} domains and the forest in {found.name} takes at most "
            f"{found.max_domains}; merge small domains, describe each domain's own pool, or fit without covariates."
        )
    return None
