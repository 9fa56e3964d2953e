"""A domain that no run has seen: where laws are shared it gets an effect, where they are not it is refused."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from benchmarks.worlds import World, make_world
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.leave_one_domain_out import SHARE, leave_one_domain_out
from causalmix_core.effects.unseen import unseen_effect
from causalmix_core.errors import PoolError, UnseenDomainError
from causalmix_core.evidence import read_runs
from causalmix_core.evidence.domain_state import own_columns, own_names, parse_domain_state
from tests.shipped import STUDY

K, UNSEEN, J = 6, 4, 3
CONFIG = FitConfig("score", "shared-slopes", epsilon=0.1)


def wide_world(seed: int, shared: bool) -> World:
    """A world of K domains with runs and a few without."""
    world = make_world(K + UNSEEN, J, own=True, confounding=0.5, seed=seed)
    world = dataclasses.replace(world, saturation=2.0 / K)
    if shared:
        return world
    worth = np.random.default_rng(seed).normal(size=world.worth.shape) / np.sqrt(J)
    return dataclasses.replace(world, worth=worth, harm=-0.7 * worth, attraction=worth)


def seen_part(world: World) -> World:
    """The same world without the domains that have no runs."""
    cut = {name: getattr(world, name)[:K] for name in ("base", "worth", "harm", "attraction")}
    return dataclasses.replace(world, k=K, level=world.level[: K * J], **cut)


def fitted(world: World, seed: int):
    return fit(seen_part(world).table(400, seed), CONFIG, calibrate=False)


def true_effect(world: World, domain: int, pool, own, anchor) -> float:
    """Change of the true outcome per percentage point as ``SHARE`` of the anchor goes into the domain."""
    state = np.zeros((1, world.state_size))
    state[0, : len(pool)] = pool
    state[0, domain * J : (domain + 1) * J] = own
    before = np.zeros((1, world.k))
    before[0, :K] = anchor
    after = (1.0 - SHARE) * before
    after[0, domain] = SHARE
    return float((world.value(after, state) - world.value(before, state))[0]) / (100.0 * SHARE)


@pytest.fixture(scope="module")
def shared():
    worlds = [wide_world(seed, shared=True) for seed in range(4)]
    fits = [fitted(world, seed) for seed, world in enumerate(worlds)]
    return [(w, f, leave_one_domain_out(f)) for w, f in zip(worlds, fits, strict=True)]


def test_leaving_domains_out_passes_where_they_share_a_law(shared):
    for _, made, report in shared:
        assert report.passed
        assert report.predicted.shape == report.full.shape == (K, 200)
        assert 0.5 < report.sign_agreement <= 1.0
        assert 0.0 < report.sd < np.sqrt((report.full**2).mean())
        assert 10 <= report.runs_needed <= made.table.n_runs


def test_the_interval_of_a_domain_without_runs_holds_the_truth(shared):
    """Nominal 90 %; four worlds of four unseen domains leave a standard error of about .05."""
    inside, found, truth = [], [], []
    for seed, (world, made, report) in enumerate(shared):
        rng = np.random.default_rng(100 + seed)
        anchor = made.table.shares.mean(axis=0)
        for domain in range(K, K + UNSEEN):
            for _ in range(10):
                pool, own = (
                    seen_part(world).draw_states(1, rng)[0],
                    world.draw_states(1, rng)[0, domain * J :][:J],
                )
                effect = unseen_effect(made, "new", own, pool, anchor, report)
                truth.append(true_effect(world, domain, pool, own, anchor))
                found.append(effect.effect)
                inside.append(effect.lower <= truth[-1] <= effect.upper)
    assert 0.85 <= np.mean(inside) <= 1.0
    assert np.corrcoef(found, truth)[0, 1] > 0.7


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_unrelated_laws_are_refused_with_what_would_be_needed(seed):
    made = fitted(wide_world(seed, shared=False), seed)
    report = leave_one_domain_out(made)
    assert not report.passed
    own, pool = made.table.states[0, :J], made.default_pool
    with pytest.raises(
        UnseenDomainError, match=rf"train about {report.runs_needed} runs with changing shares of new"
    ):
        unseen_effect(made, "new", own, pool, made.table.shares.mean(axis=0), report)


def test_a_new_domain_is_the_mean_of_the_others_in_its_state(shared):
    _, made, report = shared[0]
    table, anchor = made.table, made.table.shares.mean(axis=0)
    own, pool = table.states[3, :J], table.states[5]
    placed = pool.copy()
    placed[own_columns(table)] = own
    eps, there, here = made.epsilon, made.response(placed), made.response(pool)
    new = (
        there.log_coefficients.mean() * np.log((SHARE + eps) / eps) + there.linear_coefficients.mean() * SHARE
    )
    left = (1 - SHARE) * anchor
    found = unseen_effect(made, "new", own, pool, anchor, report)
    assert found.effect == pytest.approx((new + here.gain(left, anchor)) / (100 * SHARE))
    assert found.upper - found.effect == pytest.approx(1.6448536 * report.sd)
    assert found.beyond == ()


def test_a_state_beyond_all_seen_domains_is_marked(shared):
    _, made, report = shared[0]
    own = np.array([50.0, 0.0, -50.0])
    found = unseen_effect(made, "new", own, made.default_pool, made.table.shares.mean(axis=0), report)
    assert found.beyond == ("c0", "c2")


def test_what_a_domain_left_out_has_in_its_runs_does_not_reach_its_prediction(shared):
    """Scores that change with one domain's share alone leave what is foretold of it as it was."""
    _, made, report = shared[0]
    table = made.table
    own = 3.0 * np.log(table.shares[:, 0] + made.epsilon) * (1.0 + table.states[:, 0])
    changed = dataclasses.replace(table, scores=table.scores + own[:, None], sha256="")
    again = leave_one_domain_out(fit(changed, made.config, calibrate=False))
    moved = np.abs(again.full[0] - report.full[0]).mean()
    assert np.abs(again.predicted[0] - report.predicted[0]).mean() < 0.15 * moved


