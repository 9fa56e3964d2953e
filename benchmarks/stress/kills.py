"""kill -9 at random moments, and the count of what it did."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.proxy.engine import Launch, Ledger, launch_study, read_designed_runs
from causalmix_core.proxy.engine.lock import holder
from causalmix_core.proxy.engine.processes import start_tick
from causalmix_core.proxy.engine.results import read_result

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.proxy.engine import Study

ROOT = Path(__file__).resolve().parents[2]
CHILD = (sys.executable, "-S", str(Path(__file__).with_name("child.py")))
TARGETS = ("app", "supervisor", "worker", "machine")
_RUNS_A_KILL = 40
_LONGEST_WAIT = 0.5  # s between two kills
_PATIENCE = 60.0


@dataclass(frozen=True)
class StressReport:
    """What a stress run found.

    Attributes
    ----------
    kills : target -> processes' deaths of that kind. runs : queued in all. finished : with a result.
    lost : that had finished and are not done in the ledger with their result, or have not ended at all.
    repeated : begun again after they had a result. overlapping : trained by two processes at once.
    begun_again : attempts that a kill cut short. most_tries : of one run. jobs : processes started.
    seconds : wall clock.
    """

    kills: dict[str, int]
    runs: int
    finished: int
    lost: int
    repeated: int
    overlapping: int
    begun_again: int
    most_tries: int
    jobs: int
    seconds: float


class Scene:
    """A study, the process that plays the app, and the number of the machine's present start."""

    def __init__(self, folder: Path, kills: int, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311
        self.study = _study(folder, kills * _RUNS_A_KILL)
        self.boot = 1
        self.ledger = Ledger(self.study.ledger_path)
        self.app = self._start_app()

    def kill(self, target: str) -> None:
        """Kill one kind of process, and start again what a person would."""
        if target == "app":
            self.app.kill()
        elif target == "supervisor":
            who = _eventually(lambda: holder(self.study.lock_path))
            _kill(who.pid)
        elif target == "worker":
            _kill(_eventually(self._some_worker))
        else:
            self._restart_machine()
        if target in {"app", "machine"}:
            self.app.wait()
            self.app = self._start_app()

    def finish(self) -> None:
        """Let everything end by itself."""
        (self.study.path / "enough").touch()
        self.app.wait(timeout=_PATIENCE)
        who = holder(self.study.lock_path)
        if who is not None:
            os.kill(who.pid, signal.SIGTERM)
            _eventually(lambda: start_tick(who.pid) is None)

    def _some_worker(self) -> int | None:
        pids = [
            job.pid for job in self.ledger.jobs(alive=True) if job.pid and start_tick(job.pid) == job.tick
        ]
        return self.rng.choice(pids) if pids else None

    def _restart_machine(self) -> None:
        """Everything that knows the study dies, also a worker that the ledger does not know yet."""
        while pids := _processes_of(self.study.path):
            for pid in pids:
                _kill(pid)
        self.boot += 1

    def _start_app(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "benchmarks.stress.app", str(self.study.path), f"boot-{self.boot}"]
        return subprocess.Popen(command, cwd=ROOT)


def stress(folder: Path, kills: int, seed: int) -> StressReport:
    """Kill ``kills`` times while runs go on, let the rest finish, and count; targets take turns in a random order."""
    start = time.monotonic()
    scene = Scene(folder, kills, seed)
    targets = [TARGETS[i % len(TARGETS)] for i in range(kills)]
    scene.rng.shuffle(targets)
    for target in targets:
        time.sleep(scene.rng.uniform(0.0, _LONGEST_WAIT))
        scene.kill(target)
    scene.finish()
    return _report(scene, Counter(targets), time.monotonic() - start)


def _study(folder: Path, runs: int) -> Study:
    design = folder / "design"
    design.mkdir(parents=True)
    entries = [{"id": f"r{i:05d}", "pool": "p000", "mixture": {"a": 0.5, "b": 0.5}} for i in range(runs)]
    content = {"schema": "causalmix/design@1", "pool_sha256": "", "runs": entries}
    (design / "design.json").write_text(json.dumps(content))
    launch = Launch(
        worker="tiny",
        settings={"steps": 4, "pause": 0.02},
        chunk=3,
        max_tries=100,
        slots="3xcpu",
        argv=CHILD,
        min_free_mb=0,
    )
    found = read_designed_runs(design)
    study, _ = launch_study(found, folder / "study", launch)
    for file in folder.glob("study/ledger.db*"):
        file.unlink()  # the app queues the runs, batch after batch
    return study


def _report(scene: Scene, kills: Counter[str], seconds: float) -> StressReport:
    study = scene.study
    lines = [line.split() for line in (study.path / "journal.txt").read_text().splitlines()]
    events = Counter((event, run) for event, run, _ in lines)
    runs = scene.ledger.runs()
    done = {run.id for run in runs if run.state == "done" and read_result(study.run_dir(run.id))}
    told_finished = {run for event, run in events if event == "finish"}
    known = {run.id for run in runs}
    again = sum(n for (event, _), n in events.items() if event == "repeat")
    again += sum(n - 1 for (event, _), n in events.items() if event == "finish")
    return StressReport(
        kills=dict(kills),
        runs=len(runs),
        finished=len(done),
        lost=len((told_finished | known) - done),
        repeated=again,
        overlapping=sum(n for (event, _), n in events.items() if event == "overlap"),
        begun_again=sum(n - 1 for (event, _), n in events.items() if event == "begin"),
        most_tries=max((run.tries for run in runs), default=0),
        jobs=len(scene.ledger.jobs()),
        seconds=seconds,
    )


def _processes_of(study: Path) -> list[int]:
    """Processes whose command line names the study."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if str(study).encode() in (entry / "cmdline").read_bytes() and start_tick(int(entry.name)):
                    found.append(int(entry.name))
    return found


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _eventually(look: Callable[[], Any]) -> Any:
    """What a look finds, as soon as it finds something."""
    deadline = time.monotonic() + _PATIENCE
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError("what was to be killed did not appear")
        time.sleep(0.005)
    return found
