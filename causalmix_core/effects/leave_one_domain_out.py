"""Leave one domain out: how well a domain's own state foretells its effect without its own runs.

For each domain k the fit is made again without what the runs tell about k's slope: k's contribution,
as the full fit has it, is taken out of the outcome, and k's covariates are held at their means, so
that nothing of k reaches the shared coefficients. Its effect is then foretold from its state and the
other domains, and compared with the full fit's over the runs' pools.

Measured in simulation (K 5, 7, 12; 256 to 768 runs): the thresholds passed all of 9 worlds of shared
laws and none of 9 of unrelated ones, and 24 of 24 and 0 of 24 with the simpler own-state slopes; the
nominal 90 % interval held 91 % of the true effects of domains without runs.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.entering import coefficients, entering, foretold
from causalmix_core.errors import UnseenDomainError
from causalmix_core.evidence.domain_state import own_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.fit import Fit

    Array = NDArray[np.float64]

SHARE = 0.05
LEAST_RANK = 0.3
LEAST_WITHIN = 0.5
FEWEST_DOMAINS = 4
MOST_POOLS = 200
CHECKED_POOLS = 5


@dataclass(frozen=True, eq=False)
class LodoReport:
    """Effects of each domain as if no run had seen it, against the full fit's, over m pools.

    Effects are changes of the outcome per percentage point when ``share`` of the runs' mean mixture
    without the domain goes into it.

    Attributes
    ----------
    domains : K names; ``unit`` : of the outcome.
    predicted, full : (K, m), higher is better.
    rank : rank correlation of the K m pairs.
    within : (K,) rank correlation of each domain's over the pools.
    sign_agreement : share of pairs of one sign.
    sd : root mean square of predicted - full: the standard error for a domain without runs.
    runs_needed : runs with changing shares of a domain after which its own estimate would be as sure
        as half the usual size of an effect.
    share : see above.
    """

    domains: tuple[str, ...]
    unit: str
    predicted: Array
    full: Array
    rank: float
    within: Array
    sign_agreement: float
    sd: float
    runs_needed: int
    share: float

    @property
    def within_rank(self) -> float:
        """Median over domains of ``within``."""
        return float(np.median(self.within))

    @property
    def passed(self) -> bool:
        """True when the state foretells effects of domains left out well enough to be used."""
        return self.rank >= LEAST_RANK and self.within_rank >= LEAST_WITHIN


def check_supported(fit: Fit) -> None:
    """Refuse fits that have no law shared by domains.

    Raises
    ------
    UnseenDomainError : naming what the fit lacks.
    """
    if not (fit.depends_on_pool and fit.table.covariates_are_per_domain and _has_own_law(fit)):
        raise UnseenDomainError(
            f"A domain that no run has seen gets an effect from its state alone, and this fit ({fit.method}) has no law"
            " of a domain's own state; fit own-state slopes on a table whose domains have covariates of their own."
        )
    if len(fit.table.domains) < FEWEST_DOMAINS:
        raise UnseenDomainError(
            f"Leaving out each of {len(fit.table.domains)} domains says too little about one more; {FEWEST_DOMAINS}"
            " domains are the least."
        )


def _has_own_law(fit: Fit) -> bool:
    """True where the slopes of all other domains stay as they are when one domain's state changes."""
    states = fit.table.states[:: max(1, fit.table.n_runs // CHECKED_POOLS)][:CHECKED_POOLS]
    moved = states.copy()
    first = own_columns(fit.table)[0]
    moved[:, first] = fit.table.states[:, first].max(axis=0)
    k = len(fit.table.domains)
    others = [i for i in range(2 * k) if i % k]
    before, after = coefficients(fit, states)[:, others], coefficients(fit, moved)[:, others]
    return bool(np.allclose(before, after, rtol=1e-6, atol=1e-9 * np.abs(before).max()))


def leave_one_domain_out(fit: Fit, share: float = SHARE, progress: Progress | None = None) -> LodoReport:
    """Foretell each domain's effect from the others and its state, and compare.

    Raises
    ------
    UnseenDomainError : the fit has no law shared by domains, or fewer than four domains.
    """
    from scipy.stats import spearmanr

    check_supported(fit)
    report, table = progress or (lambda done, phase: None), fit.table
    states, columns, k = _pools(fit), own_columns(table), len(table.domains)
    predicted, full, noise = np.empty((k, len(states))), np.empty((k, len(states))), np.empty(k)
    for i, domain in enumerate(table.domains):
        report(i / k, f"leaving out {domain}")
        anchor = _without(table.shares.mean(axis=0), i)
        step = entering(anchor, i, share, fit.epsilon)
        full[i] = coefficients(fit, states) @ step
        noise[i] = fit.engine.direction_variances(states, step @ fit.engine.coding.decode).mean()
        others = [j for j in range(k) if j != i]
        predicted[i] = foretold(without_domain(fit, i), states, states[:, columns[i]], others, anchor, share)
    report(1.0, "done")
    squared = float(((predicted - full) ** 2).mean())
    usual, se2 = float((full**2).mean()), float(noise.mean())
    needed = math.ceil(table.n_runs * se2 / (usual / 4.0)) if usual > 0 else table.n_runs
    return LodoReport(
        domains=table.domains,
        unit=fit.outcome.unit,
        predicted=predicted,
        full=full,
        rank=_finite(spearmanr(predicted.ravel(), full.ravel()).statistic),
        within=np.array([_finite(spearmanr(a, b).statistic) for a, b in zip(predicted, full, strict=True)]),
        sign_agreement=float((np.sign(predicted) == np.sign(full)).mean()),
        # With the full fit's noise in it: taken out, intervals held the truth too seldom in simulation.
        sd=math.sqrt(squared),
        runs_needed=int(np.clip(needed, 10, table.n_runs)),
        share=share,
    )


def _pools(fit: Fit) -> Array:
    """(m, d) distinct states of the runs, thinned evenly."""
    states = np.unique(fit.table.states, axis=0)
    return states[np.linspace(0, len(states) - 1, min(len(states), MOST_POOLS)).round().astype(int)]


def _without(mixture: Array, domain: int) -> Array:
    rest = np.where(np.arange(len(mixture)) == domain, 0.0, mixture)
    return rest / rest.sum()


def without_domain(fit: Fit, domain: int) -> Fit:
    """The fit without what the runs tell about the slope of domain number ``domain``; epsilon stays as it is."""
    from causalmix_core.effects.fit import fit as refit

    table, k = fit.table, len(fit.table.domains)
    own = own_columns(table)[domain]
    pair = [domain, k + domain]
    features = np.concatenate([np.log(table.shares + fit.epsilon), table.shares], axis=1)
    contribution = (features[:, pair] * coefficients(fit, table.states)[:, pair]).sum(axis=1)
    states = table.states.copy()
    states[:, own] = states[:, own].mean(axis=0)
    without = dataclasses.replace(
        table,
        states=states,
        outcomes=(fit.outcome,),
        scores=(table.score(fit.outcome.name) - contribution)[:, None],
        sha256="",
    )
    return refit(without, dataclasses.replace(fit.config, epsilon=fit.epsilon), calibrate=False)


def _finite(statistic: float) -> float:
    """A correlation; 0 where one side does not vary."""
    return float(statistic) if math.isfinite(statistic) else 0.0
