"""Opening a page is cheap: nothing heavy before a fit, and charts only where there is one."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.app.conftest import ROOT

HELPERS = """
import importlib, json, pkgutil, sys
import pages._ui
for module in pkgutil.walk_packages(pages._ui.__path__, "pages._ui."):
    importlib.import_module(module.name)
print(json.dumps(sorted(sys.modules)))
"""
OVERVIEW = f"""
import json, sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file({str(ROOT / "app.py")!r}, default_timeout=90).run()
assert not app.exception and app.metric
print(json.dumps(sorted(sys.modules)))
"""
# Streamlit imports the plotly package itself, which is small; its figures are not.
FOREST = {"torch", "transformers", "econml", "shap", "lightgbm", "plotly.graph_objs._figure"}
LEARNERS = FOREST | {"sklearn", "scipy"}


def modules_after(script: str, projects: str) -> set[str]:
    """Modules of a fresh process that ran ``script``."""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"CAUSALMIX_PROJECTS": projects},
        capture_output=True,
        text=True,
        check=True,
        timeout=180,
    )
    return set(json.loads(ran.stdout.splitlines()[-1]))


def test_importing_every_helper_of_the_pages_pulls_in_nothing_heavy(tmp_path):
    found = modules_after(HELPERS, str(tmp_path))
    assert "pages._ui.mixture.lab" in found
    assert found & LEARNERS == set()


def test_the_overview_with_its_fit_needs_neither_figures_nor_forests(tmp_path):
    found = modules_after(OVERVIEW, str(tmp_path))
    assert "causalmix_core.effects.fit" in found
    assert found & FOREST == set()
