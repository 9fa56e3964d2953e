"""What was done to each domain of a pool before mixing: damage, filter, resampling.

A pool state says, per domain, which part of the rows a run draws is replaced by damaged ones, whether only the best
rows of the domain are kept, and whether rows are drawn with weights. It never depends on the mixture.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design.measures import MEASURES
from causalmix_core.proxy.design.names import AMOUNTS, KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

LEAST_MEAN, MOST_MEAN = 0.2, 0.95  # of a pool's mean quality
SHARPNESS = 1.6  # of the Beta law of qualities; below 2 it is U-shaped
KEYS = ("quality", "damage", "amount", "keep", "tilt")


@dataclass(frozen=True)
class Keep:
    """Only the best rows: ``fraction`` (0..1, not 0) with the highest measure ``by``."""

    by: str
    fraction: float


@dataclass(frozen=True)
class Tilt:
    """Rows drawn with weights exp(``strength`` z), z the standardised measure ``by``; negative prefers low ones."""

    by: str
    strength: float


@dataclass(frozen=True)
class DomainState:
    """State of one domain in a pool.

    Attributes
    ----------
    quality : undamaged part of its rows, 0..1.
    damage : a kind of ``KINDS``, or None where the quality is 1.
    amount : distinct rows of ``dup``, part of characters of ``garble``, rows of ``narrow``; None for other kinds.
    """

    quality: float = 1.0
    damage: str | None = None
    amount: float | None = None
    keep: Keep | None = None
    tilt: Tilt | None = None

    def damaged(self, count: int) -> int:
        """How many of ``count`` rows are damaged: the share 1 - quality, rounded half up."""
        return math.floor((1.0 - self.quality) * count + 0.5 + 1e-9) if self.damage else 0

    def to_json(self) -> dict[str, Any]:
        """Plain values, all five keys."""
        keep = None if self.keep is None else {"by": self.keep.by, "fraction": self.keep.fraction}
        tilt = None if self.tilt is None else {"by": self.tilt.by, "strength": self.tilt.strength}
        return dict(zip(KEYS, (self.quality, self.damage, self.amount, keep, tilt), strict=True))


PoolState = dict[str, DomainState]  # domain -> state


def healthy(domains: Sequence[str]) -> PoolState:
    """Nothing was done to any domain."""
    return {domain: DomainState() for domain in domains}


def damaged(quality: float, kind: str) -> DomainState:
    """A domain of ``quality`` with the usual amount of a kind of damage."""
    return DomainState(quality, kind, AMOUNTS.get(kind))


def draw_state(
    domains: Sequence[str], seed: int, pool_id: str, kinds: Mapping[str, float] | None = None
) -> PoolState:
    """A pool drawn from its own seed: some good, some bad, most domains either.

    The pool's mean quality m is uniform in .2 to .95; a domain's quality is Beta(1.6 m, 1.6 (1 - m)), rounded to .001.

    Parameters
    ----------
    kinds : kind of damage -> relative frequency (default ``KINDS``).
    """
    weights = dict(KINDS if kinds is None else kinds)
    check_kinds(weights)
    rng = np.random.default_rng([pool_seed(seed, pool_id), 0])
    mean = rng.uniform(LEAST_MEAN, MOST_MEAN)
    quality = rng.beta(SHARPNESS * mean, SHARPNESS * (1.0 - mean), size=len(domains)).round(3)
    names, odds = list(weights), np.array(list(weights.values()), dtype=float)
    picked = rng.choice(len(names), size=len(domains), p=odds / odds.sum())
    return {
        domain: damaged(float(q), names[kind]) if q < 1.0 else DomainState()
        for domain, q, kind in zip(domains, quality, picked, strict=True)
    }


def pool_seed(seed: int, pool_id: str) -> int:
    """The seed that a pool's state and its few damaged rows are drawn from; of the name, not of its place."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{pool_id}".encode()).digest()[:8], "little")


