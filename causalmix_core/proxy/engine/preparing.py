"""What must lie in a run's folder before an attempt, and the command that makes it."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from causalmix_core.proxy.engine.results import FAILURE, LOG, PROGRESS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causalmix_core.proxy.engine.study import Study


def make_ready(study: Study, job: int, runs: Sequence[str]) -> None:
    """Clear what an earlier attempt left in the folders of ``runs``, and show the job's log in each.

    The log is one file under as many names as the job has runs; earlier logs stay in ``jobs/``.
    """
    folder = study.job_dir(job)
    folder.mkdir(parents=True, exist_ok=True)
    study.log_of_job(job).touch()
    for run in runs:
        run_dir = study.run_dir(run)
        run_dir.mkdir(parents=True, exist_ok=True)
        for name in (FAILURE, PROGRESS, LOG):
            (run_dir / name).unlink(missing_ok=True)
        try:
            os.link(study.log_of_job(job), run_dir / LOG)
        except OSError:  # a file system without second names
            (run_dir / LOG).symlink_to(f"../../jobs/{folder.name}/{LOG}")


def job_argv(study: Study, runs: Sequence[str]) -> list[str]:
    """The command of a job: the study's own or this package's ``train-run``, and each run's folder."""
    command = list(study.launch.argv or (sys.executable, "-m", "causalmix_core", "train-run"))
    for run in runs:
        command += ["--run-dir", str(study.run_dir(run))]
    return command
