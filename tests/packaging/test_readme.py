"""The README tells the truth about how to start, the pages and the commands."""

from __future__ import annotations

import re

import pytest

from tests.architecture.sources import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
FIRST_SCREEN = "\n".join(README.splitlines()[:40])
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
COMMANDS = ("validate", "import", "fit", "effects", "predict", "decide", "export")


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_first_screen_says_how_to_run_and_test(command: str):
    assert command in FIRST_SCREEN


def test_first_screen_shows_the_app():
    assert "](docs/images/mixture-lab-light.png)" in FIRST_SCREEN


@pytest.mark.parametrize("target", TARGETS)
def test_every_make_target_is_described(target: str):
    assert f"`make {target}`" in README


def test_readme_names_no_target_that_is_missing():
    assert set(re.findall(r"make ([a-z][a-z-]*)", README)) <= set(TARGETS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_described(command: str):
    assert f"python -m causalmix_core {command} " in README


def test_every_page_is_described():
    pages = [re.sub(r"^\d+_", "", p.stem).replace("_", " ") for p in (ROOT / "pages").glob("[0-9]*.py")]
    assert [name for name in pages if f"**{name}**" not in README] == []


def test_links_to_files_lead_somewhere():
    targets = [t for t in re.findall(r"\]\(([^)#]+)", README) if "://" not in t]
    assert targets
    assert [t for t in targets if not (ROOT / t).exists()] == []


def test_licence_is_the_unmodified_apache_text():
    import hashlib

    digest = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
    assert digest == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
