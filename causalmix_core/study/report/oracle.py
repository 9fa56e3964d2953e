"""The near-oracle: how much of what a search by training reaches every method reaches without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.prediction_statistics import share_interval, share_of
from causalmix_core.study.report.comparison import seed_of
from causalmix_core.study.report.markdown import paragraph, table
from causalmix_core.study.report.section import Section
from causalmix_core.study.report.source import numbers
from causalmix_core.study.report.words import (
    NOTHING,
    between,
    counted,
    milli,
    percent,
    with_error,
)
from causalmix_core.study.rivals.names import ANCHOR
from causalmix_core.study.statistics import Outcomes, outcomes_of, pool_means, summarise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.study.report.comparison import Verified
    from causalmix_core.study.report.source import StudyTables

    Floats = NDArray[np.float64]

FOUND = "near-oracle"


@dataclass(frozen=True)
class Searched:
    """Outcomes on the searched pools, of the methods and of the mixture that the search ended at (:data:`FOUND`)."""

    outcomes: Outcomes
    runs: int

    def gains(self, method: str) -> Floats:
        """(P,) gains over the anchor."""
        return pool_means(self.outcomes.gain(method, ANCHOR))


def searched(tables: StudyTables, verified: Verified | None) -> Searched | None:
    """The search's final runs beside the verification's on the same pools and orders; None where it was not run."""
    if tables.oracle is None or tables.verification is None or verified is None:
        return None
    final = [row for row in tables.oracle if row["stage"] == "final"]
    pools = {row["pool_id"] for row in final}
    rows = [row for row in tables.verification if row["pool_id"] in pools]
    outcomes = outcomes_of(
        [row["pool_id"] for row in (*rows, *final)],
        [*(row["method"] for row in rows), *(FOUND for _ in final)],
        [int(row["order"]) for row in (*rows, *final)],
        [*numbers(rows, tables.outcome), *numbers(final, tables.outcome)],
    )
    return Searched(outcomes, len(tables.oracle) - len(final))


def oracle(tables: StudyTables, verified: Verified | None) -> Section:
    """Share of the near-oracle's gain that each method reaches."""
    section = Section(tables.plan.name)
    section.add("## How near to the best")
    found = searched(tables, verified)
    if found is None or verified is None:
        section.add(
            paragraph("This part has not been run: there is no oracle.csv with a verification beside it.")
        )
        return section
    section.add(
        paragraph(_words(found)),
        _shares(found, verified),
        "Gain over the anchor, pool by pool, mbpb:",
        _pools(found, verified),
    )
    return section


def _words(found: Searched) -> str:
    pools = len(found.outcomes.pools)
    best = summarise(found.gains(FOUND), seed_of(FOUND))
    return (
        f"On {counted(pools, 'pool')} a search trained {counted(found.runs, 'run')} ({found.runs / pools:g} a pool), in an order of "
        "text of its own, starting from the choice that did best there; its end was trained again in the verification's orders. "
        f"It gains {with_error(best)} mbpb over the anchor. The share below is a method's summed gain over the search's summed "
        "gain, with a 95 % bootstrap interval over pools. So few pools say little; and a search of so many runs need not have "
        "found the best mixture, so a share may exceed 100 %."
    )


def _shares(found: Searched, verified: Verified) -> str:
    best, rows = found.gains(FOUND), []
    for method in (*(m for m in verified.methods if m in found.outcomes.methods and m != ANCHOR), FOUND):
        gains = found.gains(method)
        low, high = share_interval(gains, best, seed_of("share", method))
        one = summarise(gains, seed_of("oracle", method))
        interval = f"{percent(low)} to {percent(high)}" if np.isfinite(low) else NOTHING
        rows.append(
            [
                f"`{method}`",
                with_error(one),
                between(one.low, one.high),
                percent(share_of(gains, best)),
                interval,
            ]
        )
    return table(
        ["method", "over the anchor (se)", "95 % interval", "share of the gain", "interval of the share"],
        rows,
    )


def _pools(found: Searched, verified: Verified) -> str:
    names = [*verified.headline, FOUND]
    rows = [
        [f"`{pool}`", *(milli(float(found.gains(name)[i])) for name in names)]
        for i, pool in enumerate(found.outcomes.pools)
    ]
    return table(["pool", *(f"`{name}`" for name in names)], rows)
