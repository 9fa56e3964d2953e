"""Writing a pool: domain by domain, each whole or not at all, to be gone on with after a stop."""

from __future__ import annotations

import fcntl
import json
import secrets
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from causalmix_core.errors import PoolSourceError
from causalmix_core.files import write_atomically
from causalmix_core.pools.broken import BrokenLog
from causalmix_core.pools.domain_files import write_domain
from causalmix_core.pools.pool import Pool, open_pool
from causalmix_core.pools.pool_file import (
    BROKEN_FILE,
    DOCUMENTS,
    POOL_FILE,
    DomainEntry,
    pretty_json,
    write_pool_file,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from causalmix_core.pools.document import Draft

    Progress = Callable[[float, str], None]
    Report = Callable[[float], None]
    Drafts = Callable[[BrokenLog, Report], Iterator[Draft]]

BUILDING = ".building"
LOCK_FILE = "lock"


@dataclass(frozen=True)
class DomainJob:
    """How one domain is made.

    Attributes
    ----------
    name, source, licence : as in :class:`~causalmix_core.pools.pool_file.DomainEntry`.
    inputs_sha256 : of everything that decides what ``drafts`` yields; 64 hex digits.
    drafts : given a log of broken places and a report of the part done (0..1), yields the documents.
    weight : share of the whole work, any positive number; for the progress.
    keep_bytes : stop, in hash order, once this many bytes of text are kept; None keeps all.
    """

    name: str
    source: str
    licence: str
    inputs_sha256: str
    drafts: Drafts
    weight: float = 1.0
    keep_bytes: int | None = None


@dataclass(frozen=True)
class BuildOptions:
    """How a pool is built.

    Attributes
    ----------
    strict : stop at the first broken place.
    keep_duplicates : keep documents whose text has come before; they are counted either way.
    piece_bytes : bytes of documents held in memory at once; None takes the default.
    """

    strict: bool = False
    keep_duplicates: bool = False
    piece_bytes: int | None = None


def build_pool(
    folder: Path,
    name: str,
    jobs: Sequence[DomainJob],
    options: BuildOptions | None = None,
    progress: Progress | None = None,
) -> Pool:
    """Make the pool, or go on with one that was begun; domains already there are not made again.

    Raises
    ------
    PoolSourceError : a domain is empty, the folder holds something else, or (strict) a place is broken.
    """
    options = options or BuildOptions()
    finished = finished_pool(folder, jobs)
    if finished is None:
        begin(folder)
        (folder / DOCUMENTS).mkdir(exist_ok=True)
        with _alone(folder):
            entries = _build_domains(folder, jobs, options, progress)
            _join_broken(folder, len(jobs))
            write_pool_file(folder, name, entries)
        finished = open_pool(folder)
    shutil.rmtree(folder / BUILDING, ignore_errors=True)
    return finished


def begin(folder: Path) -> None:
    """Mark a folder, made where it is missing, as one in which a pool is being built."""
    (folder / BUILDING).mkdir(parents=True, exist_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder, which the kernel gives back if this process dies, and sweep what a killed one left."""
    with (folder / BUILDING / LOCK_FILE).open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PoolSourceError(
                f"{folder} is being built by another process; wait for it or stop it."
            ) from None
        for left in (folder / BUILDING).glob("??-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _build_domains(
    folder: Path, jobs: Sequence[DomainJob], options: BuildOptions, progress: Progress | None
) -> list[DomainEntry]:
    whole = sum(job.weight for job in jobs)
    entries: list[DomainEntry] = []
    before = 0.0
    for index, job in enumerate(jobs):

        def report(part: float, job: DomainJob = job, before: float = before) -> None:
            if progress is not None:
                progress((before + part * job.weight) / whole, f"reading {job.name}")

        report(0.0)
        entries.append(_built(folder, index, job) or _build(folder, index, job, options, report))
        before += job.weight
        report(1.0)
    return entries


def finished_pool(folder: Path, jobs: Sequence[DomainJob]) -> Pool | None:
    """The pool that is there already, where it is the one asked for; None where there is none.

    Raises
    ------
    PoolSourceError : the folder holds another pool or something else.
    """
    if not folder.is_dir():
        if folder.exists():
            raise PoolSourceError(f"{folder} is a file; give the name of a folder.")
        return None
    if not (folder / POOL_FILE).exists():
        if any(folder.iterdir()) and not (folder / BUILDING).is_dir():
            raise PoolSourceError(f"{folder} holds files that are not a pool; give another folder.")
        return None
    pool = open_pool(folder)
    wanted = [(job.name, job.inputs_sha256) for job in jobs]
    if wanted != [(entry.name, entry.inputs_sha256) for entry in pool.entries]:
        raise PoolSourceError(
            f"{folder} holds another pool (sha256 {pool.sha256[:12]}), which runs may refer to; "
            "give another folder, or remove that one."
        )
    return pool


def _built(folder: Path, index: int, job: DomainJob) -> DomainEntry | None:
    """A domain that an earlier, interrupted build has finished."""
    try:
        entry = DomainEntry(**json.loads(_marker(folder, index).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    return entry if (entry.name, entry.inputs_sha256) == (job.name, job.inputs_sha256) else None


def _build(folder: Path, index: int, job: DomainJob, options: BuildOptions, report: Report) -> DomainEntry:
    work = folder / BUILDING / f"{index:02d}-{secrets.token_hex(8)}"
    work.mkdir()
    try:
        with BrokenLog(work / BROKEN_FILE, job.name, strict=options.strict) as log:
            written = write_domain(
                folder,
                index,
                job.drafts(log, report),
                work=work,
                keep_duplicates=options.keep_duplicates,
                keep_bytes=job.keep_bytes,
                piece_bytes=options.piece_bytes,
            )
        if written.documents == 0:
            raise _empty(job, log)
        (work / BROKEN_FILE).replace(_broken_file(folder, index))
        entry = DomainEntry(
            name=job.name,
            index=index,
            documents=written.documents,
            bytes=written.bytes,
            duplicates=written.duplicates,
            broken=log.count,
            source=job.source,
            licence=job.licence,
            sha256=written.sha256,
            inputs_sha256=job.inputs_sha256,
        )
        write_atomically(_marker(folder, index), pretty_json(asdict(entry)))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return entry


def _empty(job: DomainJob, log: BrokenLog) -> PoolSourceError:
    why = f"all {log.count} lines are broken, first {log.first}" if log.count else "its files hold no text"
    return PoolSourceError(
        f"Domain {job.name!r} is empty: {why}. Name the right files and fields, or leave the domain out."
    )


def _join_broken(folder: Path, domains: int) -> None:
    joined = folder / BUILDING / f"{BROKEN_FILE}.{secrets.token_hex(8)}"
    with joined.open("xb") as out:
        for index in range(domains):
            with _broken_file(folder, index).open("rb") as lines:
                shutil.copyfileobj(lines, out)
    joined.replace(folder / BROKEN_FILE)


def _marker(folder: Path, index: int) -> Path:
    return folder / BUILDING / f"{index:02d}.json"


def _broken_file(folder: Path, index: int) -> Path:
    return folder / BUILDING / f"{index:02d}.{BROKEN_FILE}"
