"""Charts of the next runs: what stands where."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from causalmix_core.figures.planning import (
    alt_designs,
    alt_shrinkage,
    designs_figure,
    learning_figure,
    shrinkage_figure,
)
from tests.figures.examples import BPB
from tests.figures.planned import curve, plan


@pytest.mark.parametrize(("shown", "first"), [("regret", 0.01), ("gain_se", 0.02)])
def test_planned_and_random_runs_start_together(shown, first):
    figure = shrinkage_figure(plan(), BPB, shown, mode="light")
    lines = {trace.name: list(trace.y) for trace in figure.data}
    assert lines["planned"] == pytest.approx([first, 0.7 * first, 0.5 * first])
    assert lines["random"][0] == lines["planned"][0]
    assert figure.layout.yaxis.range[0] == 0.0


def test_designs_are_wider_where_made_more_often():
    figure = designs_figure(plan(), mode="dark")
    designs, (anchor, recommended) = figure.data[:3], figure.data[3:]
    assert designs[0].line.width > designs[1].line.width == designs[2].line.width
    np.testing.assert_allclose(designs[0].y, [60, 20, 20], rtol=1e-6)
    assert (anchor.name, recommended.name) == ("anchor", "recommended now")


def test_every_mixture_of_the_designs_lies_within_the_picture():
    lopsided = replace(plan(), recommended=np.eye(len(plan().domains))[0])
    figure = designs_figure(lopsided, mode="light")
    assert max(max(trace.y) for trace in figure.data) <= figure.layout.yaxis.range[1]


def test_the_foretold_line_starts_at_the_present():
    figure = learning_figure(curve(), BPB, mode="light")
    parts, now, foretold = figure.data
    assert (now.x[0], now.y[0]) == (100, 0.02)
    assert (foretold.x[0], foretold.y[0]) == pytest.approx((100, 0.02))
    assert (foretold.x[-1], foretold.y[-1]) == pytest.approx((400, 0.01))
    assert list(parts.x) == [25, 100]


def test_descriptions_name_the_numbers():
    assert alt_shrinkage(plan(), BPB, "regret") == (
        "Expected regret of the decision (bits per byte), from 0.0100 without further runs to 0.0050 after 4 planned ones and "
        "0.0090 after as many random ones."
    )
    assert alt_designs(plan()) == (
        "Shares of 3 designs over 3 domains; they differ most in web, from 20.0 % to 80.0 %."
    )
