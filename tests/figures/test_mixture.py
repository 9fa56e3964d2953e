"""Dumbbell and contributions."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.figures.mixture import (
    alt_contributions,
    alt_dumbbell,
    contributions_figure,
    dumbbell_figure,
)
from causalmix_core.figures.mixture.contributions import steps
from causalmix_core.figures.mixture.dumbbell import bound_words, share_texts
from tests.figures.examples import ANCHOR, CONTRIBUTIONS, DOMAINS, LOWER, SHARES, UPPER


def named(figure, name: str):
    return next(trace for trace in figure.data if trace.name == name)


def dumbbell(shares=SHARES, **more):
    return dumbbell_figure(DOMAINS, ANCHOR, shares, LOWER, UPPER, mode="light", **more)


def test_labels_say_from_where_to_where_and_add_up():
    assert share_texts(ANCHOR, SHARES) == ["20.0 → 26.4 %", "50.0 → 43.6 %", "30.0 → 30.0 %"]
    thirds = share_texts(np.full(3, 1 / 3), np.full(3, 1 / 3))
    assert sum(float(text.split(" ")[2]) for text in thirds) == pytest.approx(100.0)


def test_what_holds_a_share_is_said():
    assert bound_words(SHARES, LOWER, UPPER) == ["", "at its floor", "locked"]
    assert bound_words(np.array([0.4]), np.array([0.0]), np.array([0.4])) == ["at its cap"]
    assert bound_words(np.array([0.0, 1.0]), np.zeros(2), np.ones(2)) == ["", ""]


def test_a_cap_by_supply_is_told_from_one_by_choice():
    supplied = np.array([True, False, True])
    upper = np.array([0.264, 0.436, 0.0])
    shares = np.array([0.264, 0.436, 0.0])
    assert bound_words(shares, np.zeros(3), upper, supplied) == [
        "at its supply",
        "at its cap",
        "not in the pool",
    ]
    figure = dumbbell_figure(
        DOMAINS,
        ANCHOR,
        SHARES,
        np.zeros(3),
        np.array([0.3, 0.6, 1.0]),
        mode="light",
        supplied=np.array([True, False, False]),
    )
    assert named(figure, "supply").x[1] == pytest.approx(30.0)
    assert named(figure, "floor, cap").x[1] == pytest.approx(60.0)
    assert [t.name for t in dumbbell().data if t.name == "supply"] == []


def test_the_anchor_is_open_and_the_proposal_points_the_way():
    figure = dumbbell()
    anchor, proposed = named(figure, "anchor"), named(figure, "proposed")
    assert np.allclose(anchor.x, 100 * ANCHOR)
    assert np.allclose(proposed.x, 100 * SHARES)
    assert proposed.marker.symbol == ("triangle-right", "triangle-left", "circle")
    assert set(np.atleast_1d(anchor.marker.color)) == {"#ffffff"}
    assert named(figure, "move").base.tolist() == pytest.approx([20.0, 43.6, 30.0])


def test_brackets_stand_at_floors_and_caps_alone():
    xs, ys = named(dumbbell(), "floor, cap").x, named(dumbbell(), "floor, cap").y
    corners = np.column_stack([xs, ys]).reshape(-1, 5, 2)[:, 1]
    assert [(round(x, 6), round(y + 0.3)) for x, y in corners] == [
        (10, 0),
        (40, 0),
        (43.6, 1),
        (30, 2),
        (30, 2),
    ]
    free = dumbbell_figure(DOMAINS, ANCHOR, SHARES, np.zeros(3), np.ones(3), mode="light")
    assert len(named(free, "floor, cap").x) == 0
    assert named(free, "floor, cap").showlegend is False


def test_a_given_limit_holds_the_axis_still():
    here, there = dumbbell(limit=0.7), dumbbell(shares=np.array([0.05, 0.65, 0.3]), limit=0.7)
    assert here.layout.xaxis.range == there.layout.xaxis.range == pytest.approx((-1.4, 71.4))


def test_the_waterfall_ends_at_the_gain():
    starts, ends = steps(CONTRIBUTIONS)
    assert starts.tolist() == pytest.approx([0.0, 0.03, 0.02, 0.0])
    assert ends.tolist() == pytest.approx([0.03, 0.02, 0.02, 0.02])


def test_losses_are_striped_and_the_gain_comes_last():
    figure = contributions_figure(DOMAINS, CONTRIBUTIONS, mode="light", unit="points")
    bar = named(figure, "contribution")
    assert bar.marker.pattern.shape == ("", "/", "", "")
    assert figure.layout.yaxis.ticktext[-1] == "gain"
    assert [text.replace("&nbsp;", "") for text in named(figure, "labels").text] == [
        "+0.0300", "−0.0100", "0.0000", "<b>+0.0200</b>",
    ]  # fmt: skip


def test_no_contribution_at_all_is_drawn():
    assert contributions_figure(DOMAINS, np.zeros(3), mode="dark").layout.xaxis.range[0] == -1.0


def test_sentences():
    assert alt_dumbbell(DOMAINS, ANCHOR, SHARES) == (
        "Shares from the anchor to the proposed mixture: code 20.0 to 26.4 %; web 50.0 to 43.6 %; "
        "math 30.0 to 30.0 %."
    )
    assert alt_contributions(DOMAINS, CONTRIBUTIONS, "points") == (
        "The gain of +0.020 points by domain, the largest parts first: code +0.030, web −0.010, math 0.000."
    )
