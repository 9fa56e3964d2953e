"""Training the runs of one stage by the product's own engine, and waiting for them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from causalmix_core.proxy.engine import Study
    from causalmix_core.study.place import Stage

    Progress = Callable[[float, str], None]

CHUNK = 16
MAX_TRIES = 3
LOOK_EVERY = 1.0  # seconds


def train_stage(
    stage: Stage,
    corpus: Path,
    settings: Mapping[str, Any],
    phase: str,
    progress: Progress | None = None,
    slots: str | None = None,
    worker: str = "tiny",
) -> Study:
    """Queue the runs of a stage's design, start a supervisor, and stay until every run has ended.

    Finished runs are found and not repeated. Interrupted, the runs go on; the same call waits for them again.

    Parameters
    ----------
    settings : of the worker. phase : what is said of it in progress. slots : such as "2xcpu"; None takes what there is.
    worker : tiny or sft.

    Raises
    ------
    StudyError : runs failed at every try; names the first and why.
    ProxyError : another study lies there, or the supervisor does not start.
    """
    from causalmix_core.proxy.engine import find_slots, launch_study, parse_slots, start_supervisor, status_of
    from causalmix_core.proxy.engine.launching import check_design
    from causalmix_core.proxy.engine.study import Launch

    design = check_design(stage.design, corpus)
    width = len(parse_slots(slots) if slots else find_slots())
    launch = Launch(
        worker=worker,
        settings=dict(settings),
        pool=str(corpus.resolve()),
        pool_sha256=design.pool_sha256,
        design_sha256=design.sha256,
        chunk=max(1, min(max(CHUNK, settings.get("stack", 1)), -(-len(design.runs) // width))),
        max_tries=MAX_TRIES,
        slots=slots,
    )
    study, _ = launch_study(design, stage.study, launch, stage.states if stage.states.exists() else None)
    while True:
        found = status_of(study)
        left = found.counts["queued"] + found.counts["running"]
        if not left:
            return study
        if found.supervisor is None:
            start_supervisor(study)
        if progress is not None:
            partly = found.counts["done"] + sum(run.done for run in found.running)
            progress(partly / found.total, f"{phase}: {found.counts['done']:,} of {found.total:,} runs")
        time.sleep(LOOK_EVERY)


def refuse_failed(study: Study) -> None:
    """Refuse a stage of which runs failed at every try.

    Raises
    ------
    StudyError : names the first of them and why.
    """
    from causalmix_core.proxy.engine import status_of

    ended = status_of(study).ended
    if ended:
        first = ended[0]
        raise StudyError(
            f"{len(ended)} runs of {study.path} did not finish, {first.id} first: {first.reason or first.state}. Mend it, "
            f"then `proxy retry {study.path}` and this command again."
        )


def is_trained(stage: Stage) -> bool:
    """True when every run of the stage's design has a result."""
    from causalmix_core.proxy.engine.launching import DESIGN_FILE, read_designed_runs
    from causalmix_core.proxy.engine.results import RESULT

    if not (stage.study / DESIGN_FILE).exists():
        return False
    runs = read_designed_runs(stage.study).runs
    return all((stage.study / "runs" / run / RESULT).exists() for run in runs)
