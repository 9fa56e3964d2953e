"""Mixtures: on the simplex, above the minimum share, by the law that is stated, with its exact density."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design import samplers
from causalmix_core.proxy.design.mixtures import Law, draw_mixtures
from causalmix_core.proxy.design.names import SAMPLERS
from causalmix_core.proxy.design.samplers.d_optimal import model_features
from causalmix_core.proxy.design.samplers.lattice import lattice_points
from causalmix_core.proxy.design.samplers.regmix import STRENGTHS
from causalmix_core.proxy.design.states import damaged, healthy

DOMAINS = ("a", "b", "c", "d")
NATURAL = np.array([0.4, 0.3, 0.2, 0.1])
RNG = np.random.default_rng


def drawn(sampler: str, runs: int = 40, seed: int = 3, **law):
    pools = {"p000": healthy(DOMAINS), "p001": {d: damaged(0.3, "dup") for d in DOMAINS}}
    return draw_mixtures(Law((sampler,), **law), runs, DOMAINS, pools, NATURAL, seed)


@pytest.mark.parametrize("sampler", sorted(set(SAMPLERS) - {"centroid"}))
@pytest.mark.parametrize("floor", [0.0, 0.05])
def test_shares_sum_to_1_and_keep_the_minimum(sampler: str, floor: float):
    shares = drawn(sampler, min_share=floor).shares
    assert shares.shape == (40, 4)
    assert np.abs(shares.sum(axis=1) - 1).max() < 1e-12
    assert shares.min() >= floor - 1e-15


@pytest.mark.parametrize("sampler", sorted(set(SAMPLERS) - {"centroid"}))
def test_one_seed_one_draw(sampler: str):
    assert drawn(sampler).shares.tobytes() == drawn(sampler).shares.tobytes()
    if sampler != "lattice":
        assert drawn(sampler).shares.tobytes() != drawn(sampler, seed=4).shares.tobytes()


def test_density_of_dirichlet_draws_is_scipys():
    found = samplers.dirichlet(20, 5, RNG(0), concentration=0.7, min_share=0.0)
    expected = [stats.dirichlet(np.full(5, 0.7)).logpdf(row) for row in found.shares]
    assert found.log_density == pytest.approx(expected, abs=1e-9)


def test_around_a_mixture_the_mean_is_that_mixture_and_the_density_scipys():
    found = samplers.around(4_000, NATURAL, RNG(3), sharpness=20.0, min_share=0.0)
    assert found.shares.mean(axis=0) == pytest.approx(NATURAL, abs=0.01)
    assert found.shares.var(axis=0) == pytest.approx(NATURAL * (1 - NATURAL) / 21, rel=0.1)
    expected = [stats.dirichlet(20.0 * NATURAL).logpdf(row) for row in found.shares[:20]]
    assert found.log_density[:20] == pytest.approx(expected, abs=1e-9)


def test_around_the_pool_s_own_shares_unless_a_centre_is_given():
    own = drawn("around", runs=2_000).shares.mean(axis=0)
    assert own == pytest.approx(NATURAL, abs=0.02)
    centre = tuple(zip(DOMAINS, (0.1, 0.2, 0.3, 0.4), strict=True))
    assert drawn("around", runs=2_000, centre=centre).shares.mean(axis=0) == pytest.approx(
        [0.1, 0.2, 0.3, 0.4], abs=0.02
    )


@pytest.mark.parametrize(
    ("law", "message"),
    [
        ({"sharpness": 0.0}, "The sharpness is 0"),
        ({"centre": (("a", 0.5), ("b", 0.5))}, "'c' is in one of them only"),
        ({"centre": (("a", 0.5), ("b", 0.5), ("c", 0.5), ("d", 0.5))}, "sum to 2"),
        ({"centre": (("a", 0.5), ("b", 0.5), ("c", 0.0), ("d", 0.0))}, "a share above 0 of every domain"),
    ],
)
def test_a_centre_that_cannot_be_drawn_around_is_refused(law, message):
    with pytest.raises(DesignError, match=message):
        drawn("around", **law)


def test_density_with_a_minimum_share_is_that_of_the_shrunken_law():
    found = samplers.dirichlet(50, 2, RNG(1), concentration=2.0, min_share=0.1)
    first = found.shares[:, 0]
    inner = stats.beta(2.0, 2.0, loc=0.1, scale=0.8)
    assert found.log_density == pytest.approx(inner.logpdf(first), abs=1e-9)


def test_density_of_regmix_is_the_mean_of_its_dirichlets():
    found = samplers.regmix(30, NATURAL, RNG(2), min_share=0.0)
    prior = np.sqrt(NATURAL) / np.sqrt(NATURAL).sum()
    for share, value in zip(found.shares, found.log_density, strict=True):
        if value is not None:
            each = [np.exp(stats.dirichlet(s * prior).logpdf(share)) for s in STRENGTHS]
            assert value == pytest.approx(math.log(np.mean(each)), abs=1e-6)
    assert sum(value is not None for value in found.log_density) > 20


def test_regmix_caps_shares_and_then_knows_no_density():
    natural = np.array([0.01, 0.19, 0.8])
    found = samplers.regmix(200, natural, RNG(0), min_share=0.0)
    assert found.shares[:, 0].max() <= 0.15
    assert set(found.log_density) == {None}


def test_dirichlet_with_much_concentration_is_near_equal_and_with_little_near_corners():
    equal = samplers.dirichlet(100, 4, RNG(0), concentration=500.0, min_share=0.0).shares
    corners = samplers.dirichlet(100, 4, RNG(0), concentration=0.05, min_share=0.0).shares
    assert np.abs(equal - 0.25).max() < 0.1
    assert np.median(corners.max(axis=1)) > 0.95


def test_sobol_is_dirichlet_but_evener():
    even = samplers.sobol(256, 4, RNG(0), concentration=1.0, min_share=0.0).shares
    random = samplers.dirichlet(256, 4, RNG(0), concentration=1.0, min_share=0.0).shares
    marginal = stats.beta(1.0, 3.0)
    far = [
        max(stats.kstest(shares[:, k], marginal.cdf).statistic for k in range(4)) for shares in (even, random)
    ]
    assert far[0] < 0.03 < far[1]


def test_lattice_is_scheffes():
    points = lattice_points(3, 2)
    assert sorted(map(tuple, points.tolist())) == [
        (0.0, 0.0, 1.0), (0.0, 0.5, 0.5), (0.0, 1.0, 0.0), (0.5, 0.0, 0.5), (0.5, 0.5, 0.0), (1.0, 0.0, 0.0),
    ]  # fmt: skip
    whole = samplers.lattice(6, 3, min_share=0.0).shares
    assert sorted(map(tuple, whole.tolist())) == sorted(map(tuple, points.tolist()))


def test_thinned_lattice_begins_in_the_middle_and_has_no_point_twice():
    shares = samplers.lattice(12, 4, min_share=0.0).shares
    assert shares[0].tolist() == [0.25] * 4
    assert len(np.unique(shares, axis=0)) == 12


def test_centroid_design_is_all_equal_mixtures():
    shares = samplers.centroid(7, 3, min_share=0.0).shares
    expected = {(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)}
    assert {tuple((row > 0).astype(int)) for row in shares} == expected
    with pytest.raises(DesignError, match="has 7 mixtures, not 8"):
        samplers.centroid(8, 3, min_share=0.0)


def test_d_optimal_beats_random_mixtures_by_far():
    best = samplers.d_optimal(30, 4, RNG(0), min_share=0.01).shares
    chances = [samplers.dirichlet(30, 4, RNG(i), concentration=1.0, min_share=0.01).shares for i in range(20)]

    def log_det(shares):
        return np.linalg.slogdet(model_features(shares).T @ model_features(shares))[1]

    assert log_det(best) > max(map(log_det, chances)) + 4.0


def test_d_optimal_cannot_be_bettered_by_one_exchange():
    best = samplers.d_optimal(16, 3, RNG(0), min_share=0.02).shares
    features = model_features(best)
    before = np.linalg.slogdet(features.T @ features)[1]
    others = model_features(samplers.dirichlet(300, 3, RNG(9), concentration=1.0, min_share=0.02).shares)
    better = 0
    for place in range(16):
        for row in others:
            swapped = features.copy()
            swapped[place] = row
            better += np.linalg.slogdet(swapped.T @ swapped)[1] > before + 0.05
    assert better == 0


def test_people_choose_what_looks_good():
    rng = RNG(0)
    quality = rng.random((400, 4))
    shares = samplers.chosen(quality, np.zeros(4), rng, min_share=0.0).shares
    assert all(np.corrcoef(quality[:, k], shares[:, k])[0, 1] > 0.4 for k in range(4))


def test_people_fall_back_when_the_pool_looks_bad():
    rng = RNG(0)
    quality = np.repeat(rng.random((400, 1)), 4, axis=1)
    shares = samplers.chosen(quality, np.array([1.0, -1.0, 0.0, 0.0]), rng, min_share=0.0).shares
    overall = quality[:, 0]
    assert np.corrcoef(overall, shares[:, 0])[0, 1] > 0.4
    assert np.corrcoef(overall, shares[:, 1])[0, 1] < -0.4


def test_several_samplers_take_turns_over_the_pools():
    pools = {f"p{i}": healthy(DOMAINS) for i in range(3)}
    found = draw_mixtures(Law(("dirichlet", "chosen")), 9, DOMAINS, pools, NATURAL, 0)
    assert [a.kind for a in found.assignments] == ["random"] * 3 + ["chosen"] * 3 + ["random"] * 3
    assert found.pools == ("p0", "p1", "p2") * 3


@pytest.mark.parametrize(
    ("law", "said"),
    [
        ({"samplers": ("bogus",)}, "no sampler 'bogus'"),
        ({"concentration": 0.0}, "concentration is 0"),
        ({"concentration": math.nan}, "concentration is nan"),
        ({"min_share": 0.25}, "less than 0.25"),
        ({"min_share": -0.1}, "minimum share is -0.1"),
        ({"fallback": ("elsewhere",)}, "no domain 'elsewhere'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(law, said: str):
    with pytest.raises(DesignError, match=said):
        draw_mixtures(Law(**law), 5, DOMAINS, {"p": healthy(DOMAINS)}, NATURAL, 0)
