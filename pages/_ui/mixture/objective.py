"""What the mixture is to be best for: the objective, weights and floors of outcomes, further pools."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.decision.objective import OBJECTIVES, Floor, Objective
from causalmix_core.delivery import numbers
from causalmix_core.errors import CausalMixError, ObjectiveError
from causalmix_core.evidence.weighted import closed_weights
from pages._ui import controls, fits, results, workbench

if TYPE_CHECKING:
    import pandas as pd

    from causalmix_core.decision.objective import ObjectiveKind
    from causalmix_core.effects.fit import Fit
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.scenario import Scenario
    from pages._ui.shell import OpenPage

_WORDS: dict[ObjectiveKind, str] = {
    "mean_gain": "Expected gain",
    "lower_bound": "Sure gain",
    "least_change": "Least change",
    "maximin": "Worst of several pools",
}
_HELP = (
    "Expected gain: the highest estimate. Sure gain: the highest lower end of the gain's interval. Least change: as near "
    "to the anchor as a wanted gain allows. Worst of several pools: one mixture that serves all pools chosen."
)
_WEIGHT, _HOLD, _LEAST, _SURE = "Weight", "Hold", "At least", "Surely"
_MOST_ROWS, _MOST_FUTURES = 12, 8
# Part of the highest gain that is wanted at first.
_FIRST_WANTED = 0.5


def draw(page: OpenPage, fitted: Fit) -> None:
    """Objective with what it needs, then the table of outcomes, merged into the scenario before the answer."""
    scenario = page.bench.scenario
    st.markdown("**Objective**")
    _kind(page, fitted)
    if scenario.objective.kind == "least_change":
        _wanted(page, fitted)
    if scenario.objective.kind == "maximin":
        _futures(page)
    _worth(page, fitted)
    with st.expander("Weights and floors of outcomes", expanded=bool(scenario.weights or scenario.floors)):
        _outcomes(page)


def _kind(page: OpenPage, fitted: Fit) -> None:
    project = page.project.id

    def edit(kind: ObjectiveKind) -> None:
        wanted = _first_wanted(page, fitted) if kind == "least_change" else None
        now = page.bench.scenario
        workbench.edit_scenario(
            project,
            objective=Objective(kind, wanted, now.objective.worth),
            futures=now.futures if kind == "maximin" else (),
        )

    controls.choice(
        "Best mixture by",
        page.bench.scenario.objective.kind,
        OBJECTIVES,
        key=page.control("objective"),
        edit=edit,
        words=_WORDS.__getitem__,
        help=_HELP,
    )


def _first_wanted(page: OpenPage, fitted: Fit) -> float:
    """Half of the highest gain within the radius; where there is none, a hundredth of the outcome's spread."""
    scenario, gain = page.bench.scenario, 0.0
    try:
        path = results.frontier(fits.panel(fitted, scenario).raised, scenario)
        gain = float(path.gains[path.radii <= scenario.radius].max(initial=0.0))
    except CausalMixError:
        pass  # what is in the way is shown in place of the answer
    wanted = _FIRST_WANTED * gain or 0.01 * float(fitted.table.score(fitted.config.outcome).std())
    return float(f"{wanted:.2g}")


def _wanted(page: OpenPage, fitted: Fit) -> None:
    project, key = page.project.id, page.control("wanted")
    wanted = page.bench.scenario.objective.wanted or 1.0
    step = 10.0 ** math.floor(math.log10(wanted))

    def edit() -> None:
        typed = st.session_state[key]
        if typed > 0.0:
            now = page.bench.scenario.objective
            workbench.edit_scenario(project, objective=replace(now, wanted=float(typed)))

    unit = f" ({fitted.outcome.unit})" if fitted.outcome.unit else ""
    st.number_input(
        f"Wanted gain{unit}",
        min_value=0.0,
        value=wanted,
        step=step,
        format=f"%.{numbers.decimals_for(wanted)}f",
        key=key,
        on_change=edit,
        help="Over the anchor, higher is better. A wanted gain above 0.",
    )


