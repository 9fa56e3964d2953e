"""The plan's outcome of a run: its losses by domain, or its unanswered questions by task, weighted. Lower is better."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from causalmix_core.study.plan import StudyPlan

LOSS_UNIT, TASK_UNIT = "bits per byte", "share of questions not answered"


def outcome_of(plan: StudyPlan, found: Mapping[str, float]) -> float:
    """The outcome of a run that found so much: ``bpb_<domain>`` in bits per byte, ``score_<task>`` 0..1.

    Scores of tasks count by what is missing to 1, so that a gain is a fall, as it is of losses.
    """
    if plan.tasks:
        return sum(weight * (1.0 - found[f"score_{task}"]) for task, weight in plan.tasks.items())
    return weighted_loss(plan.weights, found)


def weighted_loss(weights: Mapping[str, float], losses: Mapping[str, float]) -> float:
    """The weighted sum of losses by the names ``bpb_<domain>``."""
    return sum(weight * losses[f"bpb_{domain}"] for domain, weight in weights.items())


def unit_of(plan: StudyPlan) -> str:
    """Unit of the plan's outcome."""
    return TASK_UNIT if plan.tasks else LOSS_UNIT
