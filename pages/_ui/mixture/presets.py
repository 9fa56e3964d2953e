"""Pool shifts said in words: twice the duplicates, as in the best tenth of pools.

A preset is a new state of one domain's covariates; it is returned as shifts in standard deviations,
so that the sliders show it and it can be moved on from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pages._ui.words import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import Covariate, RunsTable

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Preset:
    """``words`` for the menu and the shifts (covariate column -> standard deviations) it sets."""

    words: str
    shifts: tuple[tuple[str, float], ...]


def presets(table: RunsTable, base: Array, covariates: tuple[Covariate, ...]) -> tuple[Preset, ...]:
    """Presets for one group of covariates (those of a domain, or those of the whole pool).

    "As in the tenth of pools" sets all of the group to the mean of those runs, so that covariates
    which go together move together.
    """
    signal = next((c for c in covariates if "dup" in c.name.lower()), covariates[0])
    j = table.covariates.index(signal)
    where = f" in {signal.domain}" if signal.domain else ""
    name = plain(signal.name)
    found = []
    if base[j] > 0.0 and table.states[:, j].min() >= 0.0:
        found.append(Preset(f"Twice the {name}{where}", _shifts(table, base, (signal,), 2.0 * base)))
        found.append(Preset(f"Half the {name}{where}", _shifts(table, base, (signal,), 0.5 * base)))
    for words, tenth in (("lowest", 0.1), ("highest", 0.9)):
        edge = np.quantile(table.states[:, j], tenth)
        inside = table.states[:, j] <= edge if tenth < 0.5 else table.states[:, j] >= edge
        target = table.states[inside].mean(axis=0)
        found.append(
            Preset(
                f"{signal.domain or 'Pool'} as in the tenth of pools with the {words} {name}",
                _shifts(table, base, covariates, target),
            )
        )
    return tuple(found)


def _shifts(
    table: RunsTable, base: Array, covariates: tuple[Covariate, ...], target: Array
) -> tuple[tuple[str, float], ...]:
    spread = table.states.std(axis=0)
    return tuple(
        (c.column, float((target[j] - base[j]) / spread[j]))
        for c in covariates
        if spread[j := table.covariates.index(c)] > 0.0
    )
