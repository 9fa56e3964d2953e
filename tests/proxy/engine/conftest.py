"""No supervisor outlives its test."""

from __future__ import annotations

import pytest

from tests.proxy.engine.studies import SUPERVISORS


@pytest.fixture(autouse=True)
def no_supervisor_is_left():
    """Kill what a failed test left."""
    yield
    while SUPERVISORS:
        started = SUPERVISORS.pop()
        started.kill()
        started.wait()
