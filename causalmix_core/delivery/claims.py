"""What an estimate claims: what must hold for it, and which result would count against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.delivery.certainty import coverage_sentence, measured_coverage, times
from causalmix_core.delivery.numbers import decimals_for, level_percent, plain
from causalmix_core.delivery.sentences import NOTHING_MOVES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causalmix_core.decision.correction import Correction
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.calibration import Calibration
    from causalmix_core.evidence.table import Outcome

_MOST_NAMED = 8
LEAST_WIDENING = 1.005  # less is not seen with two decimals


def check_after_training(outcome: Outcome, decision: Decision) -> str:
    """Which result, once both mixtures have been trained, would count against the estimate."""
    if decision.moved <= NOTHING_MOVES:
        return "The mixture is the reference itself, so no training result can count for or against it."
    lower, upper = decision.interval
    decimals = decimals_for(decision.gain, lower, upper)
    measure = f"{outcome.name} ({'higher' if outcome.higher_is_better else 'lower'} is better)"
    unit = f" {outcome.unit}" if outcome.unit else ""
    end = f"end of the {level_percent(decision.level)} interval"
    opening = "If, trained both ways on this pool with all else equal, "
    if lower > 0.0:
        return (
            f"{opening}{measure} is not better than the reference by at least {plain(lower, decimals)}{unit} "
            f"(the lower {end}) beyond the noise between equal runs, the estimate is wrong."
        )
    if upper < 0.0:
        return (
            f"{opening}{measure} is not worse than the reference by at least {plain(-upper, decimals)}{unit} "
            f"(the upper {end}) beyond the noise between equal runs, the estimate is wrong."
        )
    return (
        f"{opening}{measure} is better than the reference by more than {plain(upper, decimals)}{unit} or "
        f"worse by more than {plain(-lower, decimals)}{unit} (the ends of the "
        f"{level_percent(decision.level)} interval) beyond the noise between equal runs, the estimate is "
        f"wrong; the interval includes 0, so finding no difference would not count against it."
    )


def assumptions(
    *,
    assignment: Sequence[str] | None,
    with_covariates: bool,
    level: float,
    calibration: Calibration | None,
    correction: Correction,
    unit: str = "examples",
) -> tuple[str, ...]:
    """What must hold for the estimate to mean what it says, a sentence each."""
    said = [_assignment_sentence(assignment, with_covariates)]
    said.append("What the proxy runs show carries over to the model, budget and data of the training run.")
    said.append("A domain in training is like the domain of that name in the proxy runs, in the state given.")
    other = "tokens" if unit == "examples" else "examples"
    said.append(f"Shares are shares of training {unit}, not of {other}.")
    said.append(_interval_sentence(level, calibration))
    said.append(_choice_sentence(correction))
    return tuple(said)


def _interval_sentence(level: float, calibration: Calibration | None) -> str:
    """What the interval's coverage rests on, and that nobody can measure it on this very table."""
    width = (
        "is the estimator's own, which takes its form as true"
        if calibration is None
        else f"is {times(calibration)} times as wide as the estimator's own, for what its form cannot say and for confounding"
    )
    held = coverage_sentence(None if calibration is None else measured_coverage())
    said = f"The {level_percent(level)} interval is pointwise, rests on a normal approximation and {width}."
    return " ".join(filter(None, (said, held, "On this table its coverage cannot be measured.")))


def _choice_sentence(correction: Correction) -> str:
    """How the estimate deals with the mixture having been chosen by it."""
    if correction.factor >= 1.0:
        return (
            "The mixture was chosen for its estimated gain, which makes that estimate optimistic on average; "
            "halves of the runs, each valuing what the other recommends, show no sign of it here."
        )
    return (
        "The mixture was chosen for its estimated gain, which makes that estimate optimistic on average; the gain "
        f"is multiplied by {plain(correction.factor, 2)}, as halves of the runs, each valuing what the other "
        "recommends, show."
    )


def _assignment_sentence(assignment: Sequence[str] | None, with_covariates: bool) -> str:
    if assignment is not None and set(assignment) <= {"random", "designed"}:
        return "The table says that all its mixtures were drawn at random or designed; this is taken as true."
    if with_covariates:
        return (
            "Whatever moved both the choice of a run's mixture and its outcome is among the covariates "
            "(no hidden confounder)."
        )
    return (
        "The choice of a run's mixture had nothing to do with anything else that moves the outcome: "
        "no covariates were used."
    )


def outside_sentences(
    *,
    pool_inside: bool,
    pool_outside: Sequence[str],
    mixture_inside: bool,
    mixture_outside: Sequence[str],
    widening: float = 1.0,
) -> tuple[str, ...]:
    """Where the estimate is extrapolated; empty when pool and mixture lie within the runs.

    ``pool_outside`` are covariate columns and ``mixture_outside`` domains beyond the runs' range;
    ``widening`` is the factor on intervals at this pool.
    """
    said = []
    if not pool_inside:
        wider = (
            ""
            if widening < LEAST_WIDENING
            else f" Intervals are {plain(widening, 2)} times as wide for that."
        )
        said.append(
            f"The pool lies outside the pools of the runs, so its effects are extrapolated{_beyond(pool_outside)}.{wider}"
        )
    if not mixture_inside:
        said.append(
            f"The mixture lies outside the mixtures of the runs, so its gain is extrapolated"
            f"{_beyond(mixture_outside)}."
        )
    return tuple(said)


def _beyond(names: Sequence[str]) -> str:
    if not names:
        return ""
    listed = ", ".join(names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f" (beyond their range: {listed}{more})"
