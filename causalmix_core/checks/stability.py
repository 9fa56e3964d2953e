"""Does the answer stay when what should not matter changes: a noise covariate, a fifth of the pools, the seed?"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.checks.check import Check, Detail, at_least, at_most, figure, not_applicable, worst
from causalmix_core.checks.words import number, percent
from causalmix_core.effects.refit import refit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.checks.examined import Examined
    from causalmix_core.effects.fit import Fit
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

NOISE, SUBSET, SEEDS = "random-cause", "subset", "seed"
NOISE_TITLE, SUBSET_TITLE, SEEDS_TITLE = (
    "Random common cause",
    "A fifth of the pools left out",
    "Another seed",
)
SEED = 40
SUBSETS, OTHER_SEEDS = 3, 1
KEPT_POOLS = 0.8
# Effects that move by a quarter of their size because of pure noise rest on too few runs.
MOVED, MOVED_MUCH = 0.25, 0.5
# Of the gain that the whole table promises, what another answer would keep.
GAIN_KEPT, GAIN_LOST = 0.8, 0.5


def random_cause_check(examined: Examined) -> Check:
    """How far the substitution effects move when a covariate of pure noise is added."""
    if not examined.fit.reads_states:
        return not_applicable(NOISE, NOISE_TITLE, "the fit uses no covariates.")
    noisy = with_noise(examined.table)
    before, after = (
        _effects(examined, examined.base),
        _effects(examined, refit(examined.fit, noisy), noisy),
    )
    size = float(np.sqrt((before**2).sum()))
    moved = float(np.sqrt(((after - before) ** 2).sum())) / size if size > 0.0 else np.inf
    status = at_most(moved, MOVED, MOVED_MUCH)
    said = f"A covariate of pure noise moves the effects by {percent(moved)} of their size."
    details = tuple(
        Detail(domain, figure(value), "PASS")
        for domain, value in zip(examined.table.domains, np.abs(after - before).mean(axis=0), strict=True)
    )
    remedy = "Nothing to do." if status == "PASS" else "Use fewer covariates, or add runs."
    return Check(
        NOISE, NOISE_TITLE, status, figure(moved), MOVED, "share of the effects", said, remedy, details
    )


def subset_check(examined: Examined) -> Check:
    """Gain kept, by the whole fit, of the mixtures that 80 % of the pools recommend."""
    table = examined.table
    others = [refit(examined.fit, table.with_rows(_some_pools(table, number))) for number in range(SUBSETS)]
    names = [f"subset {number + 1}" for number in range(SUBSETS)]
    return _kept(
        examined, examined.base, others, names, SUBSET, SUBSET_TITLE, "a fifth of the pools left out"
    )


def seed_check(examined: Examined) -> Check:
    """Gain kept of the mixtures that fits with other seeds, all else as set, recommend."""
    from causalmix_core.effects.fit import fit

    config = examined.fit.config
    seeds = [(config.seed + 1 + number) % 2**32 for number in range(OTHER_SEEDS)]
    others = [fit(examined.table, dataclasses.replace(config, seed=seed), calibrate=False) for seed in seeds]
    names = [f"seed {seed}" for seed in seeds]
    return _kept(examined, examined.fit, others, names, SEEDS, SEEDS_TITLE, "another seed")


def _kept(
    examined: Examined,
    whole: Fit,
    others: list[Fit],
    names: list[str],
    identity: str,
    title: str,
    change: str,
) -> Check:
    own = examined.best(whole)
    promised = examined.mean_gain(whole, own)
    details, kept = [], []
    for name, other in zip(names, others, strict=True):
        shares = examined.best(other)
        part = examined.mean_gain(whole, shares) / promised if promised > 0.0 else 1.0
        apart = 0.5 * float(np.abs(shares - own).sum(axis=1).mean())
        kept.append(part)
        status = at_least(part, GAIN_KEPT, GAIN_LOST)
        details += [
            Detail(f"{name}: gain kept", figure(part), status),
            Detail(f"{name}: data placed otherwise", figure(apart), "PASS"),
            Detail(f"{name}: correlation of effects", figure(_alike(examined, whole, other)), "PASS"),
        ]
    least = min(kept)
    status = worst(detail.status for detail in details)
    said = (
        f"With {change}, the recommended mixtures keep at least {percent(least)} of the gain that the whole fit expects "
        f"(effects correlate {number(min(d.value or 0.0 for d in details[2::3]))} or more)."
    )
    remedy = {
        "PASS": "Nothing to do.",
        "REVIEW": "Take a smaller radius, where the answer is steadier, or add runs.",
        "FAIL": "Do not rely on this mixture: other runs of the same kind would recommend another one. Add runs.",
    }[status]
    return Check(
        identity, title, status, figure(least), GAIN_KEPT, "share of the gain", said, remedy, tuple(details)
    )


def _effects(examined: Examined, fitted: Fit, table: RunsTable | None = None) -> Array:
    """(p, K) substitution effects at the pools."""
    anchor = examined.region.anchor
    return np.array([r.substitution_effects(anchor) for r in examined.responses(fitted, table)])


def _alike(examined: Examined, one: Fit, other: Fit) -> float:
    """Correlation of effects over domains and pools."""
    first, second = _effects(examined, one).ravel(), _effects(examined, other).ravel()
    if np.ptp(first) == 0.0 or np.ptp(second) == 0.0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _some_pools(table: RunsTable, number: int) -> NDArray[np.bool_]:
    """(n,) rows of a random 80 % of the pools."""
    groups = table.groups()
    count = int(groups.max()) + 1
    kept = np.random.default_rng(SEED + number).permutation(count)[: max(1, round(KEPT_POOLS * count))]
    return np.isin(groups, kept)


def with_noise(table: RunsTable) -> RunsTable:
    """The table with one covariate of pure noise more: one for each domain where covariates are per domain."""
    from causalmix_core.evidence.canonical import content_hash
    from causalmix_core.evidence.table import Covariate

    taken = {covariate.name for covariate in table.covariates}
    name = next(f"noise{'_' * tail}" for tail in range(len(taken) + 1) if f"noise{'_' * tail}" not in taken)
    owners = table.domains if table.covariates_are_per_domain else (None,)
    added = tuple(
        Covariate(f"x_{name}" if owner is None else f"x_{owner}__{name}", name, owner) for owner in owners
    )
    groups = table.groups()
    drawn = np.random.default_rng(SEED).normal(size=(int(groups.max()) + 1, len(added)))[groups]
    wider = dataclasses.replace(
        table,
        covariates=(*table.covariates, *added),
        states=np.concatenate([table.states, drawn], axis=1),
        sha256="",
    )
    return dataclasses.replace(wider, sha256=content_hash(wider))
