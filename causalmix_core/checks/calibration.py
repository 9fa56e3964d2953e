"""Do out-of-fold effects come true in runs that the model has not seen?

    Y_res = c effect                                       (effects)
    Y_res = a average_effect + b (effect - average_effect)  (heterogeneity)

with errors robust to unequal spread (HC3): the test of calibration of the R package grf (Athey,
Tibshirani and Wager 2019), for a vector of treatments. 1 is perfect, 0 is nothing. The R-score
(Nie and Wager 2021) says how much of the average effects' error the conditioning takes away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.checks.check import Check, Detail, Status, at_least, at_most, figure, not_applicable
from causalmix_core.checks.words import number, percent
from causalmix_core.effects.heterogeneity import REAL, calibration_slopes, r_score
from causalmix_core.effects.moments import p_above_zero

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.out_of_fold import OutOfFold

    Array = NDArray[np.float64]

EFFECTS, HETEROGENEITY, R_SCORE = "effects", "heterogeneity", "r-score"
TITLES = {
    EFFECTS: "Effects come true",
    HETEROGENEITY: "Dependence on the pool comes true",
    R_SCORE: "Gain from conditioning",
}
# Half or double: a gain stated by such a model is off by more than a factor of two.
SLOPE_LOW, SLOPE_HIGH = 0.5, 2.0


def effects_check(oof: OutOfFold) -> Check:
    """Slope of the outcome on all effects, out of fold."""
    slope, error = calibration_slopes(np.column_stack([oof.effect]), oof)[0]
    p = p_above_zero(slope, error)
    real = at_most(p, REAL, 5 * REAL)
    sized: Status = "PASS" if SLOPE_LOW <= slope <= SLOPE_HIGH else "REVIEW"
    status = sized if real == "PASS" else real
    said = f"Where the effects foretell a difference of 1, runs not seen show {number(slope)} (standard error {number(error)})."
    if real == "FAIL":
        said += " That may be 0: these runs do not show that the mixture matters."
    remedy = {
        "PASS": "Nothing to do.",
        "REVIEW": "Read gains as rough: their order can be trusted more than their size.",
        "FAIL": "Do not recommend a mixture on this: add runs, repeat noisy ones, or take another outcome.",
    }[status]
    details = (
        Detail("slope", figure(slope), sized),
        Detail("standard error", figure(error), "PASS"),
        Detail("p of no effect at all", figure(p), real),
    )
    return Check(EFFECTS, TITLES[EFFECTS], status, figure(slope), SLOPE_LOW, "slope", said, remedy, details)


def heterogeneity_check(fit: Fit, oof: OutOfFold) -> Check:
    """Slope of the outcome on what effects differ between pools, beside the average effects."""
    if not fit.depends_on_pool:
        return not_applicable(
            HETEROGENEITY, TITLES[HETEROGENEITY], "effects are averages, the same for every pool."
        )
    columns = np.column_stack([oof.average_effect, oof.effect - oof.average_effect])
    (average, average_error), (own, own_error) = calibration_slopes(columns, oof)
    p = p_above_zero(own, own_error)
    status: Status = "PASS" if p <= REAL and own >= SLOPE_LOW else "REVIEW"
    if own <= 0.0:
        status = "FAIL"
    said = f"Where effects are said to differ between pools by 1, runs not seen show {number(own)} (standard error {number(own_error)})."
    details = (
        Detail("slope on differences between pools (b)", figure(own), status),
        Detail("its standard error", figure(own_error), "PASS"),
        Detail("p of no dependence on the pool", figure(p), at_most(p, REAL, 1.0)),
        Detail("slope on average effects (a)", figure(average), "PASS"),
        Detail("its standard error (a)", figure(average_error), "PASS"),
    )
    remedy = "Nothing to do." if status == "PASS" else _AVERAGES
    return Check(
        HETEROGENEITY, TITLES[HETEROGENEITY], status, figure(own), SLOPE_LOW, "slope", said, remedy, details
    )


_AVERAGES = (
    "Fit without the pool's state and give every pool the same mixture, or add runs on more kinds of pools."
)


def r_score_check(fit: Fit, oof: OutOfFold) -> Check:
    """Error of effects by pool over the error of average effects, scaled to suit best."""
    if not fit.depends_on_pool:
        return not_applicable(R_SCORE, TITLES[R_SCORE], "effects are averages, the same for every pool.")
    score = r_score(oof)
    # Much worse than averages: at a tenth more error, conditioning does more harm than pools differ.
    status = at_least(score, 0.0, -0.1)
    part = percent(abs(score))
    said = f"In runs not seen, effects by pool take {part} of the error away that average effects leave."
    if score < 0.0:
        said = f"In runs not seen, effects by pool are off by {part} more than average effects."
    remedy = "Nothing to do." if status == "PASS" else _AVERAGES
    return Check(R_SCORE, TITLES[R_SCORE], status, figure(score), 0.0, "share of error", said, remedy)
