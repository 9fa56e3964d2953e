"""How many runs it takes: fits on more and more whole pools, scored on pools that none of them has seen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.cross_validation import score_predictions
from causalmix_core.effects.fit import fit
from causalmix_core.errors import ConfigError
from causalmix_core.study.analysis.scores import mean_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.effects.folds import Index
    from causalmix_core.study.analysis.setting import Setting

    Array = NDArray[np.float64]
    Progress = Callable[[float, str], None]
    Split = tuple[Index, Index]  # rows to fit on, in the order in which they are added; rows held out

NAMES: tuple[EstimatorName, ...] = ("recommended", "paper", "regmix")
REPEATS = 4
SCORES = ("r2", "spearman", "pairs_right", "pair_r2")
WORDS = (
    "Each estimator is fitted to the runs of more and more pools, drawn by lot, and scored on runs of pools that are held "
    "out at every size. The held-out sets of the repeats overlap as little as the number of pools allows."
)


def curve(setting: Setting, report: Progress) -> dict[str, Any]:
    """The part ``curve`` of the analysis, at the plan's numbers of runs."""
    held = int(setting.asked["held_out_runs"])
    sizes = [size for size in sorted(setting.asked["curve"]) if size + held <= setting.table.n_runs]
    held = max(held, setting.table.n_runs - max(sizes, default=0))
    splits = held_out_splits(setting.pools, held, REPEATS, setting.seed)
    rows, refused = [], []
    jobs = [(name, size) for name in setting.asked_for(NAMES) for size in sizes]
    for number, (name, size) in enumerate(jobs):
        report(number / len(jobs), f"{name} on {size} runs")
        found = setting.kept.get(f"curve-{name}-{size}", partial(_scores, setting, name, size, splits))
        if "refused" in found:
            refused.append({"name": name, "runs": size, "reason": found["refused"]})
        else:
            rows.append({"name": name, "runs": size, **{key: mean_of(found[key]) for key in SCORES}})
    return {
        "words": WORDS,
        "held_out_runs": held,
        "repeats": REPEATS,
        "left_out": [size for size in sorted(setting.asked["curve"]) if size not in sizes],
        "rows": rows,
        "refused": refused,
    }


def held_out_splits(pools: NDArray[np.int64], held: int, repeats: int, seed: int) -> list[Split]:
    """Splits of the rows of whole pools (n,), about ``held`` of them held out.

    All repeats go round one shuffled circle of pools, from starts evenly apart: so held-out sets overlap as little as
    can be, and the pools of a smaller fit are among those of a larger one.
    """
    names = np.random.default_rng(seed).permutation(np.unique(pools))
    splits = []
    for repeat in range(repeats):
        turned = np.roll(names, -(len(names) * repeat // repeats))
        rows = np.concatenate([np.flatnonzero(pools == name) for name in turned])
        border = whole_pools(pools[rows], held)
        splits.append((rows[border:], rows[:border]))
    return splits


def whole_pools(pools: NDArray[np.int64], count: int) -> int:
    """How many of the first rows hold at least ``count`` runs of whole pools; rows of a pool stand together."""
    ends = np.flatnonzero(np.diff(pools, append=-1)) + 1
    return int(ends[min(int(np.searchsorted(ends, count)), len(ends) - 1)])


def _scores(setting: Setting, name: EstimatorName, size: int, splits: list[Split]) -> dict[str, Any]:
    """Each score on every held-out set."""
    found: dict[str, Any] = {key: [] for key in SCORES}
    for train, test in splits:
        table = setting.only(train[: whole_pools(setting.pools[train], size)])
        try:
            fitted = fit(table, FitConfig(setting.outcome, name, seed=setting.fit_seed), calibrate=False)
        except ConfigError as error:
            return {"refused": str(error)}
        predicted = fitted.predict(setting.table.shares[test], setting.table.states[test])
        said = score_predictions(setting.target[test], predicted, setting.pools[test], 1)
        for key, value in zip(
            SCORES, (said.r2, said.spearman, said.pair_accuracy, said.pair_r2), strict=True
        ):
            found[key].append(value)
    return found
