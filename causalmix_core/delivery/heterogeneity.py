"""Sentences on whether pools differ: what unseen runs said when the fit asked them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.delivery.numbers import plain, thousands
from causalmix_core.effects.heterogeneity import REAL

if TYPE_CHECKING:
    from causalmix_core.effects.heterogeneity import Heterogeneity

_SMALLEST_P = 0.001


def differ_sentence(found: Heterogeneity) -> str:
    """One line for a fit whose effects differ between pools, as unseen runs confirm."""
    return (
        "Pools differ: in runs left out, what a pool adds to or takes from average effects came true (slope "
        f"{plain(found.slope, 2)}, 1 is perfect) and took {plain(100.0 * found.r_score, 0)} % of their error away."
    )


def asked_sentence(found: Heterogeneity) -> str:
    """What was asked, of what, and what it would take to condition on the pool."""
    of = f"{thousands(found.pairs)} pairs of runs on one pool" if found.pairs else "the runs, one by one"
    return (
        f"Asked of {of}, each left out of the fit that foretold it. To condition on the pool, p has to be at most "
        f"{REAL:g} and the R-score above 0."
    )


def gate_words(found: Heterogeneity) -> str:
    """The gate's figures in a row: slope with its error, p, R-score."""
    return f"Slope b {slope_words(found)} · p {p_words(found.p)} · R-score {plain(found.r_score, 2)} · {asked_sentence(found)}"


def p_words(p: float) -> str:
    """``"0.13"``, ``"0.004"``, ``"below 0.001"``."""
    if p < _SMALLEST_P:
        return f"below {_SMALLEST_P:g}"
    return plain(p, 3 if p < 10 * _SMALLEST_P else 2)


def slope_words(found: Heterogeneity) -> str:
    """``"0.12 ± 0.20"``: the slope and its standard error."""
    return f"{plain(found.slope, 2)} \N{PLUS-MINUS SIGN} {plain(found.error, 2)}"
