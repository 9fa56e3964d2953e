"""Colours: contrast, order by domain, grey beyond the eighth."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from causalmix_core.figures.theme import (
    Mode,
    colour_scale,
    contrast,
    domain_colours,
    faded,
    see_through,
    theme,
)

modes = pytest.mark.parametrize("mode", get_args(Mode))
# Streamlit's own page and sidebar colours: charts may lie on either.
GROUNDS: dict[Mode, tuple[str, str]] = {"light": ("#ffffff", "#f0f2f6"), "dark": ("#0e1117", "#262730")}


@modes
def test_text_has_contrast_on_every_ground(mode: Mode):
    colours = theme(mode)
    grounds = (*GROUNDS[mode], colours.grid)
    assert min(contrast(text, ground) for text in (colours.ink, colours.muted) for ground in grounds) >= 4.5


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#ffffff", "#ffffff") == 1.0


@modes
def test_domains_take_the_palette_in_their_order(mode: Mode):
    painted = domain_colours(("code", "web", "math"), mode)
    assert list(painted) == ["code", "web", "math"]
    assert tuple(painted.values()) == theme(mode).categorical[:3]


def test_the_palette_is_okabe_and_ito():
    assert theme("light").categorical[:3] == ("#0072b2", "#d55e00", "#009e73")
    assert theme("dark").categorical[:3] == ("#56b4e9", "#e69f00", "#009e73")


def test_beyond_eight_the_smallest_share_one_grey():
    names = tuple("abcdefghij")
    weights = np.array([1, 9, 8, 7, 6, 5, 4, 3, 2, 0.5])
    painted = domain_colours(names, "light", weights)
    assert {name for name, colour in painted.items() if colour == theme("light").neutral} == {"a", "j"}
    assert [painted[name] for name in "bcdefghi"] == list(theme("light").categorical)


def test_without_weights_the_first_eight_are_coloured():
    painted = domain_colours(tuple("abcdefghij"), "dark")
    assert [n for n, colour in painted.items() if colour == theme("dark").neutral] == ["i", "j"]


@modes
def test_the_signed_scale_fades_into_the_page_at_its_middle(mode: Mode):
    scale = colour_scale(theme(mode).diverging)
    assert scale[5][0] == 0.5
    assert contrast(scale[5][1], theme(mode).page) < 1.2
    assert min(contrast(scale[0][1], theme(mode).page), contrast(scale[-1][1], theme(mode).page)) > 7


def test_fading_goes_from_the_colour_to_the_grey():
    assert faded("#0072b2", "light", 0.0) == "#0072b2"
    assert faded("#0072b2", "light", 1.0) == theme("light").neutral


def test_see_through_keeps_the_colour():
    assert see_through("#0072b2", 0.25) == "rgba(0,114,178,0.25)"