def check_kinds(kinds: Mapping[str, float]) -> None:
    """Refuse unknown kinds of damage, and frequencies that are none."""
    for kind, weight in kinds.items():
        if kind not in KINDS:
            raise DesignError(f"There is no kind of damage {kind!r}; choose among {', '.join(KINDS)}.")
        if not (math.isfinite(weight) and weight >= 0.0):
            raise DesignError(f"The frequency of {kind} is {weight:g}; give a number of at least 0.")
    if not sum(kinds.values()) > 0.0:
        raise DesignError("No kind of damage has a frequency above 0; name one, such as dup=1.")


def read_states(path: str | PathLike[str], domains: Sequence[str]) -> dict[str, PoolState]:
    """Pool id -> state, of a JSON file {pool: {domain: state}}.

    Raises
    ------
    DesignError : no such file, no JSON object, or a state that cannot be.
    """
    file = Path(path)
    try:
        value = json.loads(file.read_bytes())
    except FileNotFoundError:
        raise DesignError(f"{file} does not exist; name a JSON file of pools and their states.") from None
    except (ValueError, RecursionError) as error:
        raise DesignError(f"{file} is no JSON ({error}).") from None
    if not isinstance(value, dict) or not value:
        raise DesignError(f"{file} must be an object of pools: {{pool: {{domain: state}}}}.")
    return {name: parse_state(state, domains, f"{file}, pool {name!r}") for name, state in value.items()}


def parse_state(value: Any, domains: Sequence[str], where: str) -> PoolState:
    """A pool state of plain values; domains that are left out are healthy.

    Raises
    ------
    DesignError : not an object, unknown domains, kinds, measures or keys, or numbers out of their range.
    """
    if not isinstance(value, dict):
        raise DesignError(f"{where} is not an object of domains and their states.")
    strange = [name for name in value if name not in domains]
    if strange:
        raise DesignError(
            f"{where} names the domain {strange[0]!r}, which the pool lacks; it has {', '.join(domains)}."
        )
    return {d: _domain_state(value.get(d, {}), f"{where}, domain {d!r}") for d in domains}


def _domain_state(value: Any, where: str) -> DomainState:
    if not isinstance(value, dict) or not set(value) <= set(KEYS):
        raise DesignError(f"{where} must be an object with the keys {', '.join(KEYS)} only.")
    kind = value.get("damage")
    if kind is not None and kind not in KINDS:
        raise DesignError(f"{where} has the damage {kind!r}; choose among {', '.join(KINDS)}, or null.")
    quality = _number(value.get("quality", 1.0), 0.0, 1.0, f"{where}, quality")
    if kind is None and quality < 1.0:
        raise DesignError(f"{where} has the quality {quality:g} and no damage; name its kind.")
    keep, tilt = value.get("keep"), value.get("tilt")
    return DomainState(
        quality,
        kind,
        _amount(value.get("amount"), kind, where),
        None
        if keep is None
        else Keep(_measure(keep, where), _number(keep.get("fraction"), 1e-6, 1.0, f"{where}, keep")),
        None
        if tilt is None
        else Tilt(_measure(tilt, where), _number(tilt.get("strength"), -100.0, 100.0, f"{where}, tilt")),
    )


def _amount(value: Any, kind: str | None, where: str) -> float | None:
    if kind not in AMOUNTS:
        return None
    usual = AMOUNTS[kind]
    if value is None:
        return usual
    if kind == "garble":
        return _number(value, 0.01, 1.0, f"{where}, amount")
    return round(_number(value, 1, 1e6, f"{where}, amount"))


def _measure(value: Any, where: str) -> str:
    by = value.get("by") if isinstance(value, dict) else None
    if by not in MEASURES:
        raise DesignError(f"{where} filters or tilts by {by!r}; choose among {', '.join(MEASURES)}.")
    return str(by)


def _number(value: Any, least: float, most: float, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise DesignError(f"{where} is {value!r}; give a number from {least:g} to {most:g}.")
    return float(value)
