"""Dots and whiskers of a study: the best on top, whiskers that hold their dots, names that are no markup."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from causalmix_core.figures.study import alt_study, study_figure
from causalmix_core.figures.theme import theme
from tests.figures.findings import METHODS, found, one


def drawn(study=None, mode="light"):
    study = study or found()
    return study_figure(study, study.groups[0], mode=mode)


def test_the_best_stands_on_top_in_thousandths():
    figure = drawn()
    assert figure.layout.yaxis.ticktext == ("quality", "recommended", "recommended-0.4", "regmix", "equal")
    dots = next(trace for trace in figure.data if trace.name == "mean gain")
    assert list(dots.x) == pytest.approx([30, 20, 18, 2, -20])


def test_whiskers_are_the_intervals():
    bars = next(trace for trace in drawn().data if trace.name == "interval")
    assert list(bars.base) == pytest.approx([22, 12, 10, -6, -28])
    assert list(bars.x) == pytest.approx([16] * 5)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_headline_is_in_the_accent_colour_alone(mode):
    dots = next(trace for trace in drawn(mode=mode).data if trace.name == "mean gain")
    accent = theme(mode).accent
    assert [colour == accent for colour in dots.marker.color] == [False, False, True, False, False]


def test_shapes_tell_own_rivals_and_the_privileged_apart():
    dots = next(trace for trace in drawn().data if trace.name == "mean gain")
    assert dots.marker.symbol == ("diamond-open", "circle", "circle", "circle-open", "circle-open")


def test_one_pool_has_a_dot_and_no_whisker():
    lone = replace(one("equal", 0.01, pools=1), error=math.nan, low=math.nan, high=math.nan)
    bars = next(trace for trace in drawn(found((lone,))).data if trace.name == "interval")
    assert list(bars.x) == [0]


def test_names_from_tables_are_no_markup():
    evil = replace(METHODS[0], method="<b>%{x}</b>", words="<i>x</i>")
    text = drawn(found((evil,))).to_json()
    assert "<i>x" not in text
    assert "<b>%{x}" not in text


def test_the_sentence_names_first_and_last():
    study = found()
    said = alt_study(study, study.groups[0])
    assert "5 methods on 20 ordinary pools" in said
    assert said.endswith("quality +30.0 first, equal \N{MINUS SIGN}20.0 last.")
