"""What the page does, as a process that may be killed: it queues runs and keeps a supervisor going.

``python -m benchmarks.stress.app STUDY BOOT``; ends when a file ``enough`` lies in the study and the
queue is empty.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from causalmix_core.proxy.engine import Ledger, open_study
from causalmix_core.proxy.engine.lock import holder

QUEUED_AT_LEAST = 30
_BATCH = 15
_SUPERVISE = """
import sys
from pathlib import Path
from causalmix_core.proxy.engine import supervise
supervise(Path(sys.argv[1]), boot=sys.argv[2], stay=True)
"""


def main(path: Path, boot: str) -> None:
    """Queue, pause, resume and look, until it is enough."""
    study = open_study(path)
    names = [run["id"] for run in json.loads((path / "design.json").read_bytes())["runs"]]
    turn = 0
    with Ledger(study.ledger_path) as ledger:
        while True:
            turn += 1
            enough = (path / "enough").exists()
            counts = ledger.counts()
            known = sum(counts.values())
            if not enough and counts["queued"] < QUEUED_AT_LEAST and known < len(names):
                ledger.submit(names[: known + _BATCH], study.launch.max_tries)
            if holder(study.lock_path) is None:
                _start_supervisor(path, boot)
            if turn % 40 == 0:
                ledger.pause()
                ledger.resume()
            if enough and counts["queued"] + counts["running"] == 0:
                return
            time.sleep(0.02)


def _start_supervisor(path: Path, boot: str) -> None:
    with (path / "supervisor.log").open("ab") as log:
        subprocess.Popen(
            [sys.executable, "-c", _SUPERVISE, str(path), boot],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    study = open_study(path)
    deadline = time.monotonic() + 10.0
    while holder(study.lock_path) is None and time.monotonic() < deadline:
        time.sleep(0.01)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
