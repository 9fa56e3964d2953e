"""A checkup as data: verdict, JSON, the file beside the fit, and checks of a decision."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from causalmix_core.checks.check import Check, Checkup, Detail, at_least, at_most, figure, worst
from causalmix_core.checks.checkup import check_decision, check_fit
from causalmix_core.checks.stored import load_checkup, save_checkup
from causalmix_core.checks.words import compact, listed, number, percent
from causalmix_core.decision.decide import decide
from causalmix_core.decision.region import make_region
from causalmix_core.effects.fit_directory import CHECKS, may_be_overwritten, save_fit
from tests.checks.conftest import CONFIG


def test_the_verdict_is_the_worst():
    assert worst(["PASS", "FAIL", "REVIEW"]) == "FAIL"
    assert worst(["REVIEW", "PASS"]) == "REVIEW"
    assert worst([]) == "PASS"


def test_thresholds_include_their_ends():
    assert [at_least(value, 0.5, 0.1) for value in (0.5, 0.1, 0.09)] == ["PASS", "REVIEW", "FAIL"]
    assert [at_most(value, 0.5, 0.9) for value in (0.5, 0.9, 0.91)] == ["PASS", "REVIEW", "FAIL"]
    assert at_least(float("nan"), 0.5, 0.1) == at_most(float("nan"), 0.5, 0.9) == "FAIL"


def test_figures_are_kept_to_six_digits():
    assert figure(1 / 3) == 0.333333
    assert figure(float("inf")) is None
    assert str(figure(-0.0)) == "0.0"


def test_numbers_in_words():
    assert (number(-0.031), number(-0.001)) == ("\N{MINUS SIGN}0.03", "0.00")
    assert [compact(v) for v in (0.00213, -12.6, 0.0)] == ["0.0021", "\N{MINUS SIGN}13", "0"]
    assert (percent(0.264), percent(0.031)) == ("26 %", "3.1 %")
    assert listed(["a", "b", "c"], most=2) == "a, b and 1 more"


def test_every_check_says_what_and_what_to_do(clean, noise, decided):
    for looked in (clean, noise, decided):
        for check in looked.checkup.checks:
            assert check.sentence.rstrip().endswith(".")
            assert check.remedy.endswith(".")
            assert len(check.sentence) < 500
            assert (check.status == "PASS") == (check.remedy == "Nothing to do."), check.id
            values = [check.value, check.threshold, *(detail.value for detail in check.details)]
            assert all(value is None or np.isfinite(value) for value in values)
        ids = [check.id for check in looked.checkup.checks]
        assert len(set(ids)) == len(ids)


def test_the_same_fit_has_the_same_checkup(clean):
    assert check_fit(clean.fit) == clean.checkup


def test_progress_is_reported(noise):
    said = []
    check_fit(noise.fit, noise.oof, lambda done, phase: said.append((done, phase)))
    assert [done for done, _ in said] == sorted(done for done, _ in said)
    assert said[-1] == (1.0, "done")
    assert "placebo mixtures" in [phase for _, phase in said]


def test_a_checkup_survives_json(noise):
    written = json.loads(json.dumps(noise.checkup.to_json(), allow_nan=False))
    assert Checkup.from_json(written) == noise.checkup
    assert written["verdict"] == "FAIL"


def test_the_file_beside_the_fit(clean, noise, tmp_path):
    save_fit(clean.fit, tmp_path)
    assert load_checkup(tmp_path, clean.fit) is None
    save_checkup(clean.checkup, tmp_path)
    assert load_checkup(tmp_path, clean.fit) == clean.checkup
    assert load_checkup(tmp_path, noise.fit) is None
    assert may_be_overwritten(tmp_path)
    # A fit of the same content is the same fit: its checks stay.
    save_fit(clean.fit, tmp_path)
    assert load_checkup(tmp_path, clean.fit) == clean.checkup


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace('"PASS"', '"REVIEW"', 1),
        lambda text: text[:100],
        lambda text: "[]",
        lambda text: text.replace('"status"', '"state"'),
        lambda text: text.replace('"PASS"', '"MAYBE"'),
    ],
)
def test_a_changed_file_is_not_believed(clean, tmp_path, spoil):
    save_checkup(clean.checkup, tmp_path)
    path = tmp_path / CHECKS
    path.write_text(spoil(path.read_text()))
    assert load_checkup(tmp_path, clean.fit) is None


def decision(fitted, anchor, radius=0.1):
    region = make_region(fitted.table.domains, np.array(anchor), radius)
    return decide(fitted.response(fitted.default_pool), region)


def test_a_decision_within_the_runs(clean):
    found = check_decision(clean.fit, clean.fit.default_pool, decision(clean.fit, [1 / 3, 1 / 3, 1 / 3]))
    assert [(check.id, check.status) for check in found] == [
        ("pool-support", "PASS"),
        ("mixture-support", "PASS"),
        ("radius-support", "PASS"),
    ]


def test_a_pool_beyond_the_runs_fails(clean):
    made = decision(clean.fit, [1 / 3, 1 / 3, 1 / 3])
    edge = clean.fit.default_pool.copy()
    edge[0] = 1.02 * clean.table.states[:, 0].max()
    near = check_decision(clean.fit, edge, made)[0]
    assert near.status == "REVIEW"
    assert "Beyond their range: x_d0__c0" in near.sentence
    assert check_decision(clean.fit, 10.0 * edge, made)[0].status == "FAIL"


def test_a_mixture_beyond_the_runs(clean):
    inner = np.abs(clean.table.shares - 1 / 3).max(axis=1) < 0.2
    narrow = dataclasses.replace(clean.fit, table=clean.table.with_rows(inner))
    far = decision(narrow, [1 / 3, 1 / 3, 1 / 3], radius=0.6)
    _, mixture, radius = check_decision(narrow, narrow.default_pool, far)
    assert mixture.status == "FAIL"
    assert radius.status == "REVIEW"
    assert 0.0 < radius.value < 1.0
    still = decision(narrow, [1 / 3, 1 / 3, 1 / 3], radius=0.0)
    assert check_decision(narrow, narrow.default_pool, still)[2].status == "PASS"


def test_a_check_is_plain_data():
    check = Check("a", "A", "PASS", 1.0, None, "", "It is.", "Nothing to do.", (Detail("x", None, "PASS"),))
    assert Checkup("f", "t", CONFIG.sha256, (check,)).verdict == "PASS"
    with pytest.raises(dataclasses.FrozenInstanceError):
        check.status = "FAIL"
