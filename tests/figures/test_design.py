"""Charts of a design: what is drawn where, with which names."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.errors import ConfigError
from causalmix_core.figures.proxy import (
    alt_design_lines,
    alt_design_triangle,
    design_lines_figure,
    design_triangle_figure,
    design_view,
)
from tests.figures.examples import runs_table
from tests.figures.pictures import designed
from tests.proxy.design.pools import DOMAINS as HOSTILE_DOMAINS
from tests.proxy.design.test_storage import drafted


def test_planned_runs_stand_at_their_parts_and_those_made_behind_them():
    view = designed()
    made, random, chosen = design_triangle_figure(view, ("code", "web"), mode="light").data
    assert [trace.name for trace in (made, random, chosen)] == [
        "made (2)", "planned, random (2)", "planned, chosen (1)",
    ]  # fmt: skip
    assert random.a.tolist() == [50.0, 20.0]
    assert random.c.tolist() == [25.0, 30.0]
    assert random.text == ("r0000 on p000", "r0001 on p001")


def test_three_domains_divide_what_they_hold_together():
    view = dataclasses.replace(
        designed(),
        domains=("a", "b", "c", "d"),
        planned=np.array([[0.1, 0.1, 0.2, 0.6]] * 3),
        had=np.empty((0, 4)),
    )
    trace = design_triangle_figure(view, ("a", "b", "c"), mode="light").data[0]
    assert trace.a.tolist() == [25.0, 25.0]
    assert trace.customdata.tolist() == pytest.approx([40.0, 40.0])


@pytest.mark.parametrize("domains", [("code",), ("code", "code"), ("code", "art"), ()])
def test_other_corners_are_refused(domains):
    with pytest.raises(ConfigError, match="two or three different domains"):
        design_triangle_figure(designed(), domains, mode="light")


def test_each_run_is_one_line():
    made, random, _ = design_lines_figure(designed(), mode="dark").data
    assert np.isnan(random.y).sum() == 2
    assert random.y[:3].tolist() == [50.0, 25.0, 25.0]
    assert np.isnan(made.x).sum() == 2


def test_a_view_takes_repeats_out_and_the_tables_runs_in():
    design = drafted(runs=5, replicates=2).design
    view = design_view(design)
    assert (len(view.planned), view.repeats, view.had.shape) == (5, 2, (0, 3))
    assert view.planned.tolist() == design.shares()[:5].tolist()
    table = dataclasses.replace(runs_table(), domains=HOSTILE_DOMAINS[::-1])
    assert design_view(design, table).had.tolist() == table.shares[:, ::-1].tolist()
    assert len(design_view(design, runs_table()).had) == 0


def test_hostile_names_stay_text():
    view = design_view(drafted().design)
    for figure in (
        design_triangle_figure(view, HOSTILE_DOMAINS, mode="light"),
        design_lines_figure(view, mode="light"),
    ):
        assert "<b>%{x}" not in figure.to_json()


def test_sentences_say_how_many_and_where():
    view = designed()
    assert alt_design_lines(view) == (
        "3 planned runs (1 more repeat some of them) beside 2 already made, a line a run: "
        "code 20.0 % to 50.0 %, web 25.0 % to 50.0 %, math 25.0 % to 30.0 %."
    )
    assert alt_design_triangle(view, ("code", "web")).endswith("all other domains 25.0 % to 30.0 %.")
