"""``study verify NAME``: rivals on pools that no run has seen, predictions first, then real training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.cli.output import print_json
from causalmix_core.cli.resuming import resumable
from causalmix_core.cli.study.arguments import add_study_arguments, add_training_arguments, means_of, place_of
from causalmix_core.delivery.numbers import thousands

if TYPE_CHECKING:
    import argparse

    from causalmix_core.cli.progress import Progress
    from causalmix_core.study.place import StudyPlace
    from causalmix_core.study.plan import StudyPlan

MAIN, PREDICT, ORACLE, SCALE, OWN_ORDER = "main", "predict", "oracle", "scale", "own-order"
PARTS = (PREDICT, MAIN, OWN_ORDER, ORACLE, SCALE)


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "verify",
        help="train what every method chooses on new pools",
        description="Score new pools, let every method choose a mixture for each, write the choices and what is expected of "
        "them down, and train them all; train the recommended ones in the study's own order of text, too; then search for the best mixture on a few pools, and go to larger budgets and "
        "models. What is done is found and not repeated.",
    )
    add_study_arguments(parser)
    add_training_arguments(parser)
    parser.add_argument(
        "--only",
        choices=PARTS,
        help="predict: choose and write down, train nothing; main: and train the choices; own-order: in the order of text of "
        "the study's runs; oracle: the search; scale: larger budgets and models (default: all that the plan names)",
    )
    parser.add_argument("--case", metavar="NAME", default="", help="with --only scale: this case alone")
    parser.add_argument(
        "--smoke",
        action="store_true",
        help="train two pools again from the text on, and compare with the shipped rows",
    )
    parser.add_argument("--json", action="store_true", help="with --smoke: the comparison as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Verify what is not verified yet."""
    from causalmix_core.study.plan import read_plan

    plan = read_plan(arguments.plan)
    place = place_of(arguments, plan)
    with resumable(speak=arguments.progress) as progress:
        if arguments.smoke:
            return _smoke(arguments, plan, place, progress)
        _verify(arguments, plan, place, progress)
    return 0


def _verify(arguments: argparse.Namespace, plan: StudyPlan, place: StudyPlace, progress: Progress) -> None:
    from causalmix_core.study.oracle import ORACLE as ORACLE_FILE
    from causalmix_core.study.oracle import search
    from causalmix_core.study.own_order import OWN_ORDER as OWN_ORDER_FILE
    from causalmix_core.study.own_order import own_order
    from causalmix_core.study.scale import SCALE as SCALE_FILE
    from causalmix_core.study.scale import scale
    from causalmix_core.study.verification.predictions import PREDICTIONS
    from causalmix_core.study.verification.verify import RESULTS, predict_all, verify

    means, only = means_of(arguments), arguments.only
    if only in (None, PREDICT, MAIN):
        place.claim(plan)
        found = predict_all(plan, place, means, progress)
        progress.close()
        print(f"{place.tables / PREDICTIONS}: {len(found['pools'])} pools, predictions {found['sha256']}")
    if only in (None, MAIN):
        _say(place, RESULTS, verify(plan, place, means, progress), progress)
    if only in (None, OWN_ORDER):
        _say(place, OWN_ORDER_FILE, own_order(plan, place, means, progress), progress)
    if only == ORACLE or (only is None and "oracle" in plan.plain):
        _say(place, ORACLE_FILE, search(plan, place, means, progress), progress)
    if only == SCALE or (only is None and "scale" in plan.plain):
        _say(place, SCALE_FILE, scale(plan, place, means, progress, arguments.case), progress)


def _say(place: StudyPlace, file: str, rows: list[dict[str, str]], progress: Progress) -> None:
    progress.close()
    runs = len({(row.get("case"), row.get("stage"), row.get("round"), row["run_id"]) for row in rows})
    print(f"{place.tables / file}: {thousands(len(rows))} rows of {thousands(runs)} runs")


def _smoke(arguments: argparse.Namespace, plan: StudyPlan, place: StudyPlace, progress: Progress) -> int:
    from causalmix_core.study.smoke import ALLOWED, smoke

    found = smoke(plan, place, means_of(arguments), progress)
    progress.close()
    if arguments.json:
        print_json({**vars(found), "holds": found.holds})
    else:
        print(
            f"{found.runs} runs trained again: the worst lies {1000 * found.worst:.2f} thousandths from the shipped one "
            f"({found.where}); noise between orders of text {1000 * found.noise:.2f}, allowed {ALLOWED:g} times that."
        )
        print("They agree." if found.holds else "They do not agree.")
    return int(not found.holds)
