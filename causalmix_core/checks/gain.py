"""How much of an estimated gain is there when runs that did not choose the mixture value it.

The pools are halved; each half is fitted, recommends a mixture for every pool, and values what
the other half recommends. With k the other half's value over the half's own, summed over pools,
half of the runs keep the part k of their gain. Optimism is the variance that choosing exploits and
falls like one over the number of runs, so with twice the runs half of the loss is left, counted in
factors: factor = sqrt(k). On noise alone k is about 0, and so is what is left of any gain. The half
that values shrinks too, so the factor errs on the low side. ``python -m benchmarks coverage`` prints
stated over true gains.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.checks.examined import best_mixtures, evenly, responses
from causalmix_core.decision.anchors import mean_of_runs
from causalmix_core.decision.correction import Correction
from causalmix_core.decision.region import make_region
from causalmix_core.effects.refit import refit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.fit import Fit

    Array = NDArray[np.float64]

RADIUS = 0.2  # total variation: a fifth of the data moves, as decisions commonly do
POOLS = 24
HALVINGS = 3
SEED = 50
DOUBT = 0.5  # that the loss goes by square roots: the loss may well be half or half as large again


def measure_correction(fit: Fit) -> Correction:
    """Factor on gains of recommended mixtures, and its error: spread over halvings, and doubt of the rule.

    A table too small to be halved gets no credit beyond half of the gain.
    """
    from threadpoolctl import threadpool_limits

    from causalmix_core.errors import ConfigError

    table = fit.table
    anchor = mean_of_runs(table) if table.natural is None else table.natural
    region = make_region(table.domains, anchor, RADIUS)
    rows = evenly(table, POOLS) if fit.depends_on_pool else np.zeros(1, dtype=np.intp)
    try:
        with threadpool_limits(limits=1):
            kept = [_kept(fit, table.states[rows], region, SEED + number) for number in range(HALVINGS)]
    except ConfigError:
        return Correction(0.5, 0.25)
    factors = np.sqrt(np.clip(kept, 0.0, 1.0))
    factor = float(factors.mean())
    spread = float(factors.std(ddof=1)) / math.sqrt(HALVINGS)
    return Correction(factor, math.hypot(spread, DOUBT * (1.0 - factor)))


def _kept(fit: Fit, states: Array, region: Region, seed: int) -> float:
    """The other half's value of what a half recommends over the half's own, both ways round."""
    groups = fit.table.groups()
    count = int(groups.max()) + 1
    half = (np.random.default_rng(seed).permutation(count) < count // 2)[groups]
    sides = [responses(refit(fit, fit.table.with_rows(rows)), states) for rows in (half, ~half)]
    own = other = 0.0
    for chooser, valuer in (sides, sides[::-1]):
        for mixture, mine, theirs in zip(best_mixtures(chooser, region), chooser, valuer, strict=True):
            own += float(mine.gain(mixture, region.anchor))
            other += float(theirs.gain(mixture, region.anchor))
    return other / own if own > 0.0 else 0.0
