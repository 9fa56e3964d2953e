"""The parts of a study's analysis, on runs whose law is known."""

from dataclasses import replace

import numpy as np
import pytest

from causalmix_core.study.analysis.confounding import confounding
from causalmix_core.study.analysis.covariates import covariates, with_measures
from causalmix_core.study.analysis.curve import curve, held_out_splits
from causalmix_core.study.analysis.estimators import estimators
from causalmix_core.study.analysis.foretold import Foreteller, Variant
from causalmix_core.study.analysis.kept import Kept
from causalmix_core.study.analysis.setting import Setting, read_whole, without_repeats
from causalmix_core.study.analysis.trees import trees
from tests.study.analysed_runs import DOMAINS, WEIGHTS, made_rows, plan, write_runs


def silent(done, phase):
    assert 0.0 <= done <= 1.0


def make_setting(folder, rows=None, **changes):
    declared = plan(**changes)
    whole = read_whole(declared, write_runs(folder, rows or made_rows()))
    return Setting(declared, whole, without_repeats(whole), Kept(None))


@pytest.fixture(scope="module")
def setting(tmp_path_factory):
    return make_setting(tmp_path_factory.mktemp("tables"))


@pytest.fixture(scope="module")
def slopes(tmp_path_factory):
    return confounding(make_setting(tmp_path_factory.mktemp("many"), made_rows(200)))


def with_scores(setting, scores):
    table = replace(setting.table, scores=scores[:, None])
    return Setting(setting.plan, table, table, Kept(None))


def test_predictions_do_not_know_the_runs_of_their_own_pools(setting):
    _, test = setting.folds[2]
    other = setting.target.copy()
    other[test] = np.random.default_rng(0).normal(size=len(test))
    before = Foreteller(setting).foretell(Variant("constant"), "all")
    after = Foreteller(with_scores(setting, other)).foretell(Variant("constant"), "all")
    np.testing.assert_array_equal(before[test], after[test])
    assert not np.allclose(np.delete(before, test), np.delete(after, test))


def test_what_is_fitted_on_chosen_runs_does_not_know_the_others(setting):
    random = setting.rows("random")
    other = np.where(random, 0.0, setting.target)
    before = Foreteller(setting).foretell(Variant("recommended"), "chosen")
    after = Foreteller(with_scores(setting, other)).foretell(Variant("recommended"), "chosen")
    np.testing.assert_array_equal(before, after)


def test_estimators_are_told_with_the_best_first(setting):
    found = estimators(setting, Foreteller(setting), silent)
    assert [row["name"] for row in found["rows"]] == ["recommended", "constant", "log-linear"]
    best, last = found["rows"][0], found["rows"][-1]
    assert best["all_rows"]["pair_r2"]["value"] > 0.9
    assert (best["conditions"], last["conditions"], last["reads_states"]) == (True, False, False)
    assert best["all_rows"]["runs"] == 80
    assert {half: best["random_rows"][half]["runs"] for half in best["random_rows"]} == {
        "all": 40,
        "random": 40,
        "chosen": 40,
    }
    assert found["refused"] == []


def test_an_estimator_that_cannot_be_fitted_is_refused_with_the_reason(tmp_path):
    setting = make_setting(tmp_path, made_rows(20), estimators=["linear-dml"])
    found = estimators(setting, Foreteller(setting), silent)
    refused = {(one["name"], one["fitted_on"]) for one in found["refused"]}
    assert {("linear-dml", "random"), ("linear-dml", "chosen")} <= refused
    assert all("coefficients" in one["reason"] for one in found["refused"])


def test_halves_that_are_not_there_are_refused_by_number(tmp_path):
    rows = [row for row in made_rows() if row["assignment"] == "random"]
    setting = make_setting(tmp_path, rows, estimators=["constant"])
    found = estimators(setting, Foreteller(setting), silent)
    assert [one["reason"] for one in found["refused"]] == [
        "Of runs called chosen, 0 are left to fit on; 16 are needed."
    ]
    assert found["rows"][0]["random_rows"]["chosen"] is None
    assert found["rows"][0]["lost"] is None
    assert found["rows"][0]["all_rows"]["pairs"] == 0


