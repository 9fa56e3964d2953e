"""How sure intervals are, as text; what was measured comes from a file and from nowhere else."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from causalmix_core.delivery.certainty import coverage_sentence, interval_help, measured_coverage, times
from causalmix_core.effects.calibration import Calibration

MEASURED = {
    "command": "python -m benchmarks coverage",
    "level": 0.9,
    "lowest": 0.868,
    "highest": 0.941,
    "cells": 24,
}


def fit(calibration):
    """What the sentence reads of a fit."""
    return SimpleNamespace(calibration=calibration)


@pytest.fixture
def measured(tmp_path):
    path = tmp_path / "coverage.json"
    path.write_text(json.dumps(MEASURED))
    return path


def test_the_measured_range_is_read_from_the_file(measured):
    assert interval_help(fit(Calibration(1.34, 0.2, 0.36, 1.6, 0.2)), 0.8, measured) == (
        "80 % intervals are pointwise: each for itself, so of many some will miss. Intervals are 1.3 times as wide as "
        "the estimator's own, for what its form cannot say and for confounding. In 24 kinds of simulated worlds, 90 % "
        "intervals held between 87 and 94 % of the true effects (python -m benchmarks coverage)."
    )


def test_without_the_file_nothing_is_said_of_coverage(tmp_path):
    absent = tmp_path / "coverage.json"
    assert measured_coverage(absent) is None
    assert coverage_sentence(None) == ""
    assert "simulated" not in interval_help(fit(Calibration(1.34, 0.2, 0.36, 1.6, 0.2)), 0.9, absent)


def test_an_interval_that_is_not_calibrated_claims_no_measured_coverage(measured):
    said = interval_help(fit(None), 0.9, measured)
    assert "the estimator's own, which takes its form as true" in said
    assert "simulated" not in said


@pytest.mark.parametrize(("scale", "words"), [(0.953, "0.95"), (1.34, "1.3"), (12.4, "12")])
def test_the_factor_has_two_digits(scale, words):
    assert times(Calibration(scale, 0.0, 0.0, scale**2, 0.0)) == words


def test_the_shipped_file_can_be_read():
    found = measured_coverage()
    assert found is not None
    assert 0.0 < found.lowest <= found.highest <= 1.0
    assert found.command == MEASURED["command"]


def test_an_estimator_that_claims_no_doubt_is_not_multiplied():
    said = interval_help(fit(Calibration(143.0, 0.2, 0.36, 2e4, 300.0)), 0.9)
    assert "claims next to no doubt" in said
    assert "143" not in said
