"""Transfer across sizes: levels, verdicts, and RegMix's runs at 1M and 60M."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.delivery.transfer import outcome_transfer_sentence, transfer_sentence
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.size_levels import size_levels
from causalmix_core.effects.transfer import OutcomeTransfer, SizeScore, Transfer, transfer_check
from causalmix_core.errors import ConfigError
from causalmix_core.evidence import combine_runs, import_regmix
from causalmix_core.evidence.table import Covariate, Outcome

PARAMS = Covariate("x_log10_params", "log10_params")


def at_sizes(table, log_params):
    return dataclasses.replace(
        table,
        covariates=(*table.covariates, PARAMS),
        states=np.concatenate([table.states, np.asarray(log_params, dtype=float)[:, None]], axis=1),
    )


def bare(n, seed=0):
    """Runs on three domains without covariates; the score follows the mixture."""
    table = make_world(3, 1, own=False, confounding=0.0, seed=seed).table(n, seed)
    score = np.log(table.shares + 0.1) @ np.array([0.5, 0.1, 0.3]) + 0.01 * np.random.default_rng(
        seed
    ).normal(size=n)
    return dataclasses.replace(
        table, covariates=(), states=np.empty((n, 0)), scores=score[:, None], pool_ids=None
    )


def score(rank=0.9, lower=0.8, upper=0.95, slope=1.0, same_order=None):
    values = np.arange(5.0)
    return SizeScore("1B parameters", False, values, values, rank, lower, upper, slope, same_order, 0)


def test_every_size_with_enough_runs_is_a_level():
    levels = size_levels(at_sizes(bare(90), [7.0] * 30 + [6.0] * 30 + [9.0] * 30))
    assert [one.label for one in levels] == ["1M parameters", "10M parameters", "1B parameters"]
    assert [one.rows[0] for one in levels] == [30, 0, 60]
    assert sorted(np.concatenate([one.rows for one in levels])) == list(range(90))


def test_many_sizes_are_joined_in_order():
    sizes = np.linspace(6.0, 9.0, 100)
    levels = size_levels(at_sizes(bare(100), sizes))
    assert [len(one.rows) for one in levels] == [20, 20, 20, 20, 20]
    for smaller, larger in itertools.pairwise(levels):
        assert sizes[smaller.rows].max() < sizes[larger.rows].min()
    assert levels[0].label == "1M to 3.76M parameters"


def test_a_few_runs_at_the_largest_size_join_the_one_before():
    levels = size_levels(at_sizes(bare(70), [6.0] * 30 + [7.0] * 30 + [9.0] * 10))
    assert [one.label for one in levels] == ["1M parameters", "10M to 1B parameters"]


def test_one_size_says_nothing_of_transfer():
    with pytest.raises(ConfigError, match="all of one size"):
        size_levels(bare(60))
    with pytest.raises(ConfigError, match="Only one size of world has 20 runs or more"):
        size_levels(at_sizes(bare(60), [6.0] * 55 + [7.0] * 5))


def test_the_verdict_follows_the_stated_thresholds():
    def verdict(**values):
        return OutcomeTransfer(Outcome("a", True), (score(**values),)).verdict

    assert verdict() == "transfers"
    assert verdict(lower=0.69) == "partly"
    assert verdict(slope=0.49) == "partly"
    assert verdict(slope=2.01) == "partly"
    assert verdict(lower=0.1, upper=0.49) == "does not transfer"
    assert verdict(lower=-0.01, upper=0.6) == "does not transfer"


def test_sentences_name_what_does_not_transfer():
    def one(name, **values):
        return OutcomeTransfer(Outcome(name, True), (score(), score(**values)))

    found = Transfer(
        ("1M parameters", "1B parameters"),
        (one("a"), one("b", slope=0.3), one("c", rank=0.2, lower=0.0, upper=0.4), one("mean")),
        0.9,
    )
    assert transfer_sentence(found) == (
        "Fits on 1M parameters foretell 1B parameters: 1 of 3 outcomes transfer; "
        "partly b (effects are 0.30 of the foretold ones); not c (rank correlation 0.20)."
    )
    assert "c does not transfer: at 1B parameters" in outcome_transfer_sentence(found.outcomes[2], 0.9)
    assert outcome_transfer_sentence(one("a", same_order=0.75), 0.9).endswith("75 % rank alike at both.")


def test_effects_that_shrink_with_size_show_in_the_slope():
    small, large = bare(80, 1), bare(80, 2)
    both = dataclasses.replace(
        at_sizes(small, [6.0] * 80),
        shares=np.concatenate([small.shares, large.shares]),
        states=np.repeat([6.0, 8.0], 80)[:, None],
        scores=np.concatenate([small.scores, 5.0 + 0.25 * large.scores]),
        run_ids=tuple(f"r{i}" for i in range(160)),
    )
    [found] = transfer_check(both).outcomes
    assert found.sizes[0].own
    assert found.largest.rank > 0.9
    assert found.largest.slope == pytest.approx(0.25, abs=0.03)
    assert found.verdict == "partly"
    assert found.largest.same_order is None
    assert len(found.largest.observed) == 80


def test_a_fit_at_a_target_size_uses_the_law_over_sizes():
    """Slopes that fall with log size: the effect at the target differs from that at the average."""
    table = make_world(4, 2, own=True, confounding=0.0, seed=3).table(240, 3)
    logs = np.tile([6.0, 6.0, 8.0, 8.0], 60)
    sized = at_sizes(table, logs)
    worth = np.where(logs == 6.0, 2.0, 0.0) * table.shares[:, 0] + 0.01 * table.scores[:, 0]
    sized = dataclasses.replace(sized, scores=worth[:, None])
    assert sized.covariates_are_per_domain
    anchor = np.full(4, 0.25)

    def effect(target):
        fitted = fit_at(sized, target)
        return fitted.response(fitted.default_pool).substitution_effects(anchor)[0]

    assert effect(1e6) > 0.010
    assert effect(1e6) > effect(1e7) > effect(1e8)
    assert abs(effect(1e8)) < 0.005
    assert any("a factor of 10 beyond the largest of the runs (100M)" in n for n in fit_at(sized, 1e9).notes)


def fit_at(table, params):
    from causalmix_core.effects.fit import fit

    return fit(table, FitConfig("score", "shared-slopes", epsilon=0.1, target_params=params))


def test_settings_with_a_target_have_a_hash_of_their_own_and_older_ones_keep_theirs():
    plain, aimed = FitConfig("a"), FitConfig("a", target_params=1e9)
    assert plain.sha256 != aimed.sha256 != FitConfig("a", target_tokens=1e9).sha256
    older = {k: v for k, v in plain.to_json().items() if not k.startswith("target")}
    assert FitConfig.from_json(older) == plain
    assert FitConfig.from_json(aimed.to_json()) == aimed
    for value in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ConfigError, match="target_params is"):
            FitConfig("a", target_params=value)
    with pytest.raises(ConfigError, match="not of its type"):
        FitConfig.from_json({"outcome": "a", "target_params": "1e9"})


@pytest.fixture(scope="module")
def regmix(real_data):
    """512 runs at 1M, and 256 mixtures at 1M and at 60M, as one table."""

    def read(part, size, params):
        names = (f"{part}_mixture_{size}.csv", f"{part}_pile_loss_{size}.csv")
        return import_regmix(*((real_data / "regmix" / n).read_bytes() for n in names), params=params)

    tables = [read("train", "1m", 1e6), read("test", "1m", 1e6), read("test", "60m", 6e7)]
    return combine_runs(tables, ["train", "test", "large"])


def test_regmix_losses_at_1m_foretell_60m(regmix):
    found = transfer_check(regmix, ["pile_cc_loss", "dm_mathematics_loss"])
    assert found.labels == ("1M parameters", "60M parameters")
    pile, mathematics = found.outcomes
    assert pile.verdict == "transfers"
    assert pile.largest.rank > 0.97
    assert (pile.largest.n_same, len(pile.sizes[0].observed)) == (256, 768)
    assert pile.largest.same_order > 0.95
    assert mathematics.verdict == "partly"
    assert mathematics.largest.rank > 0.89
    assert mathematics.largest.slope < 0.5


def test_a_fit_on_two_sizes_of_regmix_says_how_far_a_target_lies(regmix):
    from causalmix_core.effects.fit import fit

    aimed = fit(regmix, FitConfig("pile_cc_loss", "ridge", target_params=1e9))
    assert aimed.default_pool == pytest.approx([9.0])
    assert any("a factor of 16.7 beyond the largest of the runs (60M)" in note for note in aimed.notes)