def _worth(page: OpenPage, fitted: Fit) -> None:
    project, key = page.project.id, page.control("worth")
    spread = float(fitted.table.score(fitted.config.outcome).std()) or 1.0
    step = 10.0 ** math.floor(math.log10(0.01 * spread))

    def edit() -> None:
        now = page.bench.scenario.objective
        workbench.edit_scenario(project, objective=replace(now, worth=float(st.session_state[key])))

    unit = f" ({fitted.outcome.unit})" if fitted.outcome.unit else ""
    st.number_input(
        f"Least gain worth having{unit}",
        min_value=0.0,
        value=page.bench.scenario.objective.worth,
        step=step,
        format=f"%.{numbers.decimals_for(step)}f",
        key=key,
        on_change=edit,
        help="Where even the best mixture surely gains less than this, the answer is to keep the anchor.",
    )


def _futures(page: OpenPage) -> None:
    from causalmix_core.evidence.pool_state import pool_names
    from causalmix_core.scenarios.pool_choice import PoolChoice

    project, key = page.project.id, page.control("futures")
    scenario = page.bench.scenario
    chosen = [future.pool_id for future in scenario.futures if future.kind == "table"]
    others = tuple(future for future in scenario.futures if future.kind != "table")

    def edit() -> None:
        target = page.bench.scenario.pool.target
        picked = tuple(PoolChoice("table", pool_id=name, target=target) for name in st.session_state[key])
        workbench.edit_scenario(project, futures=(*others, *picked))

    st.multiselect(
        "Further pools",
        pool_names(page.table),
        default=chosen,
        key=key,
        on_change=edit,
        max_selections=_MOST_FUTURES,
        placeholder="Pools of the runs",
        help="Beside the pool at hand, the mixture must serve these: the lowest of their gains is raised.",
    )


def _outcomes(page: OpenPage) -> None:
    scenario, table = page.bench.scenario, page.table
    names = [outcome.name for outcome in table.outcomes]
    shown = outcomes_frame(table, scenario)
    edited = st.data_editor(
        shown,
        key=page.control("outcomes"),
        hide_index=True,
        height=38 + 35 * min(len(names), _MOST_ROWS),
        disabled=["Outcome"],
        column_config={
            "Outcome": st.column_config.TextColumn(width=104),
            _WEIGHT: st.column_config.NumberColumn(
                width=62, format="%g", help="Empty in all rows: the fit's own outcome."
            ),
            _HOLD: st.column_config.CheckboxColumn(width=52, help="It must not fall further than At least."),
            _LEAST: st.column_config.NumberColumn(width=66, format="%g", help="Gain, higher is better."),
            _SURE: st.column_config.CheckboxColumn(width=58, help="Hold the lower end of its interval."),
        },
        alt="Weight and floor of each outcome",
    )
    weights, floors = read_outcomes(table, edited)
    if (weights, floors) != (scenario.weights, scenario.floors) and not edited.equals(shown):
        workbench.edit_scenario(page.project.id, weights=weights, floors=floors)
    st.caption("Each outcome that is weighted or held is fitted once, which takes some seconds.")


def outcomes_frame(table: RunsTable, scenario: Scenario) -> pd.DataFrame:
    """A row for each outcome of the table."""
    import pandas as pd

    names = [outcome.name for outcome in table.outcomes]
    weights, floors = dict(scenario.weights), {floor.outcome: floor for floor in scenario.floors}
    free = [floors.get(name, Floor(name)) for name in names]
    return pd.DataFrame(
        {
            "Outcome": names,
            _WEIGHT: [weights.get(name, math.nan) for name in names],
            _HOLD: [name in floors for name in names],
            _LEAST: [floor.least for floor in free],
            _SURE: [floor.sure for floor in free],
        }
    )


def read_outcomes(
    table: RunsTable, edited: pd.DataFrame
) -> tuple[tuple[tuple[str, float], ...], tuple[Floor, ...]]:
    """The weights, closed, and the floors that an edited table asks for; no weights where all are empty or 0."""
    names = [outcome.name for outcome in table.outcomes]
    given = [
        (name, float(weight))
        for name, weight in zip(names, edited[_WEIGHT], strict=True)
        if weight is not None and math.isfinite(weight)
    ]
    try:
        weights = closed_weights(table, given)
    except ObjectiveError:
        weights = ()
    rows = zip(names, edited[_HOLD], edited[_LEAST], edited[_SURE], strict=True)
    floors = tuple(
        replace(Floor(name), least=_number(least), sure=bool(sure))
        for name, hold, least, sure in rows
        if hold
    )
    return weights, floors


def _number(value: float | None) -> float:
    """An emptied cell is 0."""
    return 0.0 if value is None or not math.isfinite(value) else float(value)
