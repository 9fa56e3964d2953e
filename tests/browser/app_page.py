"""What a person sees and does on the app's pages, in a browser's terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

QUIET_CHECKS = 8


def idle(page: Page) -> None:
    """Wait until the app has been at rest for a while: moves arrive late on a busy machine."""
    app = page.locator("[data-testid='stApp']")
    app.wait_for()
    rest = 0
    while rest < QUIET_CHECKS:
        page.wait_for_timeout(100)
        rest = rest + 1 if app.get_attribute("data-test-script-state") == "notRunning" else 0


def open_link(page: Page, address: str, link: str, title: str) -> None:
    """Go to a link cold and wait for its page."""
    page.goto(f"{address}/{link}")
    page.get_by_role("heading", name=title, exact=True).wait_for()
    idle(page)


def go(page: Page, name: str) -> None:
    """Follow a link of the sidebar's navigation."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", name=name, exact=True).first.wait_for()
    idle(page)


def metric(page: Page, label: str) -> str:
    """The value of the metric with this label."""
    found = page.get_by_test_id("stMetric").filter(has=page.get_by_text(label, exact=True))
    return found.get_by_test_id("stMetricValue").inner_text().strip()


def slider(page: Page, label: str) -> Locator:
    """The thumb of a slider."""
    return page.locator(f"input[type=range][aria-label='{label}']")


def press(page: Page, thumb: Locator, key: str, times: int) -> None:
    """Move a slider's thumb with the keyboard, one step a press."""
    thumb.focus()
    for _ in range(times):
        thumb.press(key)
        page.wait_for_timeout(30)
    idle(page)
