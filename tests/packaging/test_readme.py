"""The README tells the truth about how to start, the pages and the commands."""

from __future__ import annotations

import hashlib
import re
import shlex

import pytest

from causalmix_core.cli.main import build_parser
from tests.architecture.sources import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
FIRST_SCREEN = "\n".join(README.splitlines()[:40])
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)
PROGRAM = "python -m causalmix_core "
EXAMPLES = [line.removeprefix(PROGRAM) for line in README.splitlines() if line.startswith(PROGRAM)]
PARSER = build_parser()
COMMANDS = [name for action in PARSER._actions for name in action.choices or ()]


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
def test_every_command_has_an_example(command: str):
    assert command in [example.split()[0] for example in EXAMPLES]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_understood(example: str):
    assert callable(PARSER.parse_args(shlex.split(example)).run)


def test_every_page_is_described():
    pages = [re.sub(r"^\d+_", "", p.stem).replace("_", " ") for p in (ROOT / "pages").glob("[0-9]*.py")]
    assert [name for name in pages if f"**{name}**" not in README] == []


def test_links_to_files_lead_somewhere():
    targets = [t for t in re.findall(r"\]\(([^)#]+)", README) if "://" not in t]
    assert targets
    assert [t for t in targets if not (ROOT / t).exists()] == []


def test_licence_is_the_unmodified_apache_text():
    digest = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
    assert digest == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
