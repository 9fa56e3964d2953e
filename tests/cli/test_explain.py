"""explain: the tree, the drivers and the words, for people and as JSON."""

from __future__ import annotations

import json

import pytest

from causalmix_core.delivery.explanations import drivers_sentence, recommendation_sentences, tree_sentence
from causalmix_core.delivery.recommendation import explain_recommendation
from causalmix_core.effects.explain.drivers import effect_drivers
from causalmix_core.effects.explain.tree import effect_tree
from causalmix_core.effects.fit_directory import load_fit
from causalmix_core.evidence.pool_state import pool_by_id
from tests.shipped import POOL, POOLS


@pytest.fixture(scope="module")
def study(fit_dir):
    return load_fit(fit_dir)


def shown(cli, *words):
    done = cli("explain", *words, "--json")
    assert done.status == 0
    return json.loads(done.out)


def test_the_tree_is_printed_with_its_rules_and_this_pool(cli, fit_dir, study):
    done = cli("explain", fit_dir, "--domain", "code", "--depth", 2, "--pool", POOL)
    tree = effect_tree(study, study.table.natural, 2, "code")
    lines = done.out.splitlines()
    assert lines[0].startswith(f"all pools: {len(POOLS)} pools, +")
    assert lines[-1] == tree_sentence(tree)
    assert len(lines) == len(tree.nodes) + 2
    marked = [number for number, line in enumerate(lines) if line.endswith("<- this pool")]
    assert marked == [tree.path(pool_by_id(study.table, POOL))[-1]]
    assert [len(line) - len(line.lstrip()) for line in lines[:-2]] == [2 * n.depth for n in tree.nodes]


def test_with_all_domains_groups_name_best_and_worst(cli, fit_dir):
    lines = cli("explain", fit_dir, "--depth", 1).out.splitlines()
    assert len(lines) == 5
    assert all(", best " in line and ", worst " in line for line in lines[:3])


def test_tree_as_json_holds_the_tree(cli, fit_dir, study):
    found = shown(cli, fit_dir, "--depth", 3, "--anchor", "mean")
    tree = effect_tree(study, study.table.shares.mean(axis=0), 3)
    assert found["domains"] == list(study.table.domains)
    assert found["r2"] == pytest.approx(tree.r2)
    assert [node["pools"] for node in found["nodes"]] == [node.pools for node in tree.nodes]
    assert found["nodes"][0]["covariate"] in study.table.covariate_columns
    assert found["nodes"][found["this_pool"]]["low"] is None


def test_drivers_of_one_domain(cli, fit_dir, study):
    lines = cli("explain", fit_dir, "--what", "shap", "--domain", "code").out.splitlines()
    (view,) = effect_drivers(study, study.default_pool, study.table.natural, ["code"])
    assert lines[0].split() == ["covariate", "mean", "size", "this", "pool", "moves", "it", "by"]
    assert lines[1].startswith("duplicate rate of code ")
    assert drivers_sentence(view) in lines


def test_drivers_of_all_domains_state_the_r2_of_each(cli, fit_dir, study):
    found = shown(cli, fit_dir, "--what", "shap")
    assert [view["domain"] for view in found] == list(study.table.domains)
    for view in found:
        here = view["this_pool"]
        assert here["base"] + sum(here["values"].values()) == pytest.approx(here["predicted"])
        assert view["r2"] < view["r2_in_sample"] <= 1.0
    text = cli("explain", fit_dir, "--what", "shap").out.splitlines()
    assert [line.split()[0] for line in text[3:]] == list(study.table.domains)
    assert [line.split()[1] for line in text[3:]] == [f"{view['r2']:.2f}" for view in found]


def test_words_explain_the_decision_of_the_same_arguments(cli, fit_dir, study):
    from causalmix_core.decision.decide import decide
    from causalmix_core.decision.region import make_region

    done = cli("explain", fit_dir, "--what", "words", "--pool", POOL, "--radius", 0.1)
    pool = pool_by_id(study.table, POOL)
    decision = decide(study.response(pool), make_region(study.table.domains, study.table.natural, 0.1))
    made = explain_recommendation(study, pool, decision)
    assert done.out.splitlines() == list(recommendation_sentences(study.outcome, made))
    found = shown(cli, fit_dir, "--what", "words", "--pool", POOL, "--radius", 0.1)
    assert list(found["mixture"].values()) == pytest.approx(decision.shares)
    assert found["sentences"] == done.out.splitlines()


def test_a_fit_of_averages_has_words_but_no_tree(cli, mistake, tmp_path):
    from tests.shipped import STUDY

    out = tmp_path / "averages"
    assert cli("fit", STUDY, "--outcome", "bpb_weighted", "--no-covariates", "--out", out).status == 0
    assert "averages, the same for every pool" in mistake("explain", out)
    assert "averages, the same for every pool" in mistake("explain", out, "--what", "shap")
    words = cli("explain", out, "--what", "words")
    assert words.status == 0
    assert "the pool's state plays no part" in words.out


@pytest.mark.parametrize(
    ("words", "part"), [(["--domain", "atlantis"], "atlantis"), (["--depth", "5"], "--depth")]
)
def test_unknown_domain_or_depth(mistake, fit_dir, words, part):
    assert part in mistake("explain", fit_dir, *words)
