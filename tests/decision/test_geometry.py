"""Distances, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.decision.geometry import distance, kullback_leibler, total_variation

P = np.array([0.5, 0.3, 0.2])
T = np.array([0.6, 0.3, 0.1])


def test_by_hand():
    assert total_variation(P, T) == pytest.approx(0.1)
    assert distance("l2", P, T) == pytest.approx(np.sqrt(0.02))
    assert distance("kl", P, T) == pytest.approx(0.5 * np.log(5 / 6) + 0.2 * np.log(2))


def test_kl_is_infinite_where_a_domain_of_the_anchor_is_dropped_and_finite_where_one_enters():
    assert distance("kl", P, np.array([0.7, 0.3, 0.0])) == np.inf
    absent = np.array([0.5, 0.5, 0.0])
    assert distance("kl", absent, np.array([0.4, 0.4, 0.2])) == pytest.approx(np.log(1.25))


def test_kl_keeps_its_digits_near_the_anchor():
    step = 1e-7 * np.array([1.0, -1.0, 0.0])
    assert kullback_leibler(P, P + step) == pytest.approx(0.5e-14 * (1 / 0.5 + 1 / 0.3), rel=1e-4)


def test_many_mixtures_at_once():
    many = np.stack([P, T])
    for metric in ("tv", "kl", "l2"):
        assert distance(metric, P, many) == pytest.approx([0.0, distance(metric, P, T)])
