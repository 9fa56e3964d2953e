"""What all charts have in common: theme, fixed ranges, size, safe names, a sentence."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, get_args

import numpy as np
import pytest

from causalmix_core.figures import comparison, effects, fit, mixture, planning, proxy, runs, study, transfer
from causalmix_core.figures.theme import TRANSPARENT, Mode, theme
from tests.delivery.comparisons import within_noise
from tests.figures import examples, findings, pictures, planned

if TYPE_CHECKING:
    from collections.abc import Callable

    import plotly.graph_objects as go

TABLE = examples.runs_table()

FOUND = within_noise()

FIGURES: dict[str, Callable[[Mode], go.Figure]] = {
    "forest": lambda mode: effects.forest_figure(examples.effects_view(), mode=mode),
    "map": lambda mode: effects.cate_map_figure(examples.cate_map(), mode=mode),
    "surface": lambda mode: effects.cate_surface_figure(examples.cate_map(), mode=mode),
    "slice": lambda mode: effects.slice_figure(examples.effect_slice(), mode=mode),
    "response": lambda mode: effects.response_curve_figure(examples.response_curve(), mode=mode),
    "tree": lambda mode: effects.tree_figure(examples.effect_tree(), mode=mode, pool=np.array([0.1, -5.0])),
    "tree of all": lambda mode: effects.tree_figure(examples.effect_tree(examples.DOMAINS), mode=mode),
    "drivers": lambda mode: effects.drivers_figure(examples.drivers(), mode=mode),
    "pool drivers": lambda mode: effects.pool_drivers_figure(examples.drivers(), mode=mode),
    "dumbbell": lambda mode: mixture.dumbbell_figure(
        examples.DOMAINS, examples.ANCHOR, examples.SHARES, examples.LOWER, examples.UPPER, mode=mode
    ),
    "frontier": lambda mode: mixture.frontier_figure(examples.frontier(), 0.1, 0.3, mode=mode),
    "contributions": lambda mode: mixture.contributions_figure(
        examples.DOMAINS, examples.CONTRIBUTIONS, mode=mode
    ),
    "trajectory": lambda mode: mixture.trajectory_figure(pictures.path(), pictures.moved(), mode=mode),
    "pareto": lambda mode: mixture.pareto_figure(
        pictures.traded(), pictures.OUTCOMES, examples.ANCHOR, mode=mode
    ),
    "ternary": lambda mode: mixture.ternary_figure(pictures.divided(), mode=mode),
    "outcome": lambda mode: runs.outcome_figure(runs.outcome_view(TABLE, "bpb"), mode=mode),
    "coverage": lambda mode: runs.coverage_figure(
        runs.coverage_view(TABLE, ("code", "web"), "bpb"), mode=mode
    ),
    "ranges": lambda mode: runs.ranges_figure(runs.ranges_view(TABLE), mode=mode),
    "confounding": lambda mode: runs.confounding_figure(runs.confounding_view(TABLE), mode=mode),
    "predicted": lambda mode: fit.predicted_figure(examples.cross_validation(), examples.BPB, mode=mode),
    "transfer": lambda mode: transfer.transfer_figure(examples.transfer(), mode=mode),
    "unseen": lambda mode: effects.unseen_figure(examples.left_out(), mode=mode, new=examples.unseen()),
    "comparison": lambda mode: comparison.comparison_figure(FOUND, mode=mode),
    "shrinkage": lambda mode: planning.shrinkage_figure(planned.plan(), examples.BPB, "regret", mode=mode),
    "designs": lambda mode: planning.designs_figure(planned.plan(), mode=mode),
    "learning": lambda mode: planning.learning_figure(planned.curve(), examples.BPB, mode=mode),
    "residual": lambda mode: fit.residual_figure(examples.cross_validation(), examples.BPB, mode=mode),
    "design triangle": lambda mode: proxy.design_triangle_figure(
        pictures.designed(), ("code", "web"), mode=mode
    ),
    "design lines": lambda mode: proxy.design_lines_figure(pictures.designed(), mode=mode),
    "losses": lambda mode: proxy.losses_figure(pictures.losses(), mode=mode),
    "study": lambda mode: study.study_figure(findings.found(), findings.found().groups[0], mode=mode),
}

SENTENCES = {
    "forest": effects.alt_forest(examples.effects_view()),
    "map": effects.alt_cate_map(examples.cate_map()),
    "surface": effects.alt_cate_surface(examples.cate_map()),
    "slice": effects.alt_slice(examples.effect_slice()),
    "response": effects.alt_response_curve(examples.response_curve()),
    "tree": effects.alt_tree(examples.effect_tree()),
    "tree of all": effects.alt_tree(examples.effect_tree(examples.DOMAINS)),
    "drivers": effects.alt_drivers(examples.drivers()),
    "pool drivers": effects.alt_pool_drivers(examples.drivers()),
    "dumbbell": mixture.alt_dumbbell(examples.DOMAINS, examples.ANCHOR, examples.SHARES),
    "frontier": mixture.alt_frontier(examples.frontier(), 0.1, "points"),
    "contributions": mixture.alt_contributions(examples.DOMAINS, examples.CONTRIBUTIONS, "points"),
    "trajectory": mixture.alt_trajectory(pictures.path(), pictures.moved()),
    "pareto": mixture.alt_pareto(pictures.traded(), pictures.OUTCOMES),
    "ternary": mixture.alt_ternary(pictures.divided(), "points"),
    "outcome": runs.alt_outcome(runs.outcome_view(TABLE, "bpb")),
    "coverage": runs.alt_coverage(runs.coverage_view(TABLE, ("code", "web"), "bpb")),
    "ranges": runs.alt_ranges(runs.ranges_view(TABLE)),
    "confounding": runs.alt_confounding(runs.confounding_view(TABLE)),
    "predicted": fit.alt_predicted(examples.cross_validation(), examples.BPB),
    "transfer": transfer.alt_transfer(examples.transfer()),
    "unseen": effects.alt_unseen(examples.left_out(), examples.unseen()),
    "comparison": comparison.alt_comparison(FOUND),
    "shrinkage": planning.alt_shrinkage(planned.plan(), examples.BPB, "regret"),
    "designs": planning.alt_designs(planned.plan()),
    "learning": planning.alt_learning(planned.curve()),
    "residual": fit.alt_residual(examples.cross_validation(), examples.BPB),
    "design triangle": proxy.alt_design_triangle(pictures.designed(), ("code", "web")),
    "design lines": proxy.alt_design_lines(pictures.designed()),
    "losses": proxy.alt_losses(pictures.losses()),
    "study": study.alt_study(findings.found(), findings.found().groups[0]),
}

modes = pytest.mark.parametrize("mode", get_args(Mode))
figures = pytest.mark.parametrize("name", FIGURES)


@figures
@modes
def test_background_is_transparent_and_there_is_no_title(name: str, mode: Mode):
    layout = FIGURES[name](mode).layout
    assert (layout.paper_bgcolor, layout.plot_bgcolor) == (TRANSPARENT, TRANSPARENT)
    assert layout.title.text is None
    assert layout.font.color == theme(mode).ink


@figures
def test_the_same_view_gives_the_same_bytes(name: str):
    assert FIGURES[name]("light").to_json() == FIGURES[name]("light").to_json()


@figures
def test_the_modes_differ_in_colour_alone(name: str):
    def stripped(mode: Mode) -> str:
        return re.sub(r"#[0-9a-f]{6}|rgba\([^)]*\)", "colour", FIGURES[name](mode).to_json())

    assert FIGURES[name]("light").to_json() != FIGURES[name]("dark").to_json()
    assert stripped("light") == stripped("dark")


@pytest.mark.parametrize("name", sorted(set(FIGURES) - {"surface", "coverage", "design triangle"}))
def test_axes_are_fixed(name: str):
    layout = FIGURES[name]("light").layout
    for axis in (layout.xaxis, layout.yaxis):
        assert axis.autorange is False
        assert axis.fixedrange is True
        assert len(axis.range) == 2
        assert axis.range[0] != axis.range[1]


@figures
def test_no_trace_leaves_its_colour_to_plotly(name: str):
    for trace in FIGURES[name]("light").data:
        if trace.mode == "text" if "mode" in trace else False:
            assert trace.textfont.color
        elif trace.type in ("heatmap", "contour", "surface"):
            assert trace.colorscale or trace.fillcolor
        elif trace.type == "bar" or "markers" in trace.mode:
            assert trace.marker.color is not None
        else:
            assert trace.line.color is not None


@figures
def test_the_template_of_plotly_is_kept_out(name: str):
    template = json.loads(FIGURES[name]("light").to_json())["layout"]["template"]
    assert "layout" not in template


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES)
def test_alternative_text_is_one_line_without_markup(sentence: str):
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "<" not in sentence


def test_every_figure_has_its_sentence():
    assert set(SENTENCES) == set(FIGURES)


def test_a_map_of_41_by_41_with_many_runs_stays_under_60_kib():
    figure = effects.cate_map_figure(examples.cate_map(size=41, runs=10_000), mode="light")
    assert len(figure.to_json()) < 60 * 1024


def test_a_surface_of_41_by_41_stays_under_60_kib():
    figure = effects.cate_surface_figure(examples.cate_map(size=41), mode="light")
    assert len(figure.to_json()) < 60 * 1024


def test_names_from_the_file_cannot_become_markup_or_fields():
    evil = "<a href='x'>%{x}</a>"
    view = dataclasses.replace(examples.effects_view(), domains=(evil, "web", "math"))
    text = effects.forest_figure(view, mode="light").to_json()
    text += effects.cate_map_figure(
        dataclasses.replace(examples.cate_map(), domain=evil), mode="light"
    ).to_json()
    text += effects.slice_figure(
        dataclasses.replace(examples.effect_slice(), domain=evil), mode="dark"
    ).to_json()
    table = dataclasses.replace(TABLE, domains=(evil, "web", "math"), covariates=(), states=np.empty((4, 0)))
    text += runs.coverage_figure(runs.coverage_view(table, (evil, "web"), "bpb"), mode="light").to_json()
    text += runs.ranges_figure(runs.ranges_view(table), mode="light").to_json()
    assert "<a " not in text
    assert "href='x'>%{x}" not in text
    assert "&lt;a" in text


def test_two_hundred_domains_are_drawn():
    domains = tuple(f"domain {i}" for i in range(200))
    shares = np.full(200, 1 / 200)
    figure = mixture.dumbbell_figure(domains, shares, shares, np.zeros(200), np.ones(200), mode="light")
    assert len(figure.layout.yaxis.ticktext) == 200
    assert len(figure.data) == 5
