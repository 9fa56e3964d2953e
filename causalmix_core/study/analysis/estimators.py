"""Every estimator of the plan on the same folds, and what it loses where people chose the mixtures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.effects.estimators.registry import concrete, title
from causalmix_core.study.analysis.foretold import Variant
from causalmix_core.study.analysis.scores import Scores, interval, score
from causalmix_core.study.analysis.setting import FOLDS, HALVES

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.study.analysis.foretold import Foreteller
    from causalmix_core.study.analysis.setting import FittedOn, Setting

    Progress = Callable[[float, str], None]

WORDS = (
    f"Every estimator is fitted {FOLDS} times, each time without one part of the pools, and foretells the runs of those "
    "pools. On runs whose mixture was drawn at random it is scored three times: fitted on all runs, on those drawn at "
    "random alone, and on those that were chosen by what was seen of the pool."
)


def estimators(setting: Setting, foreteller: Foreteller, report: Progress) -> dict[str, Any]:
    """The part ``estimators`` of the analysis."""
    names: list[EstimatorName] = list(setting.asked["estimators"])
    rows, refused = [], []
    for number, name in enumerate(names):
        report(number / len(names), name)
        variant = Variant(name)
        found, reasons = foretell_halves(setting, foreteller, variant)
        refused += [{"name": name, "fitted_on": half, "reason": why} for half, why in reasons.items()]
        if any(found.values()):
            rows.append(row(setting, variant, found))
    rows.sort(key=_pair_r2, reverse=True)
    return {"words": WORDS, "rows": rows, "refused": refused}


def foretell_halves(
    setting: Setting, foreteller: Foreteller, variant: Variant
) -> tuple[dict[str, Scores | None], dict[FittedOn, str]]:
    """Scores on all rows ("all rows") and on random rows by what was fitted on; and what could not be fitted."""
    random = setting.rows("random")
    found: dict[str, Scores | None] = {"all rows": None}
    refused: dict[FittedOn, str] = {}
    for half in HALVES:
        predicted = foreteller.foretell(variant, half)
        found[half] = None
        if isinstance(predicted, str):
            refused[half] = predicted
            continue
        if half == "all":
            found["all rows"] = score(setting.target, predicted, setting.pools, setting.seed)
        if random.any():
            found[half] = score(
                setting.target[random], predicted[random], setting.pools[random], setting.seed
            )
    return found, refused


def row(setting: Setting, variant: Variant, found: dict[str, Scores | None]) -> dict[str, Any]:
    """One estimator as ``analysis.json`` holds it."""
    behind = concrete(variant.config(setting.outcome, setting.fit_seed), setting.table)
    drawn, chosen = found["random"], found["chosen"]
    return {
        "name": variant.name,
        "title": title(variant.name),
        "conditions": behind.conditions,
        "reads_states": behind.reads_states,
        "all_rows": plain(found["all rows"]),
        "random_rows": {half: plain(found[half]) for half in HALVES},
        "lost": interval(drawn.r2 - chosen.r2) if drawn and chosen else None,
    }


def plain(found: Scores | None) -> dict[str, Any] | None:
    """Scores as plain values, where there are any."""
    return found.plain() if found else None


def _pair_r2(row: dict[str, Any]) -> float:
    scores = row["all_rows"]
    if scores is None:
        return float("-inf")
    return float((scores["pair_r2"] or scores["r2"])["value"])
