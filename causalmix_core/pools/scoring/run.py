"""Scoring a pool: interrupted at any moment, the same call goes on and ends in the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.files import write_atomically
from causalmix_core.pools.pool import open_pool
from causalmix_core.pools.pool_file import pretty_json
from causalmix_core.pools.scoring.device import cards
from causalmix_core.pools.scoring.job import begin, blocks_of, settings_of
from causalmix_core.pools.scoring.means import domain_scores, rounded, whole_pool
from causalmix_core.pools.scoring.workers import score_in_processes

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.pools.pool import Pool
    from causalmix_core.pools.scoring.job import ScoreJob
    from causalmix_core.pools.scoring.means import DomainScores

    Progress = Callable[[float, str], None]

SCORES_FILE = "scores.json"


@dataclass(frozen=True)
class ScoredPool:
    """What a call of :func:`score_pool` left.

    Attributes
    ----------
    blocks, missing : blocks of the pool, and those that other shards still have to score.
    domains : scores by domain, empty while blocks are missing.
    """

    blocks: int
    missing: int
    domains: tuple[DomainScores, ...]


def score_pool(
    job: ScoreJob,
    processes: int | None = None,
    shard: tuple[int, int] = (0, 1),
    progress: Progress | None = None,
) -> ScoredPool:
    """Score the documents of a pool that are not scored yet; once all are, write ``scores.json``.

    Memory does not grow with the pool: a block of documents is held by each process.

    Parameters
    ----------
    processes : that score at once; None: one for each graphics card, one without.
    shard : (i, n) this call's part of the blocks, for machines that share a folder; the last one to end writes.

    Raises
    ------
    PoolSourceError : the pool, a model or the folder cannot be used.
    """
    pool = open_pool(job.pool_dir)
    by_model = job.models.causal is not None or job.models.rater is not None
    begin(job.out, settings_of(pool, job))
    blocks = blocks_of(pool, job)
    wanted = [block for block in blocks[shard[0] :: shard[1]] if not (job.out / block.file).exists()]
    total, done = sum(block.count for block in wanted), 0.0

    def report(documents: float) -> None:
        nonlocal done
        done += documents
        if progress is not None:
            progress(min(0.999, done / total), f"scoring {total:,} documents")

    if wanted:
        count = processes or max(1, cards() if by_model else 1)
        score_in_processes(job, wanted, count, report)
    missing = sum(not (job.out / block.file).exists() for block in blocks)
    if missing:
        return ScoredPool(len(blocks), missing, ())
    domains = domain_scores(pool, job, blocks)
    write_atomically(job.out / SCORES_FILE, pretty_json(_as_json(pool, job, domains)))
    return ScoredPool(len(blocks), 0, domains)


def _as_json(pool: Pool, job: ScoreJob, domains: tuple[DomainScores, ...]) -> dict[str, Any]:
    return {
        "schema": "causalmix/pool-scores@1",
        "pool_sha256": pool.sha256,
        **job.models.hashes(),
        "sample": job.sample,
        "domains": {domain.domain: domain.to_json() for domain in domains},
        "pool": {name: rounded(value) for name, value in whole_pool(domains).items()},
        "pool_weights": "documents of each domain",
    }
