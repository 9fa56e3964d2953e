"""The shipped study keeps the contract and is what its datasheet says."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "data" / "local_study"


def test_it_reads_without_errors_or_warnings(sample_table):
    assert (sample_table.n_runs, len(sample_table.domains)) == (528, 7)
    assert (len(sample_table.covariates), len(sample_table.outcomes)) == (42, 9)
    assert sample_table.covariates_are_per_domain
    assert {issue.severity for issue in sample_table.issues} == {"note"}
    assert sample_table.name == "Local study: seven domains, 256 pools"


def test_pools_and_assignments(sample_table):
    assert len(set(sample_table.pool_ids)) == 257
    words, counts = np.unique(sample_table.assignment, return_counts=True)
    assert dict(zip(words.tolist(), counts.tolist(), strict=True)) == {
        "chosen": 256,
        "designed": 16,
        "random": 256,
    }


def test_outcomes_are_bits_per_byte_where_lower_is_better(sample_table):
    assert {(o.higher_is_better, o.unit) for o in sample_table.outcomes} == {(False, "bits per byte")}
    assert sample_table.default_outcome == "bpb_weighted"
    assert (sample_table.score("bpb_weighted") < 0).all()


def test_the_natural_shares_are_the_weights_of_the_outcome(sample_table):
    weights = dict(zip(sample_table.domains, sample_table.natural.tolist(), strict=True))
    assert sum(weights.values()) == pytest.approx(1.0, abs=1e-15)
    weighted = sum(weight * sample_table.score(f"bpb_{domain}") for domain, weight in weights.items())
    assert weighted == pytest.approx(sample_table.score("bpb_weighted"), abs=2e-5)
    assert sample_table.natural_label == "the outcome's weights"


def test_the_hash_in_the_datasheet_is_the_table_s(sample_table):
    assert sample_table.sha256 in (FOLDER / "DATASHEET.md").read_text()


def test_the_files_are_the_ones_the_datasheet_lists():
    sheet = (FOLDER / "DATASHEET.md").read_text()
    for name in ("proxy_runs.csv", "hidden_state.csv"):
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() in sheet


def test_the_hidden_state_is_no_covariate(sample_table):
    assert not [
        column for column in sample_table.covariate_columns if "quality" in column or "damage" in column
    ]


def test_the_table_matches_the_real_study(real_data):
    source = real_data / "local_study" / "proxy_runs.csv"
    assert (FOLDER / "proxy_runs.csv").read_bytes() == source.read_bytes()
