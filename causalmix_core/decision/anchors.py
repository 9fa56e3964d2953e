"""Anchors: the mixture that a recommendation starts from and is measured against."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.entered import refuse_unknown
from causalmix_core.errors import AnchorError
from causalmix_core.evidence.entered import json_object, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

SHARE = "give a share such as 0.25"
EXACT = 1e-12
CLOSED = 1e-6
ROUNDED_PERCENT = 0.05  # percentages typed with one decimal add to 100 within this per domain


def equal(table: RunsTable) -> Array:
    """(K,) the same share for every domain."""
    return np.full(len(table.domains), 1.0 / len(table.domains))


def mean_of_runs(table: RunsTable) -> Array:
    """(K,) the average mixture of the runs."""
    mean = table.shares.mean(axis=0)
    return mean / mean.sum()


def natural(table: RunsTable) -> Array:
    """(K,) the pool's natural shares.

    Raises
    ------
    AnchorError
        If the table does not know them.
    """
    if table.natural is None:
        raise AnchorError(
            f"{table.name} does not say what its natural shares are; give them in its .meta.json file, "
            "name a file with the anchor's shares, or take equal or mean."
        )
    return table.natural


def parse_mixture(data: bytes | Mapping[str, object], domains: tuple[str, ...]) -> Array:
    """(K,) a mixture that somebody entered: shares by domain, as fractions or in percent.

    A mixture document is taken too (its ``mixture``). Every domain must be named.

    Raises
    ------
    AnchorError
        Naming the domain that is unknown, missing or not a share, or the sum that does not close.
    """
    found = json_object(data, "anchor", "write one share per domain, by name", AnchorError)
    inner = found.get("mixture")
    entered: Mapping[str, object] = inner if isinstance(inner, dict) and "mixture" not in domains else found
    refuse_unknown(entered, domains, "anchor", AnchorError)
    missing = [domain for domain in domains if domain not in entered]
    if missing:
        raise AnchorError(f"The anchor has no share for {', '.join(missing)}; give 0 where none is meant.")
    shares = np.array([number(entered[d], f"The anchor's share of {d}", SHARE, AnchorError) for d in domains])
    for domain, share in zip(domains, shares, strict=True):
        if share < 0.0:
            raise AnchorError(f"The anchor's share of {domain} is {share:g}; shares are 0 or more.")
    return _closed(shares)


def _closed(shares: Array) -> Array:
    total = float(shares.sum())
    if abs(total - 1.0) <= EXACT:
        return shares  # a printed mixture comes back to the last bit
    if abs(total - 100.0) <= ROUNDED_PERCENT * len(shares) or abs(total - 1.0) <= CLOSED:
        return shares / total
    raise AnchorError(f"The anchor's shares add to {total:g}; make them add to 1 (or to 100 percent).")


def resolve_anchor(spec: str, table: RunsTable) -> Array:
    """(K,) the anchor named ``natural``, ``equal`` or ``mean``, or read from the JSON file ``spec``.

    Raises
    ------
    AnchorError
        As above, or when ``spec`` is neither a name nor a readable file.
    """
    makers = {"natural": natural, "equal": equal, "mean": mean_of_runs}
    if spec in makers:
        return makers[spec](table)
    try:
        data = Path(spec).read_bytes()
    except (OSError, ValueError) as problem:
        raise AnchorError(
            f"There is no anchor {spec!r}: give natural, equal, mean, best, or a JSON file of shares ({problem})."
        ) from problem
    return parse_mixture(data, table.domains)
