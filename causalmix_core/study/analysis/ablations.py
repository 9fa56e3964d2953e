"""The paper's two ablations (its section 5): without the pool's covariates, without orthogonalisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.study.analysis.estimators import foretell_halves, plain
from causalmix_core.study.analysis.foretold import WITHOUT_COVARIATES, WITHOUT_PURGING, Variant
from causalmix_core.study.analysis.scores import Scores, interval
from causalmix_core.study.analysis.setting import HALVES

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.study.analysis.foretold import Foreteller
    from causalmix_core.study.analysis.setting import Setting

    Progress = Callable[[float, str], None]

NAMES: tuple[EstimatorName, ...] = ("recommended", "paper")
ABLATIONS = ("none", WITHOUT_COVARIATES, WITHOUT_PURGING)
WORDS = (
    "Without covariates there is one answer for all pools, and nothing to purge the mixture of. Without "
    "orthogonalisation the pool's state still changes what a domain is worth, while what it does to the outcome by "
    "itself is not taken out."
)


def ablations(setting: Setting, foreteller: Foreteller, report: Progress) -> dict[str, Any]:
    """The part ``ablations`` of the analysis; folds are those of the estimators."""
    rows, names = [], setting.asked_for(NAMES)
    for number, name in enumerate(names):
        whole: dict[str, Scores | None] = {}
        for step, ablation in enumerate(ABLATIONS):
            report((number + step / len(ABLATIONS)) / len(names), f"{name}: {ablation}")
            found, _ = foretell_halves(setting, foreteller, Variant(name, ablation))
            whole = whole or found
            rows.append(_row(name, ablation, found, whole))
    return {"words": WORDS, "rows": rows}


def _row(
    name: str, ablation: str, found: dict[str, Scores | None], whole: dict[str, Scores | None]
) -> dict[str, Any]:
    drawn, chosen = found["random"], found["chosen"]
    return {
        "name": name,
        "ablation": ablation,
        "all_rows": plain(found["all rows"]),
        "random_rows": {half: plain(found[half]) for half in HALVES},
        "lost": interval(drawn.r2 - chosen.r2) if drawn and chosen else None,
        "behind": None if ablation == "none" else _behind(whole["all rows"], found["all rows"]),
    }


def _behind(whole: Scores | None, ablated: Scores | None) -> dict[str, Any] | None:
    """Whole less ablated on the same resamples of pools."""
    if whole is None or ablated is None:
        return None
    pairs = None
    if whole.pair_r2 is not None and ablated.pair_r2 is not None:
        pairs = interval(whole.pair_r2 - ablated.pair_r2)
    return {"r2": interval(whole.r2 - ablated.r2), "pair_r2": pairs}
