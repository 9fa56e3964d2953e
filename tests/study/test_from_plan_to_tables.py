"""A small study made from its plan: runs, new pools, predictions, verification, search, scale, all really trained."""

import csv
import dataclasses
import json

import numpy as np
import pytest

from causalmix_core.errors import StudyError
from causalmix_core.evidence import read_runs
from causalmix_core.study.making import Means, make_runs
from causalmix_core.study.oracle import search
from causalmix_core.study.outcome import weighted_loss
from causalmix_core.study.own_order import own_order
from causalmix_core.study.place import read_json
from causalmix_core.study.scale import scale
from causalmix_core.study.smoke import agreement, order_noise, shipped_rows
from causalmix_core.study.tables import read_hidden, write_runs_table
from causalmix_core.study.verification.predictions import read_predictions
from causalmix_core.study.verification.verify import predict_all, verify
from tests.study.small_study import small_place, small_plan

MEANS = Means(slots="2xcpu")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(plan, place) with the study's own runs and the whole verification."""
    place, sha256 = small_place(tmp_path_factory.mktemp("study"))
    plan = small_plan(sha256)
    write_runs_table(plan, place, make_runs(plan, place, MEANS))
    verify(plan, place, MEANS)
    return plan, place


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_runs_are_a_table_under_the_plans_outcome(made):
    plan, place = made
    table = read_runs(place.tables / "proxy_runs.csv")
    assert table.n_runs == 12 * 2 + 3
    assert table.default_outcome == "bpb_weighted"
    assert dict(zip(table.domains, table.natural, strict=True)) == pytest.approx(
        {"counting": 0.5, "colours": 0.25, "weather": 0.25}
    )
    parts = sum(weight * table.score(f"bpb_{domain}") for domain, weight in plan.weights.items())
    np.testing.assert_allclose(table.score("bpb_weighted"), parts, rtol=1e-12)
    assert table.provenance["replicate"].count("1") == 3


def test_what_is_said_of_its_making_is_what_was_made(made):
    plan, place = made
    facts, table = read_json(place.tables / "made.json"), read_runs(place.tables / "proxy_runs.csv")
    assert facts["plan_sha256"] == plan.sha256
    assert facts["runs_sha256"] == table.sha256
    assert facts["failed"] == 0
    start = weighted_loss(plan.weights, facts["start"])
    assert facts["start"]["bpb_weighted"] == start
    better = [cell == "1" for cell in table.provenance["beats_start"]]
    assert better == [loss < start for loss in -table.score("bpb_weighted")]
    assert set(read_hidden(place.tables / "hidden_state.csv")) == set(table.pool_ids)


def test_every_choice_is_trained_in_every_order_as_it_was_predicted(made):
    plan, place = made
    said, rows = (
        read_predictions(place.tables / "predictions.json"),
        rows_of(place.tables / "verification.csv"),
    )
    assert len(rows) == 4 * 5 * 2
    assert {row["predictions_sha256"] for row in rows} == {said["sha256"]}
    for row in rows:
        wanted = said["pools"][row["pool_id"]]["choices"][row["method"]]["mixture"]
        trained = {domain: float(row[f"share_{domain}"]) for domain in wanted}
        assert all(abs(trained[domain] - wanted[domain]) <= 1 / 16 for domain in wanted)
        losses = {f"bpb_{domain}": float(row[f"y_bpb_{domain}"]) for domain in wanted}
        assert float(row["y_bpb_weighted"]) == pytest.approx(weighted_loss(plan.weights, losses))


def test_equal_counts_on_a_pool_are_trained_once(made):
    _, place = made
    seen = {}
    for row in rows_of(place.tables / "verification.csv"):
        counts = tuple(value for name, value in row.items() if name.startswith("share_"))
        assert seen.setdefault((row["pool_id"], counts, row["order"]), row["run_id"]) == row["run_id"]


def test_orders_differ_and_methods_of_one_order_share_their_text(made):
    _, place = made
    seeds = {}
    for row in rows_of(place.tables / "verification.csv"):
        seeds.setdefault(row["order"], set()).add(row["seed"])
    assert sorted(map(len, seeds.values())) == [1, 1]
    assert len(set.union(*seeds.values())) == 2


def test_what_is_recommended_is_trained_in_the_order_of_the_studys_own_runs(made):
    plan, place = made
    rows = own_order(plan, place, MEANS)
    with (place.tables / "proxy_runs.csv").open() as file:
        of_the_study = {row["seed"] for row in csv.DictReader(file) if row["replicate"] == "0"}
    assert {row["seed"] for row in rows} == of_the_study
    assert len(of_the_study) == 1
    assert {row["method"] for row in rows} == {"weights", "recommended-0.4"}
    assert len(rows) == 4 * 2
    elsewhere = {
        (row["pool_id"], row["method"]): row["y_bpb_weighted"]
        for row in rows_of(place.tables / "verification.csv")
    }
    assert all(row["y_bpb_weighted"] != elsewhere[row["pool_id"], row["method"]] for row in rows)
    assert rows == rows_of(place.tables / "own_order.csv")
    assert own_order(plan, place, MEANS) == rows


def test_pools_of_the_verification_are_those_that_were_scored_and_chosen_for(made):
    _, place = made
    hidden = read_hidden(place.tables / "verification_pools.csv")
    trained = json.loads((place.work / "verification" / "pools.json").read_bytes())
    domains = read_predictions(place.tables / "predictions.json")["domains"]
    assert {pool: {d: float(hidden[pool][f"quality_{d}"]) for d in domains} for pool in hidden} == {
        pool: {d: state[d]["quality"] for d in domains} for pool, state in trained.items()
    }


