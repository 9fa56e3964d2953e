"""Do out-of-fold effects come true in runs that the model has not seen?

Runs of one pool are compared where there are enough of them, else runs with the level foretold
(:mod:`~causalmix_core.effects.heterogeneity`). With y what is left of the outcome,

    y = c effect                                       (effects)
    y = a average_effect + b (effect - average_effect)  (heterogeneity)

with errors clustered by pool: the test of calibration of the R package grf (Athey, Tibshirani and
Wager 2019), for a vector of treatments. 1 is perfect, 0 is nothing. The R-score (after Nie and
Wager 2021) says how much of the average effects' error the conditioning takes away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.checks.check import (
    Check,
    Detail,
    Status,
    at_least,
    at_most,
    figure,
    not_applicable,
    worst,
)
from causalmix_core.checks.words import number, percent
from causalmix_core.effects.heterogeneity import REAL as REAL_HETEROGENEITY
from causalmix_core.effects.heterogeneity import measure_heterogeneity, unseen_effects
from causalmix_core.effects.moments import clustered_slopes, p_above_zero

if TYPE_CHECKING:
    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.out_of_fold import OutOfFold

EFFECTS, HETEROGENEITY, R_SCORE = "effects", "heterogeneity", "r-score"
TITLES = {
    EFFECTS: "Effects come true",
    HETEROGENEITY: "Dependence on the pool comes true",
    R_SCORE: "Gain from conditioning",
}
REAL = 0.01  # one noise table in a hundred is believed to have effects
# Half or double: a gain stated by such a model is off by more than a factor of two.
SLOPE_LOW, SLOPE_HIGH = 0.5, 2.0


def effects_check(fit: Fit, oof: OutOfFold) -> Check:
    """Slope of the outcome on all effects, out of fold."""
    asked = unseen_effects(oof, fit.table.groups())
    slopes, errors = clustered_slopes(asked.own[:, None], asked.left, asked.cluster)
    slope, error = float(slopes[0]), float(errors[0])
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
    found = measure_heterogeneity(oof, fit.table.groups())
    real = at_most(found.p, REAL_HETEROGENEITY, 1.0)
    status = worst([real, "PASS" if found.slope >= SLOPE_LOW else "REVIEW"])
    if found.slope <= 0.0:
        status = "FAIL"
    said = (
        f"Where effects are said to differ between pools by 1, runs not seen show {number(found.slope)} "
        f"(standard error {number(found.error)})."
    )
    details = (
        Detail("slope on differences between pools (b)", figure(found.slope), status),
        Detail("its standard error", figure(found.error), "PASS"),
        Detail("p of no dependence on the pool", figure(found.p), real),
        Detail("slope on average effects (a)", figure(found.average), "PASS"),
        Detail("its standard error (a)", figure(found.average_error), "PASS"),
        Detail("pairs of runs of one pool (0: single runs were asked)", float(found.pairs), "PASS"),
    )
    remedy = "Nothing to do." if status == "PASS" else _AVERAGES
    return Check(
        HETEROGENEITY,
        TITLES[HETEROGENEITY],
        status,
        figure(found.slope),
        SLOPE_LOW,
        "slope",
        said,
        remedy,
        details,
    )


_AVERAGES = (
    "Fit without the pool's state and give every pool the same mixture, or add runs on more kinds of pools."
)


def r_score_check(fit: Fit, oof: OutOfFold) -> Check:
    """Error of effects by pool over the error of average effects, scaled to suit best."""
    if not fit.depends_on_pool:
        return not_applicable(R_SCORE, TITLES[R_SCORE], "effects are averages, the same for every pool.")
    score = measure_heterogeneity(oof, fit.table.groups()).r_score
    # Much worse than averages: at a tenth more error, conditioning does more harm than pools differ.
    status = at_least(score, 0.0, -0.1)
    part = percent(abs(score))
    said = f"In runs not seen, effects by pool take {part} of the error away that average effects leave."
    if score < 0.0:
        said = f"In runs not seen, effects by pool are off by {part} more than average effects."
    remedy = "Nothing to do." if status == "PASS" else _AVERAGES
    return Check(R_SCORE, TITLES[R_SCORE], status, figure(score), 0.0, "share of error", said, remedy)
