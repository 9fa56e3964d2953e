"""Triangles of three domains, in exact numbers."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.decision.region import make_region
from causalmix_core.decision.ternary import grid, ternary
from causalmix_core.effects.response import Response
from causalmix_core.errors import ConfigError
from tests.decision.problems import names

DOMAINS = names(4)
ANCHOR = np.array([0.4, 0.3, 0.2, 0.1])
SHARES = np.array([0.3, 0.3, 0.2, 0.2])
RESPONSE = Response(DOMAINS, 0.01, np.zeros(4), np.array([1.0, 2.0, 3.0, 4.0]), np.zeros((8, 8)))


def drawn(
    shares=SHARES, radius=0.2, others="held", bounds=None, locked=(), runs=None, trio=DOMAINS[:3], cells=5
):
    region = make_region(DOMAINS, ANCHOR, radius, "tv", bounds, locked)
    return ternary(RESPONSE, region, shares, trio, others, runs, cells)


def test_the_grid_holds_corners_and_adds_up():
    parts = grid(5)
    assert len(parts) == 15
    assert parts.sum(axis=1) == pytest.approx(np.ones(15))
    for corner in np.eye(3):
        assert (parts == corner).all(axis=1).sum() == 1


def test_others_held_divides_what_the_three_have():
    found = drawn()
    corner = {tuple(part): gain for part, gain in zip(found.parts.tolist(), found.gains, strict=True)}
    assert found.whole == pytest.approx(0.8)
    slopes = RESPONSE.linear_coefficients
    for k in range(3):
        mixture = np.array([0.0, 0.0, 0.0, 0.2])
        mixture[k] = 0.8
        assert corner[tuple(np.eye(3)[k])] == pytest.approx(slopes @ (mixture - ANCHOR))
    assert found.recommended == pytest.approx([0.375, 0.375, 0.25])
    assert found.anchor == pytest.approx(np.array([0.4, 0.3, 0.2]) / 0.9)


def test_others_summed_spans_all_mixtures():
    found = drawn(others="summed")
    corner = {tuple(part): gain for part, gain in zip(found.parts.tolist(), found.gains, strict=True)}
    assert found.whole == 1.0
    third = np.array([0.0, 0.0, 0.5, 0.5])  # as 0.2 and 0.2 are recommended
    assert corner[0.0, 0.0, 1.0] == pytest.approx(RESPONSE.linear_coefficients @ (third - ANCHOR))
    assert found.recommended == pytest.approx([0.3, 0.3, 0.4])
    assert found.anchor == pytest.approx([0.4, 0.3, 0.3])


def test_the_border_of_the_radius_is_where_the_distance_ends():
    found = drawn(radius=0.2)
    mixtures = np.column_stack([0.8 * found.border, np.full(len(found.border), 0.2)])
    moved = 0.5 * np.abs(mixtures - ANCHOR).sum(axis=1)
    assert moved.max() == pytest.approx(0.2, abs=1e-6)
    assert moved.min() == pytest.approx(0.2, abs=1e-6)
    assert found.bounds is None


def test_inside_is_said_cell_by_cell():
    found = drawn(radius=0.2, bounds={"d0": (0.0, 0.35)}, cells=9)
    mixtures = np.column_stack([0.8 * found.parts, np.full(len(found.parts), 0.2)])
    expected = (0.5 * np.abs(mixtures - ANCHOR).sum(axis=1) <= 0.2 + 1e-9) & (mixtures[:, 0] <= 0.35 + 1e-9)
    assert found.inside.tolist() == expected.tolist()
    assert 0.8 * found.bounds[:, 0].max() == pytest.approx(0.35, abs=1e-6)
    assert found.bounds[:, 0].min() == 0.0


def test_a_locked_domain_leaves_a_line():
    found = drawn(shares=np.array([0.4, 0.25, 0.25, 0.1]), locked=("d0",))
    assert 0.9 * found.border[:, 0] == pytest.approx(np.full(len(found.border), 0.4), abs=1e-6)
    assert np.ptp(found.border[:, 1]) >= 0.0


def test_a_domain_at_zero_and_a_corner_as_the_answer_are_drawn():
    found = drawn(shares=np.array([0.0, 0.5, 0.3, 0.2]), radius=0.5)
    assert found.recommended[0] == 0.0
    assert (found.border >= 0.0).all()
    corner = drawn(shares=np.array([0.8, 0.0, 0.0, 0.2]), radius=1.0)
    assert corner.recommended.tolist() == [1.0, 0.0, 0.0]
    assert np.isfinite(corner.border).all()
    assert corner.border.sum(axis=1) == pytest.approx(np.ones(len(corner.border)))


def test_runs_without_the_three_have_no_place():
    runs = np.array([[0.2, 0.2, 0.1, 0.5], [0.0, 0.0, 0.0, 1.0]])
    assert drawn(runs=runs).runs == pytest.approx(np.array([[0.4, 0.4, 0.2]]))
    assert drawn(runs=runs, others="summed").runs == pytest.approx(
        np.array([[0.2, 0.2, 0.6], [0.0, 0.0, 1.0]])
    )


def test_summed_others_that_get_nothing_leave_the_corner_to_its_domain():
    found = drawn(shares=np.array([0.6, 0.4, 0.0, 0.0]), radius=0.5, others="summed")
    third = next(g for p, g in zip(found.parts.tolist(), found.gains, strict=True) if p == [0.0, 0.0, 1.0])
    assert third == pytest.approx(RESPONSE.linear_coefficients @ (np.eye(4)[2] - ANCHOR))


def test_the_order_of_the_other_domains_changes_nothing():
    order = [3, 1, 0, 2]
    region = make_region(tuple(DOMAINS[i] for i in order), ANCHOR[order], 0.2)
    turned = Response(
        region.domains, 0.01, np.zeros(4), RESPONSE.linear_coefficients[order], np.zeros((8, 8))
    )
    other, one = ternary(turned, region, SHARES[order], DOMAINS[:3], cells=5), drawn()
    assert other.gains == pytest.approx(one.gains)
    assert other.border == pytest.approx(one.border, abs=1e-9)


@pytest.mark.parametrize("trio", [("d0", "d1"), ("d0", "d1", "d1"), ("d0", "d1", "x"), ()])
def test_three_different_domains_are_asked_for(trio):
    with pytest.raises(ConfigError, match="three different domains"):
        drawn(trio=trio)


def test_nothing_to_divide_is_said():
    with pytest.raises(ConfigError, match="nothing to divide"):
        drawn(shares=np.array([0.0, 0.0, 0.0, 1.0]), radius=1.0)
