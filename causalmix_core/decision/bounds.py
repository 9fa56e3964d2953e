"""Floors, caps and locks that somebody entered, by domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.decision.entered import refuse_unknown
from causalmix_core.errors import InfeasibleRegion
from causalmix_core.evidence.entered import json_object, number

if TYPE_CHECKING:
    from collections.abc import Mapping

SHARE = "give a share such as 0.25"
KEYS = ("min", "max", "lock")


def parse_bounds(
    data: bytes | Mapping[str, object], domains: tuple[str, ...]
) -> tuple[dict[str, tuple[float, float]], tuple[str, ...]]:
    """Read bounds such as ``{"web": [0.1, 0.4], "math": {"min": 0.1}, "code": {"lock": true}}``.

    Returns
    -------
    floors and caps as absolute shares by domain, and the domains locked at their anchor share.

    Raises
    ------
    InfeasibleRegion
        Naming the domain and what is wrong with its entry.
    """
    found = json_object(data, "bounds", "write one entry per domain, by name", InfeasibleRegion)
    refuse_unknown(found, domains, "bounds", InfeasibleRegion)
    bounds: dict[str, tuple[float, float]] = {}
    locked = []
    for domain, written in found.items():
        entry = written
        if isinstance(written, list) and len(written) == len(("min", "max")):
            entry = dict(zip(("min", "max"), written, strict=True))
        if not isinstance(entry, dict) or not set(entry) <= set(KEYS):
            raise InfeasibleRegion(
                f"The bounds of {domain} are {entry!r}; write [min, max] or an object with min, max or lock."
            )
        if _lock(domain, entry):
            locked.append(domain)
        else:
            bounds[domain] = (_limit(domain, entry, "min", 0.0), _limit(domain, entry, "max", 1.0))
    return bounds, tuple(locked)


def _lock(domain: str, entry: Mapping[str, object]) -> bool:
    lock = entry.get("lock", False)
    if not isinstance(lock, bool):
        raise InfeasibleRegion(f"The lock of {domain} is {lock!r}; write true or false.")
    return lock


def _limit(domain: str, entry: Mapping[str, object], key: str, default: float) -> float:
    if entry.get(key) is None:
        return default
    limit = number(entry[key], f"The {key} of {domain}", SHARE, InfeasibleRegion)
    if not 0.0 <= limit <= 1.0:
        raise InfeasibleRegion(f"The {key} of {domain} is {limit:g}; bounds are shares from 0 to 1.")
    return limit
