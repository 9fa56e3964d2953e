"""Checks in the document: the rule that a failed one stops the hand-over."""

from __future__ import annotations

import json

import pytest

from causalmix_core.checks.check import Check
from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.delivery.document import build_document, document_id, read_document
from causalmix_core.delivery.llama_factory import llama_factory_files
from causalmix_core.delivery.shares_csv import shares_csv
from causalmix_core.delivery.verdict import is_blocked, refuse_blocked, with_acceptance
from causalmix_core.errors import DocumentError, ExportError


def check(status, title="Overlap"):
    return Check(title.lower(), title, status, 0.04, 0.1, "share of variance", "Little is left.", "Add runs.")


@pytest.fixture
def make(study_fit, study_decision):
    def built(*statuses, **values):
        return build_document(
            study_fit,
            study_fit.default_pool,
            study_decision,
            reference_label="equal shares",
            seed=0,
            created_at="2026-11-21T14:02:11Z",
            checks=[check(status, f"Check {number}") for number, status in enumerate(statuses)],
            **values,
        )

    return built


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [(("PASS",), "PASS"), (("PASS", "REVIEW"), "REVIEW"), (("REVIEW", "FAIL", "PASS"), "FAIL")],
)
def test_the_document_says_the_verdict(make, statuses, verdict):
    made = make(*statuses)
    assert made["checks"]["verdict"] == verdict
    assert [result["status"] for result in made["checks"]["results"]] == list(statuses)
    assert read_document(canonical_json(made)) == made
    assert is_blocked(made) is (verdict == "FAIL")


def test_without_checks_there_is_no_verdict(make):
    made = make()
    assert "checks" not in made
    refuse_blocked(made)
    assert shares_csv(read_document(canonical_json(made)))


@pytest.mark.parametrize("write", [shares_csv, llama_factory_files, refuse_blocked])
def test_a_failed_check_stops_every_hand_over(make, write):
    with pytest.raises(ExportError, match="Check 1, Check 2, Check 3 and 1 more"):
        write(make("PASS", "FAIL", "FAIL", "FAIL", "FAIL"))
    write(make("PASS", "REVIEW"))


@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_an_empty_reason_is_none(make, reason):
    with pytest.raises(ExportError, match="in words"):
        with_acceptance(make("FAIL"), reason)
    assert is_blocked(make("FAIL", accepted_because=reason))


def test_the_reason_travels(make):
    accepted = with_acceptance(make("FAIL"), " the team agreed ")
    assert accepted == make("FAIL", accepted_because="the team agreed")
    assert read_document(canonical_json(accepted))["checks"]["accepted_because"] == "the team agreed"
    assert shares_csv(accepted)
    files = llama_factory_files(accepted).files
    assert read_document(files["mixture.json"]) == accepted
    assert accepted["id"] in files["mixture.yaml"].decode()
    assert "mixture.json" not in llama_factory_files(make("REVIEW")).files


def test_a_reason_without_need_is_not_kept(make):
    assert make("REVIEW", accepted_because="to be safe") == make("REVIEW")
    with pytest.raises(ExportError, match="nothing to accept"):
        with_acceptance(make("REVIEW"), "to be safe")


@pytest.mark.parametrize(
    ("spoil", "part"),
    [
        ({"verdict": "PASS"}, "their results say FAIL"),
        ({"accepted_because": " "}, "checks/accepted_because"),
        ({"results": []}, "checks/results"),
        ({"verdict": "MAYBE"}, "checks/verdict"),
    ],
)
def test_a_document_that_contradicts_itself_is_refused(make, spoil, part):
    broken = json.loads(canonical_json(make("FAIL")))
    broken["checks"].update(spoil)
    broken["id"] = document_id(broken)
    with pytest.raises(DocumentError, match=part):
        read_document(canonical_json(broken))


def test_an_acceptance_of_nothing_is_refused(make):
    broken = json.loads(canonical_json(make("REVIEW")))
    broken["checks"]["accepted_because"] = "to be safe"
    broken["id"] = document_id(broken)
    with pytest.raises(DocumentError, match="although none fails"):
        read_document(canonical_json(broken))
