"""What the checks of a fit look at: the fit, its out-of-fold residuals, and what it recommends.

Recommendations are those that the product makes by default: from the natural shares (else the
mean of the runs), with a tenth of the data free to move, for a sample of the runs' own pools.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.anchors import mean_of_runs
from causalmix_core.decision.region import make_region
from causalmix_core.decision.solvers.concave import maximise_many
from causalmix_core.effects.refit import refit
from causalmix_core.effects.response import Response

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.out_of_fold import OutOfFold
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]
    Index = NDArray[np.intp]

RADIUS = 0.1  # total variation: a tenth of the data moves
POOLS = 6  # recommendations are compared at these many pools, evenly spaced over the table


@dataclass(frozen=True, eq=False)
class Examined:
    """A fit under examination.

    Attributes
    ----------
    fit, oof : what is examined. region : trust region around the default anchor.
    rows : (p,) runs whose pools stand for all; one where effects are averages.
    base : the refit of the table as it is, which other refits are compared with.
    mixtures : (p, K) what ``base`` recommends; gain : its mean expected gain over the pools.
    """

    fit: Fit
    oof: OutOfFold
    region: Region
    rows: Index
    base: Fit
    mixtures: Array
    gain: float

    @property
    def table(self) -> RunsTable:
        """The table fitted."""
        return self.fit.table

    @property
    def adjusts(self) -> bool:
        """True where the pool's state is taken out of outcome and mixture."""
        return self.fit.reads_states and self.fit.config.orthogonalise

    def responses(self, fitted: Fit, table: RunsTable | None = None) -> tuple[Response, ...]:
        """Responses of another fit at the same pools; ``table`` where it has other covariates."""
        states = (table or self.table).states[self.rows]
        return responses(fitted, states)

    def best(self, fitted: Fit, table: RunsTable | None = None) -> Array:
        """(p, K) what another fit recommends at the same pools in the same region."""
        return best_mixtures(self.responses(fitted, table), self.region)

    def mean_gain(self, fitted: Fit, mixtures: Array, table: RunsTable | None = None) -> float:
        """Mean gain over the pools that another fit expects of mixtures (p, K)."""
        return mean_gain(self.responses(fitted, table), mixtures, self.region)


def examine(fit: Fit, oof: OutOfFold) -> Examined:
    """Refit once and find what that recommends."""
    table = fit.table
    anchor = mean_of_runs(table) if table.natural is None else table.natural
    region = make_region(table.domains, anchor, RADIUS)
    base = refit(fit, table)
    rows = evenly(table, POOLS) if fit.depends_on_pool else np.zeros(1, dtype=np.intp)
    at_pools = responses(base, table.states[rows])
    mixtures = best_mixtures(at_pools, region)
    gain = mean_gain(at_pools, mixtures, region)
    return Examined(fit, oof, region, rows, base, mixtures, gain)


def evenly(table: RunsTable, most: int) -> Index:
    """First rows of at most ``most`` pools, evenly spaced over the table."""
    _, first = np.unique(table.groups(), return_index=True)
    first = np.sort(first)
    chosen: Index = first[np.linspace(0, len(first) - 1, min(most, len(first))).astype(np.intp)]
    return chosen


def responses(fitted: Fit, states: Array) -> tuple[Response, ...]:
    """Responses at states (m, d), without their covariance: nothing here needs it."""
    coding = fitted.engine.coding
    coefficients = fitted.engine.slopes(states) @ coding.decode.T
    return tuple(plain_response(fitted.table.domains, coding.epsilon, row) for row in coefficients)


def plain_response(domains: tuple[str, ...], epsilon: float, coefficients: Array) -> Response:
    """Response with coefficients (2K,) and no covariance."""
    k = len(domains)
    return Response(domains, float(epsilon), coefficients[:k], coefficients[k:], np.zeros((2 * k, 2 * k)))


def best_mixtures(at_pools: tuple[Response, ...], region: Region) -> Array:
    """(p, K) best mixture at each pool."""
    coefficients = np.array([response.coefficients for response in at_pools])
    return maximise_many(coefficients, at_pools[0].epsilon, region)


def mean_gain(at_pools: tuple[Response, ...], mixtures: Array, region: Region) -> float:
    """Mean over pools of the gain of mixtures (p, K) over the anchor."""
    gains = [
        float(response.gain(mixture, region.anchor))
        for response, mixture in zip(at_pools, mixtures, strict=True)
    ]
    return float(np.mean(gains))
