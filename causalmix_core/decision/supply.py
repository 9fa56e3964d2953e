"""How much there is to train on, and how much of it is wanted: limits on shares that follow."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from causalmix_core.decision.entered import refuse_unknown
from causalmix_core.decision.whole import apportion
from causalmix_core.errors import SupplyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Unit = Literal["examples", "tokens"]
UNITS: tuple[Unit, ...] = get_args(Unit)
MOST_AMOUNT = 1e18  # whole amounts stay exact in 64 bits


@dataclass(frozen=True)
class Supply:
    """A training budget and what each domain can give.

    Attributes
    ----------
    budget : >= 1, examples or tokens of the whole training.
    unit : of ``budget`` and ``available``.
    available : (domain, amount >= 0) pairs; a domain that is not named is not limited.
    max_epochs : > 0, how often a domain's data may be seen; ``epochs`` : (domain, > 0) exceptions.

    Raises
    ------
    SupplyError : an amount out of its range, or a domain named twice; names domain and value.
    """

    budget: float
    unit: Unit = "tokens"
    available: tuple[tuple[str, float], ...] = ()
    max_epochs: float = 1.0
    epochs: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        """Refuse amounts that cannot be worked with."""
        if self.unit not in UNITS:
            raise SupplyError(f"There is no unit {self.unit!r}: choose {' or '.join(UNITS)}.")
        if not 1.0 <= self.budget <= MOST_AMOUNT:
            raise SupplyError(
                f"The budget is {self.budget:g} {self.unit}; give a number from 1 to {MOST_AMOUNT:g}."
            )
        _check_epochs("The greatest number of epochs", self.max_epochs)
        for what, pairs in (("amount", self.available), ("number of epochs", self.epochs)):
            names = [name for name, _ in pairs]
            twice = [name for name in names if names.count(name) > 1]
            if twice:
                raise SupplyError(f"The supply gives two values for the {what} of {twice[0]}; give one.")
        for domain, amount in self.available:
            if not 0.0 <= amount <= MOST_AMOUNT:
                raise SupplyError(
                    f"The amount available of {domain} is {amount:g} {self.unit}; give a number from 0 to "
                    f"{MOST_AMOUNT:g}, or leave the domain out where it is not limited."
                )
        for domain, epochs in self.epochs:
            _check_epochs(f"The greatest number of epochs of {domain}", epochs)

    def epochs_of(self, domain: str) -> float:
        """How often the domain's data may be seen."""
        return dict(self.epochs).get(domain, self.max_epochs)


def _check_epochs(what: str, epochs: float) -> None:
    if not (math.isfinite(epochs) and epochs > 0.0):
        raise SupplyError(f"{what} is {epochs:g}; give a number above 0 such as 1 or 4.")


def servable(supply: Supply, domains: tuple[str, ...]) -> Array:
    """(K,) most that each domain can serve, its amount times its epochs; infinite where not limited.

    Raises
    ------
    SupplyError : the supply names a domain that is none of ``domains``.
    """
    named = [name for name, _ in (*supply.available, *supply.epochs)]
    refuse_unknown(named, domains, "supply", SupplyError)
    amounts = dict(supply.available)
    return np.array([amounts.get(d, math.inf) * supply.epochs_of(d) for d in domains], dtype=np.float64)


def caps(supply: Supply, domains: tuple[str, ...]) -> Array:
    """(K,) largest share of the budget that each domain can serve, 0..1.

    Raises
    ------
    SupplyError : the supply names a domain that is none of ``domains``.
    """
    return np.minimum(servable(supply, domains) / supply.budget, 1.0)


def largest_budget(supply: Supply, domains: tuple[str, ...], lower: Array, upper: Array) -> float:
    """The largest budget that a mixture with these floors and caps (K,) can be served for.

    That is the largest B with ``lower_k <= s_k / B`` for all k and ``sum_k min(upper_k, s_k / B) >= 1``,
    s what each domain can serve; 0 where no budget can be served.
    """
    most = servable(supply, domains)
    held = lower > 0.0
    best = float((most[held] / lower[held]).min(initial=math.inf))
    # With the domains in the order in which a growing budget exhausts them, the first j are at s_k / B.
    ends = np.divide(most, upper, out=np.full_like(most, math.inf), where=upper > 0.0)
    order = np.argsort(ends, kind="stable")
    room = float(upper.sum())
    if room <= 1.0 + 1e-12:
        return min(best, float(ends[order[0]]))
    exhausted = 0.0
    for k in order:
        if not math.isfinite(ends[k]):
            break
        exhausted, room = exhausted + float(most[k]), room - float(upper[k])
        if room < 1.0:
            budget = exhausted / (1.0 - room)
            following = ends[order[ends[order] > ends[k]]]
            if not len(following) or budget <= following[0]:
                return min(best, budget)
    return best


def counts(supply: Supply, domains: tuple[str, ...], shares: Array) -> tuple[int, ...]:
    """Whole examples or tokens of each domain that add up to the budget, rounded to a whole one.

    Largest remainders, and no domain gets more than it can serve where the others have room.
    """
    limits = [int(most) if math.isfinite(most) else None for most in servable(supply, domains)]
    return apportion(shares.tolist(), round(supply.budget), limits)


def epochs_used(supply: Supply, domains: tuple[str, ...], amounts: Sequence[int]) -> tuple[float | None, ...]:
    """How often each domain's data is seen for these amounts; None where its amount is not known."""
    available = dict(supply.available)
    return tuple(
        None if d not in available else (count / available[d] if count else 0.0)
        for d, count in zip(domains, amounts, strict=True)
    )