def test_the_predictor_is_the_studys_own_fit_at_the_new_pool(made):
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.fit import fit

    _, place = made
    table = read_runs(place.tables / "proxy_runs.csv")
    said = read_predictions(place.tables / "predictions.json")
    pool = rows_of(place.tables / "verification_pools.csv")[0]
    state = np.array([float(pool[column]) for column in table.covariate_columns])
    choice = said["pools"][pool["pool_id"]]["choices"]["equal"]
    mixture = np.array([choice["mixture"][domain] for domain in table.domains])
    response = fit(table, FitConfig("bpb_weighted")).response(state)
    assert choice["predictor"]["gain"] == pytest.approx(
        float(response.gain(mixture, table.natural)), rel=1e-9
    )
    assert said["pools"][pool["pool_id"]]["choices"]["weights"]["predictor"]["gain"] == 0.0


def test_predictions_are_never_made_twice(made):
    plan, place = made
    path = place.tables / "predictions.json"
    before, rows = path.read_bytes(), (place.tables / "verification.csv").read_bytes()
    predict_all(plan, place, MEANS)
    verify(plan, place, MEANS)
    assert path.read_bytes() == before
    assert (place.tables / "verification.csv").read_bytes() == rows


def test_changed_predictions_are_refused(made, tmp_path):
    _, place = made
    said = json.loads((place.tables / "predictions.json").read_bytes())
    first = next(iter(said["pools"].values()))
    first["choices"]["regmix"]["predictor"]["gain"] += 0.001
    changed = tmp_path / "predictions.json"
    changed.write_text(json.dumps(said))
    with pytest.raises(StudyError, match="was changed after it was written"):
        read_predictions(changed)


def test_a_changed_plan_is_another_study(made):
    plan, place = made
    other = small_plan(plan.plain["text"]["sha256"], replicates=4)
    with pytest.raises(StudyError, match="a plan is fixed before its first run"):
        make_runs(other, place, MEANS)


def test_the_search_ends_in_the_orders_of_the_verification(made):
    plan, place = made
    rows = search(plan, place, MEANS)
    assert [row["stage"] for row in rows].count("search") == 4
    final = [row for row in rows if row["stage"] == "final"]
    verified = {row["order"]: row["seed"] for row in rows_of(place.tables / "verification.csv")}
    assert {row["order"]: row["seed"] for row in final} == verified
    tried = {row["seed"] for row in rows if row["stage"] == "search"}
    assert not tried & set(verified.values())
    # The middle of the only round is the mean of its three best mixtures.
    best = sorted((r for r in rows if r["stage"] == "search"), key=lambda r: float(r["y_bpb_weighted"]))[:3]
    for column in (name for name in rows[0] if name.startswith("share_")):
        assert float(final[0][column]) == pytest.approx(np.mean([float(r[column]) for r in best]), abs=0.13)


def test_cases_come_into_the_table_one_by_one(made):
    plan, place = made
    first = scale(plan, place, MEANS, only="two-domains")
    assert {row["case"] for row in first} == {"two-domains"}
    both = scale(plan, place, MEANS, only="budget-2x")
    assert {row["case"] for row in both} == {"budget-2x", "two-domains"}
    assert [row for row in both if row["case"] == "two-domains"] == first
    with pytest.raises(StudyError, match="no case 'budget-9x'; it has budget-2x, two-domains"):
        scale(plan, place, MEANS, only="budget-9x")


def test_a_larger_budget_trains_the_choices_that_were_predicted(made):
    plan, place = made
    rows = scale(plan, place, MEANS)
    assert rows_of(place.tables / "scale.csv") == [{k: str(v) for k, v in row.items()} for row in rows]
    said = read_predictions(place.tables / "predictions.json")
    large = [row for row in rows if row["case"] == "budget-2x"]
    assert {row["method"] for row in large} == {"equal", "weights", "recommended-0.4"}
    for row in large:
        wanted = said["pools"][row["pool_id"]]["choices"][row["method"]]["mixture"]
        assert all(abs(float(row[f"share_{d}"]) - share) <= 1 / 32 for d, share in wanted.items())


def test_two_domains_hold_nothing_of_the_third_and_are_judged_by_their_own_weights(made):
    plan, place = made
    rows = [row for row in scale(plan, place, MEANS) if row["case"] == "two-domains"]
    assert {float(row["share_colours"]) for row in rows} == {0.0}
    for row in rows:
        own = 0.25 * float(row["y_bpb_counting"]) + 0.75 * float(row["y_bpb_weather"])
        assert float(row["y_bpb_weighted"]) == pytest.approx(own)
    weights = next(row for row in rows if row["method"] == "weights")
    assert float(weights["share_weather"]) == pytest.approx(0.75)


def test_runs_trained_again_agree_with_themselves_and_not_with_others(made):
    plan, place = made
    table = read_runs(place.tables / "proxy_runs.csv")
    noise = order_noise(table, "bpb_weighted")
    assert noise > 0.0
    shipped = shipped_rows(place.tables / "verification.csv")
    rows = [dict(row) for row in shipped.values()]
    same = agreement(plan, rows, shipped, noise)
    assert same.worst == 0.0
    assert same.holds
    rows[3]["y_bpb_weighted"] = repr(float(rows[3]["y_bpb_weighted"]) + 3.5 * noise)
    other = agreement(plan, rows, shipped, noise)
    assert not other.holds
    assert rows[3]["pool_id"] in other.where
    assert dataclasses.replace(other, worst=2.9 * noise).holds
