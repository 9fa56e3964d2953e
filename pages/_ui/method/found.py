"""What the shipped study found: the sentence, the picture, the numbers, and what was promised beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import study_findings as words
from causalmix_core.delivery.numbers import level_percent, thousands
from pages._ui import charts, projects, states
from pages._ui.words import escape

if TYPE_CHECKING:
    from causalmix_core.delivery.study_findings import Findings, GroupGains


@st.cache_data(max_entries=4, show_spinner=False)
def _read(folder: str, changed: tuple[tuple[str, int], ...]) -> Findings | None:
    from causalmix_core.study.findings import read_findings

    return read_findings(Path(folder))


def _folder() -> Path:
    """Where the shipped study's tables lie: beside its runs."""
    return projects.store().sample_runs.parent


def findings() -> Findings | None:
    """The shipped study's findings, read once; None where no study is shipped.

    Raises
    ------
    StudyError : its tables do not belong together.
    """
    folder = _folder()
    if not folder.is_dir():
        return None
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return _read(str(folder), tuple((path.name, path.stat().st_mtime_ns) for path in files))


def draw() -> None:
    """The part of the page, with its own state where there is nothing to show."""
    with states.mendable():
        found = findings()
        if found is None:
            states.no_findings()
            return
        _asked(found)
        group = found.main
        if group is not None:
            _gains(found)
            _promised(found)


def _asked(found: Findings) -> None:
    st.markdown(f"**{escape(found.title)}.** {escape(found.question)}")
    st.info(escape(words.headline_sentence(found)), icon=":material/science:")
    for more in (words.rivals_sentence(found), words.elsewhere_sentence(found)):
        if more:
            st.markdown(escape(more))
    trained = f"{thousands(found.trained)} verification runs, " if found.trained else ""
    st.caption(
        f"{thousands(found.runs)} runs on {thousands(found.run_pools)} pools, {trained}plan "
        f"{found.plan_sha256[:12]}, written and hashed before the first run. Everything here is computed from the shipped tables."
    )


def _gains(found: Findings) -> None:
    """The picture of one group of pools, and its numbers."""
    from causalmix_core.figures.study import alt_study, study_figure

    names = [group.group for group in found.groups]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**Gain over {escape(found.anchor_title)}, by method**", width="content")
            chosen = st.segmented_control(
                "Pools",
                names,
                default=names[0],
                required=True,
                key="pools",
                bind="query-params",
                label_visibility="collapsed",
                format_func=lambda name: name[:1].upper() + name[1:],
            )
        group = found.group(chosen) or found.groups[0]
        charts.draw(study_figure(found, group, mode=charts.mode()), alt_study(found, group), "method:study")
        st.caption(
            f"Means over {group.pools} {escape(group.group)} pools that no run had seen, with {level_percent(found.level)} intervals. "
            "Filled dots: this software; open: rivals; diamond: a rule that knows the hidden quality, which nobody does of a real pool."
        )
        _numbers(group)


def _numbers(group: GroupGains) -> None:
    with st.expander("All numbers", icon=":material/table:"):
        st.dataframe(
            [dict(zip(words.HEADER, row, strict=True)) for row in words.gain_rows(group)],
            hide_index=True,
            width="stretch",
            alt=f"Gains of all methods on {group.group} pools",
        )
        st.caption(f"Gains in {words.UNIT}, over the anchor; verdicts at two standard errors.")


def _promised(found: Findings) -> None:
    if not found.promises:
        return
    with st.container(border=True):
        st.markdown("**Foretold before training, and what came**")
        st.dataframe(
            [dict(zip(words.PROMISE_HEADER, row, strict=True)) for row in words.promise_rows(found)],
            hide_index=True,
            width="stretch",
            alt="Predicted and realised gains of the methods that predict their own",
        )
        st.caption(
            f"Means over all new pools, in {words.UNIT}. Predictions were written and hashed before any of these runs. Slope of "
            "what came on what was foretold: 1 is perfect, below 1 promises too much."
        )
