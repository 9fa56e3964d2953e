"""Rivals: each does what its sentence says."""

import numpy as np
import pytest

from causalmix_core.errors import StudyError
from causalmix_core.evidence.domain_state import own_columns
from causalmix_core.study.plan import read_plan
from causalmix_core.study.rivals import plain
from causalmix_core.study.rivals.dmo import Law, best_mixture, dmo, fit_law
from causalmix_core.study.rivals.ground import Ground, PoolAtHand
from causalmix_core.study.rivals.registry import method_of
from tests.shipped import study


@pytest.fixture(scope="module")
def ground():
    table = study()
    weights = dict(zip(table.domains, table.natural.tolist(), strict=True))
    k = len(table.domains)
    return Ground(
        table,
        table.default_outcome,
        weights,
        np.full(k, 1 / k),
        table.states.mean(axis=0),
        table.domains[1],
        0.9,
        0,
    )


@pytest.fixture(scope="module")
def pool(ground):
    return PoolAtHand("here", ground.table.states[5], np.linspace(0.0, 1.0, len(ground.table.domains)))


def moved(shares, anchor):
    return 0.5 * np.abs(shares - anchor).sum()


@pytest.mark.parametrize("name", read_plan("flagship").verification["methods"])
def test_every_method_of_the_flagship_gives_a_mixture(ground, pool, name):
    if name.startswith("causalmix"):
        pytest.skip("the paper's forest has tests of its own and takes seconds")
    choice = method_of(name).choose(ground, pool)
    assert choice.shares.shape == (len(ground.table.domains),)
    assert choice.shares.min() >= 0.0
    assert choice.shares.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("radius", [0.05, 0.2])
@pytest.mark.parametrize("family", ["recommended", "lower-bound", "domain-held-out"])
def test_a_radius_in_the_name_is_kept_to(ground, pool, family, radius):
    method = method_of(f"{family}-{radius}")
    assert method.radius == radius
    assert moved(method.choose(ground, pool).shares, ground.anchor) <= radius + 1e-9


def test_a_wider_radius_never_expects_less(ground, pool):
    gains = [method_of(f"recommended-{r}").choose(ground, pool).own.gain for r in (0.05, 0.1, 0.2, 0.4)]
    assert gains == sorted(gains)
    assert gains[0] > 0.0


def test_gains_of_the_product_are_corrected_for_the_choice(ground, pool):
    choice = method_of("recommended-0.2").choose(ground, pool)
    response = ground.fit("recommended").response(pool.state)
    estimated = float(response.gain(choice.shares, ground.anchor))
    assert choice.own.gain == pytest.approx(ground.correction.factor * estimated)


def test_looks_keeps_the_weights_on_clean_text_and_leaves_a_domain_that_looks_odd(ground):
    clean = PoolAtHand("clean", ground.clean, np.ones(len(ground.table.domains)))
    np.testing.assert_allclose(plain.looks(ground, clean).shares, ground.anchor)
    odd = ground.clean.copy()
    odd[own_columns(ground.table)[2]] += 3.0 * ground.table.states.std(axis=0)[own_columns(ground.table)[2]]
    found = plain.looks(ground, PoolAtHand("odd", odd, clean.quality)).shares
    expected = ground.anchor * np.where(np.arange(len(found)) == 2, 0.25, 1.0)
    np.testing.assert_allclose(found, expected / expected.sum())


def test_the_privileged_rule_follows_the_hidden_quality(ground, pool):
    found = plain.quality(ground, pool).shares
    wanted = ground.anchor * (pool.quality + 0.02)
    np.testing.assert_allclose(found, wanted / wanted.sum())


def test_domains_that_are_not_there_get_nothing(ground, pool):
    import dataclasses

    present = ground.table.domains[2:5]
    few = dataclasses.replace(ground, present=present)
    for name in ("equal", "weights", "looks", "best-run", "regmix", "dmo", "recommended-0.4"):
        shares = method_of(name).choose(few, pool).shares
        held = [d for d, share in zip(ground.table.domains, shares, strict=True) if share > 0.0]
        assert set(held) <= set(present), name
        assert shares.sum() == pytest.approx(1.0), name


def test_regmix_gives_one_answer_for_all_pools_and_expects_a_gain(ground, pool):
    other = PoolAtHand("there", ground.table.states[50], pool.quality)
    method = method_of("regmix")
    here, there = method.choose(ground, pool), method.choose(ground, other)
    np.testing.assert_array_equal(here.shares, there.shares)
    assert here.own.gain > 0.0


def test_a_law_that_made_the_losses_is_found_again():
    true = Law(1.2, 0.15, 1.3, 0.2, 2.0)
    shares = np.random.default_rng(0).dirichlet(np.ones(4), 300)[:, 0]
    found = fit_law(shares, true.loss(shares))
    grid = np.linspace(0.01, 0.9, 50)
    np.testing.assert_allclose(found.loss(grid), true.loss(grid), atol=2e-3)


def test_the_best_mixture_of_laws_beats_every_mixture_of_a_grid():
    laws = [Law(1.0, 0.1, 1.0, 0.3, 1.0), Law(2.0, 0.2, 1.0, 0.2, 1.0), Law(0.5, 0.05, 0.5, 0.4, 1.0)]
    weights = np.array([0.5, 0.3, 0.2])
    found = best_mixture(laws, weights, np.full(3, 1 / 3))

    def total(mixture):
        return sum(w * float(law.loss(t)) for w, law, t in zip(weights, laws, mixture, strict=True))

    steps = np.arange(1, 40)
    grid = [np.array([a, b, 40 - a - b]) / 40 for a in steps for b in steps if a + b < 40]
    assert total(found) <= min(map(total, grid)) + 1e-9


def test_dmo_expects_what_its_laws_say(ground, pool):
    choice = dmo(ground, pool)
    assert choice.own.gain > 0.0
    assert choice.own.interval is None


@pytest.mark.parametrize("name", ["best", "recommended-2", "recommended-x", "lower-bound"])
def test_an_unknown_method_is_refused_by_name(name):
    with pytest.raises(StudyError, match=f"no method '{name}'"):
        method_of(name)
