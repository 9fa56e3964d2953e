"""What effects and decide both need: a fit, a pool and an anchor, from their arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.cli.reading import open_fit
from causalmix_core.cli.scenario_arguments import read_scenario
from causalmix_core.cli.supplying import domains_of

if TYPE_CHECKING:
    import argparse

    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Situation:
    """A fit with the pool and the anchor asked for.

    Attributes
    ----------
    pool : (d,) state in table units; ``anchor`` : (K,) shares; ``anchor_label`` : in words.
    scenario : what --scenario holds, from which all of them are; None without it.
    """

    fit: Fit
    pool: NDArray[np.float64]
    anchor: NDArray[np.float64]
    anchor_label: str
    scenario: Scenario | None = None


def read_situation(arguments: argparse.Namespace) -> Situation:
    """Load FIT_DIR and resolve --pool and --anchor, or --scenario."""
    from causalmix_core.decision.anchors import resolve_anchor
    from causalmix_core.decision.availability import absent_domains
    from causalmix_core.effects.best_run import best_mixture
    from causalmix_core.evidence.pool_state import resolve_pool

    fit = open_fit(arguments.fit_dir)
    if getattr(arguments, "scenario", None) is not None:
        return situation_of(fit, read_scenario(arguments.scenario, fit))
    name = arguments.anchor or ("mean" if fit.table.natural is None else "natural")
    present = domains_of(arguments) if hasattr(arguments, "domains") else ()
    absent = absent_domains(fit.table.domains, present)
    return Situation(
        fit=fit,
        pool=resolve_pool(arguments.pool, fit.table, fit.target, absent),
        anchor=best_mixture(fit.table, fit.config.outcome)
        if name == "best"
        else resolve_anchor(name, fit.table),
        anchor_label=_label(name, fit.table),
    )


def situation_of(fit: Fit, scenario: Scenario) -> Situation:
    """The situation that a scenario describes."""
    return Situation(
        fit=fit,
        pool=scenario.pool.state(fit.table),
        anchor=scenario.anchor_shares(fit.table, fit.config.outcome),
        anchor_label=_label(scenario.anchor, fit.table),
        scenario=scenario,
    )


def _label(name: str, table: RunsTable) -> str:
    # A path would say where a file lay, which is no part of a decision and differs between machines.
    from causalmix_core.delivery.scenarios import anchor_words
    from causalmix_core.scenarios.scenario import anchor_kind

    return anchor_words(table, anchor_kind(name))
