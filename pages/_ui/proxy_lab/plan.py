"""The design that is asked for: its picture, its words, its cost, its files."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery.numbers import duration
from causalmix_core.errors import CausalMixError
from causalmix_core.pools.token_meta import token_totals
from causalmix_core.proxy.design.estimate import base_params, estimate, measured_speed
from causalmix_core.proxy.design.request import lay_out
from causalmix_core.proxy.design.words import design_sentence, law_sentences, state_sentence
from causalmix_core.proxy.engine import read_designed_runs
from causalmix_core.proxy.lab_commands import speed_commands
from pages._ui import charts
from pages._ui.proxy_lab import errands, here
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.figures.proxy import DesignView
    from causalmix_core.pools.pool import Pool
    from causalmix_core.proxy.design.design import Design
    from causalmix_core.proxy.design.estimate import Estimate
    from causalmix_core.proxy.design.request import DesignRequest, Laid
    from pages._ui.proxy_lab.asked import Asked
    from pages._ui.shell import OpenPage


@st.cache_resource(max_entries=4, show_spinner="Laying out the runs…")
def _laid(key: str, _request: DesignRequest) -> Laid:
    return lay_out(_request)


def laid_out(asked: Asked, pool: Pool) -> Laid:
    """The design, drawn once for the same request; nothing is written but the pool's tokens.

    Raises
    ------
    DesignError and others : see the core.
    """
    like = "" if asked.extended is None else asked.extended.launch.design_sha256
    told = f"{pool.folder}\n{pool.sha256}\n{like}\n{asked.request!r}"
    return _laid(hashlib.sha256(told.encode()).hexdigest(), asked.request)


def picture(page: OpenPage | None, design: Design) -> None:
    """Where the runs go, beside those of the open table."""
    from causalmix_core.figures.proxy import (
        alt_design_lines,
        alt_design_triangle,
        design_lines_figure,
        design_triangle_figure,
        design_view,
    )

    view = design_view(design, None if page is None else page.table)
    corners = _corners(view)
    if len(corners) >= 2:
        figure, alt = (
            design_triangle_figure(view, corners, mode=charts.mode()),
            alt_design_triangle(view, corners),
        )
    else:
        figure, alt = design_lines_figure(view, mode=charts.mode()), alt_design_lines(view)
    charts.draw(figure, alt, "lab:design")
    st.caption(escape(" ".join((design_sentence(design), *law_sentences(design), state_sentence(design)))))
    if page is not None and not len(view.had):
        st.caption(f"The runs of {escape(page.table.name)} are on other domains and not drawn.")


def _corners(view: DesignView) -> list[str]:
    """The two or three domains to draw; [] for all of them as lines."""
    left, right = st.columns([0.36, 0.64], vertical_alignment="bottom")
    with left:
        shown = st.segmented_control(
            "Picture", ("Triangle", "All domains"), default="Triangle", required=True, key="lab:picture"
        )
    if shown != "Triangle":
        return []
    with right:
        return st.multiselect(
            "Corners (two or three domains)", view.domains, default=list(view.domains[:2]), max_selections=3,
            key=f"lab:corners:{hashlib.sha256(repr(view.domains).encode()).hexdigest()[:8]}",
            help="With two domains, the third corner is the rest of the mixture; with fewer all domains are drawn.",
        )  # fmt: skip


@st.cache_data(ttl="15s", max_entries=64, show_spinner=False)
def _measured(study: str) -> float:
    return measured_speed(study)


def speed(pool: Pool, asked: Asked) -> float | None:
    """Tokens a second of one run: of the last study of this kind, else of the measuring run; None before any."""
    lab = here.lab()
    alike = [
        study.path
        for study in lab.studies()
        if study.launch.pool_sha256 == pool.sha256
        and (study.launch.worker, study.launch.settings) == (asked.worker, asked.settings)
    ]
    for folder in [*alike, *([lab.speed_of(pool)] if asked.worker == "tiny" else [])]:
        try:
            return _measured(str(folder))
        except CausalMixError:
            continue
    return None


def cost(pool: Pool, asked: Asked, design: Design, slots: int) -> Estimate:
    """What the new runs cost at the speed that is known, and how to measure it where none is."""
    if asked.extended is not None:  # its own runs come first
        known_runs = len(read_designed_runs(asked.extended.path).runs)
        design = replace(design, runs=design.runs[known_runs:])
    known = speed(pool, asked)
    params = asked.params or base_params(pool.folder)
    found = estimate(
        design,
        params,
        tokens_per_second=known,
        slots=slots,
        tokens_per_document=_document_tokens(pool, design),
    )
    tokens, flop, time = st.columns(3)
    tokens.metric("Tokens", _short(found.tokens), border=True)
    flop.metric("FLOP", f"{found.flop:.2g}".replace("e+", "e"), border=True, help="6 x parameters x tokens.")
    time.metric(
        "Time here",
        "?" if found.hours is None else duration(3600.0 * found.hours),
        border=True,
        help=None
        if known is None
        else f"At {known:,.0f} tokens a second a run, {slots} at a time, as measured here.",
    )
    if known is None and asked.worker == "tiny":
        _offer_measure(pool)
    return found


def _offer_measure(pool: Pool) -> None:
    lab = here.lab()
    folder = lab.errand(f"speed-{pool.sha256[:12]}")
    if errands.follow(folder, "lab:speed", keep_done=True):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Measure this machine", key="lab:speed:start", icon=":material/speed:", on_click=errands.start,
            args=(folder, "Measuring the speed", speed_commands(lab, pool)),
        )  # fmt: skip
        st.caption("Trains one short run beside the app, about 15 s; later studies measure it by themselves.")


def download(laid: Laid) -> None:
    """The design with the rows of its runs, to be launched anywhere."""
    name = f"design-{laid.design.sha256[:12]}"
    st.download_button(
        "Download the design", lambda: design_zip(laid), f"{name}.zip", "application/zip", key="lab:download",
        icon=":material/download:", on_click="ignore",
        help="design.json and the very rows of every run. Unpacked, `proxy launch` takes the folder on any machine that "
        "has the pool.",
    )  # fmt: skip


def design_zip(laid: Laid) -> bytes:
    """A design's folder packed: equal designs, equal bytes."""
    import tempfile
    from pathlib import Path

    from causalmix_core.proxy.design.storage import write_design

    packed = io.BytesIO()
    with (
        tempfile.TemporaryDirectory() as scratch,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        folder = Path(scratch) / "design"
        write_design(laid.design, laid.draft.rows, folder)
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _document_tokens(pool: Pool, design: Design) -> float | None:
    """Mean tokens of a document by the pool's own counts; 500 where it has none."""
    if design.settings.unit == "windows":
        return None
    for total in token_totals(pool):
        return sum(total.tokens.values()) / max(1, sum(entry.documents for entry in pool.entries))
    return 500.0


def _short(count: int) -> str:
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if count >= size:
            return f"{count / size:.3g}{letter}"
    return str(count)
