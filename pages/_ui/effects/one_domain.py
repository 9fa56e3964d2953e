"""One domain: its effect over two covariates, along each of them, and along its own share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from causalmix_core.errors import CausalMixError
from pages._ui import charts, results, states
from pages._ui.words import escape, plain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.views import CateMap
    from causalmix_core.evidence.table import Covariate, RunsTable
    from pages._ui.shell import OpenPage

    Array = NDArray[np.float64]

_VIEWS = {"map": "Map", "surface": "3-D surface"}
_CAMERAS = {"iso": "Corner", "front": "Front", "top": "Top"}


@st.fragment
def draw(page: OpenPage, fitted: Fit) -> None:
    """Pickers, then the charts of the picked domain."""
    scenario = page.bench.scenario
    anchor, pool = scenario.anchor_shares(page.table, fitted.config.outcome), scenario.pool.state(page.table)
    with st.container(border=True):
        st.markdown("**One domain over pools and shares**" if fitted.depends_on_pool else "**One domain**")
        with_map = fitted.depends_on_pool and len(page.table.covariates) > 1
        domain, x, y = _pickers(page.table, with_map)
        try:
            if with_map:
                _over_pools(page, fitted, pool, anchor, domain, x, y)
                return
            if fitted.depends_on_pool:
                _one_slice(page, fitted, pool, anchor, domain, page.table.covariate_columns[0])
            else:
                states.averages(fitted.notes[0])
            _in_words(page, fitted, pool, anchor, domain)
            _along_share(page, fitted, pool, anchor, domain)
        except CausalMixError as problem:
            states.failed(problem)


def own_first(table: RunsTable, domain: str) -> tuple[Covariate, ...]:
    """All covariates, those of ``domain`` first, then the whole pool's, then the other domains'."""
    rank = {domain: 0, None: 1}
    return tuple(sorted(table.covariates, key=lambda c: rank.get(c.domain, 2)))


def _pickers(table: RunsTable, with_map: bool) -> tuple[str, str, str]:
    columns = st.columns(3 if with_map else [0.34, 0.66])
    _forget_unless("domain", table.domains)
    domain = columns[0].selectbox(
        "Domain",
        table.domains,
        key="domain",
        bind="query-params",
        on_change=_own_state,
        args=(table,),
        help="Its effect is that of replacing 1 % of the whole mixture by it.",
    )
    if not with_map:
        return domain, "", ""
    ordered = [c.column for c in own_first(table, domain)]
    named = {c.column: _title(c) for c in table.covariates}
    _forget_unless("x", ordered)
    x = columns[1].selectbox(
        "Across", ordered, index=0, key="x", bind="query-params", format_func=named.__getitem__
    )
    others = [column for column in ordered if column != x]
    _forget_unless("y", others)
    y = columns[2].selectbox(
        "Upwards", others, index=0, key="y", bind="query-params", format_func=named.__getitem__
    )
    return domain, x, y


def _forget_unless(key: str, options: tuple[str, ...] | list[str]) -> None:
    """Drop a picked name that this project or this domain does not have."""
    if key in st.session_state and st.session_state[key] not in options:
        del st.session_state[key]


def _own_state(table: RunsTable) -> None:
    """A newly picked domain starts with its own state on both axes."""
    ordered = [c.column for c in own_first(table, st.session_state["domain"])]
    if len(ordered) > 1:
        st.session_state["x"], st.session_state["y"] = ordered[0], ordered[1]


def _title(covariate: Covariate) -> str:
    return f"{plain(covariate.name)} of {covariate.domain}" if covariate.domain else plain(covariate.name)


def _over_pools(page: OpenPage, fitted: Fit, pool: Array, anchor: Array, domain: str, x: str, y: str) -> None:
    """The map beside the curve along the share, then a slice along each axis of the map."""
    view = results.cate_map(fitted, pool, anchor, domain, x, y, page.bench.scenario.level)
    left, right = st.columns([0.56, 0.44], gap="medium")
    with left:
        _map(view)
    with right:
        _in_words(page, fitted, pool, anchor, domain)
        _along_share(page, fitted, pool, anchor, domain)
    st.markdown(f"**Effect of {escape(domain)} along each covariate**")
    for place, column in zip(st.columns(2, gap="medium"), (x, y), strict=True):
        with place:
            _one_slice(page, fitted, pool, anchor, domain, column)


def _in_words(page: OpenPage, fitted: Fit, pool: Array, anchor: Array, domain: str) -> None:
    from causalmix_core.delivery.sentences import effect_sentences

    view = results.effects(fitted, pool, anchor, page.bench.scenario.level)
    said = effect_sentences(fitted.outcome, view)
    st.markdown(escape(said[view.domains.index(domain)]))


def _map(view: CateMap) -> None:
    from causalmix_core.figures.effects import (
        alt_cate_map,
        alt_cate_surface,
        cate_map_figure,
        cate_surface_figure,
    )

    with st.container(horizontal=True):
        shown = st.segmented_control(
            "View",
            list(_VIEWS),
            default="map",
            required=True,
            key="view",
            bind="query-params",
            format_func=_VIEWS.__getitem__,
            label_visibility="collapsed",
        )
        if shown == "surface":
            camera = st.segmented_control(
                "Camera",
                list(_CAMERAS),
                default="iso",
                required=True,
                key="camera",
                bind="query-params",
                format_func=_CAMERAS.__getitem__,
                label_visibility="collapsed",
            )
    if shown == "surface":
        charts.draw(
            cate_surface_figure(view, camera, mode=charts.mode()), alt_cate_surface(view), "effects:surface"
        )
    else:
        charts.draw(cate_map_figure(view, mode=charts.mode()), alt_cate_map(view), "effects:map")
    outside = 1.0 - float(view.supported.mean())
    st.caption(
        f"{numbers.percent(outside)} of the map lies outside the data and is hatched. The other covariates are held "
        "at the pool at hand, marked by the cross."
    )


def _one_slice(page: OpenPage, fitted: Fit, pool: Array, anchor: Array, domain: str, column: str) -> None:
    from causalmix_core.figures.effects import alt_slice, slice_figure

    view = results.effect_slice(fitted, pool, anchor, domain, column, page.bench.scenario.level)
    colour = charts.domain_colours(page.table)[domain]
    charts.draw(
        slice_figure(view, mode=charts.mode(), colour=colour), alt_slice(view), f"effects:slice:{column}"
    )


def _along_share(page: OpenPage, fitted: Fit, pool: Array, anchor: Array, domain: str) -> None:
    from causalmix_core.figures.effects import alt_response_curve, response_curve_figure

    view = results.response_curve(fitted, pool, anchor, domain, page.bench.scenario.level)
    st.markdown(f"**Gain as the share of {escape(domain)} changes, the rest pro rata**")
    colour = charts.domain_colours(page.table)[domain]
    figure = response_curve_figure(view, mode=charts.mode(), colour=colour)
    charts.draw(figure, alt_response_curve(view), "effects:curve")
