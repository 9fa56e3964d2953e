"""What the pool's state foretells of outcome and mixtures, out of fold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.checks.check import Check, Detail, at_least, at_most, figure, not_applicable, worst
from causalmix_core.checks.words import listed, number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.out_of_fold import OutOfFold

    Array = NDArray[np.float64]

ID, TITLE = "nuisance", "What the pool's state foretells"
# A quarter of the variance is lost by foretelling worse than the mean; less is chance on few pools.
WORSE_THAN_THE_MEAN = -0.25
FORETOLD = 0.9  # R2 of a share: a tenth of its variation is left, see the check of overlap
DETERMINED = 0.98
CONFOUNDED = 0.1  # R2 of both outcome and a share: without adjusting, the effects mix with the state's


def nuisance_check(fit: Fit, oof: OutOfFold) -> Check:
    """R2 of the outcome and of every share on the pool's state."""
    if not fit.table.covariates:
        return not_applicable(ID, TITLE, "the table has no covariates.")
    k = len(fit.table.domains)
    outcome = _r2(oof.observed, oof.outcome_residual)
    details = [Detail("outcome", figure(outcome), at_least(outcome, WORSE_THAN_THE_MEAN, -np.inf))]
    for j, domain in enumerate(fit.table.domains):
        r2 = _r2(oof.features[:, k + j], oof.feature_residual[:, k + j])
        noise = at_least(r2, WORSE_THAN_THE_MEAN, -np.inf)
        details.append(
            Detail(f"share of {domain}", figure(r2), worst([at_most(r2, FORETOLD, DETERMINED), noise]))
        )
    shares = [detail for detail in details[1:] if detail.value is not None]
    highest = max(shares, key=lambda d: d.value or 0.0)
    confounded = not fit.reads_states and min(outcome, highest.value or 0.0) > CONFOUNDED
    status = worst([*(detail.status for detail in details), "REVIEW" if confounded else "PASS"])
    remedy = _SWITCH_ON if confounded else _remedy(details)
    said = (
        f"Out of fold, the pool's state foretells the outcome with R2 {number(outcome)} and the shares with R2 up to "
        f"{number(highest.value or 0.0)} ({highest.name.removeprefix('share of ')})."
    )
    return Check(ID, TITLE, status, figure(outcome), WORSE_THAN_THE_MEAN, "R2", said, remedy, tuple(details))


_SWITCH_ON = (
    "The state goes with both outcome and mixtures: fit with the pool's state, or effects are confounded."
)


def _remedy(details: list[Detail]) -> str:
    told = [d.name for d in details if d.status != "PASS" and d.value is not None and d.value > 0.0]
    noisy = [d.name for d in details if d.status != "PASS" and d.name not in told]
    if told:
        return f"The state all but decides {listed(told)}: add runs of like pools with other mixtures."
    if noisy:
        return (
            f"The state foretells {listed(noisy)} worse than the mean does: leave out covariates that say nothing, "
            "or switch the pool's state off."
        )
    return "Nothing to do."


def _r2(values: Array, residuals: Array) -> float:
    variation = float(values.var())
    return 1.0 - float((residuals**2).mean()) / variation if variation > 0.0 else 0.0
