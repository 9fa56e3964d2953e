"""From scores of documents to covariates: means by domain, and of the whole pool, as they are before mixing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.errors import PoolSourceError
from causalmix_core.evidence.sizes import SIZES
from causalmix_core.pools.scoring.blocks import read_block

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.pools.pool import Pool
    from causalmix_core.pools.scoring.job import Block, ScoreJob

DECIMALS = 6  # of what is written down: far below what a sample can tell
# What a state holds unless other covariates are asked for: those of the local study, and a rater's writing style.
USUAL = (
    "normalized_loss", "hes", "hes_rate", "type_token_ratio", "style_surface", "writing_style", "rating", "duplicate_rate",
)  # fmt: skip


@dataclass(frozen=True)
class DomainScores:
    """One domain of a scored pool.

    Attributes
    ----------
    domain : its name. documents : in the pool. scored : of them, in the sample.
    means, deviations : covariate -> mean and standard deviation over the scored documents, in the covariate's own unit.
    """

    domain: str
    documents: int
    scored: int
    means: Mapping[str, float]
    deviations: Mapping[str, float]

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        values = {
            name: {"mean": rounded(mean), "sd": rounded(self.deviations.get(name))}
            for name, mean in self.means.items()
        }
        return {"documents": self.documents, "scored": self.scored, "covariates": values}


def domain_scores(pool: Pool, job: ScoreJob, blocks: Sequence[Block]) -> tuple[DomainScores, ...]:
    """Means by domain of a pool whose blocks are all there; one block is held at a time."""
    return tuple(
        _of_domain(pool, job, [block for block in blocks if block.domain == entry.index], entry.index)
        for entry in pool.entries
    )


def _of_domain(pool: Pool, job: ScoreJob, blocks: Sequence[Block], domain: int) -> DomainScores:
    counts: dict[str, int] = {}
    sums: dict[str, list[float]] = {}
    for block in blocks:
        for name, values in read_block(job.out / block.file, block.count).items():
            known = values[np.isfinite(values)]
            counts[name] = counts.get(name, 0) + len(known)
            pair = sums.setdefault(name, [0.0, 0.0])
            pair[0] += math.fsum(known)
            pair[1] += math.fsum(known * known)
    means = {name: pair[0] / counts[name] if counts[name] else math.nan for name, pair in sums.items()}
    deviations = {name: _deviation(counts[name], *pair) for name, pair in sums.items()}
    entry = pool.entries[domain]
    means["duplicate_rate"], means["mean_length"] = means.pop("duplicate"), means.pop("bytes")
    deviations["mean_length"] = deviations.pop("bytes")
    means["documents"] = float(entry.documents)
    for name in ("document", "duplicate"):
        means.pop(name, None)
        deviations.pop(name, None)
    return DomainScores(entry.name, entry.documents, sum(block.count for block in blocks), means, deviations)


def _deviation(count: int, total: float, squares: float) -> float:
    if count < 2:
        return 0.0 if count else math.nan
    return math.sqrt(max(0.0, squares - total * total / count) / (count - 1))


def whole_pool(domains: Sequence[DomainScores]) -> dict[str, float]:
    """Covariate -> mean over the domains, weighted by the documents each has in the pool; never by a mixture's shares.

    A mean over what is mixed would follow from the mixture and hide its effect.
    """
    total = sum(domain.documents for domain in domains)
    names = [name for name in domains[0].means if name != "documents"]
    found = {name: sum(d.documents * d.means[name] for d in domains) / total for name in names}
    return {**found, "documents": float(total)}


def state_of(
    domains: Sequence[DomainScores], asked: Sequence[str] | None = None, *, pooled: bool = False
) -> dict[str, float]:
    """The pool's state: ``x_<domain>__<covariate>``, and ``x_<covariate>`` of the whole pool where that is asked for.

    Parameters
    ----------
    asked : names of covariates; None: those of ``USUAL`` that were measured.

    Raises
    ------
    PoolSourceError : a covariate was not measured, or a domain has no text to measure it on.
    """
    measured = domains[0].means
    names = [name for name in USUAL if name in measured] if asked is None else list(asked)
    for name in names:
        if name not in measured:
            raise PoolSourceError(f"{name!r} was not measured; choose among {', '.join(measured)}.")
    found = {f"x_{d.domain}__{name}": d.means[name] for d in domains for name in names}
    if pooled:
        over_all = whole_pool(domains)
        found |= {f"x_{name}": over_all[name] for name in names}
    for column, value in found.items():
        if not math.isfinite(value):
            raise PoolSourceError(
                f"{column} is not a number: no scored document has a token there; leave it out."
            )
    return {column: round(value, DECIMALS) for column, value in found.items()}


def state_like(domains: Sequence[DomainScores], table: RunsTable) -> dict[str, float]:
    """The pool's state by exactly the covariates that a runs table has, so that a fit of it can decide on the pool.

    Sizes of model and budget are no business of the pool and left out.

    Raises
    ------
    PoolSourceError : the table has a covariate that was not measured, or of a domain that the pool lacks.
    """
    sizes = {size.column for size in SIZES.values()}
    wanted = [covariate for covariate in table.covariates if covariate.column not in sizes]
    names = list(dict.fromkeys(covariate.name for covariate in wanted))
    state = state_of(domains, names, pooled=any(covariate.domain is None for covariate in wanted))
    found = {}
    for covariate in wanted:
        own = "" if covariate.domain is None else f"{covariate.domain}__"
        if f"x_{own}{covariate.name}" not in state:
            raise PoolSourceError(
                f"{table.name} has {covariate.column}, and the pool has no domain {covariate.domain!r}; its domains are "
                f"{', '.join(domain.domain for domain in domains)}."
            )
        found[covariate.column] = state[f"x_{own}{covariate.name}"]
    return found


def rounded(value: float | None) -> float | None:
    """A number for JSON; None where there is none."""
    return None if value is None or not math.isfinite(value) else round(value, DECIMALS)
