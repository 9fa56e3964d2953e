"""Small studies whose worker only waits, for the tests of the engine."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING

from causalmix_core.proxy.engine import Launch, launch_study, read_designed_runs
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from causalmix_core.proxy.engine import Study

CHILD = (sys.executable, "-S", str(ROOT / "benchmarks" / "stress" / "child.py"))


def write_design(folder: Path, n: int) -> Path:
    """A design of ``n`` runs on two domains and two pools; returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    runs = []
    for i in range(n):
        share = round((i + 1) / (n + 1), 6)
        runs.append(
            {
                "id": f"r{i:04d}",
                "pool": f"p{i % 2:03d}",
                "mixture": {"a b": share, "/etc": 1.0 - share},
                "counts": {"a b": 2, "/etc": 3},
                "unit": "windows",
                "replicate": i % 3,
                "order_seed": i,
                "assignment": {"kind": "random", "law": "dirichlet", "log_density": -0.5},
            }
        )
    design = {"schema": "causalmix/design@1", "pool_sha256": "ef" * 32, "runs": runs, "sha256": f"{n:064x}"}
    (folder / "design.json").write_text(json.dumps(design))
    return folder


def make_study(tmp_path: Path, n: int, **settings: object) -> Study:
    """A launched study of ``n`` runs; keywords are fields of ``Launch`` or settings of the worker."""
    own = {name: settings.pop(name) for name in list(settings) if name in Launch.__dataclass_fields__}
    chosen = {"worker": "tiny", "slots": "2xcpu", "argv": CHILD, "min_free_mb": 0, **own}
    launch = Launch(settings=settings, **chosen)  # type: ignore[arg-type]
    study, _ = launch_study(
        read_designed_runs(write_design(tmp_path / "design", n)), tmp_path / "study", launch
    )
    return study


def journal(study: Study) -> Counter[tuple[str, str]]:
    """(event, run) -> how often, from what the workers wrote."""
    file = study.path / "journal.txt"
    lines = file.read_text().splitlines() if file.exists() else []
    return Counter((line.split()[0], line.split()[1]) for line in lines)


def wait_for(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Until a condition holds; an error after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


# What a test started; the fixture in conftest ends what a failed one left.
SUPERVISORS: list[subprocess.Popen[bytes]] = []
_SUPERVISE = """
import json, sys
from pathlib import Path
from causalmix_core.proxy.engine import supervise
supervise(Path(sys.argv[1]), **json.loads(sys.argv[2]))
"""


def start_supervising(
    study: Study, within: Path | None = None, **keywords: object
) -> subprocess.Popen[bytes]:
    """A supervisor in a process and session of its own, and in a control group where one is given."""
    command = [sys.executable, "-c", _SUPERVISE, str(study.path), json.dumps(keywords)]
    if within is not None:
        command = ["/bin/sh", "-c", 'echo $$ > "$0" && exec "$@"', str(within / "cgroup.procs"), *command]
    started = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    SUPERVISORS.append(started)
    return started
