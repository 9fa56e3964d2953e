"""kill -9 of the app, the supervisor, a worker and the whole machine, at random moments: is a run lost or repeated?"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.printing import print_table
from benchmarks.stress.kills import stress


def run(arguments: list[str] | None = None) -> int:
    """Kill, count, print; 1 when a run was lost, repeated or trained twice at once."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks stress", description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    chosen = parser.parse_args(arguments or [])
    with tempfile.TemporaryDirectory(prefix="causalmix-stress-") as folder:
        report = stress(Path(folder), chosen.kills, chosen.seed)
    print("\n## The engine under kill -9\n")
    print_table(
        ["what", "count"],
        [
            *([f"kills: {target}", count] for target, count in sorted(report.kills.items())),
            ["runs queued", report.runs],
            ["runs finished", report.finished],
            ["finished runs lost", report.lost],
            ["finished runs repeated", report.repeated],
            ["runs trained by two processes at once", report.overlapping],
            ["attempts cut short and begun again", report.begun_again],
            ["most tries of a run", report.most_tries],
            ["worker processes", report.jobs],
            ["seconds", round(report.seconds, 1)],
        ],
    )
    bad = report.lost + report.repeated + report.overlapping
    print("\nNothing was lost or repeated." if not bad else "\nRUNS WERE LOST OR REPEATED.")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
