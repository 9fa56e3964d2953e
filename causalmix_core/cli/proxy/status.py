"""``proxy status STUDY_DIR``: how far a study is, once or live."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.output import print_json, text_table
from causalmix_core.delivery.numbers import duration, thousands

if TYPE_CHECKING:
    import argparse

    from causalmix_core.proxy.engine import Status, Study

_REFRESH = 1.0
_MOST_LISTED = 20


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "status", help="how far a study is", description="Counts, rate, time left, and what failed and why."
    )
    parser.add_argument("study", metavar="STUDY_DIR", type=Path)
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="as JSON")
    how.add_argument("--watch", action="store_true", help="live, until everything has ended")
    how.add_argument("--runs", action="store_true", help="every run with its state, a line each")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read and print."""
    from causalmix_core.proxy.engine import Ledger, open_study, status_of

    study = open_study(arguments.study)
    if arguments.watch:
        return watch(study)
    if arguments.runs:
        with Ledger(study.ledger_path) as ledger:
            for one in ledger.runs():
                print(f"{one.id}\t{one.state}\t{one.tries}\t{one.reason or ''}")
        return 0
    found = status_of(study)
    if arguments.json:
        print_json(found.to_json())
    else:
        print("\n".join(status_lines(found)))
    return 0


def watch(study: Study) -> int:
    """Show a study until nothing is queued or running, or nobody works on it; 1 when runs failed."""
    from causalmix_core.proxy.engine import status_of

    terminal = sys.stdout.isatty()
    height, last = 0, ""
    while True:
        found = status_of(study)
        lines = status_lines(found)
        if terminal:
            print(f"\x1b[{height}A\x1b[J" if height else "", end="")
            print("\n".join(lines), flush=True)
            height = len(lines)
        elif lines[0] != last:
            print(lines[0], flush=True)
            last = lines[0]
        idle = found.supervisor is None
        if idle or not found.counts["queued"] + found.counts["running"]:
            if idle and found.counts["queued"] + found.counts["running"]:
                print(f"Nobody works on it: python -m causalmix_core serve {study.path}")
            return int(found.counts["failed"] > 0)
        time.sleep(_REFRESH)


def status_lines(found: Status) -> list[str]:
    """A study at one moment, for people; the first line stands by itself."""
    counts = ", ".join(f"{thousands(n)} {state}" for state, n in found.counts.items() if n) or "no runs"
    rate = "" if found.runs_per_hour is None else f"; {found.runs_per_hour:,.0f} runs an hour"
    left = f"; {duration(found.eta_seconds)} left" if found.eta_seconds else ""
    lines = [f"{found.counts['done']} of {found.total} runs done: {counts}{rate}{left}."]
    if found.hold is not None:
        lines.append(f"Nothing new is started: {found.hold.reason}")
    if found.supervisor is None and found.counts["queued"] + found.counts["running"]:
        lines.append("No supervisor.")
    if found.running:
        rows = (
            (r.id, r.slot, f"{100 * r.done:.0f} %", "" if r.loss is None else f"{r.loss:.4f}", str(r.tries))
            for r in found.running[:_MOST_LISTED]
        )
        lines += text_table(("run", "slot", "done", "loss", "try"), rows).splitlines()
    lines += [f"{r.id} {r.state}: {r.reason}" for r in found.ended[:_MOST_LISTED]]
    hidden = len(found.ended) - _MOST_LISTED
    return [*lines, f"and {hidden} more"] if hidden > 0 else lines
