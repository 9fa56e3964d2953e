"""Recommend, keep, or not enough: when each is said, and what would settle it."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.decision.asked import Asked, Watched
from causalmix_core.decision.correction import Correction
from causalmix_core.decision.decide import decide
from causalmix_core.decision.objective import Floor, Objective
from causalmix_core.decision.region import make_region
from causalmix_core.decision.verdict import judgement, more_runs
from causalmix_core.effects.response import Response

HALVES = make_region(("a", "b"), np.array([0.5, 0.5]), 0.2)
Z = 1.6448536269514722


def response(slope: float, se: float = 0.0, curve: float = 0.0) -> Response:
    covariance = np.zeros((4, 4))
    covariance[2, 2] = se**2
    return Response(("a", "b"), 0.01, np.full(2, curve), np.array([slope, 0.0]), covariance)


def test_a_sure_gain_is_recommended():
    verdict = decide(response(1.0, 0.5), HALVES).verdict
    assert verdict.kind == "recommend"
    assert verdict.more_runs is None
    assert verdict.surest == pytest.approx(0.2 * (1.0 - Z * 0.5))


def test_an_unsure_gain_says_how_many_more_runs_would_settle_it():
    verdict = decide(response(1.0, 2.0), HALVES, asked=Asked(runs=100)).verdict
    assert verdict.kind == "not_enough"
    assert verdict.best_gain == pytest.approx(0.2)
    assert verdict.surest == 0.0
    assert verdict.more_runs == pytest.approx(100 * ((2.0 * Z) ** 2 - 1.0), abs=1.0)
    assert decide(response(1.0, 2.0), HALVES).verdict.more_runs is None


def test_where_nothing_is_expected_to_be_better_the_anchor_is_kept():
    verdict = decide(response(0.0, 1.0, curve=1.0), HALVES, asked=Asked(runs=50)).verdict
    assert (verdict.kind, verdict.best_gain, verdict.more_runs) == ("keep", 0.0, None)


def test_what_is_not_worth_having_keeps_the_anchor():
    small = response(0.01, 0.02)
    upper = 0.2 * (0.01 + Z * 0.02)
    assert decide(small, HALVES, asked=Asked(Objective(worth=1.01 * upper))).verdict.kind == "keep"
    assert decide(small, HALVES, asked=Asked(Objective(worth=0.99 * upper))).verdict.kind == "not_enough"


def test_a_surer_mixture_is_told_of_where_the_best_one_is_not_sure():
    """Far out the doubt outgrows the gain; a shorter way is sure."""
    covariance = np.diag([0.09, 0.0, 0.0, 0.0])
    bent = Response(("a", "b"), 0.01, np.zeros(2), np.array([-1.9, 0.0]), covariance)
    region = make_region(("a", "b"), np.array([0.5, 0.5]), 0.45)
    mean, sure = (decide(bent, region, asked=Asked(Objective(kind))) for kind in ("mean_gain", "lower_bound"))
    assert mean.gain > sure.gain
    assert (mean.verdict.kind, sure.verdict.kind) == ("not_enough", "recommend")
    assert mean.interval[0] < 0.0 < sure.interval[0]
    assert mean.verdict.surest == pytest.approx(sure.interval[0])


def test_a_gain_is_sure_only_if_it_is_at_every_pool():
    asked = Asked(Objective("maximin"), futures=(response(0.5, 1.0),), runs=10)
    made = decide(response(1.0, 0.1), HALVES, asked=asked)
    assert made.interval[0] > 0.0
    assert made.futures[0].interval[0] < 0.0
    assert made.verdict.kind == "not_enough"
    assert made.verdict.more_runs is not None


def test_watched_outcomes_win_lose_or_are_unsure():
    watched = (
        Watched("code", response(1.0, 0.1)),
        Watched("essays", response(-1.0, 0.1)),
        Watched("maths", response(0.1, 1.0)),
    )
    made = decide(response(1.0), HALVES, asked=Asked(watched=watched))
    assert [one.verdict for one in made.outcomes] == ["wins", "loses", "unsure"]
    assert made.outcomes[1].gain == pytest.approx(-0.2)
    assert made.outcomes[1].se == pytest.approx(0.02)


def test_a_correction_shrinks_gains_of_raised_outcomes_and_never_losses():
    half = Correction(0.5, 0.1)
    watched = tuple(
        Watched(str(slope), response(slope), raised=raised)
        for slope, raised in ((1.0, True), (1.0, False), (-1.0, True))
    )
    made = decide(response(1.0), HALVES, correction=half, asked=Asked(watched=watched))
    assert [one.gain for one in made.outcomes] == pytest.approx([0.1, 0.2, -0.2])


def test_what_is_maximised_is_what_is_shown():
    corrected = Correction(0.5, 0.2)
    asked = Asked(Objective("lower_bound"))
    other = response(1.0, 0.3, curve=0.2)
    made = decide(other, HALVES, correction=corrected, asked=asked)
    for share in np.linspace(0.3, 0.7, 41):
        shares = np.array([share, 1.0 - share])
        believed = corrected.apply(other)
        lower = believed.gain(shares, HALVES.anchor) - Z * believed.gain_se(shares, HALVES.anchor)
        assert lower <= made.interval[0] + 1e-9


def test_floors_hold_in_the_decision():
    floor = Floor("essays", -0.05)
    made = decide(response(1.0), HALVES, asked=Asked(watched=(Watched("essays", response(-1.0), floor),)))
    assert made.shares == pytest.approx([0.55, 0.45])
    assert made.outcomes[0].floor == floor


def test_no_verdict_where_none_is_asked_for():
    assert decide(response(1.0), HALVES, asked=Asked(judged=False)).verdict is None


def test_words_for_intervals():
    assert [judgement(pair) for pair in ((0.1, 0.2), (-0.2, -0.1), (-0.1, 0.1), (0.0, 0.1))] == [
        "wins",
        "loses",
        "unsure",
        "unsure",
    ]


def test_more_runs_follow_the_square_of_the_doubt():
    assert more_runs(1.0, 2.0, 1.0, 100) == 300
    assert more_runs(0.0, 2.0, 1.0, 100) is None
    assert more_runs(1.0, 2.0, 1.0, None) is None
