"""The ledger: one SQLite file that says of every run where it stands.

The page and the command line add runs, ask for their end, pause and read; only the supervisor starts
them. Every change is one transaction, so a process that dies leaves the state before or after it.
"""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.engine.records import RUN_STATES, Hold, JobRecord, RunRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from causalmix_core.proxy.engine.records import RunState

_BUSY_SECONDS = 30.0
_TABLES = """
create table if not exists run(
  id text primary key, position integer not null, state text not null default 'queued',
  tries integer not null default 0, max_tries integer not null, cancel integer not null default 0,
  job integer, kind text, reason text, ended real);
create index if not exists run_by_state on run(state, position);
create index if not exists run_by_job on run(job);
create table if not exists job(
  id integer primary key autoincrement, backend text not null, slot text not null, pid integer, tick text,
  boot text not null, remote text, oom integer, started real not null, ended real, stop_at real);
create index if not exists job_open on job(ended);
create table if not exists note(key text primary key, value text not null);
"""


class Ledger:
    """The queue of one study.

    Parameters
    ----------
    path : the file ``ledger.db``; made where it lacks. It must lie on a disk of this machine (SQLite's
        write-ahead log does not work over a network).

    Raises
    ------
    ProxyError : the file is no ledger.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        try:
            self._db.execute("pragma journal_mode=wal")
            self._db.executescript(_TABLES)
        except sqlite3.DatabaseError as error:
            self._db.close()
            if isinstance(error, sqlite3.OperationalError):
                raise
            raise ProxyError(
                f"{path} is no ledger ({error}); move it away and launch the study again: "
                "finished runs are found by their results."
            ) from None

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All statements inside happen, or none."""
        self._db.execute("begin immediate")
        try:
            yield self._db
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    # What everybody may do

    def submit(self, ids: Iterable[str], max_tries: int = 3) -> int:
        """Queue runs behind those that are there; ids already known stay as they are. How many are new."""
        if max_tries < 1:
            raise ProxyError(f"max_tries is {max_tries}; a run needs one try at least.")
        with self.transaction() as db:
            (last,) = db.execute("select coalesce(max(position), -1) from run").fetchone()
            known = {row["id"] for row in db.execute("select id from run")}
            new = [name for name in dict.fromkeys(ids) if name not in known]
            db.executemany(
                "insert into run(id, position, max_tries) values(?, ?, ?)",
                [(name, last + 1 + i, max_tries) for i, name in enumerate(new)],
            )
        return len(new)

    def runs(self, state: RunState | None = None) -> list[RunRecord]:
        """Runs in the order of the queue, all or those of one state."""
        where, values = ("where state=?", (state,)) if state else ("", ())
        rows = self._db.execute(f"select * from run {where} order by position", values)  # noqa: S608
        return [_run(row) for row in rows]

    def states(self) -> dict[str, RunState]:
        """Run id -> state, in the order of the queue."""
        return {r["id"]: r["state"] for r in self._db.execute("select id, state from run order by position")}

    def counts(self) -> dict[RunState, int]:
        """State -> number of runs; every state is there."""
        found = dict(self._db.execute("select state, count(*) from run group by state").fetchall())
        return {state: int(found.get(state, 0)) for state in RUN_STATES}

    def cancel(self, ids: Sequence[str] | None = None) -> int:
        """Take runs (None: all) from the queue and ask for the end of those that run. How many it concerns.

        The supervisor ends running ones; a run that finishes before that is done all the same.
        """
        with self.transaction() as db:
            chosen = self._chosen(db, ids, ("queued", "running"))
            for name in chosen:
                db.execute(
                    "update run set cancel=1, ended=case state when 'queued' then ? end,"
                    " state=case state when 'queued' then 'cancelled' else state end where id=?",
                    (time.time(), name),
                )
        return len(chosen)

    def retry(self, ids: Sequence[str] | None = None) -> int:
        """Queue failed and cancelled runs (None: all of them) again with all their tries. How many."""
        with self.transaction() as db:
            chosen = self._chosen(db, ids, ("failed", "cancelled"))
            for name in chosen:
                db.execute(
                    "update run set state='queued', tries=0, cancel=0, kind=null, reason=null, ended=null"
                    " where id=?",
                    (name,),
                )
        return len(chosen)

    def pause(self, reason: str = "Paused by the user.", kind: str = "user") -> None:
        """Start nothing new; what runs goes on."""
        self.write_note("hold", {"kind": kind, "reason": reason, "since": time.time()})

    def resume(self) -> None:
        """Lift a pause, whatever its reason."""
        self.write_note("hold", None)
        self.write_note("failures in a row", None)

    def hold(self) -> Hold | None:
        """Why nothing new is started, or None."""
        found = self.read_note("hold")
        return None if found is None else Hold(found["kind"], found["reason"], found["since"])

    def jobs(self, *, alive: bool = False) -> list[JobRecord]:
        """Jobs in the order of their start; ``alive`` leaves those out that have ended."""
        where = "where ended is null" if alive else ""
        return [_job(row) for row in self._db.execute(f"select * from job {where} order by id")]  # noqa: S608

    def runs_of(self, job: int) -> list[RunRecord]:
        """Runs that were last given to a job, in order."""
        rows = self._db.execute("select * from run where job=? order by position", (job,))
        return [_run(row) for row in rows]

    def read_note(self, key: str) -> Any:
        """A value kept beside the queue, or None."""
        row = self._db.execute("select value from note where key=?", (key,)).fetchone()
        return None if row is None else json.loads(row["value"])

    def write_note(self, key: str, value: Any) -> None:
        """Keep a JSON value beside the queue; None removes it."""
        if value is None:
            self._db.execute("delete from note where key=?", (key,))
        else:
            self._db.execute("insert or replace into note values(?, ?)", (key, json.dumps(value)))

    def _chosen(
        self, db: sqlite3.Connection, ids: Sequence[str] | None, states: tuple[RunState, ...]
    ) -> list[str]:
        known: dict[str, str] = dict(db.execute("select id, state from run order by position").fetchall())
        strange = [name for name in ids or () if name not in known]
        if strange:
            raise ProxyError(
                f"There is no run {strange[0]!r} in {self.path}; `proxy status --runs` lists them."
            )
        return [name for name in (known if ids is None else ids) if known[name] in states]


def _run(row: sqlite3.Row) -> RunRecord:
    values = dict(row)
    values["cancel"] = bool(values["cancel"])
    return RunRecord(**values)


def _job(row: sqlite3.Row) -> JobRecord:
    return JobRecord(**dict(row))
