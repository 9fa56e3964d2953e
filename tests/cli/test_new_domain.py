"""effects --new-domain: a domain without runs, foretold or refused."""

from __future__ import annotations

import json

import pytest

from benchmarks.worlds import make_world
from causalmix_core.cli.main import main
from causalmix_core.evidence import write_runs
from tests.shipped import STUDY


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


def test_decide_says_what_it_would_bring_and_writes_the_decision_without_it(cli, fitted, state, tmp_path):
    plain, beside = tmp_path / "plain.json", tmp_path / "beside.json"
    words = ["--radius", "0.15", "--accept", "a test"]
    assert cli("decide", fitted, *words, "--out", plain).status == 0
    done = cli("decide", fitted, *words, "--new-domain", f"new={state}", "--out", beside)
    assert done.status == 0
    assert "Allowed up to 5.0 % of new, which no run has seen, the best mixture" in done.out
    assert json.loads(plain.read_text())["id"] == json.loads(beside.read_text())["id"]
