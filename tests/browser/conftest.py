"""One server with an empty projects folder, and one browser that the machine has.

Without any browser the tests are skipped with the reason; where ``REQUIRE_BROWSER=1`` (as on the
build machine) they fail instead.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from typing import NoReturn

import pytest

from tools.chromium import launch
from tools.serve import ADDRESS, free_port, running_app

REQUIRED = os.environ.get("REQUIRE_BROWSER") == "1"
if REQUIRED:
    from playwright import sync_api
else:
    sync_api = pytest.importorskip(
        "playwright.sync_api", reason="NO BROWSER TESTS: playwright is not installed"
    )

WAIT = 60_000  # ms


def no_browser(reason: object) -> NoReturn:
    """Skip, or fail where a browser is required."""
    said = (
        f"NO BROWSER, so the app was NOT tested in one: {reason}. There is none on the machine and Playwright "
        "could not fetch its own; install chromium (apt-get install chromium)."
    )
    if REQUIRED:
        pytest.fail(said)
    pytest.skip(said)


@pytest.fixture(scope="session")
def browser() -> Iterator[sync_api.Browser]:
    """The machine's Chromium or Chrome, else the one that Playwright fetches."""
    with sync_api.sync_playwright() as playwright:
        try:
            started = launch(playwright)
        except (sync_api.Error, subprocess.TimeoutExpired) as reason:
            no_browser(str(reason).splitlines()[0])
        yield started
        started.close()


@pytest.fixture(scope="session")
def address(browser: sync_api.Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A ready server: it has run the app once, which is what ready means."""
    port = free_port()
    projects = tmp_path_factory.mktemp("projects")
    with running_app(port, environment={"CAUSALMIX_PROJECTS": str(projects)}):
        yield f"http://{ADDRESS}:{port}"


@pytest.fixture
def page(browser: sync_api.Browser) -> Iterator[sync_api.Page]:
    """A fresh tab without any history; errors of the page's own scripts fail the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    context.set_default_timeout(WAIT)
    tab = context.new_page()
    broken: list[str] = []
    tab.on("pageerror", lambda error: broken.append(str(error)))
    yield tab
    context.close()
    assert broken == []
