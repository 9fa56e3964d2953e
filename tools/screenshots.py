"""Take a picture of every page, light and dark: ``python -m tools.screenshots OUT [PAGE ...]``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tools.chromium import launch
from tools.serve import ADDRESS, free_port, running_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTH, HEIGHT = 1440, 1000
# Page -> its link and what is on it once it is drawn.
PAGES = {
    "overview": ("", "Next step"),
    "runs": ("runs", "Coverage"),
    "proxy-lab": ("proxy-lab", "The default corpus"),
    "fit": ("fit", "Test on unseen pools"),
    "effects": ("effects", "All domains at this pool"),
    "mixture-lab": ("mixture", "Why this answer?"),
    "compare": ("compare", "Side by side"),
    "next-runs": ("next-runs", "What these runs are expected to bring"),
    "export": ("export", "Provenance"),
    "method": ("method", "What it cannot know"),
    "method-found": ("method?part=What+the+study+found", "Everything here is computed"),
    "method-report": ("method?part=The+study%27s+report", "report"),
    "method-words": ("method?part=The+words", "covariate"),
}
SETTLED = 1200  # ms for charts to finish after the page says it is idle
WAIT = 60_000  # ms


def settle(page: Page) -> None:
    """Wait until the app runs no script, has loaded what it draws with, and draws no chart."""
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']", timeout=WAIT)
    page.wait_for_timeout(SETTLED)
    page.wait_for_function("!document.querySelector(\"[data-testid='stSkeleton']\")", timeout=WAIT)
    page.wait_for_timeout(SETTLED)


def take(browser: Browser, address: str, name: str, mode: str, out: Path, *, whole: bool) -> Path:
    """One picture; ``whole`` is the page from top to bottom instead of the first screen."""
    link, marker = PAGES[name]
    page = browser.new_page(
        viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="dark" if mode == "dark" else "light"
    )
    page.goto(f"{address}/{link}")
    page.get_by_text(marker, exact=False).first.wait_for(timeout=WAIT)
    settle(page)
    if whole:
        scroller = page.locator("[data-testid='stMain']")
        tall = int(scroller.evaluate("element => element.scrollHeight"))
        page.set_viewport_size({"width": WIDTH, "height": max(HEIGHT, tall)})
        page.wait_for_timeout(SETTLED)
    path = out / f"{name}-{mode}.png"
    page.screenshot(path=path)
    page.close()
    return path


def main(arguments: list[str] | None = None) -> int:
    """Start the app with the shipped study and photograph its pages."""
    parser = argparse.ArgumentParser(prog="python -m tools.screenshots", description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the pictures")
    parser.add_argument("pages", nargs="*", choices=[[], *PAGES], help="default: all")
    parser.add_argument("--whole", action="store_true", help="from top to bottom instead of the first screen")
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    port = free_port()
    with (
        tempfile.TemporaryDirectory() as projects,
        running_app(port, environment={"CAUSALMIX_PROJECTS": projects}),
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for name in given.pages or PAGES:
            for mode in ("light", "dark"):
                print(take(browser, f"http://{ADDRESS}:{port}", name, mode, given.out, whole=given.whole))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
