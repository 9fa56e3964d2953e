"""The mixture document of a real decision."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.delivery.document import build_document, close_shares, document_id
from causalmix_core.delivery.validation import schema
from causalmix_core.errors import DocumentError


def build(fit, decision, **changes):
    values = {"reference_label": "equal shares", "seed": 0, "created_at": "2026-11-21T14:02:11Z"} | changes
    return build_document(fit, fit.default_pool, decision, **values)


def test_schema_is_a_schema():
    Draft202012Validator.check_schema(schema())


def test_document_keeps_its_schema(document):
    Draft202012Validator(schema()).validate(document)


def test_shares_are_the_decision(document, study_decision):
    domains = study_decision.region.domains
    assert [document["mixture"][d] for d in domains] == pytest.approx(study_decision.shares, abs=1e-15)
    assert [document["reference"][d] for d in domains] == pytest.approx(
        study_decision.region.anchor, abs=1e-15
    )
    assert abs(math.fsum(document["mixture"].values()) - 1) <= 1e-12


def test_policy_says_what_was_asked_for(document):
    policy = document["policy"]
    assert policy["bounds"] == {"code": [0.1, 0.2], "wiki": [0.0, 0.3]}
    assert policy["locked"] == ["math"]
    assert policy["trust_region"]["radius"] == 0.2
    assert policy["trust_region"]["metric"] == "tv"
    assert policy["trust_region"]["binding"] == ("radius" in policy["active_constraints"])
    assert document["distance_to_reference"] == {"tv": pytest.approx(policy["trust_region"]["used"])}


def test_estimate_is_the_decision(document, study_decision):
    estimate = document["estimate"]
    assert estimate["gain"] == study_decision.gain
    assert estimate["interval"] == list(study_decision.interval)
    assert estimate["direction"] == "lower_is_better"
    assert estimate["unit"] == "bits per byte"


def test_effects_weighted_by_the_reference_cancel(document):
    total = sum(document["reference"][d] * e["effect"] for d, e in document["effects"].items())
    largest = max(abs(e["effect"]) for e in document["effects"].values())
    assert abs(total) <= 1e-12 * largest


def test_pool_state_is_in_the_units_of_the_table(document, study_fit):
    expected = dict(zip(study_fit.table.covariate_columns, study_fit.default_pool, strict=True))
    assert document["pool_state"] == expected


def test_provenance_names_what_it_rests_on(document, study_fit):
    provenance = document["provenance"]
    assert provenance["runs_sha256"] == study_fit.table.sha256
    assert provenance["n_runs"] == study_fit.table.n_runs
    assert provenance["fit_sha256"] == study_fit.sha256
    assert provenance["fit_config"] == study_fit.config.to_json()
    assert provenance["versions"].keys() == {"numpy", "scikit-learn", "econml", "lightgbm"}
    assert provenance["versions"]["numpy"] == np.__version__
    assert provenance["note"] == "weekly mix"


def test_same_decision_has_the_same_id_at_any_time(study_fit, study_decision):
    first = build(study_fit, study_decision)
    later = build(study_fit, study_decision, created_at="2031-01-01T00:00:00Z")
    assert first["id"] == later["id"]
    later["provenance"]["created_at"] = first["provenance"]["created_at"]
    assert canonical_json(first) == canonical_json(later)


@pytest.mark.parametrize("change", [{"note": "b"}, {"seed": 1}, {"reference_label": "mean of the runs"}])
def test_anything_else_changes_the_id(study_fit, study_decision, change):
    assert build(study_fit, study_decision)["id"] != build(study_fit, study_decision, **change)["id"]


def test_id_is_the_hash_of_the_rest(document):
    rest = json.loads(canonical_json(document))
    assert document_id(rest) == document["id"]
    rest["estimate"]["gain"] += 1e-12
    assert document_id(rest) != document["id"]


def test_a_gain_that_is_not_finite_is_refused(study_fit, study_decision):
    with pytest.raises(DocumentError, match="finite"):
        build_document(
            study_fit,
            study_fit.default_pool,
            dataclasses.replace(study_decision, p_positive=math.nan),
            reference_label="",
            seed=0,
            created_at="2026-11-21T14:02:11Z",
        )


def test_a_pool_outside_the_runs_is_said(study_fit, study_decision):
    far = study_fit.default_pool + 100.0
    made = build_document(
        study_fit, far, study_decision, reference_label="", seed=0, created_at="2026-11-21T14:02:11Z"
    )
    assert made["support"]["pool"]["inside"] is False
    assert set(made["support"]["pool"]["outside"]) == set(study_fit.table.covariate_columns)
    assert any("outside the pools of the runs" in sentence for sentence in made["assumptions"])


@given(st.lists(st.floats(0, 1), min_size=2, max_size=200).filter(lambda s: sum(s) > 1e-3))
def test_closure_sums_to_one_and_is_stable(raw):
    closed = close_shares(np.array(raw))
    assert abs(math.fsum(closed) - 1) <= 1e-12
    assert abs(sum(closed.tolist()) - 1) <= 1e-12
    assert closed.min() >= 0
    assert close_shares(closed).tolist() == closed.tolist()


def test_closure_leaves_a_closed_mixture_untouched():
    shares = np.full(7, 1 / 7)
    assert close_shares(shares).tolist() == shares.tolist()
    assert close_shares(np.array([-1e-17, 0.25, 0.75])).tolist() == [0.0, 0.25, 0.75]
