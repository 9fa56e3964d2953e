"""frontier: gain against radius with its marks, and what is shown instead."""

from __future__ import annotations

import json

import numpy as np
import pytest

from causalmix_core.checks.gain import measure_correction
from causalmix_core.decision.decide import decide
from causalmix_core.decision.region import make_region
from causalmix_core.effects.best_run import best_mixture
from causalmix_core.effects.fit_directory import load_fit


def shown(cli, *words):
    done = cli("frontier", *words, "--json")
    assert done.status == 0, done.err
    return json.loads(done.out)


@pytest.fixture(scope="module")
def known(fit_dir):
    fit = load_fit(fit_dir)
    return fit, measure_correction(fit)


def test_points_are_decisions_and_marks_stand_beside_them(cli, fit_dir, known):
    fit, correction = known
    found = shown(cli, fit_dir, "--points", "6", "--radius", "0.05")
    radii = [point["radius"] for point in found["points"]]
    assert radii == sorted(radii)
    assert 0.05 in radii
    point = found["points"][radii.index(0.05)]
    region = make_region(fit.table.domains, fit.table.natural, 0.05)
    made = decide(fit.response(fit.default_pool), region, correction=correction)
    assert point["gain"] == pytest.approx(made.gain, rel=1e-6)
    assert list(point["mixture"].values()) == pytest.approx(made.shares, abs=1e-7)
    gains = [point["gain"] for point in found["points"]]
    assert gains == sorted(gains)
    assert found["knee"] in radii
    assert 0.0 < found["half_marginal_radius"] < radii[-1]
    assert found["support_radius"] is None
    assert "(its knee)" in found["sentence"]


def test_the_range_can_be_given_and_the_marks_are_named_in_the_table(cli, fit_dir):
    found = shown(cli, fit_dir, "--points", "3", "--until", "0.4", "--metric", "kl")
    assert [point["radius"] for point in found["points"]] == pytest.approx([0.0, 0.15, 0.2, 0.4])
    said = cli("frontier", fit_dir, "--radius", "0.05").out
    assert [word in said for word in ("now", "knee", "returns halved")] == [True] * 3
    assert said.splitlines()[0].split() == ["radius", "gain", "interval"]


def test_bounds_hold_along_the_whole_frontier(cli, fit_dir, tmp_path):
    (tmp_path / "bounds.json").write_text('{"code": {"lock": true}}')
    found = shown(cli, fit_dir, "--points", "4", "--bounds", tmp_path / "bounds.json")
    assert {point["mixture"]["code"] for point in found["points"]} == {found["anchor"]["code"]}


def test_the_best_observed_run_is_an_anchor(cli, fit_dir, known):
    fit, _ = known
    found = shown(cli, fit_dir, "--points", "2", "--anchor", "best")
    assert list(found["anchor"].values()) == best_mixture(fit.table, "bpb_weighted").tolist()
    assert found["points"][0]["mixture"] == found["anchor"]


def test_a_file_of_the_mixture_in_production_is_an_anchor(cli, fit_dir, tmp_path):
    shares = {"code": 40, "docs": 10, "math": 10, "wiki": 10, "french": 10, "legal": 10, "instruct": 10}
    (tmp_path / "production.json").write_text(json.dumps(shares))
    found = shown(cli, fit_dir, "--points", "2", "--anchor", tmp_path / "production.json")
    assert list(found["anchor"].values()) == pytest.approx([0.4, *[0.1] * 6])


def test_along_a_covariate_each_point_is_a_decision(cli, fit_dir, known, tmp_path):
    fit, correction = known
    found = shown(cli, fit_dir, "--along", "x_code__duplicate_rate")
    column = fit.table.covariate_columns.index("x_code__duplicate_rate")
    point = found["points"][-1]
    pool = fit.default_pool.copy()
    pool[column] = point["position"]
    region = make_region(fit.table.domains, fit.table.natural, 0.15)
    made = decide(fit.response(pool), region, correction=correction)
    assert list(point["mixture"].values()) == pytest.approx(made.shares, abs=1e-6)
    assert point["gain"] == pytest.approx(made.gain, rel=1e-5)
    assert found["this_pool"] == fit.default_pool[column]
    said = cli("frontier", fit_dir, "--along", "duplicate_rate").out
    assert "this pool" in said.splitlines()[0]
    assert "duplicate rate of all domains" in said


def test_against_another_outcome_nobody_beats_the_line(cli, fit_dir):
    found = shown(cli, fit_dir, "--against", "bpb_math")
    gains = np.array([[point["gain"][name] for name in found["outcomes"]] for point in found["points"]])
    assert found["outcomes"] == ["bpb_weighted", "bpb_math"]
    assert (np.diff(gains[:, 0]) <= 0.0).all()
    assert (np.diff(gains[:, 1]) >= 0.0).all()
    assert found["present"]["gain"]["bpb_weighted"] == pytest.approx(gains[0, 0], rel=1e-6)
    assert not found["beaten"]


def test_three_domains_in_a_triangle(cli, fit_dir):
    found = shown(cli, fit_dir, "--ternary", "code,docs,math")
    best = max(point["gain"] for point in found["points"] if point["inside"])
    assert 0.0 < found["whole"] < 1.0
    assert best > 0.0
    assert sum(found["recommended"]) == pytest.approx(1.0)
    said = cli("frontier", fit_dir, "--ternary", "code, docs, math", "--others", "summed").out
    assert "proposed" in said
    assert "the last standing for all others too" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--points", "1"), "--points is 1"),
        (("--until", "0"), "--until is 0"),
        (("--along", "taste"), "no covariate 'taste'"),
        (("--against", "bpb_weighted"), "no other outcome 'bpb_weighted'"),
        (("--ternary", "code,docs"), "three different domains"),
        (("--ternary", "a,b,c", "--along", "hes"), "not allowed with"),
        (("--anchor", "nowhere"), "natural, equal, mean, best, or a JSON file"),
    ],
)
def test_mistakes_are_named(mistake, fit_dir, words, said):
    assert said in mistake("frontier", fit_dir, *words)


def test_another_objective_has_a_frontier_of_its_own(cli, fit_dir):
    plain = shown(cli, fit_dir, "--points", "3", "--until", "0.2")
    sure = shown(cli, fit_dir, "--points", "3", "--until", "0.2", "--objective", "lower_bound")
    lower = [[point["lower"] for point in one["points"]] for one in (plain, sure)]
    assert all(own >= other - 1e-9 for other, own in zip(*lower, strict=True))
    assert lower[1] == sorted(lower[1])
