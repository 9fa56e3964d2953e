"""What a plan's worker asks of the rest of the plan: which models, which outcome, which parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.errors import StudyError

if TYPE_CHECKING:
    from causalmix_core.study.plan import StudyPlan


def check_worker(plan: StudyPlan, file: str) -> None:
    """Refuse a plan whose parts do not fit its worker.

    Raises
    ------
    StudyError : naming the key, and what to write instead.
    """
    if plan.worker == "tiny":
        _check_tiny(plan, file)
    else:
        _check_sft(plan, file)


def _check_tiny(plan: StudyPlan, file: str) -> None:
    for part in ("base", "scorer"):
        if part not in plan.plain:
            raise StudyError(f"{file}: {part} is missing; tiny runs need it (size, tokens, seed).")
    if "tasks" in plan.plain["outcome"]:
        raise StudyError(
            f"{file}, outcome.tasks: tiny models answer no questions; leave tasks out, or set runs.worker to sft."
        )


def _check_sft(plan: StudyPlan, file: str) -> None:
    plain = plan.plain
    if "base" in plain:
        raise StudyError(
            f"{file}: base has no use where runs.worker is sft; the checkpoint is the start of every run. Leave it out."
        )
    asked = plain["runs"].get("tasks", {})
    for task in plan.tasks:
        if task not in asked:
            known = ", ".join(asked) or "none"
            raise StudyError(
                f"{file}, outcome.tasks: no run is asked {task!r}; runs.tasks has {known}. Add it there."
            )
    if plan.tasks and "dmo" in plan.verification["methods"]:
        raise StudyError(
            f"{file}, verification.methods: dmo adds up losses of domains, and the outcome is of tasks; leave dmo out."
        )
    if "scale" in plain:
        raise StudyError(
            f"{file}: scale varies tiny models and their windows of text; leave it out where runs.worker is sft."
        )