def test_fits_without_a_shared_law_are_refused(shared):
    table = shared[0][1].table
    for config in (FitConfig("score", covariates=False), FitConfig("score", "ridge")):
        with pytest.raises(UnseenDomainError, match="has no law of a domain's own state"):
            leave_one_domain_out(fit(table, config, calibrate=False))
    three = make_world(3, 2, own=True, confounding=0.0, seed=0).table(120, 0)
    with pytest.raises(UnseenDomainError, match="Leaving out each of 3 domains says too little"):
        leave_one_domain_out(fit(three, CONFIG, calibrate=False))


def test_a_name_that_is_taken(shared):
    _, made, report = shared[0]
    with pytest.raises(UnseenDomainError, match="d1 is a domain of world"):
        unseen_effect(made, "d1", made.table.states[0, :J], made.default_pool, np.full(K, 1 / K), report)


def test_the_same_fit_gives_the_same_report(shared):
    again = leave_one_domain_out(shared[1][1])
    assert again.predicted.tobytes() == shared[1][2].predicted.tobytes()


def test_on_the_study_a_single_domains_outcome_is_refused():
    """French alone moves French; no other domain's state tells that of it."""
    report = leave_one_domain_out(
        fit(read_runs(STUDY), FitConfig("bpb_french", "shared-slopes", epsilon=0.1))
    )
    assert not report.passed
    assert report.rank < 0.1


def test_the_state_of_a_domain_is_read_by_name_or_column():
    study = read_runs(STUDY)
    values = {name: float(i) for i, name in enumerate(own_names(study))}
    assert parse_domain_state(values, "new", study).tolist() == list(values.values())
    columns = {f"x_new__{name}": value for name, value in values.items()}
    assert parse_domain_state(columns, "new", study).tolist() == list(values.values())
    with pytest.raises(PoolError, match="The state of new lacks duplicate_rate"):
        parse_domain_state({n: v for n, v in values.items() if n != "duplicate_rate"}, "new", study)
    with pytest.raises(PoolError, match="gives 'age', which is no covariate of the domains"):
        parse_domain_state({**values, "age": 1.0}, "new", study)
    with pytest.raises(PoolError, match="not a finite number"):
        parse_domain_state({**values, "hes": "high"}, "new", study)
    with pytest.raises(PoolError, match="is not JSON"):
        parse_domain_state(b"{", "new", study)
