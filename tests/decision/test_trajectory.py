"""Recommended shares along a shift of the pool."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.decision.decide import decide
from causalmix_core.decision.region import make_region
from causalmix_core.decision.trajectory import STEP, trajectory
from causalmix_core.effects.response import Response
from causalmix_core.errors import ConfigError
from tests.decision.problems import names

ANCHOR = np.array([0.5, 0.3, 0.2])
REGION = make_region(names(3), ANCHOR, 0.1)


def logs(slopes):
    return Response(names(3), 0.01, np.array(slopes), np.zeros(3), 0.01 * np.eye(6))


def linear(slopes):
    return Response(names(3), 0.01, np.zeros(3), np.array(slopes), 0.01 * np.eye(6))


def rising(positions):
    """The first domain's worth grows with the position."""
    return [logs([0.3 + x, 0.3, 0.2]) for x in positions]


def test_each_point_is_what_a_decision_says():
    found = trajectory(rising, REGION, np.linspace(0.0, 0.3, 5), level=0.8)
    for position, shares, gain, lower, upper in zip(
        found.positions, found.shares, found.gains, found.lower, found.upper, strict=True
    ):
        made = decide(rising([position])[0], REGION, level=0.8)
        assert shares == pytest.approx(made.shares, abs=1e-9)
        assert gain == pytest.approx(made.gain, abs=1e-9)
        assert (lower, upper) == pytest.approx(made.interval, abs=1e-9)


def test_a_smooth_change_has_no_jump_and_is_followed_closely():
    found = trajectory(rising, REGION, np.linspace(0.0, 0.3, 3))
    assert len(found.positions) > 3
    assert (np.diff(found.positions) > 0.0).all()
    assert not found.jumps.any()
    assert (0.5 * np.abs(np.diff(found.shares, axis=0)).sum(axis=1) <= STEP).all()


def test_a_jump_is_found_where_the_lead_changes():
    """Below 0.26 the second domain is worth more than the third, above it less."""
    found = trajectory(
        lambda positions: [linear([-1.0, 0.26, x]) for x in positions], REGION, np.linspace(0.0, 1.0, 11)
    )
    at = int(np.flatnonzero(found.jumps)[0])
    assert found.jumps.sum() == 1
    assert found.positions[at] <= 0.26 <= found.positions[at + 1]
    assert found.positions[at + 1] - found.positions[at] <= 0.1 / 2**5 + 1e-12
    assert found.shares[0] == pytest.approx([0.4, 0.4, 0.2])
    assert found.shares[-1] == pytest.approx([0.4, 0.3, 0.3])


def test_the_order_of_the_domains_changes_nothing():
    order = np.array([2, 0, 1])
    region = make_region(tuple(names(3)[i] for i in order), ANCHOR[order], 0.1)

    def turned(positions):
        return [
            dataclasses.replace(r, domains=region.domains, log_coefficients=r.log_coefficients[order])
            for r in rising(positions)
        ]

    one, other = (
        trajectory(respond, where, np.linspace(0.0, 0.3, 5))
        for respond, where in ((rising, REGION), (turned, region))
    )
    assert other.positions == pytest.approx(one.positions)
    assert other.shares == pytest.approx(one.shares[:, order], abs=1e-9)


def test_one_place_is_no_trajectory():
    with pytest.raises(ConfigError, match="at least two positions"):
        trajectory(rising, REGION, np.array([0.1]))
