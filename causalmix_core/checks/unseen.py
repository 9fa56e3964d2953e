"""Does the mixture hold a domain that no run has seen?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.checks.check import Check, Status, figure
from causalmix_core.checks.words import percent

if TYPE_CHECKING:
    from causalmix_core.decision.result import Decision
    from causalmix_core.effects.joined import JoinedFit

NOTHING = 1e-9


def unseen_check(fit: JoinedFit, decision: Decision) -> Check:
    """Share of the domain without runs: whatever leaving out others shows, none of it was ever trained on."""
    name, share = fit.unseen.name, float(decision.shares[-1])
    held = share > NOTHING
    said = f"The mixture holds nothing of {name}, which no run has seen."
    if held:
        said = f"The mixture holds {percent(share)} of {name}, which no run has seen: its worth is foretold from its state."
    remedy = "Nothing to do."
    if held:
        remedy = (
            f"Train about {fit.unseen.report.runs_needed} runs with changing shares of {name}, and fit again."
        )
    status: Status = "REVIEW" if held else "PASS"
    value = figure(max(0.0, share))
    return Check(
        "new-domain", "A domain without runs", status, value, 0.0, "share of the mixture", said, remedy
    )
