"""Forest plot: order, what is filled, greyed and written."""

from __future__ import annotations

import numpy as np

from causalmix_core.figures.effects import alt_forest, forest_figure
from causalmix_core.figures.effects.forest import row_order
from causalmix_core.figures.theme import domain_colours, faded, theme
from tests.figures.examples import DOMAINS, effects_view


def test_rows_stand_in_domain_order_or_most_helpful_first():
    assert row_order(effects_view(), "domain").tolist() == [0, 1, 2]
    assert row_order(effects_view(), "effect").tolist() == [0, 2, 1]
    assert forest_figure(effects_view(), mode="light", order="effect").layout.yaxis.ticktext == (
        "code", "math", "web",
    )  # fmt: skip


def test_intervals_are_bars_from_lower_to_upper():
    bar = forest_figure(effects_view(), mode="light").data[0]
    assert np.allclose(bar.base, [0.002, -0.005, -0.001])
    assert np.allclose(bar.x, 0.004)


def test_what_includes_zero_is_open_and_greyed():
    dots = forest_figure(effects_view(), mode="light").data[1]
    own = domain_colours(DOMAINS, "light")
    page = theme("light").page
    assert list(dots.marker.color) == [own["code"], own["web"], page]
    assert list(dots.marker.line.color) == [page, page, faded(own["math"], "light")]


def test_values_and_intervals_are_written_beside_the_rows():
    texts = forest_figure(effects_view(), mode="light").data[2].text
    assert "<b>−0.00300</b>" in texts[1]
    assert "−0.00500…−0.00100" in texts[1]


def test_the_axis_is_symmetric_and_can_be_fixed():
    assert forest_figure(effects_view(), mode="light").layout.xaxis.range == (-0.008, 0.008)
    assert forest_figure(effects_view(), mode="light", limit=0.05).layout.xaxis.range == (-0.05, 0.05)
    assert "bits per byte" in forest_figure(effects_view(), mode="light").layout.xaxis.title.text


def test_colours_can_be_given():
    given = dict.fromkeys(DOMAINS, "#123456")
    assert forest_figure(effects_view(), mode="light", colours=given).data[1].marker.color[0] == "#123456"


def test_sentence():
    assert alt_forest(effects_view()) == (
        "Effect on bpb of one percentage point more of each of 3 domains, with 90 % intervals; "
        "likely helps: code; likely hurts: web; unclear: 1."
    )
