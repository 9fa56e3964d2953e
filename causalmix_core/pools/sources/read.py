"""Making a pool of the user's files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from causalmix_core.pools.building import BuildOptions, DomainJob, build_pool
from causalmix_core.pools.sources.files import files_of
from causalmix_core.pools.sources.json_lines import json_lines
from causalmix_core.pools.sources.parquet import parquet
from causalmix_core.pools.sources.plain_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from causalmix_core.pools.broken import BrokenLog
    from causalmix_core.pools.building import Progress, Report
    from causalmix_core.pools.document import Draft
    from causalmix_core.pools.pool import Pool
    from causalmix_core.pools.sources.files import SourceFile
    from causalmix_core.pools.sources.spec import DomainSource, SourceSpec

_READERS = {"json lines": json_lines, "parquet": parquet, "text": plain_text}
# Hashing a file takes about a tenth of the time of reading it.
_HASHING = 0.1
# Raised when the same file would give other documents than before.
_READING_VERSION = 1


def read_pool(
    spec: SourceSpec, out: Path, options: BuildOptions | None = None, progress: Progress | None = None
) -> Pool:
    """Read all domains into the folder ``out``, or go on where an interrupted call stopped.

    Every document of the source is kept, counted as a duplicate, or named with file and line in
    ``broken.jsonl``. Memory does not grow with the files.

    Raises
    ------
    PoolSourceError : a pattern without files, a domain without documents, a damaged file, a folder that
        holds something else; with ``options.strict`` the first broken place.
    """
    options = options or BuildOptions()
    report = progress or (lambda part, phase: None)
    found = [(domain, files_of(domain, spec.folder)) for domain in spec.domains]
    whole = sum(file.size for _, files in found for file in files) or 1
    jobs, hashed = [], 0
    for domain, files in found:
        report(_HASHING * hashed / whole, f"hashing {domain.name}")
        jobs.append(_job(domain, files, options))
        hashed += sum(file.size for file in files)
    return build_pool(
        out,
        spec.name,
        jobs,
        options,
        lambda part, phase: report(_HASHING + (1.0 - _HASHING) * part, phase),
    )


def _job(domain: DomainSource, files: tuple[SourceFile, ...], options: BuildOptions) -> DomainJob:
    size = sum(file.size for file in files)

    def drafts(log: BrokenLog, report: Report) -> Iterator[Draft]:
        before = 0
        for file in files:

            def within(read: int, before: int = before) -> None:
                report(min(1.0, (before + read) / max(1, size)))

            yield from _READERS[file.kind](file.path, file.label, domain.fields, log, within)
            before += file.size

    return DomainJob(
        name=domain.name,
        source=domain.source,
        licence=domain.licence,
        inputs_sha256=_inputs(domain, files, options),
        drafts=drafts,
        weight=max(1, size),
    )


def _inputs(domain: DomainSource, files: tuple[SourceFile, ...], options: BuildOptions) -> str:
    said = {
        "version": _READING_VERSION,
        "fields": asdict(domain.fields),
        "keep_duplicates": options.keep_duplicates,
        "files": [[file.label, file.kind, file.sha256()] for file in files],
        "about": [domain.source, domain.licence],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
