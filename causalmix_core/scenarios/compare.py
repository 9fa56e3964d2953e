"""Up to four scenarios side by side, and how sure it is that one mixture is better than another.

Each scenario is decided at its own pool. To be compared, their mixtures A and B are valued at one
common pool, where the response's coefficients are one normal vector with one covariance: the
difference Y(A) - Y(B) is linear in them, so its standard error holds what the two have in common,
and P(A better than B) = Phi(difference / standard error). The scenario that gives the pool gives the
outcome too (its weights may differ from those of others), and the correction for having chosen
mixtures by their gain, which is applied to the common response as it is to its own gain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.correction import NONE, Correction
from causalmix_core.errors import CausalMixError, ScenarioError
from causalmix_core.scenarios.codec import check_scenario
from causalmix_core.scenarios.decide import decide_scenario, panel_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.response import Response
    from causalmix_core.effects.support import MixtureSupport, PoolSupport
    from causalmix_core.evidence.table import Outcome
    from causalmix_core.scenarios.scenario import Scenario

    Array = NDArray[np.float64]
    Decide = Callable[[Scenario], tuple[Fit, Decision]]

FEWEST, MOST = 2, 4
# Mixtures that differ by less than this total variation are one mixture.
SAME_MIXTURE = 1e-9


@dataclass(frozen=True, eq=False)
class Entry:
    """One scenario of a comparison: its decision at its own pool, and whether that lies within the runs.

    ``outcome`` is what it raises.
    """

    name: str
    scenario: Scenario
    outcome: Outcome
    decision: Decision
    pool_support: PoolSupport
    mixture_support: MixtureSupport

    def share_of(self, domain: str) -> float:
        """Share of a domain in the mixture; 0 where the scenario's pool does not know it."""
        domains = self.decision.region.domains
        return float(self.decision.shares[domains.index(domain)]) if domain in domains else 0.0


@dataclass(frozen=True, eq=False)
class ScenarioComparison:
    """n scenarios side by side.

    Attributes
    ----------
    entries : n of them, in the order given.
    pool_of : index of the entry at whose pool all mixtures are valued against each other.
    same_pool : True when that is the pool of all of them.
    differences, errors : (n, n) outcome at mixture of row i minus that of column j at the common
        pool, and its standard error; in outcome units, higher is better, corrected.
    p_better : (n, n) probability that row i is better than column j; 0.5 for equal mixtures.
    """

    entries: tuple[Entry, ...]
    pool_of: int
    same_pool: bool
    differences: Array
    errors: Array
    p_better: Array

    @property
    def domains(self) -> tuple[str, ...]:
        """The domains of all entries: the table's, and last a new one where a scenario has one."""
        return max((entry.decision.region.domains for entry in self.entries), key=len)

    @property
    def outcome(self) -> Outcome:
        """What the differences are in."""
        return self.entries[self.pool_of].outcome


def compare_scenarios(
    fit: Fit,
    scenarios: Sequence[tuple[str, Scenario]],
    correction: Correction = NONE,
    pool_of: int = 0,
    seed: int = 0,
    decide: Decide | None = None,
) -> ScenarioComparison:
    """Decide named scenarios and compare their mixtures.

    Parameters
    ----------
    pool_of : index of the scenario whose pool is the common one, 0..n-1.
    correction : of the gains of ``fit``, where ``decide`` is not given.
    decide : gives the fit of what a scenario raises, and its decision; by default both are made now.

    Raises
    ------
    ScenarioError : fewer than two or more than four, a name twice, or a scenario of another table.
    CausalMixError : a scenario that cannot be decided; its name leads the sentence.
    """
    check_names([name for name, _ in scenarios], pool_of)
    decide = decide or (lambda scenario: _decided(fit, scenario, correction, seed))
    made = [_entry(fit, name, scenario, decide) for name, scenario in scenarios]
    entries = tuple(entry for entry, _ in made)
    states = [entry.scenario.pool.state(fit.table) for entry in entries]
    common = _common(entries, [raised for _, raised in made], pool_of, decide).response(states[pool_of])
    believed = entries[pool_of].decision.correction.apply(common)
    differences, errors = contrasts(believed, _aligned(entries, common.domains))
    return ScenarioComparison(
        entries=entries,
        pool_of=pool_of,
        same_pool=all(np.array_equal(state, states[0]) for state in states),
        differences=differences,
        errors=errors,
        p_better=_probabilities(differences, errors),
    )


