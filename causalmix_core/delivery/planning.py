"""Sentences on the next runs and on the learning curve."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

from causalmix_core.delivery.numbers import decimals_for, level_percent, plain, signed, thousands
from causalmix_core.planning.choices import TARGET

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.planning.choices import Criterion
    from causalmix_core.planning.learning import LearningCurve
    from causalmix_core.planning.plan import Plan

CRITERION_WORDS: dict[Criterion, str] = {
    "regret": "least expected regret",
    "contrast": "surest gain",
    "d-optimal": "surest response (D-optimal)",
}
CRITERION_HELP = (
    "Expected regret is what the best mixture of the region would bring over the recommended one, averaged over what the "
    "effects may be. The surest gain is that of the recommended mixture over the anchor. The surest response looks at all "
    "mixtures alike."
)
WORTH_TIMES = 4.0  # more runs than this many times the present ones are not bought for one verdict
RANDOM_MOST = 4080  # what planning.course.runs_to_settle tries


def shrinkage_sentence(plan: Plan) -> str:
    """What the plan is expected to bring, beside as many random runs."""
    se, random = plan.planned.gain_se, plan.random.gain_se
    regret, random_regret = plan.planned.regret, plan.random.regret
    digits = decimals_for(float(se[0]), float(se[-1]))
    few = decimals_for(float(regret[0]), float(regret[-1]))
    return (
        f"{_runs(plan.n_runs)}, planned, {'is' if plan.n_runs == 1 else 'are'} expected to bring the standard error of "
        f"the gain from {plain(float(se[0]), digits)} to {plain(float(se[-1]), digits)} and the expected regret from "
        f"{plain(float(regret[0]), few)} to {plain(float(regret[-1]), few)}; as many random runs of the table's own design "
        f"to {plain(float(random[-1]), digits)} and {plain(float(random_regret[-1]), few)}."
    )


def settle_sentence(plan: Plan) -> str:
    """How many runs would settle the verdict, if the estimate is right."""
    level = level_percent(plan.level)
    if plan.gain <= 0.0:
        return "No gain is expected, so no number of runs settles it as it is estimated; runs may find another mixture."
    if plan.settles == 0:
        return f"The gain's {level} interval lies above 0 already; further runs make it narrower."
    gain = signed(plan.gain, decimals_for(plan.gain))
    if plan.settles is None:
        return (
            f"If the gain is as estimated ({gain}), not even {thousands(RANDOM_MOST)} runs of these kinds put its {level} "
            "interval above 0."
        )
    random = (
        f"more than {thousands(RANDOM_MOST)}"
        if plan.random_settles is None
        else f"about {thousands(plan.random_settles)}"
    )
    return (
        f"If the gain is as estimated ({gain}), about {_runs(plan.settles)} chosen for it put its {level} interval above "
        f"0; random runs of the table's own design: {random}."
    )


def designs_sentence(plan: Plan) -> str:
    """How many designs, where, and how often each is made."""
    count = len(plan.designs)
    on_target = sum(design.repeats for design in plan.designs if design.pool == TARGET)
    where = (
        "all on the target pool"
        if on_target == plan.n_runs
        else f"{on_target} of the runs on the target pool"
    )
    most = max(design.repeats for design in plan.designs)
    repeats = "each made once" if most == 1 else f"made up to {most} times with seeds of their own"
    return f"{_runs(plan.n_runs)} of {count} {'design' if count == 1 else 'designs'}, {where}, {repeats}."


def plan_notes(plan: Plan) -> tuple[str, ...]:
    """What a reader should know of how the plan was made."""
    if plan.exact:
        return ()
    return (
        "This estimator does not say what runs on one pool tell of another, so the plan rests on the response's covariance "
        "at the target pool: it is an approximation.",
    )


def learning_sentence(curve: LearningCurve) -> str:
    """How errors and foretelling went as runs were added."""
    r2 = f"{plain(float(curve.r2[0]), 2)} to {plain(float(curve.r2[-1]), 2)}"
    digits = decimals_for(float(curve.gain_se[0]), float(curve.gain_se[-1]))
    se = f"{plain(float(curve.gain_se[0]), digits)} to {plain(float(curve.gain_se[-1]), digits)}"
    slower = "" if curve.exponent == curve.fitted else f", foretold with {plain(-curve.exponent, 2)}"
    return (
        f"From {thousands(round(curve.runs[0]))} to {thousands(round(curve.runs[-1]))} runs, R2 on pools left out went from "
        f"{r2} and the standard error of the gain from {se}: like n to the power of {plain(-curve.fitted, 2)}"
        f"{slower}."
    )


def worth_sentence(curve: LearningCurve, level: float) -> str:
    """Whether more runs like the table's are worth it for this decision's verdict."""
    quantile = NormalDist().inv_cdf(0.5 + level / 2.0)
    doubled = curve.foretold_se(2.0 * curve.now_runs)
    digits = decimals_for(curve.now_se, doubled)
    rest = f"twice the runs would bring the standard error from {plain(curve.now_se, digits)} to {plain(doubled, digits)}"
    if curve.now_gain > quantile * curve.now_se:
        return f"More runs of this kind are not needed for the verdict: the gain is above 0 already; {rest}."
    if curve.now_gain <= 0.0:
        return f"No gain is expected, so more runs of this kind settle nothing as it stands; {rest}."
    wanted = curve.runs_for(curve.now_gain / quantile) - curve.now_runs
    if wanted <= (WORTH_TIMES - 1.0) * curve.now_runs:
        return (
            f"More runs are worth it: if the gain is as estimated, about {thousands(_rounded(wanted))} more of this kind put its "
            f"{level_percent(level)} interval above 0, planned ones sooner; {rest}."
        )
    return (
        f"More runs of this kind are hardly worth it: more than {WORTH_TIMES:g} times the present ones would be needed to put the "
        f"gain's {level_percent(level)} interval above 0; {rest}. Planned runs tell more."
    )


LEARNING_HEADER = ("runs", "R2", "rank", "pair R2", "gain", "se", "kept")


def learning_rows(curve: LearningCurve) -> list[tuple[str, ...]]:
    """The curve as text, a row a point, in the columns of ``LEARNING_HEADER``."""
    digits = decimals_for(*(float(v) for v in (*curve.gain, *curve.gain_se)))
    columns = (curve.runs, curve.r2, curve.spearman, curve.pair_r2, curve.gain, curve.gain_se, curve.kept)
    return [
        (
            thousands(round(n)),
            _two(r2),
            _two(rank),
            _two(pair),
            signed(gain, digits),
            plain(se, digits),
            _two(kept),
        )
        for n, r2, rank, pair, gain, se, kept in zip(*(_list(column) for column in columns), strict=True)
    ]


def learning_json(curve: LearningCurve) -> dict[str, object]:
    """The curve as plain data; what is not known is null."""
    points = {
        "runs": curve.runs,
        "r2": curve.r2,
        "r2_spread": curve.r2_spread,
        "spearman": curve.spearman,
        "pair_r2": curve.pair_r2,
        "gain": curve.gain,
        "gain_se": curve.gain_se,
        "gain_kept": curve.kept,
    }
    return {
        **{name: [None if math.isnan(v) else v for v in _list(values)] for name, values in points.items()},
        "fitted_exponent": curve.fitted,
        "exponent": curve.exponent,
        "repeats": curve.repeats,
        "now": {"runs": curve.now_runs, "gain": curve.now_gain, "gain_se": curve.now_se},
    }


def _list(values: NDArray[np.float64]) -> list[float]:
    return [float(value) for value in values]


def _two(value: float) -> str:
    return "-" if math.isnan(value) else plain(value, 2)


def _rounded(value: float) -> int:
    """Two significant digits: no extrapolation knows more."""
    size = 10 ** max(0, math.floor(math.log10(max(value, 1.0))) - 1)
    return max(1, math.ceil(value / size) * size)


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{thousands(count)} runs"
