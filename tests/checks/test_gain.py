"""The correction of gains against what recommended mixtures really gain."""

import dataclasses

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.checks.gain import RADIUS, measure_correction
from causalmix_core.checks.stored import load_correction, save_correction
from causalmix_core.decision.correction import Correction
from causalmix_core.decision.policies import analytic
from causalmix_core.decision.region import make_region
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit


def real_part(world, fitted):
    """Mean real over mean estimated gain of what a fit recommends at new pools."""
    anchor = fitted.table.shares.mean(axis=0)
    region, estimated, real = make_region(fitted.table.domains, anchor, RADIUS), 0.0, 0.0
    for state in world.draw_states(20, np.random.default_rng(3)):
        response = fitted.response(state)
        chosen = analytic(response, region)
        estimated += float(response.gain(chosen, anchor))
        real += float(np.diff(world.value(np.stack([anchor, chosen]), np.tile(state, (2, 1))))[0])
    return real / estimated


def test_few_runs_of_many_domains_keep_less_of_their_gain_than_many_runs_of_few():
    wide, narrow = (make_world(k, 4, own=False, confounding=0.0, seed=0) for k in (12, 3))
    few = fit(wide.table(128, seed=1), FitConfig("score", "components"), calibrate=False)
    many = fit(narrow.table(400, seed=1), FitConfig("score", "components"), calibrate=False)
    optimistic, honest = measure_correction(few), measure_correction(many)
    assert optimistic.factor < 0.85 < honest.factor
    assert abs(optimistic.factor - real_part(wide, few)) < 0.35
    assert abs(honest.factor - real_part(narrow, many)) < 0.2


def test_of_a_gain_from_noise_little_is_left():
    table = make_world(4, 3, own=False, confounding=0.0, seed=1).table(128, seed=1)
    noise = np.random.default_rng(0).normal(size=(128, 1))
    fitted = fit(dataclasses.replace(table, scores=noise), FitConfig("score", "components"), calibrate=False)
    assert measure_correction(fitted).factor < 0.5


def test_same_fit_same_correction():
    fitted = fit(make_world(3, 2, own=True, confounding=1.0, seed=2).table(80, seed=0), FitConfig("score"))
    assert measure_correction(fitted) == measure_correction(fitted)


@pytest.fixture(scope="module")
def fitted():
    return fit(make_world(3, 2, own=True, confounding=1.0, seed=2).table(60, seed=0), FitConfig("score"))


def test_kept_beside_its_fit_and_of_no_other(tmp_path, fitted):
    save_correction(Correction(0.7, 0.1), fitted, tmp_path)
    assert load_correction(tmp_path, fitted) == Correction(0.7, 0.1)
    other = dataclasses.replace(fitted, config=FitConfig("score", seed=9))
    assert load_correction(tmp_path, other) is None


@pytest.mark.parametrize("text", ["", "{}", '{"factor": 7, "error": 0}', '{"factor": "x"}', "[]"])
def test_unreadable_corrections_are_measured_anew(tmp_path, fitted, text):
    (tmp_path / "gain.json").write_text(text)
    assert load_correction(tmp_path, fitted) is None
