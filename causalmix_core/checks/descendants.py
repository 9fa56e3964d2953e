"""Was a covariate measured on the mixed data? Then it follows from the mixture and hides its effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.checks.check import Check, Detail, at_most, figure, not_applicable, worst
from causalmix_core.checks.words import listed, number
from causalmix_core.evidence.variation import DESCENDANT_R2, r2_on_mixture

if TYPE_CHECKING:
    from causalmix_core.effects.fit import Fit

ID, TITLE = "descendants", "Covariates measured before mixing"
SUSPICIOUS_R2 = 0.8  # no state of a pool should be told from its mixture so well
MOST_SHOWN = 12


def descendants_check(fit: Fit) -> Check:
    """R2 of each covariate on the shares and their logarithms."""
    if not fit.reads_states:
        return not_applicable(ID, TITLE, "the fit uses no covariates.")
    r2 = r2_on_mixture(fit.table.shares, fit.table.states)
    rows = [
        Detail(column, figure(value), at_most(value, SUSPICIOUS_R2, DESCENDANT_R2))
        for column, value in zip(fit.table.covariate_columns, r2.tolist(), strict=True)
    ]
    rows.sort(key=lambda row: -(row.value or 0.0))
    status, flagged = worst(row.status for row in rows), [row.name for row in rows if row.status != "PASS"]
    highest = rows[0]
    said = f"The shares foretell no covariate better than with R2 {number(highest.value or 0.0)} ({highest.name})."
    if flagged:
        said = f"The shares foretell {listed(flagged)} with R2 {number(highest.value or 0.0)}: measured on the mixed data?"
    remedy = (
        f"Measure {listed(flagged)} on each domain's pool before mixing, or keep it out of the covariates."
        if flagged
        else "Nothing to do."
    )
    return Check(
        ID,
        TITLE,
        status,
        figure(highest.value or 0.0),
        SUSPICIOUS_R2,
        "R2",
        said,
        remedy,
        tuple(rows[:MOST_SHOWN]),
    )
