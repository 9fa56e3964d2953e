"""Pools beyond the runs: the estimate stays, its interval grows with the distance."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.support import pool_support
from causalmix_core.evidence.pool_state import parse_pool, pool_json

WORLD = make_world(4, 2, own=True, confounding=0.5, seed=3)
TABLE = WORLD.table(256, seed=3)
MEAN = TABLE.states.mean(axis=0)


@pytest.fixture(scope="module", params=["components", "constant"])
def fitted(request):
    return fit(TABLE, FitConfig(outcome="score", estimator=request.param))


def pools(seed: int, stretch: float, count: int = 40) -> np.ndarray:
    fresh = WORLD.draw_states(count, np.random.default_rng(seed))
    return MEAN + stretch * (fresh - MEAN)


def test_no_interval_widens_within_the_runs_pools(fitted):
    inside = [x for x in pools(1, 1.0) if pool_support(TABLE, x).inside]
    assert len(inside) > 20
    assert {fitted.widening(x) for x in inside} == {1.0}


def test_widening_agrees_with_what_is_called_outside(fitted):
    for x in pools(2, 1.6):
        if pool_support(TABLE, x).inside:
            assert fitted.widening(x) == 1.0


def test_intervals_never_shrink_on_the_way_out(fitted):
    anchor = TABLE.shares.mean(axis=0)
    moved = anchor + 0.1 * (np.eye(4) - anchor)
    direction = TABLE.states.std(axis=0) * np.sign(np.random.default_rng(0).normal(size=MEAN.size))
    spreads = [
        float((fitted.response(MEAN + step * direction).gain_se(moved, anchor) ** 2).mean())
        for step in (0.0, 2.0, 3.0, 4.0, 6.0, 9.0, 14.0)
    ]
    assert spreads[-1] > 4.0 * spreads[0]
    assert (np.diff(spreads[2:]) > 0.0).all()


def test_only_the_covariance_changes(fitted):
    far = MEAN + 8.0 * TABLE.states.std(axis=0)
    response = fitted.response(far)
    slopes = fitted.engine.slopes(far[None])[0]
    plain = fitted.engine.coding.response(TABLE.domains, slopes, fitted.engine.covariance(far))
    assert response.coefficients.tolist() == plain.coefficients.tolist()
    factor = fitted.widening(far)
    assert factor > 1.2
    assert response.covariance == pytest.approx(factor**2 * plain.covariance, rel=1e-12)


def test_intervals_hold_the_truth_beyond_the_runs():
    fitted = fit(TABLE, FitConfig(outcome="score", estimator="components"))
    anchor = TABLE.shares.mean(axis=0)
    moved = anchor + 0.1 * (np.eye(4) - anchor)
    held = []
    for x in pools(5, 3.0, 60):
        response = fitted.response(x)
        truth = WORLD.value(moved, np.tile(x, (4, 1))) - WORLD.value(anchor[None], x[None])
        held.append(np.abs(response.gain(moved, anchor) - truth) <= 1.645 * response.gain_se(moved, anchor))
    assert np.mean(held) >= 0.9


def test_a_pool_in_raw_units_reloads_to_the_same_bytes(tmp_path):
    """Standardisation is stored with the fit: nothing of it is measured again on the pool."""
    from causalmix_core.effects.fit_directory import load_fit, save_fit

    fitted = fit(TABLE, FitConfig(outcome="score", estimator="components"))
    save_fit(fitted, tmp_path / "fit")
    again = load_fit(tmp_path / "fit")
    for stretch in (0.5, 3.0):
        written = pool_json(TABLE, pools(7, stretch, 1)[0])
        first = fitted.response(parse_pool(written, fitted.table))
        second = again.response(parse_pool(written, again.table))
        assert first.coefficients.tobytes() == second.coefficients.tobytes()
        assert first.covariance.tobytes() == second.covariance.tobytes()


def test_a_slice_agrees_with_the_effects_at_its_pool(fitted):
    from causalmix_core.effects.explore import effect_slice, effects_view

    # A pool beyond the range of a covariate is where the slice along it ends.
    far, anchor = MEAN.copy(), TABLE.shares.mean(axis=0)
    far[2] += 6.0 * TABLE.states[:, 2].std()
    assert fitted.widening(far) > 1.0
    view = effects_view(fitted, far, anchor)
    found = effect_slice(fitted, far, anchor, "d1", TABLE.covariate_columns[2])
    assert found.values[-1] == far[2]
    assert found.upper[-1] - found.lower[-1] == pytest.approx(view.upper[1] - view.lower[1], rel=1e-9)
