"""What there is to train on, in rows and in words: amounts, epochs, and what became of the anchor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.delivery.numbers import percent, plain, thousands

if TYPE_CHECKING:
    from causalmix_core.decision.availability import Availability
    from causalmix_core.decision.region import Region
    from causalmix_core.decision.result import Decision
    from causalmix_core.decision.supply import Supply

_NAMED = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_MOST_NAMED = 6
MOVED = 1e-9


@dataclass(frozen=True)
class SupplyRow:
    """One domain of a budget.

    Attributes
    ----------
    count : whole examples or tokens; the counts add up to the budget.
    available : what the domain has, None where that is not limited.
    epochs : how often it is seen, None where ``available`` is.
    most_epochs : how often it may be seen.
    cap : largest share that can be served, 0..1; ``binds`` : whether it holds the mixture back.
    """

    domain: str
    count: int
    available: float | None
    epochs: float | None
    most_epochs: float
    cap: float
    binds: bool


def supply_of(region: Region) -> Supply | None:
    """Budget and amounts that limit a region, or None."""
    return None if region.availability is None else region.availability.supply


def supply_rows(decision: Decision) -> tuple[SupplyRow, ...]:
    """Counts, amounts and epochs of each domain present; empty without a supply."""
    from causalmix_core.decision.supply import caps, counts, epochs_used

    region, there = decision.region, decision.region.availability
    if there is None or there.supply is None:
        return ()
    supply, domains = there.supply, region.domains
    amounts = counts(supply, domains, decision.shares)
    available = dict(supply.available)
    columns = zip(
        domains, amounts, epochs_used(supply, domains, amounts), caps(supply, domains).tolist(), strict=True
    )
    return tuple(
        SupplyRow(
            domain=domain,
            count=count,
            available=available.get(domain),
            epochs=epochs,
            most_epochs=supply.epochs_of(domain),
            cap=cap,
            binds=f"{domain}.supply" in decision.active,
        )
        for domain, count, epochs, cap in columns
        if domain not in there.absent
    )


def amount_words(amount: float, unit: str = "") -> str:
    """``4e9, "tokens"`` -> ``"4 billion tokens"``; small amounts in full."""
    said = thousands(round(amount)) if amount < 1e6 else ""
    for size, name in _NAMED:
        if amount >= 0.9995 * size:
            said = f"{amount / size:.3g} {name}"
            break
    return f"{said} {unit}".strip()


def epochs_words(epochs: float) -> str:
    """``4`` -> ``"4 epochs"``."""
    said = plain(epochs, 0 if float(epochs).is_integer() else 2)
    return f"{said} epoch{'' if epochs == 1.0 else 's'}"


def supply_sentence(region: Region, domain: str) -> str:
    """Why a domain cannot grow: all that there is of it is used."""
    supply = supply_of(region)
    if supply is None:
        raise ValueError("a limit of supply without a supply")
    available = dict(supply.available)[domain]
    cap = float(region.upper[region.domains.index(domain)])
    if available == 0.0:
        return f"{domain} is at 0.0 %, because nothing of it is available."
    return (
        f"{domain} is at {percent(cap)}, all that can be served: {amount_words(available, supply.unit)} in at most "
        f"{epochs_words(supply.epochs_of(domain))}; more of it, or more epochs, would let it grow."
    )


def availability_sentences(region: Region) -> tuple[str, ...]:
    """What domains that are not there, and the supply, did to the anchor; empty where nothing."""
    there = region.availability
    if there is None:
        return ()
    said = []
    if there.absent:
        taken = float(sum(there.asked[region.domains.index(d)] for d in there.absent))
        verb = "is" if len(there.absent) == 1 else "are"
        said.append(
            f"{_listed(there.absent)} {verb} not in the pool: the reference is restricted to the other domains and "
            f"closed again ({percent(taken)} of it went to them pro rata)."
        )
    said += _cut_sentence(region, there)
    return tuple(said)


def _cut_sentence(region: Region, there: Availability) -> list[str]:
    from causalmix_core.decision.availability import restricted

    if there.supply is None:
        return []
    before = restricted(there.asked, region.domains, there.absent)
    cut = [
        f"{domain} from {percent(float(old))} to {percent(float(new))}"
        for domain, old, new in zip(region.domains, before, region.anchor, strict=True)
        if new < old - MOVED
    ]
    if not cut:
        return []
    moved = float(0.5 * abs(before - region.anchor).sum())
    return [
        f"The reference as asked for cannot be served, so the nearest one that can takes its place, "
        f"{percent(moved)} of the data away: {_listed(tuple(cut))}, the rest filled in pro rata."
    ]


def _listed(names: tuple[str, ...]) -> str:
    head = ", ".join(names[:_MOST_NAMED])
    return head if len(names) <= _MOST_NAMED else f"{head} and {len(names) - _MOST_NAMED} more"
