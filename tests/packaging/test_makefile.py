"""The Makefile's own behaviour, without installing anything."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from tests.architecture.sources import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_make_alone_lists_the_targets():
    listed = make()
    assert listed.returncode == 0
    named = [line.split()[1] for line in listed.stdout.splitlines()]
    assert named == ["help", "setup", "setup-dev", "run", "test", "smoke", "check", "bench", "clean"]


def test_an_old_python_is_refused_in_one_sentence(tmp_path):
    old = tmp_path / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")  # what Python < 3.11 answers to the version question
    old.chmod(0o755)
    refused = make("setup", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}")
    assert refused.returncode != 0
    assert refused.stderr.splitlines()[0] == (
        f"CausalMix needs Python 3.11 or newer, which {old} is not: name one with PYTHON=python3.12."
    )
    assert not (tmp_path / "venv").exists()


def test_unchanged_pins_need_no_pip(tmp_path):
    planned = make("-n", "setup", f"VENV={tmp_path}").stdout
    assert "pip install" in planned
    (stamp,) = {word for word in planned.split() if f"{tmp_path}/.app-" in word and "*" not in word}
    (tmp_path / stamp.rsplit("/", 1)[1]).touch()
    assert "pip install" not in make("-n", "setup", f"VENV={tmp_path}").stdout


def test_torch_is_installed_before_what_depends_on_it(tmp_path):
    planned = make("-n", "setup", f"VENV={tmp_path}").stdout
    assert planned.index("'^torch=='") < planned.index("-r requirements.txt")
