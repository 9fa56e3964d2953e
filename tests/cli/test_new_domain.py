"""effects --new-domain: a domain without runs, foretold or refused."""

from __future__ import annotations

import json

import pytest

from benchmarks.worlds import make_world
from causalmix_core.cli.main import main
from causalmix_core.evidence import write_runs
from tests.shipped import STUDY

BEST = {"c0": -1.0, "c1": -1.0, "c2": 1.0}


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """Runs of a world whose five domains share a law, fitted."""
    folder = tmp_path_factory.mktemp("world")
    runs = write_runs(make_world(5, 3, own=True, confounding=0.5, seed=1).table(300, 1), folder)
    assert (
        main(
            [
                "fit",
                str(runs),
                "--estimator",
                "shared-slopes",
                "--epsilon",
                "0.1",
                "--out",
                str(folder / "fit"),
            ]
        )
        == 0
    )
    (folder / "state.json").write_text(json.dumps({"c0": 0.5, "c1": -0.5, "c2": 0.0}))
    return folder / "fit"


@pytest.fixture(scope="module")
def state(fitted):
    return fitted.parent / "state.json"


def test_a_new_domain_stands_beside_the_seen_ones_and_is_marked(cli, fitted, state):
    found = json.loads(cli("effects", fitted, "--new-domain", f"poetry={state}", "--json").out)
    new, left_out = found["new_domain"], found["leave_one_domain_out"]
    assert (new["domain"], new["seen_in_runs"], new["beyond_seen_domains"]) == ("poetry", False, [])
    assert new["lower"] < new["effect"] < new["upper"]
    assert new["se"] == left_out["sd"]
    assert list(left_out["within"]) == [e["domain"] for e in found["effects"]]
    assert len(found["effects"]) == 5


def test_the_words_say_that_no_run_has_seen_it(cli, fitted, state):
    said = cli("effects", fitted, "--new-domain", f"poetry={state}").out
    assert (
        "No run has seen poetry. From its state alone, giving it 5.0 % of the mixture changes score" in said
    )
    assert "Leaving out each of the 5 domains in turn" in said
    assert "Brought in the same way, seen domains change it by" in said


def test_where_leaving_domains_out_fails_it_is_refused(cli, mistake, tmp_path):
    words = [
        "--outcome",
        "bpb_french",
        "--estimator",
        "shared-slopes",
        "--epsilon",
        "0.1",
        "--out",
        tmp_path / "fit",
    ]
    assert cli("fit", STUDY, *words).status == 0
    names = ("normalized_loss", "hes", "hes_rate", "type_token_ratio", "style_surface", "duplicate_rate")
    (tmp_path / "state.json").write_text(json.dumps(dict.fromkeys(names, 0.5)))
    complaint = mistake("effects", tmp_path / "fit", "--new-domain", f"poetry={tmp_path / 'state.json'}")
    assert "No effect is given for poetry" in complaint
    assert "runs with changing shares of poetry" in complaint


@pytest.mark.parametrize(
    ("spec", "part"),
    [
        ("poetry", "write NAME=STATE.json"),
        ("d0={}", "d0 is a domain of"),
        ("poetry=absent.json", "absent.json"),
    ],
)
def test_what_cannot_be_asked(mistake, fitted, state, spec, part):
    assert part in mistake("effects", fitted, "--new-domain", spec.format(state))


def test_a_state_that_lacks_a_covariate(mistake, fitted, tmp_path):
    (tmp_path / "state.json").write_text('{"c0": 0.1}')
    assert "lacks c1, c2" in mistake("effects", fitted, "--new-domain", f"new={tmp_path / 'state.json'}")


WORDS = ["--radius", "0.15", "--accept", "a test"]


@pytest.fixture
def welcome(fitted):
    """A state that is worth much."""
    path = fitted.parent / "welcome.json"
    path.write_text(json.dumps(BEST))
    return path


