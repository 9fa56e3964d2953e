"""The browser for tests and screenshots: one that the machine has, else Playwright's own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

FETCH_SECONDS = 600
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


def fetch() -> None:
    """Let Playwright fetch its own Chromium; what comes of it shows when it is started."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, check=False, timeout=FETCH_SECONDS, stdin=subprocess.DEVNULL)


def launch(playwright: Playwright) -> Browser:
    """Start the machine's browser, or Playwright's own, fetched at need, where there is none.

    Raises
    ------
    playwright.sync_api.Error : neither can be started.
    """
    path = installed()
    if path is None and not Path(playwright.chromium.executable_path).exists():
        fetch()
    return playwright.chromium.launch(executable_path=path, args=list(FLAGS))
