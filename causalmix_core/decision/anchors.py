"""Anchors: the mixtures a recommendation starts from and is compared with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.json_input import MAX_BYTES, is_number, load_object, names, shown
from causalmix_core.errors import AnchorError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]

# How far shares may be from adding to 1 (or percentages, relatively, to 100) and still be closed.
CLOSES_WITHIN = 1e-6


def equal(table: RunsTable) -> Array:
    """(K,) the same share for every domain."""
    return np.full(len(table.domains), 1.0 / len(table.domains))


def natural(table: RunsTable) -> Array:
    """(K,) the table's natural shares; :class:`AnchorError` where it has none."""
    if table.natural is None:
        raise AnchorError(
            f"{table.name} does not say the natural shares of its domains: "
            "add them to its meta file, or choose equal, mean or a file of shares."
        )
    return np.array(table.natural, dtype=np.float64)


def mean_of_runs(table: RunsTable) -> Array:
    """(K,) the mean mixture of the runs, where they say most."""
    mean: Array = table.shares.mean(axis=0)
    closed: Array = mean / mean.sum()
    return closed


def parse_mixture(data: bytes | Mapping[str, object], domains: Sequence[str]) -> Array:
    """(K,) the mixture in a JSON object {domain: share}, in the order of ``domains``.

    Shares add to 1, or are percentages that add to 100; rounding within 1e-6 is closed. A whole
    mixture document is taken by its ``mixture``.

    Raises
    ------
    AnchorError
        Not a JSON object, an unknown or missing domain, no number, a negative share, or a sum
        that is neither; the message names the rows or the sum.
    """
    found = load_object(data, "The mixture", AnchorError)
    inner = found.get("mixture")
    if "mixture" not in domains and isinstance(inner, dict):
        found = inner
    unknown = [str(name) for name in found if name not in domains]
    if unknown:
        raise AnchorError(
            f"The mixture names {names(unknown)}, not among the domains {names(list(domains))}: "
            "use the domains of the runs."
        )
    missing = [name for name in domains if name not in found]
    if missing:
        raise AnchorError(
            f"The mixture lacks {names(missing)}: give every domain a share, 0 where it has none."
        )
    return _closed([_share(name, found[name]) for name in domains])


def resolve_anchor(spec: str, table: RunsTable) -> Array:
    """(K,) the anchor that ``spec`` names: natural, equal, mean, or the path of a JSON file.

    Raises
    ------
    AnchorError
        The table has no natural shares, or the file cannot be read or holds no mixture.
    """
    made = {"natural": natural, "equal": equal, "mean": mean_of_runs}
    if spec in made:
        return made[spec](table)
    try:
        with Path(spec).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError):
        raise AnchorError(
            f"There is no anchor {spec!r}: choose natural, equal or mean, or give the path of a JSON file of shares."
        ) from None
    return parse_mixture(data, table.domains)


def _share(name: str, value: object) -> float:
    if not is_number(value):
        raise AnchorError(f"The share of {name} is {shown(value)}: give a number.")
    share = float(value)  # type: ignore[arg-type]
    if share < 0.0:
        raise AnchorError(f"The share of {name} is {share:g}: shares are at least 0.")
    return share


def _closed(shares: list[float]) -> Array:
    values = np.array(shares, dtype=np.float64)
    total = float(values.sum())
    if abs(total / 100.0 - 1.0) > CLOSES_WITHIN and abs(total - 1.0) > CLOSES_WITHIN:
        raise AnchorError(
            f"The mixture's shares add to {total:.6g}: they must add to 1, or to 100 as percentages."
        )
    closed: Array = values / total
    return closed
