"""``proxy cancel|pause|resume|retry STUDY_DIR``: steering a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from causalmix_core.proxy.engine import Study


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the four commands."""
    cancel = commands.add_parser(
        "cancel",
        help="take runs out, and end those that run",
        description="TERM to the process group, KILL after 10 s. Other runs of the same process go back to the queue.",
    )
    retry = commands.add_parser(
        "retry", help="queue failed and cancelled runs again", description="They get all their tries again."
    )
    pause = commands.add_parser("pause", help="start nothing new", description="What runs goes on.")
    resume = commands.add_parser(
        "resume", help="go on after a pause", description="Lift a pause, whatever its reason."
    )
    for parser, action in ((cancel, _cancel), (retry, _retry), (pause, _pause), (resume, _resume)):
        parser.add_argument("study", metavar="STUDY_DIR", type=Path)
        parser.set_defaults(run=action)
    for parser in (cancel, retry):
        parser.add_argument(
            "--run", metavar="ID", dest="ids", action="append", help="only this one; may be given again"
        )


def _cancel(arguments: argparse.Namespace) -> int:
    from causalmix_core.proxy.engine import Ledger, open_study

    study = open_study(arguments.study)
    with Ledger(study.ledger_path) as ledger:
        count = ledger.cancel(arguments.ids)
        running = ledger.counts()["running"] > 0
    if running:
        _wake(study)  # somebody has to end the processes
    print(f"{study.path}: {count} runs cancelled{', running ones end within 10 s' if running else ''}.")
    return 0


def _retry(arguments: argparse.Namespace) -> int:
    from causalmix_core.proxy.engine import Ledger, open_study

    study = open_study(arguments.study)
    with Ledger(study.ledger_path) as ledger:
        count = ledger.retry(arguments.ids)
        held = ledger.hold()
    print(f"{study.path}: {count} runs queued again.")
    if held is not None:
        print(f"Nothing new is started: {held.reason}")
    elif count:
        _wake(study)
    return 0


def _pause(arguments: argparse.Namespace) -> int:
    from causalmix_core.proxy.engine import Ledger, open_study

    study = open_study(arguments.study)
    with Ledger(study.ledger_path) as ledger:
        ledger.pause()
        running = ledger.counts()["running"]
    print(f"{study.path}: paused; {running} runs were given to processes and go on.")
    return 0


def _resume(arguments: argparse.Namespace) -> int:
    from causalmix_core.proxy.engine import Ledger, open_study

    study = open_study(arguments.study)
    with Ledger(study.ledger_path) as ledger:
        ledger.resume()
        counts = ledger.counts()
    if counts["queued"] + counts["running"]:
        _wake(study)
    print(f"{study.path}: goes on, {counts['queued']} runs queued.")
    return 0


def _wake(study: Study) -> None:
    from causalmix_core.proxy.engine import start_supervisor

    start_supervisor(study)
