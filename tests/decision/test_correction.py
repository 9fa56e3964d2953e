"""A gain that was chosen for its size is believed less, and less surely."""

import numpy as np
import pytest

from causalmix_core.decision.correction import NONE, Correction
from causalmix_core.decision.decide import decide, frontier
from causalmix_core.decision.region import make_region
from causalmix_core.effects.response import Response

DOMAINS = ("web", "code", "math")
REGION = make_region(DOMAINS, np.full(3, 1.0 / 3.0), 0.2)
RESPONSE = Response(DOMAINS, 1e-3, np.zeros(3), np.array([0.0, 1.0, 0.3]), 0.1**2 * np.eye(6))


def test_gain_and_contributions_shrink_and_mixture_and_doubt_stay():
    plain, corrected = decide(RESPONSE, REGION), decide(RESPONSE, REGION, correction=Correction(0.6, 0.0))
    assert np.array_equal(plain.shares, corrected.shares)
    assert corrected.gain == pytest.approx(0.6 * plain.gain)
    assert corrected.estimated_gain == plain.gain == plain.estimated_gain
    assert corrected.se == pytest.approx(plain.se)
    assert corrected.contributions.sum() == pytest.approx(corrected.gain)


def test_the_factors_own_error_widens_the_interval():
    sure, unsure = (decide(RESPONSE, REGION, correction=Correction(0.6, e)) for e in (0.0, 0.3))
    assert unsure.se**2 == pytest.approx(sure.se**2 + (0.3 * sure.estimated_gain) ** 2)


def test_the_frontier_is_corrected_alike():
    radii = np.linspace(0.0, 0.2, 5)
    correction = Correction(0.6, 0.1)
    path = frontier(RESPONSE, REGION, radii, correction=correction)
    assert path.gains[-1] == pytest.approx(decide(RESPONSE, REGION, correction=correction).gain)
    assert np.array_equal(path.shares, frontier(RESPONSE, REGION, radii).shares)


def test_no_correction_changes_nothing():
    assert np.array_equal(NONE.apply(RESPONSE).covariance, RESPONSE.covariance)
    assert np.array_equal(NONE.apply(RESPONSE).coefficients, RESPONSE.coefficients)
