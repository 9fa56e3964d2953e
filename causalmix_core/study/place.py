"""Where a study's files lie: the working folder that can be made again, and the tables that are kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import StudyError
from causalmix_core.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.study.plan import StudyPlan

SIDECAR = "plan.json"


@dataclass(frozen=True)
class StudyPlace:
    """Folders of one study.

    Attributes
    ----------
    work : text, models, designs and runs; large, and made again by the same commands.
    tables : what is kept and shipped: plan, runs tables, predictions, results.
    """

    work: Path
    tables: Path

    @property
    def corpus(self) -> Path:
        """The pool of text, with its base."""
        return self.work / "corpus"

    @property
    def scorer(self) -> Path:
        """The model that scores what describes pools."""
        return self.work / "scorer"

    @property
    def checkpoint(self) -> Path:
        """What is held of a fine-tuning study's models (see :mod:`causalmix_core.study.checkpoint`)."""
        return self.work / "checkpoint.json"

    def stage(self, name: str) -> Stage:
        """The folders of one round of training: the study's own runs, the verification, a case of scale."""
        return Stage(self.work / name)

    def claim(self, plan: StudyPlan) -> None:
        """Bind both folders to the plan, before anything is made in them.

        Raises
        ------
        StudyError : they hold a study of another plan.
        """
        for folder in (self.work, self.tables):
            folder.mkdir(parents=True, exist_ok=True)
            card = folder / SIDECAR
            if card.exists():
                _refuse_other(card, plan)
                continue
            said = {"name": plan.name, "plan_sha256": plan.sha256}
            write_atomically(card, (json.dumps(said, indent=1, sort_keys=True) + "\n").encode())
        write_atomically(self.tables / "plan.yaml", plan.text)


@dataclass(frozen=True)
class Stage:
    """One round of training: ``folder`` holds its design, the states of its pools and its runs."""

    folder: Path

    @property
    def design(self) -> Path:
        """Folder of the design."""
        return self.folder / "design"

    @property
    def states(self) -> Path:
        """Covariates of its pools, as ``proxy launch --states`` takes them."""
        return self.folder / "states.json"

    @property
    def study(self) -> Path:
        """Folder of the engine's study."""
        return self.folder / "study"


def read_json(path: Path) -> Any:
    """A JSON file of the study.

    Raises
    ------
    StudyError : it is missing or was changed into something else.
    """
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise StudyError(f"{path} is missing; an earlier step of the study makes it.") from None
    except ValueError as error:
        raise StudyError(f"{path} is not JSON ({error}).") from None


def _refuse_other(card: Path, plan: StudyPlan) -> None:
    found = read_json(card)
    said = found.get("plan_sha256") if isinstance(found, dict) else None
    if said != plan.sha256:
        raise StudyError(
            f"{card.parent} holds a study of another plan ({str(said)[:12]}) than {plan.name} as it is now "
            f"({plan.sha256[:12]}): a plan is fixed before its first run. Give other folders (--work, --tables)."
        )
