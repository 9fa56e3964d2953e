"""The supervisor's side of the ledger: giving runs to jobs, and writing down what became of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from causalmix_core.proxy.engine.records import JobRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from causalmix_core.proxy.engine.ledger import Ledger
    from causalmix_core.proxy.engine.records import Ended, RunState
    from causalmix_core.proxy.engine.verdicts import Verdict

# So many jobs in a row without one finished run: the worker is broken, not the runs.
MOST_FAILURES_IN_A_ROW = 8


def claim(
    ledger: Ledger, backend: str, slot: str, chunk: int, boot: str, oom: int | None
) -> JobRecord | None:
    """Give the next ``chunk`` queued runs to a new job, in one transaction; None when nothing is queued.

    The job is written down before its process exists: a supervisor that dies in between leaves a job
    that its successor finds without a process.
    """
    with ledger.transaction() as db:
        rows = db.execute(
            "select id from run where state='queued' order by position limit ?", (chunk,)
        ).fetchall()
        if not rows:
            return None
        started = time.time()
        cursor = db.execute(
            "insert into job(backend, slot, boot, oom, started) values(?, ?, ?, ?, ?)",
            (backend, slot, boot, oom, started),
        )
        job = int(cursor.lastrowid or 0)
        db.executemany(
            "update run set state='running', job=?, tries=tries+1 where id=?", [(job, r["id"]) for r in rows]
        )
    return JobRecord(job, backend, slot, None, None, boot, None, oom, started, None, None)


def note_process(ledger: Ledger, job: int, pid: int, tick: str | None) -> None:
    """Write down which process a job is."""
    with ledger.transaction() as db:
        db.execute("update job set pid=?, tick=? where id=?", (pid, tick, job))


def note_remote(ledger: Ledger, job: int, remote: str) -> None:
    """Write down the cluster's number of a job."""
    with ledger.transaction() as db:
        db.execute("update job set remote=? where id=?", (remote, job))


def note_stop(ledger: Ledger, job: int) -> None:
    """Write down that a job was told to end now."""
    with ledger.transaction() as db:
        db.execute("update job set stop_at=? where id=?", (time.time(), job))


def close_job(ledger: Ledger, job: int) -> None:
    """A job has nothing left to do."""
    with ledger.transaction() as db:
        db.execute("update job set ended=? where id=?", (time.time(), job))


def finish(ledger: Ledger, run: str) -> None:
    """A run is done: its result lies in its folder. From whatever state, also a cancelled one."""
    with ledger.transaction() as db:
        db.execute(
            "update run set state='done', kind=null, reason=null, ended=? where id=? and state<>'done'",
            (time.time(), run),
        )


def settle(ledger: Ledger, job: JobRecord, ended: Ended, verdicts: Mapping[str, Verdict]) -> None:
    """Close a job and give each of its unfinished runs its next state, in one transaction."""
    now = time.time()
    with ledger.transaction() as db:
        for run, verdict in verdicts.items():
            state: RunState = verdict.state
            db.execute(
                "update run set state=?, kind=?, reason=?, ended=?, cancel=case when ? then cancel else 0 end,"
                " tries=tries-? where id=? and state='running'",
                (
                    state,
                    verdict.kind,
                    verdict.reason,
                    None if state == "queued" else now,
                    state == "cancelled",
                    0 if verdict.spent else 1,
                    run,
                ),
            )
        db.execute("update job set ended=? where id=?", (now, job.id))
    _watch_failures(ledger, job, ended, verdicts)


def _watch_failures(ledger: Ledger, job: JobRecord, ended: Ended, verdicts: Mapping[str, Verdict]) -> None:
    """Pause a study whose jobs fail one after the other, before every run has spent its tries."""
    blamed = [v for v in verdicts.values() if v.spent and v.state in {"queued", "failed"}]
    if any(run.state == "done" for run in ledger.runs_of(job.id)):
        ledger.write_note("failures in a row", None)
    elif blamed and ended.spent:
        count = int(ledger.read_note("failures in a row") or 0) + 1
        ledger.write_note("failures in a row", count)
        if count >= MOST_FAILURES_IN_A_ROW:
            ledger.pause(
                f"{count} jobs in a row finished no run; the last one: {blamed[0].reason} "
                "Mend the cause, then resume.",
                kind="failing",
            )
