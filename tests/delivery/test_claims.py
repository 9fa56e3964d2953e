"""What must hold for an estimate, and what would refute it, as text."""

from __future__ import annotations

from causalmix_core.decision.correction import NONE, Correction
from causalmix_core.delivery.claims import assumptions, check_after_training, outside_sentences
from causalmix_core.effects.calibration import Calibration
from causalmix_core.evidence.table import Outcome
from tests.delivery.decisions import UNMOVED, decision

ACCURACY = Outcome("accuracy", True, "points")
LOSS = Outcome("bpb_code", False, "bits per byte")


def test_check_of_a_clear_gain_uses_the_lower_end():
    assert check_after_training(LOSS, decision()) == (
        "If, trained both ways on this pool with all else equal, bpb_code (lower is better) is not better "
        "than the reference by at least 0.002 bits per byte (the lower end of the 90 % interval) "
        "beyond the noise between equal runs, the estimate is wrong."
    )


def test_check_of_an_unclear_gain_uses_both_ends():
    said = check_after_training(ACCURACY, decision(gain=0.01, interval=(-0.02, 0.04)))
    assert "accuracy (higher is better) is better than the reference by more than 0.040 points" in said
    assert "worse by more than 0.020 points" in said
    assert said.endswith("the interval includes 0, so finding no difference would not count against it.")


def test_check_of_a_clear_loss_uses_the_upper_end():
    said = check_after_training(ACCURACY, decision(gain=-0.03, interval=(-0.04, -0.02)))
    assert "is not worse than the reference by at least 0.020 points (the upper end" in said


def test_check_where_nothing_moves():
    said = check_after_training(LOSS, decision(**UNMOVED))
    assert said == "The mixture is the reference itself, so no training result can count for or against it."


def test_assumptions_follow_the_assignment():
    chosen = assumptions(
        assignment=("random", "chosen"), with_covariates=True, level=0.9, calibration=None, correction=NONE
    )
    assert "no hidden confounder" in chosen[0]
    assert (
        "no covariates were used"
        in assumptions(assignment=None, with_covariates=False, level=0.9, calibration=None, correction=NONE)[
            0
        ]
    )
    drawn = assumptions(
        assignment=("random", "designed"), with_covariates=True, level=0.9, calibration=None, correction=NONE
    )
    assert "drawn at random or designed" in drawn[0]
    assert drawn[1:] == chosen[1:]


def test_assumptions_say_what_the_interval_rests_on():
    def said(calibration):
        return assumptions(
            assignment=None, with_covariates=True, level=0.95, calibration=calibration, correction=NONE
        )[-2]

    assert said(None) == (
        "The 95 % interval is pointwise, rests on a normal approximation and is the estimator's own, which takes its "
        "form as true. On this table its coverage cannot be measured."
    )
    assert "is 1.4 times as wide as the estimator's own" in said(Calibration(1.42, 0.1, 0.19, 1.6, 0.4))


def test_assumptions_say_what_became_of_the_choice():
    uncorrected, corrected = (
        assumptions(assignment=None, with_covariates=True, level=0.9, calibration=None, correction=c)[-1]
        for c in (NONE, Correction(0.62, 0.1))
    )
    assert "no sign of it" in uncorrected
    assert "multiplied by 0.62" in corrected


def test_outside_sentences():
    inside = outside_sentences(pool_inside=True, pool_outside=(), mixture_inside=True, mixture_outside=())
    assert inside == ()
    many = tuple(f"d{i}" for i in range(10))
    outside = outside_sentences(
        pool_inside=False, pool_outside=("x_loss",), mixture_inside=False, mixture_outside=many
    )
    assert outside == (
        "The pool lies outside the pools of the runs, so its effects are extrapolated "
        "(beyond their range: x_loss).",
        "The mixture lies outside the mixtures of the runs, so its gain is extrapolated "
        "(beyond their range: d0, d1, d2, d3, d4, d5, d6, d7 and 2 more).",
    )
