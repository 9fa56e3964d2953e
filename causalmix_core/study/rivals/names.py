"""Names of methods that other parts of a study refer to."""

from __future__ import annotations

ANCHOR, EQUAL, REGMIX = "weights", "equal", "regmix"
FREE, SUREST, DOMAIN_HELD_OUT = "recommended", "lower-bound", "domain-held-out"


def of_the_product(name: str) -> bool:
    """Whether a method is this product's own, at any radius."""
    return name.startswith((FREE, SUREST, DOMAIN_HELD_OUT))


def recommends(name: str) -> bool:
    """Whether a method is what the product would recommend, with every domain in its fit."""
    return name.startswith((FREE, SUREST))
