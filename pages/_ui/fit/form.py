"""Settings of a fit, and the button that fits. Changing a setting changes nothing until then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import ConfigError
from pages._ui import comparisons, fits, states, steps, workbench
from pages._ui.fit import target
from pages._ui.words import escape, outcome_names

if TYPE_CHECKING:
    from causalmix_core.effects.config import EstimatorName, FitConfig
    from pages._ui.shell import OpenPage

_ESTIMATOR_HELP = (
    "From the simplest to the most complex that this table allows; below, they can be compared on it."
)


def draw(page: OpenPage) -> FitConfig | None:
    """The settings in a card; what differs from the current fit is said. None where they cannot be."""
    start = fits.config_of(page.project, page.table) or _first_settings(page)
    with st.container(border=True):
        try:
            config = _settings(page, start)
        except ConfigError as problem:
            states.failed(problem)
            return None
        with st.container(horizontal=True, vertical_alignment="center"):
            clicked = st.button("Fit", key="fit:run", type="primary", icon=":material/play_arrow:", width=120)
            current = fits.config_of(page.project, page.table)
            differs = current is not None and config != current
            workbench.update(page.project.id, pending=config if differs and not clicked else None)
            if current is not None and not clicked:
                _difference(config, current)
    if clicked:
        _run(page, config)
    return config


def _first_settings(page: OpenPage) -> FitConfig:
    """Settings before the first fit: the estimator that a comparison chose, where one was made."""
    start = fits.default_config(page.table)
    chosen = comparisons.choice(page.project, page.table, start.outcome)
    return replace(start, estimator=chosen) if chosen else start


def _settings(page: OpenPage, start: FitConfig) -> FitConfig:
    """The settings as the widgets have them.

    Raises
    ------
    ConfigError : a setting out of its range.
    """
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.estimators.registry import sentence, switches

    outcome, estimator, covariates, orthogonalise = _what(page, start)
    st.caption(escape(sentence(estimator)))
    targets = target.draw(page, start, enabled=covariates)
    with st.expander("More settings", icon=":material/tune:"):
        epsilon, folds, seed = _how(page, start)
    return FitConfig(
        outcome=outcome,
        estimator=estimator,
        # Without covariates in the table the switch says nothing; a fit keeps the default then.
        covariates=covariates or not page.table.covariates,
        orthogonalise=orthogonalise,
        epsilon=epsilon if "epsilon" in switches(estimator) else None,
        folds=folds,
        seed=seed,
        trees=start.trees,
        **targets,
    )


def _what(page: OpenPage, start: FitConfig) -> tuple[str, EstimatorName, bool, bool]:
    """First row: outcome, estimator and the two ablations."""
    from causalmix_core.effects.estimators.registry import switches
    from causalmix_core.evidence import MEAN_OUTCOME

    table, project = page.table, page.project.id
    names = outcome_names(table)
    row = st.columns([0.3, 0.3, 0.4], vertical_alignment="bottom")
    outcome = row[0].selectbox(
        "Outcome",
        names,
        index=names.index(start.outcome) if start.outcome in names else 0,
        key=f"{project}:fit_outcome",
        persist_state="session",
        format_func=lambda name: "Mean of all outcomes" if name == MEAN_OUTCOME else name,
    )
    with row[1]:
        estimator = _estimator(page, start)
    known = switches(estimator)
    with row[2].container(horizontal=True):
        covariates = st.toggle(
            "Use the pool's state",
            value=start.covariates and bool(table.covariates),
            disabled=not table.covariates or "covariates" not in known,
            key=f"{project}:fit_covariates",
            persist_state="session",
            help="Off: one answer for every pool (an ablation).",
        )
        orthogonalise = st.toggle(
            "Orthogonalise",
            value=start.orthogonalise,
            disabled="orthogonalise" not in known,
            key=f"{project}:fit_orthogonalise",
            persist_state="session",
            help="Take out of shares and outcome what the pool's state foretells of them. Off: effects may be "
            "confounded (an ablation).",
        )
    # A switch that means nothing to the estimator keeps the default.
    return (
        outcome,
        estimator,
        covariates or "covariates" not in known,
        orthogonalise or "orthogonalise" not in known,
    )


def _estimator(page: OpenPage, start: FitConfig) -> EstimatorName:
    """The box of estimators, from simple to complex; made anew when one is taken over from a comparison."""
    from causalmix_core.effects.estimators.registry import choices, title

    taken, times = page.bench.taken
    options = choices(page.table)
    first = taken or start.estimator
    again = f":{times}" if times else ""
    found: EstimatorName = st.selectbox(
        "Estimator",
        options,
        index=next((i for i, name in enumerate(options) if name == first), 0),
        key=f"{page.project.id}:fit_estimator{again}",
        persist_state="session",
        format_func=title,
        help=_ESTIMATOR_HELP,
    )
    return found


def _how(page: OpenPage, start: FitConfig) -> tuple[float | None, int, int]:
    """Epsilon (None = chosen by cross-validation), folds and seed."""
    project = page.project.id
    row = st.columns([0.3, 0.3, 0.2, 0.2], vertical_alignment="bottom")
    mode = row[0].segmented_control(
        "Epsilon in log(share + epsilon)",
        ["Automatic", "Given"],
        default="Automatic" if start.epsilon is None else "Given",
        required=True,
        key=f"{project}:fit_epsilon_mode",
        persist_state="session",
        help="Automatic: chosen by cross-validation.",
    )
    epsilon = row[1].number_input(
        "Epsilon",
        min_value=1e-9,
        max_value=1.0,
        value=start.epsilon or 0.1,
        step=0.01,
        format="%g",
        key=f"{project}:fit_epsilon",
        persist_state="session",
        disabled=mode == "Automatic",
    )
    folds = row[2].number_input(
        "Folds", 2, 20, start.folds, key=f"{project}:fit_folds", persist_state="session"
    )
    seed = row[3].number_input(
        "Seed", 0, 2**31 - 1, start.seed, key=f"{project}:fit_seed", persist_state="session"
    )
    return None if mode == "Automatic" else float(epsilon), int(folds), int(seed)


def _difference(config: FitConfig, current: FitConfig) -> None:
    changed = [name for name, value in config.to_json().items() if current.to_json()[name] != value]
    if changed:
        st.markdown(
            f":orange-badge[:material/history: Out of date] {', '.join(changed)} differ from the current fit; "
            "press Fit to bring it up to date."
        )
    else:
        st.caption("The fit below was made with these settings.")


def _run(page: OpenPage, config: FitConfig) -> None:
    found = steps.make(
        lambda report: fits.run(page, config, report),
        "Fitting",
        "Fitted",
        failed="Not fitted: the current fit stays as it was",
    )
    if found is not None:
        page.show_fit()
