"""Mixture shares: percent, rounding, closing to 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.evidence.issues import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.evidence.issues import IssueLog

# Rows nearer to 1 than this are left as they are, so that a table read again keeps its bytes.
CLOSED = 1e-9
LEAST_SLACK = 1e-3
MOST_SLACK = 0.02


def close_shares(
    raw: NDArray[np.float64], columns: Sequence[str], rows: NDArray[np.int64], log: IssueLog
) -> NDArray[np.float64]:
    """Shares that sum to 1.

    Parameters
    ----------
    raw : (n, K) finite numbers as the table holds them.
    columns : K column names, for messages.
    rows : (n,) 1-based row numbers, for messages.

    Returns
    -------
    (n, K) >= 0 with rows that sum to 1, as far as ``log`` holds no error.
    """
    _report_negative(raw, columns, rows, log)
    shares = np.maximum(raw, 0.0) + 0.0
    sums = shares.sum(axis=1)
    if 90.0 < float(np.median(sums)) < 110.0:
        shares, sums = shares / 100.0, sums / 100.0
        log.add("note", "percent", "The shares are in percent; they were divided by 100.", "Nothing to do.")
    slack = rounding_slack(shares)
    off = np.flatnonzero(np.abs(sums - 1.0) > slack)
    if off.size:
        first = int(off[0])
        others = "" if off.size == 1 else f" ({off.size:,} such rows)"
        log.add(
            "error",
            "shares-not-closed",
            f"The shares of row {rows[first]:,} sum to {sums[first]:.6g}, not to 1{others}.",
            "Check the row, and that every domain has its share_ column",
            row=int(rows[first]),
            value=f"{sums[first]:.6g}",
        )
        return shares
    return _reclose(shares, sums, log)


def rounding_slack(shares: NDArray[np.float64]) -> float:
    """How far a row may be off 1 by rounding alone.

    Shares written to a unit u (0.01, 0.001 or 0.0001) are each off by at most u/2, so K of them sum
    to within K u/2 of 1. The slack is that bound, at least 0.001 and at most 0.02: a larger gap is a
    missing domain and no rounding, however many domains there are.
    """
    for unit in (1e-2, 1e-3, 1e-4):
        scaled = shares / unit
        if bool(np.all(np.abs(scaled - np.round(scaled)) < 1e-6)):
            return float(min(max(LEAST_SLACK, shares.shape[1] * unit / 2), MOST_SLACK)) + CLOSED
    return LEAST_SLACK + CLOSED


def _report_negative(
    raw: NDArray[np.float64], columns: Sequence[str], rows: NDArray[np.int64], log: IssueLog
) -> None:
    """Negative shares are errors; a minus smaller than any rounding is an optimiser's zero."""
    found = np.argwhere(raw < -CLOSED)
    if not found.size:
        return
    i, j = (int(v) for v in found[0])
    others = "" if len(found) == 1 else f" ({len(found):,} such cells)"
    log.add(
        "error",
        "negative-share",
        f"Row {rows[i]:,}, column {shown(columns[j])} holds the negative share {raw[i, j]:.6g}{others}.",
        "A share is at least 0; correct the cell",
        row=int(rows[i]),
        column=columns[j],
        value=f"{raw[i, j]:.6g}",
    )


def _reclose(shares: NDArray[np.float64], sums: NDArray[np.float64], log: IssueLog) -> NDArray[np.float64]:
    off = np.abs(sums - 1.0) > CLOSED
    if not off.any():
        return shares
    worst = float(np.abs(sums - 1.0).max())
    log.add(
        "note",
        "shares-reclosed",
        f"The shares of {int(off.sum()):,} of {len(sums):,} rows did not sum to exactly 1"
        f" (off by at most {worst:.2g}); they were divided by their sum.",
        "Nothing to do.",
        value=f"{worst:.2g}",
    )
    closed = shares.copy()
    closed[off] /= sums[off, None]
    return closed