def _common(entries: tuple[Entry, ...], raised: list[Fit], pool_of: int, decide: Decide) -> Fit:
    """What values all mixtures: the fit of the entry that gives the pool, with the new domain that others may have."""
    news = {entry.scenario.new_domain: entry.name for entry in entries if entry.scenario.new_domain}
    if len(news) > 1:
        first, second, *_ = news.values()
        raise ScenarioError(
            f"{first} and {second} have different new domains, or different states of one: mixtures are compared with one "
            "domain that no run has seen at most."
        )
    (new,) = news or (None,)
    if new is None or entries[pool_of].scenario.new_domain is not None:
        return raised[pool_of]
    asked, name = replace(entries[pool_of].scenario, new_domain=new), entries[pool_of].name
    try:
        return decide(asked)[0]
    except CausalMixError as problem:
        raise type(problem)(f"{name}, with {new.name} to compare it: {problem}") from problem


def _aligned(entries: tuple[Entry, ...], domains: tuple[str, ...]) -> Array:
    """(n, K) the entries' mixtures over the same domains; who does not know one holds nothing of it."""
    return np.array([[entry.share_of(domain) for domain in domains] for entry in entries])


def contrasts(response: Response, mixtures: Array) -> tuple[Array, Array]:
    """(n, n) differences of outcome between mixtures (n, K), row minus column, and their standard errors."""
    pairs = [(response.gain(mixtures, other), response.gain_se(mixtures, other)) for other in mixtures]
    same = 0.5 * np.abs(mixtures[:, None] - mixtures[None]).sum(axis=2) <= SAME_MIXTURE
    differences = np.array([gains for gains, _ in pairs]).T
    errors = np.array([ses for _, ses in pairs]).T
    return np.where(same, 0.0, differences), np.where(same, 0.0, errors)


def _probabilities(differences: Array, errors: Array) -> Array:
    sure = 0.5 + 0.5 * np.sign(differences)  # of a response without uncertainty
    ratios = np.divide(differences, errors, out=np.zeros_like(differences), where=errors > 0.0)
    normal = np.vectorize(NormalDist().cdf, otypes=[np.float64])(ratios)
    probabilities: Array = np.where(errors > 0.0, normal, sure)
    return probabilities


def _decided(fit: Fit, scenario: Scenario, correction: Correction, seed: int) -> tuple[Fit, Decision]:
    panel = panel_of(fit, scenario)
    return panel.raised, decide_scenario(fit, scenario, correction, seed, panel=panel)


def _entry(fit: Fit, name: str, scenario: Scenario, decide: Decide) -> tuple[Entry, Fit]:
    from causalmix_core.effects.support import mixture_support, pool_support

    try:
        check_scenario(scenario, fit.table)
        raised, made = decide(scenario)
    except CausalMixError as problem:
        raise type(problem)(f"{name}: {problem}") from problem
    pool = scenario.pool.state(fit.table)
    inside = pool_support(fit.table, pool), mixture_support(raised.table, made.shares)
    return Entry(name, scenario, raised.outcome, made, *inside), raised


def check_names(names: list[str], pool_of: int) -> None:
    """Return when so many scenarios of these names can be compared at the pool of that one.

    Raises
    ------
    ScenarioError : too few or too many, a name twice, or no scenario of that number.
    """
    if not FEWEST <= len(names) <= MOST:
        raise ScenarioError(
            f"There are {len(names)} scenarios to compare; choose from {FEWEST} to {MOST} of them."
        )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ScenarioError(f"Two scenarios to compare are called {twice}; give them different names.")
    if not 0 <= pool_of < len(names):
        raise ScenarioError(f"There is no scenario {pool_of + 1} whose pool could be the common one.")
