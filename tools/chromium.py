"""The browser for tests and screenshots: one that the machine has, else Playwright's own."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # 3-D charts need WebGL; without a graphics card Chromium draws it in software only when told so.
    "--enable-unsafe-swiftshader",
)


def installed() -> str | None:
    """Path of a Chromium or Chrome on the machine, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def launch(playwright: Playwright) -> Browser:
    """Start the machine's browser, or Playwright's own where there is none.

    Raises
    ------
    playwright.sync_api.Error : neither can be started.
    """
    return playwright.chromium.launch(executable_path=installed(), args=list(FLAGS))
