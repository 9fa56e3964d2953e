"""What a mixture document says of the objective, of outcomes and pools beside it, and of the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.answer import answer_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causalmix_core.decision.result import Decision, Gain
    from causalmix_core.evidence.table import Outcome


def objective_policy(decision: Decision, weights: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """Fields of ``policy``: the objective, and the wanted gain and the weights where there are any."""
    fields: dict[str, Any] = {"objective": decision.objective.kind}
    if decision.objective.wanted is not None:
        fields["wanted"] = decision.objective.wanted
    if weights:
        fields["outcome_weights"] = dict(weights)
    return fields


def objective_fields(outcome: Outcome, decision: Decision) -> dict[str, Any]:
    """Fields of the document: ``outcomes``, ``futures``, ``verdict``; each only where there is one."""
    fields: dict[str, Any] = {}
    if decision.outcomes:
        fields["outcomes"] = [
            {
                "outcome": found.outcome,
                **_gain(found),
                "verdict": found.verdict,
                "floor": None
                if found.floor is None
                else {"least": found.floor.least, "sure": found.floor.sure},
            }
            for found in decision.outcomes
        ]
    if decision.futures:
        fields["futures"] = [_gain(found) for found in decision.futures]
    verdict = decision.verdict
    if verdict is not None:
        fields["verdict"] = {
            "kind": verdict.kind,
            "worth": verdict.worth,
            "best_gain": verdict.best_gain,
            "best_upper": verdict.best_upper,
            "surest": verdict.surest,
            "more_runs": verdict.more_runs,
            "sentences": list(answer_sentences(outcome, decision)),
        }
    return fields


def _gain(found: Gain) -> dict[str, Any]:
    return {"gain": found.gain, "se": found.se, "interval": list(found.interval)}
