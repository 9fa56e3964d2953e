"""A comparison of estimators in words, as a table and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.delivery.numbers import decimals_for, duration, level_percent, percent, plain
from causalmix_core.effects.estimators.registry import REGISTRY

if TYPE_CHECKING:
    from causalmix_core.effects.compared import Compared, Comparison, Figure

HEADER = (
    "estimator",
    "mixture R²",
    "behind the best",
    "rank correlation",
    "R²",
    "pairs right",
    "R-score",
    "regret",
    "time of a fit",
)
_DECIMALS = 2


def criterion_sentence(found: Comparison) -> str:
    """What the estimators are ordered by, and on what."""
    judged = {
        "pools": "the differences between runs of one pool (the pool's level cancels)",
        "folds": "the outcome less what the pool's state foretells of it",
    }[found.within]
    return (
        f"Mixture R² says how much of {judged} is foretold for runs left out: 1 is all, 0 is nothing; "
        f"{found.folds} folds, the same for all. {_kept_sentence(found)}"
    )


def _kept_sentence(found: Comparison) -> str:
    if found.kept == "pools and mixtures":
        return "No fold splits a pool or a mixture."
    return (
        "No fold splits a pool; mixtures that recur tie too many pools together, so the same mixture may be "
        "in two folds."
    )


def comparison_sentence(found: Comparison) -> str:
    """Which estimator to take, and why: the simplest within noise of the best."""
    best, chosen = found.of(found.best), found.of(found.chosen)
    if best.mixture_r2.value <= 0.0:
        return (
            f"On these runs no estimator foretells what the mixture does in runs left out; {chosen.name}, the simplest "
            "that is not clearly worse than the others, stays the default, and a recommendation has little to rest on."
        )
    if best.name == chosen.name:
        simplest = best.complexity == min(row.complexity for row in found.estimators)
        reason = "it is the simplest too" if simplest else "no simpler estimator comes within noise of it"
        return (
            f"On these runs {best.name} foretells best what the mixture does (mixture R² {_figure(best.mixture_r2)}), "
            f"and {reason}.{_about_recommended(found)}"
        )
    return (
        f"On these runs {chosen.name} does as well as {best.name}, which foretells best: the difference in mixture R², "
        f"{plain(chosen.behind.value, _DECIMALS)} ({_interval(chosen.behind, found.level)}), is within noise, so the "
        f"simpler one is the default.{_about_recommended(found)}"
    )


def _about_recommended(found: Comparison) -> str:
    """What became of the recommended estimator, where it was compared and not chosen."""
    names = {row.name for row in found.estimators}
    if found.recommended not in names or found.recommended == found.chosen:
        return ""
    recommended = found.of(found.recommended)
    if found.recommended == found.best or recommended.within_noise:
        return ""
    return (
        f" The usual recommendation, {recommended.name}, is behind by "
        f"{plain(recommended.behind.value, _DECIMALS)} ({_interval(recommended.behind, found.level)})."
    )


def _figure(figure: Figure) -> str:
    return plain(figure.value, _DECIMALS)


def _interval(figure: Figure, level: float) -> str:
    return f"{level_percent(level)} interval {plain(figure.lower, _DECIMALS)} to {plain(figure.upper, _DECIMALS)}"


def rows(found: Comparison) -> tuple[tuple[str, ...], ...]:
    """One row an estimator, simplest first, under :data:`HEADER`; intervals in brackets."""
    decimals = max(
        decimals_for(row.regret.value, row.regret.lower, row.regret.upper) for row in found.estimators
    )
    return tuple(_row(row, found, decimals) for row in found.estimators)


def _row(row: Compared, found: Comparison, decimals: int) -> tuple[str, ...]:
    mark = " *" if row.name == found.chosen else ""
    behind = "best" if row.name == found.best else _spread(row.behind, _DECIMALS)
    pairs = "" if row.pairs_right is None else percent(row.pairs_right.value)
    return (
        f"{row.name}{mark}",
        _spread(row.mixture_r2, _DECIMALS),
        behind,
        _figure(row.rank_correlation),
        _figure(row.r2),
        pairs,
        _spread(row.r_score, _DECIMALS),
        _spread(row.regret, decimals),
        duration(row.seconds),
    )


def _spread(figure: Figure, decimals: int) -> str:
    return (
        f"{plain(figure.value, decimals)} [{plain(figure.lower, decimals)}, {plain(figure.upper, decimals)}]"
    )


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Everything in a comparison; intervals as [lower, upper], a missing figure as null."""
    return {
        "outcome": found.outcome.name,
        "unit": found.outcome.unit,
        "n_runs": found.n_runs,
        "folds": found.folds,
        "groups": found.islands,
        "folds_keep_together": found.kept,
        "mixture_judged_within": found.within,
        "level": found.level,
        "seed": found.seed,
        "best": found.best,
        "chosen": found.chosen,
        "recommended": found.recommended,
        "sentence": comparison_sentence(found),
        "criterion": criterion_sentence(found),
        "estimators": [_json_row(row) for row in found.estimators],
        "refused": [{"name": name, "reason": reason} for name, reason in found.refused],
    }


def _json_row(row: Compared) -> dict[str, Any]:
    figures = {
        "mixture_r2": row.mixture_r2,
        "behind": row.behind,
        "rank_correlation": row.rank_correlation,
        "r2": row.r2,
        "pairs_right": row.pairs_right,
        "r_score": row.r_score,
        "regret": row.regret,
    }
    return {
        "name": row.name,
        "title": REGISTRY[row.name].title,
        "complexity": row.complexity,
        "within_noise": row.within_noise,
        **{name: _json_figure(figure) for name, figure in figures.items()},
        "seconds": row.seconds,
    }


def _json_figure(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {"value": figure.value, "interval": [figure.lower, figure.upper]}
