"""Do mixtures vary among runs of like pools? Without that there is nothing to compare.

Of each domain, and of the direction in which it is worst: the variance of the share that the pool's
state does not foretell, over its whole variance (out of fold).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.checks.check import Check, Detail, Status, at_least, figure, not_applicable, worst
from causalmix_core.checks.words import listed, percent
from causalmix_core.effects.coding import helmert

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from causalmix_core.effects.out_of_fold import OutOfFold

    Array = NDArray[np.float64]

# Below a tenth, standard errors are more than three times those of mixtures drawn at random.
ENOUGH_LEFT = 0.1
NONE_LEFT = 0.02  # errors seven times as large: the state and the mixture cannot be told apart
# A direction with a thousandth of the usual variance is one in which the runs never moved.
MOVED = 1e-3
NOTHING = 1e-10


def overlap_check(fit: Fit, oof: OutOfFold) -> Check:
    """Share of each domain's variance that the pool's state leaves free."""
    identity, title = "overlap", "Overlap of each domain"
    if not fit.reads_states:
        return not_applicable(identity, title, "the fit uses no covariates.")
    mixtures, left = _variation(fit, oof)
    total = mixtures.var(axis=0)
    varies = total > NOTHING
    share = np.where(varies, (left**2).mean(axis=0) / np.where(varies, total, 1.0), 0.0)
    details = tuple(
        Detail(domain, figure(value), at_least(value, ENOUGH_LEFT, NONE_LEFT))
        for domain, value in zip(fit.table.domains, share, strict=True)
    )
    status, lowest = worst(d.status for d in details), int(np.argmin(share))
    low = [d.name for d in details if d.status != "PASS"]
    said = f"The pool's state leaves at least {percent(share[lowest])} of a domain's variation free (least: {fit.table.domains[lowest]})."
    if low:
        said = f"For {listed(low)} the pool's state leaves less than {percent(ENOUGH_LEFT)} of the variation free: mixture and pool can hardly be told apart."
    remedy = "Nothing to do." if not low else _REMEDY
    return Check(
        identity,
        title,
        status,
        figure(share[lowest]),
        ENOUGH_LEFT,
        "share of variance",
        said,
        remedy,
        details,
    )


_REMEDY = "Run a few of the same pools with other mixtures, drawn at random; lock the domains named here until then."


def directions_check(fit: Fit, oof: OutOfFold) -> Check:
    """The same in the worst direction, and whether the runs moved in every direction at all."""
    identity, title = "directions", "Overlap of directions"
    mixtures, left = _variation(fit, oof)
    basis = helmert(len(fit.table.domains))
    whole = np.atleast_2d(np.cov((mixtures @ basis).T, bias=True))
    values, vectors = np.linalg.eigh(whole)
    moved = values > MOVED * values.mean()
    spread = np.sqrt(np.maximum(values, 1e-300))
    free = (left @ basis @ vectors)[:, moved] / spread[moved]
    inner, inner_vectors = np.linalg.eigh(free.T @ free / len(free))
    lowest = float(inner[0]) if fit.reads_states else 1.0
    spanned: Status = "PASS" if moved.all() else "REVIEW"
    statuses = (at_least(lowest, ENOUGH_LEFT, NONE_LEFT), spanned)
    residual = np.asarray(np.linalg.eigvalsh(basis.T @ (left.T @ left / len(left)) @ basis), dtype=np.float64)
    details = (
        Detail("free variance in the worst direction", figure(lowest), statuses[0]),
        Detail("directions in which the runs hardly moved", float((~moved).sum()), statuses[1]),
        Detail("condition number", figure(residual[-1] / max(residual[0], 1e-300)), "PASS"),
        Detail(f"effective number of directions (of {len(residual)})", figure(_effective(residual)), "PASS"),
    )
    if not moved.all():
        shape = basis @ vectors[:, int(np.argmin(values))]
    else:
        shape = basis @ vectors[:, moved] @ (spread[moved] * inner_vectors[:, 0])
    between = _between(fit.table.domains, shape)
    said = (
        f"In the worst direction ({between}) the pool's state leaves {percent(lowest)} of the variation free."
    )
    if not moved.all():
        said = f"The runs hardly ever moved data {between}: there an effect is a guess of the model."
    status = worst(statuses)
    remedy = (
        "Nothing to do." if status == "PASS" else "Add runs that move data between the domains named here."
    )
    return Check(
        identity, title, status, figure(lowest), ENOUGH_LEFT, "share of variance", said, remedy, details
    )


def _variation(fit: Fit, oof: OutOfFold) -> tuple[Array, Array]:
    """(n, K) mixtures, and what the pool's state leaves of them."""
    k = len(fit.table.domains)
    return oof.features[:, k:], oof.feature_residual[:, k:]


def _effective(values: Array) -> float:
    """Exponential of the entropy of eigenvalues: how many directions carry the variation."""
    parts = np.maximum(values, 0.0) / max(float(np.maximum(values, 0.0).sum()), 1e-300)
    return float(np.exp(-(parts * np.log(np.maximum(parts, 1e-300))).sum()))


def _between(domains: tuple[str, ...], direction: Array) -> str:
    """The domains that a direction exchanges most."""
    return f"between {domains[int(np.argmax(direction))]} and {domains[int(np.argmin(direction))]}"
