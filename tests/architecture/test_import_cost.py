"""Importing the package is cheap and pulls in none of the heavy libraries."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT

HEAVY = {"streamlit", "plotly", "econml", "shap", "torch", "sklearn", "lightgbm", "pandas", "numpy"}
CPU_BUDGET = 0.250  # s of the whole process, interpreter start included

# resource is not among the modules under test, and the clock stops before anything is printed.
CHILD = """
import resource, sys
import causalmix_core
used = resource.getrusage(resource.RUSAGE_SELF)
import json
print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "modules": sorted(sys.modules)}))
"""


def import_in_a_fresh_process() -> dict:
    finished = subprocess.run(
        [sys.executable, "-c", CHILD], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(finished.stdout)


@pytest.fixture(scope="module")
def imports() -> list[dict]:
    return [import_in_a_fresh_process() for _ in range(3)]


def test_import_stays_within_its_cpu_budget(imports):
    assert min(found["cpu"] for found in imports) < CPU_BUDGET


def test_import_pulls_in_no_heavy_library(imports):
    assert "causalmix_core" in imports[0]["modules"]
    assert HEAVY & {name.split(".")[0] for name in imports[0]["modules"]} == set()
