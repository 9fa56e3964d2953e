"""Browser tests are never lost in silence: skipped with a reason, or failed where one is required."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.app.conftest import ROOT
from tools.chromium import NAMES, installed


def run_without_a_browser(tmp_path, **environment: str) -> subprocess.CompletedProcess[str]:
    """One browser test on a machine that has no browser at all."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "tests/browser/test_navigation.py", "-k", "cold", "-rs", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env=os.environ | {"PATH": "/nonexistent", "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )  # fmt: skip


def test_without_a_browser_the_tests_are_skipped_loudly(tmp_path):
    ran = run_without_a_browser(tmp_path, REQUIRE_BROWSER="")
    assert ran.returncode == 0
    assert "NO BROWSER, so the app was NOT tested in one" in ran.stdout


def test_where_a_browser_is_required_they_fail(tmp_path):
    ran = run_without_a_browser(tmp_path, REQUIRE_BROWSER="1")
    assert ran.returncode == 1
    assert "NO BROWSER, so the app was NOT tested in one" in ran.stdout


@pytest.mark.parametrize("name", NAMES)
def test_a_browser_on_the_path_is_found(tmp_path, monkeypatch, name):
    program = tmp_path / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert installed() == str(program)
    program.unlink()
    assert installed() is None
