"""Links: deep, cold, shared, and unknown."""

from __future__ import annotations

import pytest

from pages._ui.navigation import PAGES
from tests.browser.app_page import go, idle, open_link

NAMES = [spec.title for spec in PAGES]
GROUPS = list(dict.fromkeys(spec.group for spec in PAGES))


def test_a_cold_deep_link_shows_the_declared_pages_and_no_dialog(page, address):
    open_link(page, address, "effects", "Effects")
    sidebar = page.get_by_test_id("stSidebarNav")
    assert [link.inner_text().split("\n")[-1] for link in sidebar.get_by_role("link").all()] == NAMES
    assert all(sidebar.get_by_text(group, exact=True).count() == 1 for group in GROUPS)
    assert page.get_by_role("dialog").count() == 0
    assert page.get_by_test_id("stException").count() == 0


@pytest.mark.parametrize("spec", PAGES, ids=lambda spec: spec.key)
def test_a_page_opens_without_an_error_and_keeps_the_project_in_its_link(page, address, spec):
    open_link(page, address, spec.url_path, spec.title)
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_test_id("stAlertContentError").count() == 0
    assert "project=" in page.url


def test_the_project_stays_in_the_link_on_every_page(page, address):
    open_link(page, address, "", "Overview")
    project = page.url.split("project=")[1]
    for name in NAMES[1:]:
        go(page, name)
        assert f"project={project}" in page.url


def test_what_is_picked_on_effects_is_in_the_link_and_comes_back(page, address):
    open_link(page, address, "effects?domain=math", "Effects")
    assert (
        page.get_by_role("combobox", name="Domain").input_value() == "math"
        or page.get_by_text("math").count()
    )
    assert page.get_by_text("Gain as the share of math changes, the rest pro rata").count() == 1
    page.reload()
    idle(page)
    page.get_by_text("Gain as the share of math changes, the rest pro rata").wait_for()


def test_nothing_is_asked_of_the_network_outside(page, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    open_link(page, address, "mixture", "Mixture lab")
    idle(page)
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
