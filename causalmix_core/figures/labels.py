"""Words inside charts: names, axis titles, intervals in small. Numbers are ``delivery.numbers``'.

Names come from the user's file and Plotly reads text as a small HTML with ``%{...}`` fields, so
every name passes through :func:`safe` or :func:`short` before it reaches a figure.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from causalmix_core.delivery import covariates, numbers

if TYPE_CHECKING:
    from causalmix_core.evidence.table import Covariate, Outcome


def safe(name: str) -> str:
    """A user's name with nothing left that Plotly would read as markup or as a field."""
    return html.escape(" ".join(name.split()), quote=False).replace("%{", "%&#123;")


def short(name: str, width: int = 22) -> str:
    """:func:`safe`, cut with an ellipsis to ``width`` characters for ticks."""
    tidy = " ".join(name.split())
    return safe(tidy if len(tidy) <= width else tidy[: width - 1].rstrip() + "…")


def digits_within(limit: float) -> int:
    """Decimals of values drawn on an axis up to ``limit``: three digits at its end."""
    return numbers.decimals_for(limit) + 1


def interval(lower: float, upper: float, decimals: int) -> str:
    """``−0.003…0.027``, for labels with little room."""
    return f"{numbers.plain(lower, decimals)}…{numbers.plain(upper, decimals)}"


def in_unit(title: str, unit: str) -> str:
    """Axis title with its unit in brackets, where one is known."""
    return f"{title} ({safe(unit)})" if unit else title


def after(unit: str) -> str:
    """A unit behind a number in a sentence: a space and the unit, or nothing."""
    return f" {unit}" if unit else ""


def covariate_title(covariate: Covariate) -> str:
    """:func:`~causalmix_core.delivery.covariates.covariate_words`, safe inside a figure."""
    return safe(covariates.covariate_words(covariate))


def outcome_title(outcome: Outcome) -> str:
    """Name, unit and direction of an outcome in the table's own terms, safe inside a figure."""
    better = "higher is better" if outcome.higher_is_better else "lower is better"
    return f"{safe(outcome.name)} ({', '.join(part for part in (safe(outcome.unit), better) if part)})"
