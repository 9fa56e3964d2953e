"""Tree of rules, drivers over pools, waterfall of one pool: what is drawn is what the view says."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.evidence.table import Covariate
from causalmix_core.figures.effects import (
    alt_drivers,
    alt_pool_drivers,
    alt_tree,
    drivers_figure,
    pool_drivers_figure,
    tree_figure,
)
from causalmix_core.figures.effects.drivers import swarm
from causalmix_core.figures.effects.pool_drivers import AVERAGE, HERE, OPEN, waterfall_steps
from causalmix_core.figures.effects.tree import places, signed_colour
from causalmix_core.figures.theme import contrast, theme
from tests.figures.examples import DOMAINS, drivers, effect_tree

POOL = np.array([0.1, -5.0])


def boxes(figure) -> list:
    return [note for note in figure.layout.annotations if "pools" in note.text]


def test_leaves_stand_in_even_rows_and_parents_between_their_children():
    assert places(effect_tree()) == {2: (2, 0), 3: (2, 1), 4: (1, 2), 1: (1, 0.5), 0: (0, 1.25)}


def test_boxes_name_covariate_effect_and_pools():
    found = boxes(tree_figure(effect_tree(), mode="light"))
    assert [box.text for box in found] == [
        "<b>duplicate rate</b><br><b>of code</b><br>0.00000<br>40 pools",
        "<b>loss</b><br><b>of code</b><br>+0.00200<br>30 pools",
        "+0.00300<br>20 pools",
        "0.00000<br>10 pools",
        "−0.00600<br>10 pools",
    ]
    assert found[2].hovertext.startswith("<b>duplicate rate of code ≤ 0.3<br>and loss of code ≤ −5.5</b>")


def test_answers_stand_on_the_edges():
    answers = [
        n.text for n in tree_figure(effect_tree(), mode="light").layout.annotations if "pools" not in n.text
    ]
    assert answers == ["≤ 0.3", "&gt; 0.3", "≤ −5.5", "&gt; −5.5"]


def test_the_path_of_the_pool_is_strong_and_its_group_framed():
    figure = tree_figure(effect_tree(), mode="light", pool=POOL)
    strong = next(trace for trace in figure.data if trace.name == "this pool's path")
    assert np.asarray(strong.x)[np.isfinite(strong.x)].tolist() == [0, 1, 1, 2]
    assert np.asarray(strong.y)[np.isfinite(strong.y)].tolist() == [1.25, 0.5, 0.5, 1]
    assert [box.borderwidth for box in boxes(figure)] == [1, 1, 1, 3, 1]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_boxes_are_coloured_by_sign_and_can_be_read(mode):
    low, high = signed_colour(-1.0, 1.0, mode), signed_colour(5.0, 1.0, mode)
    assert (low, high) == (theme(mode).diverging[0], theme(mode).diverging[-1])
    for domains in (("code",), DOMAINS):
        for box in boxes(tree_figure(effect_tree(domains), mode=mode)):
            assert contrast(box.font.color, box.bgcolor) >= 4.5


def test_with_all_domains_a_group_names_its_best_and_its_worst():
    last = boxes(tree_figure(effect_tree(DOMAINS), mode="light"))[-1]
    assert last.text == "10 pools<br>▲ math +0.00300<br>▼ code −0.00600"


def test_dots_of_one_value_do_not_hide_each_other():
    offsets = swarm(np.zeros(21), (-1.0, 1.0))
    assert len(set(offsets)) == 21
    assert np.abs(offsets).max() <= 0.38
    assert swarm(np.array([-1.0, 0.0, 1.0]), (-1.0, 1.0)).tolist() == [0, 0, 0]


def test_rows_run_from_the_most_important_covariate_down():
    figure = drivers_figure(drivers(), mode="light")
    assert figure.layout.yaxis.ticktext == ("duplicate rate of code", "loss of code")
    assert figure.layout.xaxis.range[0] < -0.5 < 0.5 < figure.layout.xaxis.range[1]
    first = figure.data[0]
    assert np.asarray(first.x) == pytest.approx(drivers().values[:, 0])
    assert np.asarray(first.marker.color)[[0, -1]].tolist() == [0, 1]
    here = next(trace for trace in figure.data if trace.name == "this pool")
    assert np.asarray(here.x) == pytest.approx([0.48, 0.01])


def test_the_waterfall_ends_at_what_the_fit_says():
    steps = waterfall_steps(drivers())
    assert steps.names == (AVERAGE, "duplicate rate of code = 0.02", "loss of code = −5.2", OPEN, HERE)
    assert steps.sizes == pytest.approx([0.1, 0.48, 0.01, -0.04, 0.55])
    assert steps.ends[-2] == pytest.approx(steps.ends[-1])


def test_small_covariates_share_one_step():
    view = drivers()
    many = dataclasses.replace(
        view,
        covariates=view.covariates * 6,
        here=dataclasses.replace(
            view.here, state=np.arange(12.0), values=np.arange(12.0), predicted=66.1, actual=66.1
        ),
    )
    steps = waterfall_steps(many)
    assert len(steps.names) == 12
    assert steps.names[9] == "4 other covariates"
    assert steps.sizes[9] == pytest.approx(0 + 1 + 2 + 3)
    colours = pool_drivers_figure(many, mode="light").data[-2].marker.color
    assert len(colours) == 12


def test_sentences():
    assert alt_tree(effect_tree()) == (
        "Tree of rules for the effect of code per percentage point in bits per byte; duplicate rate of code ≤ 0.3 "
        "and loss of code ≤ −5.5 (20 pools): +0.0030; duplicate rate of code ≤ 0.3 and loss of code > −5.5 "
        "(10 pools): 0.0000; duplicate rate of code > 0.3 (10 pools): −0.0060."
    )
    assert alt_drivers(drivers()) == (
        "How 2 covariates move the effect of code over 11 pools; mean size in bits per byte per percentage point, "
        "the largest first: duplicate rate of code 0.27, loss of code 0.01; R2 0.80 on pools left out."
    )
    assert alt_pool_drivers(drivers()) == (
        "From +0.10 on average to +0.55 at this pool, effect of code in bits per byte per percentage point; the "
        "largest steps: duplicate rate of code = 0.02: +0.48, loss of code = −5.2: +0.01; not held by the simple "
        "model: −0.04."
    )


def test_names_from_the_file_cannot_become_markup():
    evil = "<a href='x'>%{x}</a>"
    named = Covariate("x_evil", evil, evil)

    def tree(*domains: str):
        made = effect_tree(domains)
        nodes = tuple(dataclasses.replace(n, covariate=named) if n.covariate else n for n in made.nodes)
        return dataclasses.replace(made, nodes=nodes)

    view = dataclasses.replace(drivers(), domain=evil, covariates=(named, named), unit=evil)
    figures = (
        tree_figure(tree(evil), mode="light"),
        tree_figure(tree(evil, "web"), mode="light"),
        drivers_figure(view, mode="light"),
        pool_drivers_figure(view, mode="light"),
    )
    for figure in figures:
        text = figure.to_json()
        assert "<a " not in text
        assert "%{x}<" not in text
        assert "&lt;a" in text
