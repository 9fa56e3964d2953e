"""The benchmarks run, small, and the documented output is of those that exist."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import coverage, gate, noise, parallel
from benchmarks.__main__ import BENCHMARKS, main
from benchmarks.estimators.listed import listed
from benchmarks.printing import mean_and_error, print_table
from benchmarks.truth import ask, make_targets
from benchmarks.worlds import make_world
from causalmix_core.delivery.certainty import COVERAGE, measured_coverage
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.estimators.registry import REGISTRY
from causalmix_core.effects.fit import fit

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "BENCHMARKS.md"


def test_an_unknown_benchmark_is_named_with_those_there_are(capsys):
    assert main(["specd"]) == 2
    said = capsys.readouterr().err
    assert "'specd'" in said
    assert all(name in said for name in BENCHMARKS)


def test_tables_are_markdown(capsys):
    print_table(["a", "b"], [["x", 0.12345], ["long name", None]])
    assert capsys.readouterr().out.splitlines() == [
        "| a         | b     |",
        "|-----------|-------|",
        "| x         | 0.123 |",
        "| long name | -     |",
    ]
    assert mean_and_error([1.0, 3.0]) == (2.0, 1.0)
    assert mean_and_error([1.0]) == (1.0, None)


def test_results_come_in_the_order_of_the_tasks():
    assert parallel.spread(abs, [-3, 2, -1]) == [3, 2, 1]


def test_every_registered_estimator_is_compared_with_its_ablations():
    table = make_world(3, 2, True, 0.0, 0).table(40, 0)
    configs = listed(table, "score")
    assert {config.estimator for config in configs.values()} == {"recommended", *REGISTRY} - {"components"}
    assert "paper, without orthogonalisation" in configs
    assert not configs["recommended, without X"].covariates


def test_answers_are_what_fit_and_world_say():
    world = make_world(3, 2, False, 0.0, 1)
    table = world.table(128, 0)
    targets = make_targets(world, table, 6, 0)
    said = ask(fit(table, FitConfig("score"), calibrate=False), targets)
    assert said.estimates.shape == said.truth.shape == (6, 3)
    assert 0.0 <= said.covered(0.5) <= said.covered(0.95) <= 1.0
    assert said.width(0.95) > said.width(0.5) > 0.0
    assert (said.gained <= targets.best_gains() + 1e-3).all()
    exact = np.sqrt(((said.estimates - said.truth) ** 2).mean() / (said.truth**2).mean())
    assert said.error_over_size == pytest.approx(exact)


def test_one_cell_of_each_benchmark_with_known_truth():
    found = coverage.measure((coverage.Cell(3, 3, "rough", 1.0, 100), 0))
    assert 0.0 < found.gains["factor"] <= 1.0
    assert found.effects["0.5"] <= found.effects["0.95"]
    assert gate.passes(gate.Task("pooled", 0.0, 512, 2, 1.0, 0))
    assert not gate.passes(gate.Task("pooled", 0.0, 128, 2, 0.0, 0))
    said = noise.simulated(("linear", 0.0, 10))
    assert not said.conditioned
    assert said.checks is None


def test_documented_output_belongs_to_benchmarks_that_exist():
    text = DOCUMENT.read_text(encoding="utf-8")
    named = set(re.findall(r"python -m benchmarks ([a-z_]+)", text))
    assert named
    assert named <= set(BENCHMARKS)


def test_kept_coverage_is_what_the_document_prints():
    """The file that the product quotes and the printed table are of the same run."""
    kept = measured_coverage()
    assert kept is not None
    text = DOCUMENT.read_text(encoding="utf-8")
    tables = re.findall(r"## Coverage of effects.*?\n(\|.*?)\n\n", text, re.S)
    held = [float(row.split("|")[8]) for table in tables for row in table.splitlines()[2:]]
    assert held
    assert json.loads(COVERAGE.read_text())["cells"] == len(held)
    assert (kept.lowest, kept.highest) == pytest.approx((min(held), max(held)), abs=0.0006)
