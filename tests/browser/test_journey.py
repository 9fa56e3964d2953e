"""The whole path in a browser: look, move the radius, shift the pool, and take the file away."""

from __future__ import annotations

import json

import pytest

from causalmix_core.delivery import numbers
from causalmix_core.delivery.reading import read_document
from tests.browser.app_page import go, idle, metric, open_link, press, slider
from tests.shipped import study


def proposed(page) -> dict[str, str]:
    """Domain -> proposed share in percent, as written beside each row of the chart."""
    chart = page.locator("[aria-label^='Shares from the anchor']").first
    names = chart.locator(".ytick text").all_text_contents()
    values = chart.locator(".textpoint text").all_text_contents()
    shares = [value.split("→")[1].split("%")[0].strip() for value in values]
    return dict(zip(names, shares, strict=True))


def test_from_the_study_to_the_file(page, address, tmp_path):
    open_link(page, address, "", "Overview")
    assert metric(page, "Proxy runs") == str(study().n_runs)
    go(page, "Effects")
    page.get_by_text("All domains at this pool", exact=True).wait_for()

    go(page, "Mixture lab")
    first_gain, first_shares = metric(page, "Estimated gain"), proposed(page)
    press(page, slider(page, "Trust radius"), "ArrowLeft", 12)
    assert metric(page, "Data moved") == "3.0 %"
    near_gain, near_shares = metric(page, "Estimated gain"), proposed(page)
    assert near_shares != first_shares
    assert near_gain != first_gain

    press(page, slider(page, "Shift of duplicate rate"), "ArrowRight", 15)
    page.get_by_text("Unshift").wait_for()
    shifted_gain, shifted_shares = metric(page, "Estimated gain"), proposed(page)
    assert shifted_shares != near_shares

    go(page, "Export")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="mixture.json").click()
    waiting.value.save_as(tmp_path / "mixture.json")
    document = read_document((tmp_path / "mixture.json").read_bytes())
    assert document["policy"]["trust_region"]["radius"] == pytest.approx(0.03)
    decimals = numbers.decimals_for(document["estimate"]["gain"], *document["estimate"]["interval"])
    assert numbers.signed(document["estimate"]["gain"], decimals) == shifted_gain
    shares = numbers.percentages(list(document["mixture"].values()))
    assert dict(zip(document["mixture"], shares, strict=True)) == shifted_shares
    assert sum(map(float, shifted_shares.values())) == pytest.approx(100.0)

    go(page, "Overview")
    page.get_by_text("exported: mixture.json").wait_for()
    idle(page)


def test_a_table_is_uploaded_fitted_and_removed_again(page, address):
    from tests.app.tables import runs_csv

    open_link(page, address, "runs", "Runs")
    opened = page.url
    table = {"name": "mine.csv", "mimeType": "text/csv", "buffer": runs_csv()}
    page.locator("input[type=file]").first.set_input_files(table)
    page.get_by_role("button", name="Open as project").click()
    page.get_by_role("heading", name="mine").wait_for()
    idle(page)
    assert page.url != opened

    go(page, "Fit")
    page.get_by_role("button", name="Fit", exact=True).click()
    page.get_by_text("Fitted in").wait_for()
    page.reload()
    page.get_by_text("The fit below was made with these settings.").wait_for()

    go(page, "Overview")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").wait_for(state="detached")
    page.get_by_text(study().name).first.wait_for()
    idle(page)
    assert page.get_by_role("button", name="Remove").count() == 0


def test_the_shares_of_the_file_are_json_numbers_that_add_to_one(page, address, tmp_path):
    open_link(page, address, "export", "Export")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="mixture.json").click()
    waiting.value.save_as(tmp_path / "mixture.json")
    document = json.loads((tmp_path / "mixture.json").read_text())
    assert sum(document["mixture"].values()) == pytest.approx(1.0, abs=1e-12)
