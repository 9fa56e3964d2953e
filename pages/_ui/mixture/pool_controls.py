"""Shifting the pool: one domain's covariates, or one covariate in every domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery import numbers
from causalmix_core.errors import AnchorError
from causalmix_core.scenarios.pool_choice import shift_range
from pages._ui import charts, controls, pool_picker, workbench
from pages._ui.mixture import new_domain
from pages._ui.mixture.presets import presets
from pages._ui.strip import strip_svg
from pages._ui.words import escape, sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from causalmix_core.evidence.table import Covariate, RunsTable
    from causalmix_core.scenarios.pool_choice import PoolChoice
    from pages._ui.shell import OpenPage

    Array = NDArray[np.float64]

WHOLE_POOL = "Whole pool"
_WHOLE_REACH = 2.0


def draw(page: OpenPage, fitted: Fit) -> None:
    """Domains present and one that no run has seen, pool picker and shift sliders."""
    _present(page)
    new_domain.draw(page, fitted)
    if not page.table.covariates:
        st.markdown("**Pool at hand**")
        st.caption("The table has no covariates: the answer is the same for every pool.")
        return
    pool_picker.draw(page)
    _only_level(page, fitted)
    _which(page)
    if st.session_state[f"{page.project.id}:shift_what"] == "All domains":
        _whole_sliders(page)
    else:
        _own_sliders(page)


def _present(page: OpenPage) -> None:
    """Which domains the pool has."""
    project, domains = page.project.id, page.table.domains
    key = page.control("domains")

    def edit() -> None:
        chosen = [d for d in domains if d in st.session_state[key]]
        # Nothing chosen is no wish to train on nothing: all of them, as at the start.
        workbench.edit_scenario(project, domains=() if len(chosen) in (0, len(domains)) else tuple(chosen))

    st.multiselect(
        "Domains in the pool",
        domains,
        list(page.bench.scenario.domains or domains),
        key=key,
        on_change=edit,
        placeholder="All domains",
        help="Domains that are not there get no share: the anchor is restricted to the others and closed again.",
    )


def _only_level(page: OpenPage, fitted: Fit) -> None:
    """Where effects are averages, say what the sliders still move, and how far."""
    if fitted.depends_on_pool:
        return
    if not fitted.reads_states:
        st.caption("This fit ignores the pool's state, so shifting the pool changes nothing.")
        return
    st.caption("Effects are averages over pools: the sliders move the level of the outcome, not the mixture.")
    scenario, outcome = page.bench.scenario, fitted.outcome
    try:
        anchor, pool = scenario.anchor_shares(page.table, outcome.name), scenario.pool.state(page.table)
    except AnchorError:  # said beside the anchor itself
        return
    foretold = outcome.sign * float(fitted.predict(anchor[None, :], pool[None, :])[0])
    decimals = numbers.decimals_for(float(page.table.score(outcome.name).std())) + 1
    st.caption(
        escape(
            f"{outcome.name} of the anchor at this pool: {numbers.plain(foretold, decimals)} {outcome.unit}"
        ).strip()
    )


def groups(table: RunsTable) -> dict[str, tuple[Covariate, ...]]:
    """Covariates by the domain they describe; those of the whole pool under their own heading."""
    found = {d: tuple(c for c in table.covariates if c.domain == d) for d in table.domains}
    found[WHOLE_POOL] = tuple(c for c in table.covariates if c.domain is None)
    return {name: members for name, members in found.items() if members}


def shared_names(table: RunsTable) -> tuple[str, ...]:
    """Covariate names that describe two domains or more, in column order."""
    names = [c.name for c in table.covariates if c.domain is not None]
    return tuple(dict.fromkeys(name for name in names if names.count(name) > 1))


def _which(page: OpenPage) -> None:
    key = f"{page.project.id}:shift_what"
    options = ["One domain", "All domains"] if shared_names(page.table) else ["One domain"]
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.segmented_control(
            "Shift the pool",
            options,
            default=options[0],
            required=True,
            wrap=True,
            key=key,
            persist_state="session",
            help="In standard deviations (sd) of the runs' pools. The grey bars are the pools of the runs, the "
            "line is the pool at hand. Beyond the bars effects are extrapolated and intervals widen.",
        )
        if page.bench.scenario.pool.shifted:
            st.button(
                "Unshift",
                key=f"{page.project.id}:unshift",
                icon=":material/undo:",
                type="tertiary",
                on_click=_unshift,
                args=(page,),
            )


def _unshift(page: OpenPage) -> None:
    workbench.set_scenario(page.project.id, pool=page.bench.scenario.pool.unshifted())


def _own_sliders(page: OpenPage) -> None:
    table, project = page.table, page.project.id
    by_domain = groups(table)
    names = list(by_domain)
    if len(names) > 1:
        group = st.selectbox(
            "Domain to shift",
            names,
            key=f"{project}:shift_domain",
            persist_state="session",
        )
    else:
        group = names[0]
    covariates = by_domain[group if group in by_domain else names[0]]
    base = page.bench.scenario.pool.base(table)
    _preset_menu(page, base, covariates)
    with st.container(height=560 if len(covariates) > 6 else "content", border=False):
        for covariate in covariates:
            _own_slider(page, base, covariate)


def _preset_menu(page: OpenPage, base: Array, covariates: tuple[Covariate, ...]) -> None:
    key = f"{page.project.id}:preset"
    offered = {preset.words: preset for preset in presets(page.table, base, covariates)}

    def apply() -> None:
        pool = page.bench.scenario.pool
        for column, shift in offered[st.session_state[key]].shifts:
            pool = pool.with_own(column, shift)
        workbench.set_scenario(page.project.id, pool=pool)

    st.menu_button(
        "Set in words",
        list(offered),
        key=key,
        on_click=apply,
        icon=":material/auto_fix_high:",
        format_func=escape,
    )


def _own_slider(page: OpenPage, base: Array, covariate: Covariate) -> None:
    table, pool = page.table, page.bench.scenario.pool
    j = table.covariates.index(covariate)
    low, high = shift_range(table, base, covariate)
    if low == high:
        st.caption(f"{escape(sentence(covariate.name))}: the same in all runs.")
        return
    spread = float(table.states[:, j].std())
    now = float(pool.state(table)[j])
    decimals = numbers.decimals_for(spread)
    name, value = sentence(covariate.name), numbers.plain(now, decimals)
    least, most = float(table.states[:, j].min()), float(table.states[:, j].max())
    words = f"{name} {value}, among the runs' pools from {numbers.plain(least, decimals)} to "
    slack = 1e-9 * (1.0 + abs(now))
    beyond = "" if least - slack <= now <= most + slack else " :orange-badge[beyond the runs]"
    with st.container(gap=None):
        st.markdown(f":small[{escape(name)} **{value}**{beyond}]")
        st.image(
            strip_svg(
                table.states[:, j],
                float(base[j]) + low * spread,
                float(base[j]) + high * spread,
                now,
                mode=charts.mode(),
            ),
            width="stretch",
            alt=words + numbers.plain(most, decimals),
        )
        controls.slider(
            f"Shift of {name.lower()}",
            dict(pool.own).get(covariate.column, 0.0),
            (low, high),
            0.1,
            key=page.control(f"shift:{covariate.column}"),
            edit=lambda shift: _edit_pool(page, lambda now: now.with_own(covariate.column, shift)),
            style="%+.1f sd",
            hide_label=True,
        )


def _edit_pool(page: OpenPage, change: Callable[[PoolChoice], PoolChoice]) -> None:
    """Change the pool as it is now, which may be newer than what was drawn last."""
    workbench.edit_scenario(page.project.id, pool=change(page.bench.scenario.pool))


def _whole_sliders(page: OpenPage) -> None:
    pool = page.bench.scenario.pool

    def edit_of(name: str) -> Callable[[float], None]:
        return lambda shift: _edit_pool(page, lambda now: now.with_whole(name, shift))

    state = pool.state(page.table)
    for name in shared_names(page.table):
        own = [float(state[j]) for j, c in enumerate(page.table.covariates) if c.domain and c.name == name]
        decimals = numbers.decimals_for(max(own), min(own))
        low, high = numbers.plain(min(own), decimals), numbers.plain(max(own), decimals)
        controls.slider(
            f"{escape(sentence(name))} in every domain, now {low} to {high}",
            dict(pool.whole).get(name, 0.0),
            (-_WHOLE_REACH, _WHOLE_REACH),
            0.1,
            key=page.control(f"shift_all:{name}"),
            edit=edit_of(name),
            style="%+.1f sd",
        )


def pool_frame(page: OpenPage) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Domain x covariate table of the pool at hand, and which of its cells were shifted."""
    import pandas as pd

    table, pool = page.table, page.bench.scenario.pool
    state, base = pool.state(table), pool.base(table)
    values: dict[str, dict[str, float]] = {}
    shifted: dict[str, dict[str, bool]] = {}
    for j, covariate in enumerate(table.covariates):
        row, column = covariate.domain or WHOLE_POOL, sentence(covariate.name)
        values.setdefault(row, {})[column] = float(state[j])
        shifted.setdefault(row, {})[column] = bool(abs(state[j] - base[j]) > 1e-12)
    frame = pd.DataFrame.from_dict(values, orient="index")
    return frame, pd.DataFrame.from_dict(shifted, orient="index").reindex(columns=frame.columns)
