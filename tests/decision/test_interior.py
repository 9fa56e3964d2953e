"""Climbs by second derivatives: the derivatives are right, and where they end is as good as it gets."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from benchmarks.policies import problem
from causalmix_core.decision.feasibility import centre_of
from causalmix_core.decision.geometry import distance
from causalmix_core.decision.objectives.claims import Claim
from causalmix_core.decision.objectives.climbing import approach, climb
from causalmix_core.decision.objectives.moves import Moves
from causalmix_core.decision.objectives.program import MixtureProgram, Weights
from causalmix_core.decision.region import METRICS
from causalmix_core.decision.solvers.candidates import candidate_mixtures, pull_inside
from causalmix_core.decision.solvers.concave import maximise_log_linear

STEP = 1e-6


def program_of(metric, mixed=True, k=6):
    """Two unsure claims and a plain one, the distance and a level, with weights of both signs; and mixtures inside."""
    asked = problem("maximin", metric, k, mixed, seed=4)
    claims = [Claim(asked.response, 1.3), Claim(asked.futures[0]), Claim(asked.futures[1], 0.4, 0.2)]
    weights = Weights(
        goal=np.array([-1.0, 0.0, -0.3, 0.5, -1.0]),
        rows=np.array([[0.7, 0.0, 0.0, -2.0, 0.0], [0.0, 1.0, 0.4, 0.0, -1.0]]),
        constants=np.array([0.3, -0.1]),
    )
    moves = Moves(asked.region)
    mixtures = pull_inside(candidate_mixtures(asked.region.anchor, 0, 5), asked.region)
    centre = centre_of(asked.region)
    x = np.array([moves.variables(row + 0.3 * (centre - row)) for row in mixtures])
    inside = np.clip(x, moves.lower + 1e-4, moves.upper - 1e-4)
    return MixtureProgram(claims, moves, weights), np.column_stack([inside, np.linspace(-1.0, 1.0, len(x))])


@pytest.mark.parametrize("metric", METRICS)
def test_slopes_are_the_derivatives_of_the_values(metric):
    program, x = program_of(metric)
    point = program.at(x)
    for i in range(x.shape[1]):
        step = STEP * np.eye(x.shape[1])[i]
        above, below = program.at(x + step), program.at(x - step)
        np.testing.assert_allclose(
            point.goal_slope[:, i], (above.goal - below.goal) / (2 * STEP), rtol=1e-5, atol=1e-6
        )
        np.testing.assert_allclose(
            point.row_slopes[:, :, i], (above.rows - below.rows) / (2 * STEP), rtol=1e-5, atol=1e-6
        )


@pytest.mark.parametrize("metric", METRICS)
def test_curvature_is_the_derivative_of_the_slopes(metric):
    program, x = program_of(metric)
    duals = np.random.default_rng(0).uniform(0.1, 2.0, (len(x), 2))
    bend, lift = program.curvature(program.at(x), duals)
    assert np.allclose(bend, bend.swapaxes(1, 2))

    def slope(at):
        point = program.at(at)
        return point.goal_slope - np.einsum("sm,smn->sn", duals, point.row_slopes)

    for i in range(x.shape[1]):
        step = STEP * np.eye(x.shape[1])[i]
        found = (slope(x + step) - slope(x - step)) / (2 * STEP)
        np.testing.assert_allclose(bend[:, i], found, rtol=1e-4, atol=1e-4 * np.abs(bend).max())
    lifted = bend + lift[:, :, None] * np.eye(x.shape[1])
    smallest = np.linalg.eigvalsh(lifted)[:, 0]
    assert (smallest >= -1e-9 * np.abs(bend).max()).all()


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", [3, 7, 17])
def test_ends_where_the_exact_method_does(k, metric):
    for seed in range(6):
        asked = problem("mean_gain", metric, k, mixed=False, seed=seed)
        claim, moves = Claim(asked.response), Moves(asked.region)
        anchor = asked.region.anchor
        drawn = pull_inside(candidate_mixtures(anchor, seed, 3), asked.region)
        reached = climb(moves, [claim], [], drawn)
        best = float(claim.at(maximise_log_linear(asked.response, asked.region), anchor))
        assert claim.at(reached, anchor) == pytest.approx(best, rel=1e-7, abs=1e-9 * claim.size)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("part", [1e-2, 1e-4])
def test_is_exact_within_a_tiny_radius_too(metric, part):
    for seed in range(4):
        asked = problem("mean_gain", metric, 7, mixed=False, seed=seed)
        region = replace(asked.region, radius=asked.region.radius * (part**2 if metric == "kl" else part))
        claim = Claim(asked.response)
        reached = climb(Moves(region), [claim], [], region.anchor[None])[0]
        best = float(claim.at(maximise_log_linear(asked.response, region), region.anchor))
        assert float(claim.at(reached, region.anchor)) == pytest.approx(best, rel=1e-6)
        assert float(distance(metric, region.anchor, reached)) <= region.radius


@pytest.mark.parametrize("metric", METRICS)
def test_floors_hold_where_the_start_breaks_them(metric):
    broken = 0
    for seed in range(1, 12):
        asked = problem("mean_gain", metric, 7, mixed=True, seed=seed)
        held = [Claim(response, 0.0, floor.least) for response, floor in asked.floors]
        anchor = asked.region.anchor
        drawn = pull_inside(candidate_mixtures(anchor, seed, 40), asked.region)
        outside = (
            drawn[(np.array([claim.at(drawn, anchor) for claim in held]) < 0.0).any(axis=0)]
            if held
            else drawn[:0]
        )
        if len(outside):
            reached = climb(Moves(asked.region), [Claim(asked.response)], held, outside[:3])
            kept = np.array([claim.at(reached, anchor) / claim.size for claim in held])
            broken += 1
            assert kept.min() >= -1e-8
    assert broken >= 5


@pytest.mark.parametrize("metric", METRICS)
def test_the_shortest_way_only_grows_with_what_is_wanted(metric):
    asked = problem("mean_gain", metric, 7, mixed=False, seed=3)
    anchor, moves = asked.region.anchor, Moves(asked.region)
    best = maximise_log_linear(asked.response, asked.region)
    most = float(Claim(asked.response).at(best, anchor))
    lengths = []
    for part in (0.2, 0.4, 0.6, 0.8):
        reached = approach(moves, [Claim(asked.response, 0.0, part * most)], best[None])[0]
        assert float(asked.response.gain(reached, anchor)) >= part * most * (1.0 - 1e-9)
        lengths.append(float(distance(metric, anchor, reached)))
    assert all(near < far for near, far in pairwise(lengths))


def test_a_climb_does_not_depend_on_the_others():
    asked = problem("lower_bound", "tv", 7, mixed=True, seed=5)
    claims, moves = [Claim(asked.response, 1.6)], Moves(asked.region)
    drawn = pull_inside(candidate_mixtures(asked.region.anchor, 1, 6), asked.region)
    together = climb(moves, claims, [], drawn)
    for i, start in enumerate(drawn):
        alone = climb(moves, claims, [], start[None])
        assert claims[0].at(alone, asked.region.anchor) == pytest.approx(
            claims[0].at(together[i :: len(drawn)], asked.region.anchor), rel=1e-6
        )


def test_a_region_without_room_is_left_as_it_is():
    asked = problem("mean_gain", "tv", 5, mixed=True, seed=2)
    anchor = asked.region.anchor
    # Nothing but the anchor keeps an outcome and its opposite from falling.
    up = asked.response
    down = replace(up, log_coefficients=-up.log_coefficients, linear_coefficients=-up.linear_coefficients)
    reached = climb(Moves(asked.region), [Claim(asked.response)], [Claim(up), Claim(down)], anchor[None])
    assert np.isfinite(reached).all()
    assert np.abs(up.gain(reached, anchor)).max() < 1e-6 * Claim(up).size
    assert reached.sum(axis=1) == pytest.approx(1.0)