def test_repeats_change_no_prediction(tmp_path, setting):
    repeated = make_setting(tmp_path, made_rows(repeats=3, noise=0.0))
    plain = make_setting(tmp_path / "plain", made_rows(noise=0.0))
    assert (repeated.whole.n_runs, repeated.table.n_runs) == (86, 80)
    one, other = (Foreteller(s).foretell(Variant("recommended"), "all") for s in (repeated, plain))
    np.testing.assert_array_equal(one, other)


def test_chosen_mixtures_flatter_the_domain_that_good_pools_were_given(slopes):
    found = {row["name"]: row for row in slopes["rows"]}
    naive, purged = found["chosen naive"], found["chosen orthogonalised"]
    assert naive["slopes"]["code"]["z"] > 3.0
    assert naive["p"] < 0.001 < purged["p"]
    assert purged["error"] < 0.5 * naive["error"]


def test_the_yardstick_is_near_the_true_average_slopes(slopes):
    found = next(row for row in slopes["rows"] if row["name"] == "yardstick")
    true = 0.2 * WEIGHTS * 0.5
    for domain, slope in zip(DOMAINS, true, strict=True):
        assert abs(found["slopes"][domain]["value"] - slope) < 3.0 * found["slopes"][domain]["se"]
    assert found["slopes"]["code"]["z"] is None
    assert found["error"] is None


def test_confounding_is_refused_without_chosen_runs(tmp_path):
    rows = [row for row in made_rows() if row["assignment"] == "random"]
    assert (
        confounding(make_setting(tmp_path, rows))["refused"]
        == "There are 0 chosen runs, too few for 3 slopes."
    )


def test_the_measure_that_matters_is_chosen_first_and_is_enough(setting):
    found = covariates(setting, silent)
    (row,) = found["rows"]
    assert [step["measures"] for step in row["steps"]] == [[], ["duplicate_rate"], ["duplicate_rate", "idle"]]
    assert row["enough"] == 1
    assert row["steps"][1]["gain"]["mean"] > 3.0 * row["steps"][1]["gain"]["se"] > 0.0
    assert [one["measure"] for one in row["steps"][1]["candidates"]] == ["duplicate_rate", "idle"]
    assert found["repeats"] == 5


def test_a_measure_is_taken_in_all_domains(setting):
    table = with_measures(setting.table, ("idle",))
    assert table.covariate_columns == tuple(f"x_{domain}__idle" for domain in DOMAINS)
    assert table.sha256 != setting.table.sha256
    np.testing.assert_array_equal(table.states, setting.table.states[:, 3:])


def test_rules_find_the_covariate_that_makes_pools_differ(setting):
    (found,) = trees(setting, silent)["rows"]
    root = found["nodes"][0]
    assert (found["name"], root["pools"], root["rule"]) == ("recommended", 40, "all pools")
    assert "duplicate_rate" in root["covariate"]
    assert found["unit"] == "bits per byte for one percent"
    for node in found["nodes"]:
        if node["low"] is not None:
            low, high = found["nodes"][node["low"]], found["nodes"][node["high"]]
            assert low["pools"] + high["pools"] == node["pools"]
            mean = (low["pools"] * low["effects"]["code"] + high["pools"] * high["effects"]["code"]) / node[
                "pools"
            ]
            assert node["effects"]["code"] == pytest.approx(mean)


def test_effects_at_the_anchor_add_up_to_nothing(setting):
    (found,) = trees(setting, silent)["rows"]
    for node in found["nodes"]:
        assert sum(found["anchor"][d] * node["effects"][d] for d in DOMAINS) == pytest.approx(0.0, abs=1e-9)


def test_more_runs_foretell_better_and_sizes_beyond_the_table_are_left_out(setting):
    found = curve(setting, silent)
    assert found["left_out"] == [500]
    assert [(row["name"], row["runs"]) for row in found["rows"]] == [("recommended", 24), ("recommended", 48)]
    small, large = found["rows"]
    assert large["pair_r2"]["mean"] > small["pair_r2"]["mean"]
    assert found["held_out_runs"] == 32


def test_held_out_sets_are_whole_pools_apart_from_what_is_fitted():
    pools = np.repeat(np.arange(20), 3)[np.random.default_rng(0).permutation(60)]
    splits = held_out_splits(pools, 14, 4, 0)
    assert [len(test) for _, test in splits] == [15] * 4
    for train, test in splits:
        assert set(pools[train]).isdisjoint(pools[test])
        assert sorted([*train, *test]) == list(range(60))
    assert len(set(np.concatenate([pools[test] for _, test in splits]))) == 20
