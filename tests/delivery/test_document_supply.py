"""What a mixture document says of budget, amounts, epochs and domains present."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest

from causalmix_core.decision.decide import decide
from causalmix_core.decision.region import make_region
from causalmix_core.decision.supply import Supply
from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.delivery.document import build_document, document_id, read_document
from causalmix_core.delivery.llama_factory import llama_factory_files
from causalmix_core.delivery.shares_csv import shares_csv
from causalmix_core.errors import DocumentError

NEW = ("budget", "counts", "available", "epochs", "max_epochs", "domains_present")


@pytest.fixture(scope="module")
def supplied(study_fit):
    domains = study_fit.table.domains
    amounts = (("code", 60_000.0), ("math", 250_000.0), ("web", 20_000.0))
    known = tuple((d, a) for d, a in amounts if d in domains)
    supply = Supply(500_001, "examples", known, 1.0, (("code", 2.0),))
    region = make_region(
        domains, np.full(7, 1 / 7), 0.2, locked=("wiki",), supply=supply, present=domains[:6]
    )
    made = decide(study_fit.response(study_fit.default_pool), region)
    return build_document(
        study_fit,
        study_fit.default_pool,
        made,
        reference_label="equal shares",
        seed=0,
        created_at="2026-11-21T14:02:11Z",
    )


def test_counts_add_up_and_keep_the_amounts(supplied):
    assert sum(supplied["counts"].values()) == supplied["budget"] == 500_001
    assert supplied["unit"] == "examples"
    for domain, amount in supplied["available"].items():
        if amount is not None:
            assert supplied["counts"][domain] <= amount * supplied["max_epochs"][domain]
            assert supplied["epochs"][domain] == supplied["counts"][domain] / amount


def test_absent_domains_are_neither_bounds_nor_locks(supplied):
    absent = set(supplied["mixture"]) - set(supplied["domains_present"])
    assert len(absent) == 1
    assert {supplied["mixture"][d] for d in absent} == {0.0}
    assert not absent & {*supplied["counts"], *supplied["policy"]["bounds"], *supplied["policy"]["locked"]}
    assert supplied["policy"]["bounds"] == {}
    assert supplied["reference_label"] == "equal shares, as far as it is there"


def test_it_reads_back(supplied):
    assert read_document(canonical_json(supplied)) == supplied


def test_documents_from_before_there_were_supplies_are_read(document):
    older = {key: value for key, value in copy.deepcopy(document).items() if key not in NEW}
    del older["support"]["pool"]["widening"]
    older["id"] = document_id(older)
    assert read_document(canonical_json(older)) == older


def test_counts_that_do_not_add_up_are_refused(supplied):
    broken = copy.deepcopy(supplied)
    broken["counts"][next(iter(broken["counts"]))] += 1
    broken["id"] = document_id(broken)
    with pytest.raises(DocumentError, match="counts"):
        read_document(canonical_json(broken))


def test_a_budget_in_tokens_says_what_shares_are_of(study_fit, study_decision):
    region = make_region(
        study_fit.table.domains, study_decision.region.anchor, 0.1, supply=Supply(20e9, "tokens")
    )
    made = decide(study_fit.response(study_fit.default_pool), region)
    document = build_document(
        study_fit,
        study_fit.default_pool,
        made,
        reference_label="x",
        seed=0,
        created_at="2026-11-21T14:02:11Z",
    )
    assert document["unit"] == "tokens"
    assert "Shares are shares of training tokens, not of examples." in document["assumptions"]
    assert set(document["available"].values()) == {None}


def test_a_pool_beyond_the_runs_says_how_much_wider_its_intervals_are(study_fit, study_decision):
    far = study_fit.default_pool + 8.0 * study_fit.table.states.std(axis=0)
    made = decide(study_fit.response(far), study_decision.region)
    document = build_document(
        study_fit, far, made, reference_label="x", seed=0, created_at="2026-11-21T14:02:11Z"
    )
    assert document["support"]["pool"]["widening"] > 1.1
    assert any("times as wide for that" in said for said in document["assumptions"])


def test_trainer_files_take_the_counts(supplied):
    files = llama_factory_files(supplied, examples=supplied["budget"])
    assert {row.domain: row.examples for row in files.rows if row.examples} == {
        d: n for d, n in supplied["counts"].items() if n
    }
    written = json.loads(files.files["dataset_info.json"])
    assert sum(entry["num_samples"] for entry in written.values()) == 500_001


def test_shares_carry_counts_and_epochs(supplied, document):
    head, *rows = shares_csv(supplied).decode().splitlines()
    assert head == "domain,share,reference,change,examples,epochs"
    counts = {row.split(",")[0]: int(row.split(",")[4]) for row in rows}
    assert {d: n for d, n in counts.items() if d in supplied["counts"]} == supplied["counts"]
    assert shares_csv(document).decode().splitlines()[0] == "domain,share,reference,change"
