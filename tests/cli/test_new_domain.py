"""effects --new-domain: a domain without runs, foretold or refused."""

from __future__ import annotations

import json

import pytest

from causalmix_core.evidence import read_runs
from causalmix_core.evidence.domain_state import own_columns, own_names
from tests.cli.running import STUDY


@pytest.fixture(scope="module")
def state(tmp_path_factory):
    """The average state of the study's wiki, as that of a new domain."""
    study = read_runs(STUDY)
    own = study.states[:, own_columns(study)[study.domains.index("wiki")]].mean(axis=0)
    path = tmp_path_factory.mktemp("state") / "state.json"
    path.write_text(json.dumps(dict(zip(own_names(study), own.tolist(), strict=True))))
    return path


def test_a_new_domain_stands_beside_the_seen_ones_and_is_marked(cli, fit_dir, state):
    found = json.loads(cli("effects", fit_dir, "--new-domain", f"poetry={state}", "--json").out)
    new, left_out = found["new_domain"], found["leave_one_domain_out"]
    assert (new["domain"], new["seen_in_runs"], new["beyond_seen_domains"]) == ("poetry", False, [])
    assert new["lower"] < new["effect"] < new["upper"]
    assert new["se"] == left_out["sd"]
    assert list(left_out["within"]) == [e["domain"] for e in found["effects"]]
    assert len(found["effects"]) == 7


def test_the_words_say_that_no_run_has_seen_it(cli, fit_dir, state):
    said = cli("effects", fit_dir, "--new-domain", f"poetry={state}").out
    assert (
        "No run has seen poetry. From its state alone, giving it 5.0 % of the mixture changes bpb_weighted"
        in said
    )
    assert "Leaving out each of the 7 domains in turn" in said
    assert "Brought in the same way, seen domains change it by" in said


def test_where_leaving_domains_out_fails_it_is_refused(cli, mistake, state, tmp_path):
    words = ["--outcome", "bpb_french", "--epsilon", "0.1", "--out", tmp_path / "fit"]
    assert cli("fit", STUDY, *words).status == 0
    complaint = mistake("effects", tmp_path / "fit", "--new-domain", f"poetry={state}")
    assert "No effect is given for poetry" in complaint
    assert "runs with changing shares of poetry" in complaint


@pytest.mark.parametrize(
    ("spec", "part"),
    [
        ("poetry", "write NAME=STATE.json"),
        ("code={}", "code is a domain of"),
        ("poetry=absent.json", "absent.json"),
    ],
)
def test_what_cannot_be_asked(mistake, fit_dir, state, spec, part):
    assert part in mistake("effects", fit_dir, "--new-domain", spec.format(state))


def test_a_state_that_lacks_a_covariate(mistake, fit_dir, tmp_path):
    (tmp_path / "state.json").write_text('{"duplicate_rate": 0.1}')
    assert "lacks normalized_loss" in mistake(
        "effects", fit_dir, "--new-domain", f"new={tmp_path / 'state.json'}"
    )
