"""From a key press on the radius slider to new numbers and new charts, in Chromium."""

from __future__ import annotations

import statistics
import tempfile
from typing import TYPE_CHECKING

from benchmarks.printing import print_table

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOVES = 20
# Run in the page: milliseconds from a key press until the text that `read` gives has changed.
CHANGED = {
    "numbers": """old => [...document.querySelectorAll("[data-testid='stMetricValue']")]
        .map(m => m.innerText).join() !== old""",
    "charts": """old => [...document.querySelectorAll("[aria-label^='Shares from the anchor']")]
        .map(m => m.getAttribute("aria-label")).join() !== old""",
}
READ = {
    "numbers": """[...document.querySelectorAll("[data-testid='stMetricValue']")].map(m => m.innerText).join()""",
    "charts": """[...document.querySelectorAll("[aria-label^='Shares from the anchor']")]
        .map(m => m.getAttribute("aria-label")).join()""",
}


def run() -> None:
    """Print medians and worst of moves of the trust radius on the shipped study."""
    from playwright.sync_api import sync_playwright

    from tools.chromium import launch
    from tools.serve import ADDRESS, free_port, running_app

    port = free_port()
    with tempfile.TemporaryDirectory() as projects, sync_playwright() as playwright:
        browser = launch(playwright)
        with running_app(port, environment={"CAUSALMIX_PROJECTS": projects}):
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            page.goto(f"http://{ADDRESS}:{port}/mixture")
            page.get_by_text("Why this answer?").wait_for(timeout=60_000)
            page.wait_for_timeout(3000)
            times = {what: _moves(page, what) for what in CHANGED}
        browser.close()
    print(f"\n## Browser: milliseconds from a key press on the radius slider ({MOVES} moves each)")
    head = ["until new", "median", "90 %", "worst"]
    print_table(head, [[what, *_distribution(found)] for what, found in times.items()])


def _moves(page: Page, what: str) -> list[float]:
    """Milliseconds of each of ``MOVES`` moves below the radius at which nothing binds any more."""
    thumb = page.locator("input[type=range][aria-label='Trust radius']")
    thumb.focus()
    for _ in range(12):
        thumb.press("ArrowLeft")
        page.wait_for_timeout(100)
    page.wait_for_timeout(1500)
    times = []
    for move in range(MOVES):
        before = page.evaluate(READ[what])
        start = page.evaluate("performance.now()")
        thumb.press("ArrowRight" if move % 2 == 0 else "ArrowLeft")
        page.wait_for_function(CHANGED[what], arg=before, polling="raf")
        times.append(page.evaluate("performance.now()") - start)
        page.wait_for_timeout(700)
    return times


def _distribution(times: list[float]) -> list[object]:
    return [statistics.median(times), statistics.quantiles(times, n=10)[-1], max(times)]
