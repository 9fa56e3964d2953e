"""From a key press on the radius slider to new numbers and new charts, in Chromium."""

from __future__ import annotations

import statistics
import tempfile
from typing import TYPE_CHECKING

from benchmarks.printing import print_table

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOVES = 20
SETTLING = 1200  # milliseconds between two moves, for the charts to be drawn to the end
READ = {
    "numbers": """() => [...document.querySelectorAll("[data-testid='stMetricValue']")].map(m => m.innerText).join()""",
    "charts": """() => [...document.querySelectorAll("[aria-label^='Shares from the anchor']")]
        .map(m => m.getAttribute("aria-label")).join()""",
}
# Run in the page: from the browser's own time of a key press to the frame after the text that `read` gives has
# changed. Time is taken inside the page, so that what the driver needs to press and to look is no part of it.
WATCH = """([name, read]) => {
    read = eval(read);
    const watch = window.watched ??= {};
    const mine = watch[name] = {text: read(), pressed: null, times: []};
    document.addEventListener("keydown", event => { mine.pressed = event.timeStamp; }, true);
    new MutationObserver(() => {
        const text = read();
        if (text === mine.text) return;
        mine.text = text;
        if (mine.pressed === null) return;
        const pressed = mine.pressed;
        mine.pressed = null;
        requestAnimationFrame(() => setTimeout(() => mine.times.push(performance.now() - pressed)));
    }).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
}"""


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
            times = _moves(page)
        browser.close()
    print(f"\n## Browser: milliseconds from a key press on the radius slider ({MOVES} moves)")
    head = ["until new", "median", "90 %", "worst"]
    print_table(head, [[what, *_distribution(found)] for what, found in times.items()])


def _moves(page: Page) -> dict[str, list[float]]:
    """Milliseconds of each of ``MOVES`` moves below the radius at which nothing binds any more."""
    thumb = page.locator("input[type=range][aria-label='Trust radius']")
    thumb.focus()
    for _ in range(12):
        thumb.press("ArrowLeft")
        page.wait_for_timeout(100)
    page.wait_for_timeout(SETTLING)
    for name, read in READ.items():
        page.evaluate(WATCH, [name, read])
    for move in range(MOVES):
        thumb.press("ArrowRight" if move % 2 == 0 else "ArrowLeft")
        page.wait_for_timeout(SETTLING)
    times = {name: page.evaluate("name => window.watched[name].times", name) for name in READ}
    for name, found in times.items():
        if len(found) != MOVES:
            raise RuntimeError(f"{len(found)} of {MOVES} moves changed the {name}.")
    return times


def _distribution(times: list[float]) -> list[object]:
    return [statistics.median(times), statistics.quantiles(times, n=10)[-1], max(times)]
