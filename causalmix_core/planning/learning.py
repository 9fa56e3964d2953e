"""Learning curve: what the fit knew from fewer runs, and what more of the same would bring.

Whole pools are left out at random, what remains is refitted, and runs of pools that no refit has seen say how
well it foretells. The standard error of the decision's gain falls like a power of the number of
runs, 1/2 for independent runs; the power is fitted here, and foretold with where it is no steeper.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.correction import NONE, Correction
from causalmix_core.decision.decide import decide
from causalmix_core.effects.cross_validation import score_predictions
from causalmix_core.effects.estimators.registry import switches
from causalmix_core.effects.fit import fit as fit_table
from causalmix_core.errors import ConfigError, PlanError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.fit import Fit

    Array = NDArray[np.float64]

FRACTIONS = (0.25, 0.35, 0.5, 0.7, 1.0)
LEFT_OUT = 0.2  # of the pools, which no refit of one repeat sees
LEAST_POOLS = 10
# Powers of n that a standard error is believed to go on falling by: independent runs allow 1/2, and a steeper fall
# among few runs, where variances are hardly known, does not last.
STEEPEST, FLATTEST = 0.5, 0.1


@dataclass(frozen=True, eq=False)
class LearningCurve:
    """Along the number of runs fitted: arrays of one length P.

    Attributes
    ----------
    runs : (P,) mean number of runs fitted, increasing.
    r2, spearman : (P,) of runs of pools left out, mean over repeats; ``r2_spread`` : (P,) its standard deviation
        over repeats. pair_r2 : (P,) of differences of runs of one pool, nan where there are none.
    gain, gain_se : (P,) what the refit's own recommendation is said to bring over the anchor, and its standard
        error, scaled as the whole fit's intervals are.
    kept : (P,) what that recommendation brings according to the fit of all runs, over what the fit's own does.
    fitted : e of gain_se ~ n^-e, fitted to the points. exponent : what is foretold with, the same within 0.1..0.5.
    repeats : random choices of pools behind each point.
    now_runs, now_gain, now_se : the fit of all runs, its gain, corrected, and its standard error.
    """

    runs: Array
    r2: Array
    r2_spread: Array
    spearman: Array
    pair_r2: Array
    gain: Array
    gain_se: Array
    kept: Array
    fitted: float
    exponent: float
    repeats: int
    now_runs: int
    now_gain: float
    now_se: float

    def foretold_se(self, runs: float) -> float:
        """Standard error of the gain from ``runs`` runs like these."""
        return float(self.now_se * (self.now_runs / runs) ** self.exponent)

    def runs_for(self, gain_se: float) -> float:
        """Runs like these, in all, from which the standard error would be ``gain_se`` > 0."""
        return float(self.now_runs * (self.now_se / gain_se) ** (1.0 / self.exponent))


def learning_curve(
    fit: Fit,
    pool: Array,
    region: Region,
    *,
    fractions: Sequence[float] = FRACTIONS,
    repeats: int = 3,
    seed: int = 0,
    correction: Correction = NONE,
    progress: Callable[[float, str], None] | None = None,
) -> LearningCurve:
    """Refit parts of the table and ask each for the decision at ``pool`` (d,) within ``region``.

    Parameters
    ----------
    fractions : of the pools that are not left out, each in (0, 1].
    repeats : >= 1 random choices of pools; in each, smaller parts lie within larger ones.
    correction : of the gain and its error from all runs, as in :func:`~causalmix_core.decision.decide.decide`.
    progress : called with (done 0..1, phase) before each refit; what it raises ends the work.

    Raises
    ------
    PlanError : too few pools, a fraction out of range, or no part of the table can be fitted.
    """
    from threadpoolctl import threadpool_limits

    parts = sorted(set(fractions))
    _refuse(fit, parts, repeats)
    say = progress or (lambda _done, _phase: None)
    whole = fit.response(pool)
    now = decide(whole, region, correction=correction)
    cells = np.full((len(parts), repeats, 7), np.nan)
    with threadpool_limits(limits=1):
        for repeat in range(repeats):
            order = np.random.default_rng(seed + repeat).permutation(int(fit.table.groups().max()) + 1)
            for number, fraction in enumerate(parts):
                step = repeat * len(parts) + number
                say(step / (len(parts) * repeats), f"fit {step + 1} of {len(parts) * repeats}")
                cells[number, repeat] = _ask_part(fit, pool, region, now.shares, order, fraction)
    say(1.0, "done")
    cells = cells[~np.isnan(cells[:, :, 0]).all(axis=1)]
    if len(cells) < 2:
        raise PlanError(
            f"{fit.table.name} has too few runs for a learning curve: its parts cannot be fitted; add runs."
        )
    mean = np.array([[_mean(cell[:, j]) for j in range(7)] for cell in cells])
    fitted = _exponent(mean[:, 0], mean[:, 5])
    spread = np.array([float(np.nanstd(cell[:, 1])) for cell in cells])
    return LearningCurve(
        mean[:, 0], mean[:, 1], spread, mean[:, 2], mean[:, 3], mean[:, 4], mean[:, 5], mean[:, 6],
        fitted, float(np.clip(fitted, FLATTEST, STEEPEST)), repeats, fit.table.n_runs, now.gain, now.se,
    )  # fmt: skip


def _ask_part(
    fit: Fit, pool: Array, region: Region, best: Array, order: NDArray[np.intp], fraction: float
) -> Array:
    """(7,) runs, R2, rank correlation, pair R2, gain, its error, part of the gain kept; nan where it cannot be fitted."""
    table, groups = fit.table, fit.table.groups()
    held = max(2, round(LEFT_OUT * len(order)))
    some = order[held : held + max(2, round(fraction * (len(order) - held)))]
    part, test = table.with_rows(np.isin(groups, some)), np.isin(groups, order[:held])
    config = replace(fit.resolved, target_params=None, target_tokens=None)
    if fit.engine.coding.name != "contrast" and "epsilon" in switches(config.estimator):
        config = replace(config, epsilon=fit.epsilon)
    try:
        fitted = fit_table(part, config, calibrate=False)
    except ConfigError:
        return np.full(7, np.nan)
    foretold = fitted.predict(table.shares[test], table.states[test])
    score = score_predictions(table.score(fit.config.outcome)[test], foretold, groups[test], 1)
    decision = decide(fitted.response(pool), region)
    whole = fit.response(pool)
    gain = float(whole.gain(best, region.anchor))
    kept = float(whole.gain(decision.shares, region.anchor)) / gain if gain > 0.0 else np.nan
    scale = 1.0 if fit.calibration is None else fit.calibration.scale
    pair = np.nan if score.pair_r2 is None else score.pair_r2
    return np.array([part.n_runs, score.r2, score.spearman, pair, decision.gain, scale * decision.se, kept])


def _mean(values: Array) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _exponent(runs: Array, errors: Array) -> float:
    """Least squares of log error on log runs."""
    usable = errors > 0.0
    if usable.sum() < 2 or np.ptp(runs[usable]) == 0.0:
        return 0.5
    slope = np.polyfit(np.log(runs[usable]), np.log(errors[usable]), 1)[0]
    return float(-slope)


def _refuse(fit: Fit, fractions: Sequence[float], repeats: int) -> None:
    pools = int(fit.table.groups().max()) + 1
    if pools < LEAST_POOLS:
        raise PlanError(
            f"{fit.table.name} has {pools} pools; a learning curve leaves some out and needs at least {LEAST_POOLS}."
        )
    if len(fractions) < 2 or not all(0.0 < fraction <= 1.0 for fraction in fractions):
        raise PlanError(
            "A learning curve needs two or more fractions above 0 and up to 1, such as 0.25 and 1."
        )
    if repeats < 1:
        raise PlanError(f"The number of repeats is {repeats}; give 1 or more.")
