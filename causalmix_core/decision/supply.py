"""How much there is to train on, and how much of it is wanted: limits on shares that follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["examples", "tokens"]


@dataclass(frozen=True)
class Supply:
    """A training budget and what each domain can give.

    Attributes
    ----------
    budget : > 0, examples or tokens of the whole training.
    unit : of ``budget`` and ``available``.
    available : (domain, amount >= 0) pairs; a domain that is not named is not limited.
    max_epochs : > 0, how often a domain's data may be seen; ``epochs`` : (domain, > 0) exceptions.
    """

    budget: float
    unit: Unit = "tokens"
    available: tuple[tuple[str, float], ...] = ()
    max_epochs: float = 1.0
    epochs: tuple[tuple[str, float], ...] = ()
