"""How were the mixtures of the runs chosen? Random ones need no assumption, chosen ones do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.checks.check import Check, Detail, Status, at_most, figure
from causalmix_core.checks.words import compact, percent
from causalmix_core.effects.refit import refit

if TYPE_CHECKING:
    from causalmix_core.checks.examined import Examined
    from causalmix_core.evidence.table import RunsTable

ID, TITLE = "assignment", "How mixtures were chosen"
MOSTLY_CHOSEN = 0.5  # without covariates to adjust for, beyond this the answer is the choosers' own
RUNS_PER_DOMAIN_LEFT = 5  # to fit the rows that nobody chose on their own


def assignment_check(examined: Examined) -> Check:
    """Share of the runs whose mixture was chosen by looking, and what the other runs say alone."""
    table = examined.table
    if table.assignment is None:
        return Check(
            ID,
            TITLE,
            "REVIEW",
            None,
            0.0,
            "share of runs",
            "The table does not say how its mixtures were chosen, so they are taken as chosen by looking.",
            "Add a column assignment with random, designed or chosen for each run.",
        )
    kinds = np.array(table.assignment)
    share = float((kinds == "chosen").mean())
    status = _status(share, examined)
    details = [
        Detail(f"{kind} runs", float((kinds == kind).sum()), status if kind == "chosen" else "PASS")
        for kind in ("random", "designed", "chosen")
        if (kinds == kind).any()
    ]
    if share == 0.0:
        said, remedy = "All mixtures were drawn at random or designed, as the table says.", "Nothing to do."
    else:
        alone = _without_chosen(examined, table)
        said = f"In {percent(share)} of the runs the mixture was chosen by looking; they count as confounded: {_how(examined)}."
        if alone is not None:
            said += f" The recommendations gain {compact(examined.gain)} by all runs, {compact(alone)} by the other runs alone."
            details += [
                Detail("gain of the recommendations, all runs", figure(examined.gain), "PASS"),
                Detail("gain of the recommendations, other runs alone", figure(alone), "PASS"),
            ]
        remedy = "Make sure that whatever the choosers looked at is among the covariates, or fit the random runs alone."
    return Check(ID, TITLE, status, figure(share), 0.0, "share of runs", said, remedy, tuple(details))


def _status(share: float, examined: Examined) -> Status:
    return at_most(share, 0.0, 1.0 if examined.adjusts else MOSTLY_CHOSEN)


def _how(examined: Examined) -> str:
    if not examined.fit.reads_states:
        return "without covariates nothing adjusts for what the choosers saw"
    if not examined.adjusts:
        return "without orthogonalisation nothing adjusts for what the choosers saw"
    return "the fit adjusts for the pool's state, and for nothing else that the choosers saw"


def _without_chosen(examined: Examined, table: RunsTable) -> float | None:
    """Gain of the recommendations by a refit on the runs that nobody chose; None where these are few."""
    keep = np.array([kind != "chosen" for kind in table.assignment or ()])
    target = table.score(examined.fit.config.outcome)[keep]
    if keep.sum() < RUNS_PER_DOMAIN_LEFT * len(table.domains) or np.ptp(target) == 0.0:
        return None
    alone = refit(examined.fit, table.with_rows(keep))
    return examined.mean_gain(alone, examined.mixtures, table)
