"""What the ledger says of a run and of a job, as plain records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from causalmix_core.errors import ProxyError

RunState = Literal["queued", "running", "done", "failed", "cancelled"]
RUN_STATES: tuple[RunState, ...] = get_args(RunState)
# Trying again cannot mend these: the same bytes would bring the same end.
FINAL_KINDS = frozenset({"nan", "input"})


@dataclass(frozen=True)
class RunRecord:
    """One run of a study.

    Attributes
    ----------
    id : name of the run, as in the design.
    position : place in the queue, from 0.
    state : "queued", "running", "done", "failed" or "cancelled".
    tries : attempts that were begun and count against ``max_tries``.
    max_tries : attempts before the run is given up, >= 1.
    cancel : whether its end was asked for.
    job : number of the job that ran it last, or None.
    kind : why the last attempt ended without a result ("nan", "out of memory", "disk full", "input",
        "command", "killed", "lost", "interrupted", "other"), or None.
    reason : the same as a sentence, or None.
    ended : when it got its final state, seconds since 1970, or None.
    """

    id: str
    position: int
    state: RunState
    tries: int
    max_tries: int
    cancel: bool
    job: int | None
    kind: str | None
    reason: str | None
    ended: float | None


@dataclass(frozen=True)
class JobRecord:
    """One process, here or on a cluster, that trains one run or a chunk of runs.

    Attributes
    ----------
    id : number, from 1; never used twice.
    backend : "local" or "slurm".
    slot : what it occupies: "cpu", "cuda:0", "slurm".
    pid, tick : process id and its start time as the kernel counts it; together they name a process
        even after the id was given away again. None before they are known.
    boot : which start of the machine it was begun under.
    remote : the cluster's own number of the job, or None.
    oom : how many processes the kernel had killed for memory when it began, or None.
    started, ended : seconds since 1970; ``ended`` is None while it may be alive.
    stop_at : when it was told to end, or None.
    """

    id: int
    backend: str
    slot: str
    pid: int | None
    tick: str | None
    boot: str
    remote: str | None
    oom: int | None
    started: float
    ended: float | None
    stop_at: float | None


@dataclass(frozen=True)
class Ended:
    """How a job's process ended.

    Attributes
    ----------
    status : exit status, negative for a signal; None where nobody saw it.
    kind, reason : why, where the back-end knows more than the status tells; else None.
    spent : whether the attempt counts; False for what is no run's fault (a restart of the machine).
    """

    status: int | None
    kind: str | None = None
    reason: str | None = None
    spent: bool = True


@dataclass(frozen=True)
class Hold:
    """Why nothing new is started.

    Attributes
    ----------
    kind : "user", "disk full" or "failing".
    reason : a sentence.
    since : seconds since 1970.
    """

    kind: str
    reason: str
    since: float


class BackendSilent(ProxyError):
    """A cluster does not answer now; it may later, and its jobs may live."""
