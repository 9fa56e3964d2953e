"""What all tests share: steady numerics, the real tables, and which tests stay together."""

from __future__ import annotations

import os

# Before anything imports NumPy: OpenMP's waiting threads make small fits crawl on a busy machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from causalmix_core.evidence import RunsTable

ROOT = Path(__file__).resolve().parent.parent

# The same examples in every run, and no deadline: a busy machine is no failure.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the published tables (RegMix, olmix), which are fetched and never shipped."""
    folder = Path(os.environ.get("CAUSALMIX_REAL_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real tables at {folder}: name their folder in CAUSALMIX_REAL_DATA")
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests on one worker, so that its fits are made once, and all browser tests on one."""
    browser = ROOT / "tests" / "browser"
    for item in items:
        group = "browser" if item.path.is_relative_to(browser) else str(item.path.relative_to(ROOT))
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def sample_table() -> RunsTable:
    """The shipped study, read once; tables cannot be changed."""
    from tests.shipped import study

    return study()
