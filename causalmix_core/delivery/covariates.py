"""Covariates in words: what one is called, and how its values are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.delivery.numbers import MINUS

if TYPE_CHECKING:
    from causalmix_core.evidence.table import Covariate


def covariate_words(covariate: Covariate) -> str:
    """``duplicate rate of code``: a covariate in words, as the table names it."""
    name = covariate.name.replace("_", " ")
    return f"{name} of {covariate.domain}" if covariate.domain else name


def value(number: float) -> str:
    """A covariate's value with three digits, all of them before the point, and a true minus."""
    text = f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"
    return text.replace("-", MINUS)


def threshold(number: float) -> str:
    """A rule's threshold with all its digits, at most six: rounding would sort other pools."""
    return f"{number:,.6g}".replace("-", MINUS)
