"""Views of the runs, exactly; their figures, lightly."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from causalmix_core.errors import ConfigError
from causalmix_core.evidence.table import Covariate
from causalmix_core.figures import runs
from causalmix_core.figures.runs.coverage import REST
from causalmix_core.figures.theme import theme
from tests.figures.examples import ANCHOR, DOMAINS, runs_table

TABLE = runs_table()


def test_outcomes_are_counted_in_the_tables_own_direction():
    view = runs.outcome_view(TABLE, "bpb", bins=3)
    assert view.edges.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert view.groups == ("chosen", "random")
    assert view.counts.tolist() == [[1, 0, 1], [0, 1, 1]]
    assert view.median == 2.5
    assert view.counts.sum() == TABLE.n_runs


def test_without_assignment_there_is_one_group():
    view = runs.outcome_view(dataclasses.replace(TABLE, assignment=None), "bpb")
    assert view.groups == ("runs",)
    assert runs.outcome_figure(view, mode="light").layout.showlegend is False


def test_an_unknown_outcome_is_named():
    with pytest.raises(ConfigError, match="'speed'"):
        runs.outcome_view(TABLE, "speed")


def test_histogram_axis_names_unit_and_direction():
    figure = runs.outcome_figure(runs.outcome_view(TABLE, "bpb"), mode="light")
    assert figure.layout.xaxis.title.text == "bpb (bits per byte, lower is better)"
    assert figure.layout.barmode == "stack"


def test_two_domains_and_the_rest_make_a_triangle():
    view = runs.coverage_view(TABLE, ("code", "math"), "bpb")
    assert view.corners == ("code", "math", REST)
    assert np.allclose(view.parts, TABLE.shares[:, [0, 2, 1]])
    assert np.allclose(view.covered, 1.0)
    assert view.values.tolist() == [4.0, 3.0, 2.0, 1.0]


def test_three_domains_make_a_triangle_among_themselves():
    shares = np.array(
        [[0.1, 0.2, 0.1, 0.6], [0.0, 0.0, 0.0, 1.0], [0.3, 0.3, 0.4, 0.0], [0.1, 0.1, 0.2, 0.6]]
    )
    table = dataclasses.replace(TABLE, domains=(*DOMAINS, "wiki"), shares=shares)
    view = runs.coverage_view(table, DOMAINS, "bpb")
    assert view.run_ids == ("a", "c", "d")
    assert np.allclose(view.parts, [[0.25, 0.5, 0.25], [0.3, 0.3, 0.4], [0.25, 0.25, 0.5]])
    assert np.allclose(view.covered, [0.4, 1.0, 0.4])


@pytest.mark.parametrize("chosen", [(), ("code",), ("code", "code"), ("code", "wiki"), (*DOMAINS, "code")])
def test_other_choices_of_domains_are_refused(chosen: tuple[str, ...]):
    with pytest.raises(ConfigError, match="two or three different domains"):
        runs.coverage_view(TABLE, chosen, "bpb")


def test_coverage_has_a_shape_per_assignment_and_one_colour_range():
    figure = runs.coverage_figure(runs.coverage_view(TABLE, ("code", "web"), "bpb"), mode="dark")
    assert [(t.name, t.marker.symbol) for t in figure.data] == [("chosen", "circle"), ("random", "diamond")]
    assert {(t.marker.cmin, t.marker.cmax) for t in figure.data} == {(1.06, 3.94)}
    assert [t.marker.showscale for t in figure.data] == [True, False]
    assert figure.data[0].marker.colorscale[0][1] == theme("dark").sequential[0]


def test_ranges_are_five_numbers_a_domain():
    view = runs.ranges_view(TABLE)
    assert np.allclose(view.quantiles[:, 0], [0.1, 0.175, 0.25, 0.325, 0.4])
    assert np.allclose(view.mean, [0.25, 0.45, 0.3])
    assert view.natural is ANCHOR
    figure = runs.ranges_figure(view, mode="light")
    assert [trace.name for trace in figure.data] == [
        "all runs", "middle half", "median of the runs", "the outcome's weights",
    ]  # fmt: skip
    assert np.allclose(figure.data[0].base + figure.data[0].x, [40.0, 60.0, 40.0])


def test_unknown_natural_shares_are_left_out():
    view = runs.ranges_view(dataclasses.replace(TABLE, natural=None))
    assert len(runs.ranges_figure(view, mode="light").data) == 3


def test_own_covariates_are_correlated_with_their_domains_share():
    view = runs.confounding_view(TABLE)
    assert view.own
    assert view.covariates == ("loss", "duplicate rate")
    assert view.correlation.shape == (3, 2)
    assert view.correlation[0, 1] == pytest.approx(1.0)
    # web: shares rank 4, 2, 3, 1 and losses 2, 4, 1, 3, hence 1 - 6 * 16 / 60.
    assert view.correlation[1, 0] == pytest.approx(-0.6)
    assert view.correlation[2, 0] == 0.0
    assert view.significant.tolist() == [[False, True], [False, False], [False, False]]


def test_pooled_covariates_are_correlated_with_every_share():
    table = dataclasses.replace(TABLE, covariates=(Covariate("x_age", "age"),), states=TABLE.states[:, 1:2])
    view = runs.confounding_view(table)
    assert not view.own
    assert view.covariates == ("age",)
    assert view.correlation[:, 0] == pytest.approx([1.0, -0.8, -0.31622777])


def test_noise_is_not_called_confounding():
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(3), 400)
    table = dataclasses.replace(TABLE, shares=shares, states=rng.normal(size=(400, 6)), run_ids=("r",) * 400)
    assert runs.confounding_view(table).significant.sum() == 0
    followed = table.states + 3.0 * np.repeat(shares, 2, axis=1)
    assert runs.confounding_view(dataclasses.replace(table, states=followed)).significant.all()


def test_no_covariates_give_an_empty_view():
    view = runs.confounding_view(dataclasses.replace(TABLE, covariates=(), states=np.empty((4, 0))))
    assert view.correlation.shape == (3, 0)
    assert runs.alt_confounding(view).endswith("none is significant.")


def test_insignificant_cells_are_grey_and_the_rest_centred_on_zero():
    grey, coloured = runs.confounding_figure(runs.confounding_view(TABLE), mode="light").data
    assert np.isnan(np.asarray(grey.z)[0, 1])
    assert np.isfinite(np.asarray(coloured.z)).sum() == 1
    assert {colour for _, colour in grey.colorscale} == {theme("light").grid}
    assert coloured.zmin == -coloured.zmax
    assert (grey.text[1][0], coloured.text[1][0]) == ("−0.60", "")


def test_sentences():
    assert runs.alt_outcome(runs.outcome_view(TABLE, "bpb")) == (
        "Distribution of bpb over 4 runs: from 1.0 to 4.0, median 2.5 bits per byte."
    )
    assert runs.alt_coverage(runs.coverage_view(TABLE, ("code", "web"), "bpb")) == (
        "4 runs in a triangle of domains, coloured by bpb: code 10.0 to 40.0 %, web 30.0 to 60.0 %, "
        "all other domains 20.0 to 40.0 %."
    )
    assert runs.alt_ranges(runs.ranges_view(TABLE)) == (
        "Shares over 4 runs: code 10.0 to 40.0 %, web 30.0 to 60.0 %, math 20.0 to 40.0 %."
    )
    assert runs.alt_confounding(runs.confounding_view(TABLE)) == (
        "Rank correlation of 3 shares with 2 covariates over 4 runs: 1 of 6 pairs are significant, the strongest "
        "+1.00 for the share of code with duplicate rate."
    )
