"""The unit of gains: sections write thousandths of a bit per byte; a study of tasks counts unanswered questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from causalmix_core.study.plan import StudyPlan

LOSS, TASKS = "mbpb", "‰"


def unit_word(plan: StudyPlan) -> str:
    """What a gain's thousandths are called."""
    return TASKS if plan.tasks else LOSS


def in_unit(data: bytes, plan: StudyPlan) -> bytes:
    """A file of the report in the plan's own unit."""
    return data.replace(LOSS.encode(), TASKS.encode()) if plan.tasks else data
