"""The learning curve: more runs foretell better, errors fall, and it can be stopped."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.errors import PlanError
from causalmix_core.planning.learning import learning_curve


@pytest.fixture(scope="module")
def curve(fitted, pool, region):
    return learning_curve(fitted, pool, region, fractions=(0.3, 0.6, 1.0), repeats=2)


def test_points_lie_along_the_runs(curve, fitted):
    assert (np.diff(curve.runs) > 0).all()
    assert curve.runs[-1] < fitted.table.n_runs
    assert curve.r2[-1] > curve.r2[0]
    assert curve.gain_se[-1] < curve.gain_se[0]
    assert curve.kept[-1] <= 1.0 + 1e-9


def test_extrapolation_goes_through_the_fit_of_all_runs(curve):
    assert curve.foretold_se(curve.now_runs) == pytest.approx(curve.now_se)
    assert curve.runs_for(curve.foretold_se(500)) == pytest.approx(500)


def test_the_fitted_power_is_that_of_the_points(curve):
    slope = np.polyfit(np.log(curve.runs), np.log(curve.gain_se), 1)[0]
    assert curve.fitted == pytest.approx(-slope)
    assert curve.exponent == np.clip(curve.fitted, 0.1, 0.5)


def test_progress_is_told_and_may_stop_it(fitted, pool, region):
    told = []

    def progress(done: float, phase: str) -> None:
        told.append((done, phase))
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learning_curve(fitted, pool, region, fractions=(0.5, 1.0), repeats=2, progress=progress)
    assert told == [(0.0, "fit 1 of 4"), (0.25, "fit 2 of 4")]


def test_mistakes_are_named(fitted, pool, region):
    with pytest.raises(PlanError, match="two or more fractions"):
        learning_curve(fitted, pool, region, fractions=(0.5, 1.5))
    few = dataclasses.replace(fitted, table=fitted.table.with_rows(np.arange(64) < 12))
    with pytest.raises(PlanError, match="has 6 pools"):
        learning_curve(few, pool, region)
