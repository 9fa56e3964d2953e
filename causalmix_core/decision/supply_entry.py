"""A supply that somebody entered: what each domain has, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.decision.entered import refuse_unknown
from causalmix_core.decision.supply import Supply
from causalmix_core.errors import SupplyError
from causalmix_core.evidence.entered import json_object, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from causalmix_core.decision.supply import Unit

KEYS = ("available", "max_epochs")
REMEDY = 'write an amount per domain, such as {"web": 4e9, "math": {"available": 1e9, "max_epochs": 4}}'
AMOUNT = "give an amount such as 4e9"
TIMES = "give a number such as 4"


def parse_supply(
    data: bytes | Mapping[str, object],
    domains: tuple[str, ...],
    budget: float,
    unit: Unit = "tokens",
    max_epochs: float = 1.0,
) -> Supply:
    """Read a supply such as ``{"web": 4e9, "math": {"available": 1e9, "max_epochs": 4}}``.

    Domains that are not named are not limited. ``budget``, ``unit`` and ``max_epochs`` as in
    :class:`~causalmix_core.decision.supply.Supply`.

    Raises
    ------
    SupplyError : naming the domain and what is wrong with its entry.
    """
    found = json_object(data, "supply", REMEDY, SupplyError)
    refuse_unknown(found, domains, "supply", SupplyError)
    available: list[tuple[str, float]] = []
    epochs: list[tuple[str, float]] = []
    for domain, written in found.items():
        entry = written if isinstance(written, dict) else {"available": written}
        if not entry or not set(entry) <= set(KEYS):
            raise SupplyError(
                f"The supply of {domain} is {entry!r}; write an amount, or an object with available and max_epochs."
            )
        if entry.get("available") is not None:
            amount = number(entry["available"], f"The amount available of {domain}", AMOUNT, SupplyError)
            available.append((domain, amount))
        if entry.get("max_epochs") is not None:
            what = f"The greatest number of epochs of {domain}"
            epochs.append((domain, number(entry["max_epochs"], what, TIMES, SupplyError)))
    return Supply(budget, unit, tuple(available), max_epochs, tuple(epochs))


def supply_json(supply: Supply) -> dict[str, dict[str, float]]:
    """The amounts and epochs of the domains as the JSON object that :func:`parse_supply` reads back."""
    written: dict[str, dict[str, float]] = {}
    for key, pairs in (("available", supply.available), ("max_epochs", supply.epochs)):
        for domain, value in pairs:
            written.setdefault(domain, {})[key] = float(value)
    return written