def test_decide_writes_the_decision_with_it(cli, fitted, welcome, tmp_path):
    plain, with_it = tmp_path / "plain.json", tmp_path / "with.json"
    assert cli("decide", fitted, *WORDS, "--out", plain).status == 0
    done = cli("decide", fitted, *WORDS, "--new-domain", f"poetry={welcome}", "--out", with_it)
    assert done.status == 0
    assert "Allowed up to 5.0 % of poetry, which no run has seen, the best mixture holds" in done.out
    assert "poetry, which no run has seen, is at 5.0 %, the largest share" in done.out
    before, made = (json.loads(path.read_text()) for path in (plain, with_it))
    assert "new_domain" not in before
    new = made["new_domain"]
    assert (new["domain"], new["seen_in_runs"], new["state"]) == ("poetry", False, BEST)
    assert 0.0 < new["share"] <= new["cap"] == new["effect"]["share"] == 0.05
    assert made["mixture"]["poetry"] == pytest.approx(new["share"], abs=1e-12)
    assert made["reference"]["poetry"] == 0.0
    assert made["effects"]["poetry"]["effect"] == new["effect"]["effect"]
    assert made["estimate"]["gain"] > before["estimate"]["gain"]
    assert made["estimate"]["correction"] == before["estimate"]["correction"]
    assert made["provenance"]["fit_sha256"] == before["provenance"]["fit_sha256"]
    assert {name: made["effects"][name] for name in before["effects"]} == before["effects"]
    assert new["leave_one_domain_out"]["passed"]
    assert any("one law of a domain's own state" in sentence for sentence in made["assumptions"])
    assert [c["status"] for c in made["checks"]["results"] if c["id"] == "new-domain"] == ["REVIEW"]


def test_the_same_scenario_gives_the_same_document(cli, fitted, welcome, tmp_path):
    first, again, kept = (tmp_path / name for name in ("first.json", "again.json", "scenario.json"))
    asked = ["--new-domain", f"poetry={welcome}", "--budget", "1e6", "--supply", tmp_path / "supply.json"]
    (tmp_path / "supply.json").write_text('{"poetry": 2e4}')
    assert cli("decide", fitted, *WORDS, *asked, "--save-scenario", kept, "--out", first).status == 0
    assert cli("decide", fitted, "--scenario", kept, "--accept", "a test", "--out", again).status == 0
    one, two = (json.loads(path.read_text()) for path in (first, again))
    assert one["id"] == two["id"]
    assert one["new_domain"]["share"] == pytest.approx(0.02)
    assert one["counts"]["poetry"] == 20_000
    assert one["epochs"]["poetry"] == 1.0


def test_trainers_get_it_like_any_other(cli, fitted, welcome, tmp_path):
    document = tmp_path / "with.json"
    assert cli("decide", fitted, *WORDS, "--new-domain", f"poetry={welcome}", "--out", document).status == 0
    out = tmp_path / "trainer"
    assert (
        cli("export", document, "--format", "llama-factory", "--examples", "1000", "--out", out).status == 0
    )
    datasets = json.loads((out / "dataset_info.json").read_text())
    assert {d["file_name"]: d["num_samples"] for d in datasets.values()}["poetry.jsonl"] == 50
    assert cli("export", document, "--format", "csv", "--out", tmp_path / "shares.csv").status == 0
    rows = (tmp_path / "shares.csv").read_text().splitlines()
    assert any(row.startswith("poetry,0.05") and row.split(",")[2] == "0.0" for row in rows)


def test_a_changed_document_is_refused(cli, mistake, fitted, welcome, tmp_path):
    document = tmp_path / "with.json"
    assert cli("decide", fitted, *WORDS, "--new-domain", f"poetry={welcome}", "--out", document).status == 0
    changed = json.loads(document.read_text())
    changed["new_domain"]["domain"] = "prose"
    document.write_text(json.dumps(changed))
    assert "none of those of 'mixture'" in mistake(
        "export", document, "--format", "csv", "--out", tmp_path / "shares.csv"
    )


def test_the_frontier_holds_it_too(cli, mistake, fitted, welcome):
    asked = ["--new-domain", f"poetry={welcome}", "--points", "5"]
    found = json.loads(cli("frontier", fitted, *asked, "--json").out)
    assert 0.0 < found["points"][-1]["mixture"]["poetry"] <= 0.05 + 1e-9
    assert "leave out --new-domain" in mistake("frontier", fitted, *asked, "--against", "score")


def test_what_a_decision_cannot_ask_of_it(mistake, fitted, welcome, tmp_path):
    asked = [*WORDS, "--new-domain", f"poetry={welcome}", "--out", tmp_path / "m.json"]
    more = ["--objective", "least_change", "--wanted", "0.01"]
    assert "ask for the sure or the expected gain" in mistake("decide", fitted, *asked, *more)
    assert "ask for the sure or the expected gain" in mistake("decide", fitted, *asked, "--floor", "score")


def test_it_can_be_decided_by_the_sure_gain(cli, fitted, welcome, tmp_path):
    asked = [*WORDS, "--new-domain", f"poetry={welcome}", "--objective", "lower_bound"]
    assert cli("decide", fitted, *asked, "--out", tmp_path / "m.json").status == 0
    made = json.loads((tmp_path / "m.json").read_text())
    assert made["policy"]["objective"] == "lower_bound"
    assert made["estimate"]["interval"][0] > 0.0
    assert made["new_domain"]["share"] < made["new_domain"]["cap"]
