"""Which fits are compared: what a table allows, with the ablations of the recommended and the paper's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.estimators.registry import choices

if TYPE_CHECKING:
    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.evidence.table import RunsTable

ABLATED: tuple[EstimatorName, ...] = ("recommended", "paper")


def listed(table: RunsTable, outcome: str) -> dict[str, FitConfig]:
    """Label -> settings: all that the table allows, simplest first, each ablation below its own."""
    found: dict[str, FitConfig] = {}
    for name in choices(table):
        if name == "components":
            continue  # what ``recommended`` is where there are covariates
        found[name] = FitConfig(outcome, name)
        if name in ABLATED and table.states.shape[1]:
            found[f"{name}, without X"] = FitConfig(outcome, name, covariates=False)
            found[f"{name}, without orthogonalisation"] = FitConfig(outcome, name, orthogonalise=False)
    return found


def print_refused(names: list[str]) -> None:
    """A line on estimators that have no row."""
    if names:
        print(
            f"\nNo row, because it refuses a table with so few runs for its coefficients: {', '.join(names)}."
        )
