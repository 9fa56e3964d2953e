"""What the pool has to train on, and what that makes of an anchor and of caps.

Domains that the pool lacks leave the anchor, whose other shares are closed again, and are held at 0
(the paper's "restrict and renormalise"). Where an anchor asks for more of a domain than there is,
the domain is cut to what there is and the others fill in pro rata: of the mixtures that can be
served, that is the one nearest to the anchor in KL(p || T).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.decision.entered import refuse_unknown
from causalmix_core.decision.supply import caps, largest_budget, servable
from causalmix_core.errors import AnchorError, SupplyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.supply import Supply

    Array = NDArray[np.float64]

FEWEST = 2
SAME_SHARE = 1e-9


@dataclass(frozen=True, eq=False)
class Availability:
    """What is there to train on.

    Attributes
    ----------
    asked : (K,) the anchor as it was asked for.
    upper : (K,) caps before the supply was counted.
    supply : budget and amounts, or None for no limit.
    absent : domains that the pool lacks.
    """

    asked: Array
    upper: Array
    supply: Supply | None
    absent: tuple[str, ...]


def absent_domains(domains: tuple[str, ...], present: Sequence[str]) -> tuple[str, ...]:
    """The domains that the pool lacks; none where ``present`` is empty.

    Raises
    ------
    AnchorError : ``present`` names an unknown domain, or fewer than two.
    """
    if not present:
        return ()
    refuse_unknown(present, domains, "list of domains present", AnchorError)
    if len(set(present)) < FEWEST:
        raise AnchorError(
            f"Only {present[0]} is present: a mixture needs at least two of {', '.join(domains)}."
        )
    return tuple(d for d in domains if d not in present)


def restricted(anchor: Array, domains: tuple[str, ...], absent: Sequence[str]) -> Array:
    """(K,) the anchor without the absent domains, closed again.

    Raises
    ------
    AnchorError : nothing of the anchor is left.
    """
    if not absent:
        return anchor
    kept = np.where([d in absent for d in domains], 0.0, anchor)
    total = float(kept.sum())
    if not total > 0.0:
        left = [d for d in domains if d not in absent]
        raise AnchorError(
            f"The anchor has nothing of {', '.join(left)}, the domains present; give another anchor."
        )
    return np.asarray(kept / total, dtype=np.float64)


def served(anchor: Array, most: Array, held: NDArray[np.bool_]) -> Array:
    """(K,) the anchor with no share above ``most`` (K,), the rest in proportion; itself where it fits.

    ``held`` (K,) domains keep their share. The others' caps must leave a mixture.
    """
    over = (anchor > most) & ~held
    if not over.any():
        return anchor
    shares, full = anchor.copy(), held.copy()
    while over.any():
        shares[over], full = most[over], full | over
        room, rest = 1.0 - float(shares[full].sum()), float(anchor[~full].sum())
        if rest <= 0.0:
            return _filled(np.where(full, shares, 0.0), most, held)
        shares[~full] = anchor[~full] * (room / rest)
        over = (shares > most) & ~full
    return shares


def _filled(shares: Array, most: Array, held: NDArray[np.bool_]) -> Array:
    """What is missing goes where the anchor had nothing, in proportion to the room there."""
    room = np.where(held, 0.0, most - shares)
    missing = 1.0 - float(shares.sum())
    return shares + room * (missing / float(room.sum())) if missing > 0.0 else shares


def supply_caps(
    supply: Supply, domains: tuple[str, ...], lower: Array, upper: Array, locked: Sequence[str] = ()
) -> Array:
    """(K,) ``upper`` lowered to what the supply can serve.

    Raises
    ------
    SupplyError : nothing is left: a floor or a lock asks for more than there is, or all domains
        together hold less than the budget; says the largest budget that can be served.
    """
    limit = caps(supply, domains)
    allowed = np.minimum(upper, limit)
    most = largest_budget(supply, domains, lower, upper)
    short = [k for k in range(len(domains)) if lower[k] > limit[k] + SAME_SHARE]
    if short:
        raise SupplyError(_floors_words(supply, domains, lower, short, locked, most))
    if allowed.sum() < 1.0 - SAME_SHARE <= upper.sum():
        raise SupplyError(_sum_words(supply, domains, upper, limit, most))
    return np.maximum(allowed, lower)


def _floors_words(
    supply: Supply,
    domains: tuple[str, ...],
    lower: Array,
    short: list[int],
    locked: Sequence[str],
    most: float,
) -> str:
    can = servable(supply, domains)
    k = short[0]
    what = "lock" if domains[k] in locked else "floor"
    more = f" (and {len(short) - 1} more)" if len(short) > 1 else ""
    return (
        f"The {what} of {domains[k]}, {100 * lower[k]:.1f} % of {_amount(supply.budget)} {supply.unit}, asks for "
        f"{_amount(lower[k] * supply.budget)}, and only {_amount(can[k])} can be served{more}: lower it to "
        f"{100 * can[k] / supply.budget:.1f} %, bring more of {domains[k]}, allow more epochs, or lower the "
        f"budget to at most {_amount(most)}."
    )


def _sum_words(supply: Supply, domains: tuple[str, ...], upper: Array, limit: Array, most: float) -> str:
    can = servable(supply, domains)
    total = float(np.minimum(can, upper * supply.budget).sum())
    # The domains that the supply, not a cap of the user's, holds back.
    binding = [d for d, cap, share in zip(domains, upper, limit, strict=True) if share < cap]
    bound = " within the caps given" if (upper[limit >= upper] < 1.0).any() else ""
    return (
        f"All domains together can serve {_amount(total)} of the budget of {_amount(supply.budget)} {supply.unit}{bound}: "
        f"bring {_amount(math.ceil(supply.budget - total))} more of {_listed(binding)}, allow more epochs, or lower the budget to "
        f"at most {_amount(most)}."
    )


def _amount(amount: float) -> str:
    """``13.2e9`` -> ``"13.2B"``, never more than the amount: one typed in as printed can be served."""
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M")):
        if amount >= size:
            return f"{math.floor(1000.0 * amount / size * (1.0 + 1e-12)) / 1000.0:g}{letter}"
    return f"{math.floor(amount * (1.0 + 1e-12))}"


def _listed(names: list[str], most: int = 5) -> str:
    head = ", ".join(names[:most])
    return head if len(names) <= most else f"{head} or {len(names) - most} more"
