"""Two outcomes at once."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings

from causalmix_core.decision.correction import Correction
from causalmix_core.decision.decide import decide
from causalmix_core.decision.pareto import efficient, pareto
from causalmix_core.decision.region import make_region
from causalmix_core.errors import ObjectiveError
from tests.decision.problems import names, random_response, seeds

ANCHOR = np.array([0.5, 0.3, 0.2])
REGION = make_region(names(3), ANCHOR, 0.1)


def two(seed):
    rng = np.random.default_rng(seed)
    first, second = (random_response(rng, 3, convex=False) for _ in range(2))
    return first, dataclasses.replace(second, epsilon=first.epsilon)


@given(seed=seeds)
@settings(max_examples=12)
def test_ends_are_each_outcomes_own_best_and_the_line_trades_one_for_the_other(seed):
    responses = two(seed)
    found = pareto(responses, REGION, ANCHOR)
    gains = found.path.gains
    size = np.abs(gains).max()
    assert gains[0, 0] == pytest.approx(decide(responses[0], REGION).gain, abs=1e-7 * size)
    assert gains[-1, 1] == pytest.approx(decide(responses[1], REGION).gain, abs=1e-7 * size)
    assert (np.diff(gains[:, 0]) <= 1e-7 * size).all()
    assert (np.diff(gains[:, 1]) >= -1e-7 * size).all()


@given(seed=seeds)
@settings(max_examples=8)
def test_no_mixture_of_the_region_beats_the_line(seed):
    """Of concave responses: random mixtures lie below every line of support."""
    responses = two(seed)
    found = pareto(responses, REGION, ANCHOR)
    rng = np.random.default_rng(seed)
    inside = ANCHOR + 0.1 * (rng.dirichlet(np.ones(3), 200) - ANCHOR)
    gains = np.stack([r.gain(inside, ANCHOR) for r in responses], axis=1)
    best = np.array([decide(r, REGION).gain for r in responses])
    scale = np.where(best > 0.0, best, 1.0)
    for weight, there in zip(found.weights, found.path.gains, strict=True):
        say = np.array([1.0 - weight, weight]) / scale
        assert (gains @ say).max() <= there @ say + 1e-7 * np.abs(gains / scale).max()


def test_the_present_mixture_is_placed_and_judged():
    responses = two(3)
    best = decide(responses[0], REGION).shares
    assert not pareto(responses, REGION, best).dominated
    at_anchor = pareto(responses, REGION, ANCHOR)
    assert at_anchor.present.gains.tolist() == [[0.0, 0.0]]
    assert at_anchor.dominated == bool((at_anchor.path.gains > 0.0).all(axis=1).any())


def test_corrections_shrink_gains_and_move_no_mixture():
    responses = two(5)
    plain = pareto(responses, REGION, ANCHOR)
    found = pareto(responses, REGION, ANCHOR, corrections=(Correction(0.5), Correction(0.25)))
    assert found.shares.tobytes() == plain.shares.tobytes()
    assert found.path.gains == pytest.approx(plain.path.gains * [0.5, 0.25])


def test_beaten_and_repeated_gains_are_dropped():
    gains = np.array([[3.0, 0.0], [2.0, 2.0], [2.0, 2.0], [2.0, 1.0], [0.0, 2.5], [0.0, 2.0]])
    assert efficient(gains).tolist() == [True, True, False, False, True, False]


def test_outcomes_that_cannot_be_summed_are_refused():
    first, second = two(0)
    with pytest.raises(ObjectiveError, match="same epsilon"):
        pareto(
            (first, dataclasses.replace(second, epsilon=2 * first.epsilon, log_coefficients=np.ones(3))),
            REGION,
            ANCHOR,
        )
    with pytest.raises(ObjectiveError, match="different domains"):
        pareto((first, dataclasses.replace(second, domains=("a", "b", "c"))), REGION, ANCHOR)


@given(seed=seeds)
@settings(max_examples=6)
def test_the_order_of_the_domains_changes_nothing(seed):
    order = np.array([2, 0, 1])
    region = make_region(tuple(names(3)[i] for i in order), ANCHOR[order], 0.1)
    responses = two(seed)
    first, second = (
        dataclasses.replace(
            r,
            domains=region.domains,
            log_coefficients=r.log_coefficients[order],
            linear_coefficients=r.linear_coefficients[order],
        )
        for r in responses
    )
    one, other = pareto(responses, REGION, ANCHOR), pareto((first, second), region, ANCHOR[order])
    assert other.path.gains == pytest.approx(one.path.gains, abs=1e-7 * np.abs(one.path.gains).max())
