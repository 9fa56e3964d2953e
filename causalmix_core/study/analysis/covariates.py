"""Which covariates a fit needs: greedy forward choice by rank correlation on held-out runs (the paper's Figure 2).

A covariate is one measure in all domains at once. Whole pools are held out, in sets that do not overlap. The choice is
made on the same held-out runs that its gain is read from, so gains of late steps are a little flattered.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.effects.comparison import TREES
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.cross_validation import score_predictions
from causalmix_core.effects.fit import fit
from causalmix_core.effects.folds import group_folds
from causalmix_core.evidence import content_hash
from causalmix_core.study.analysis.scores import mean_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from causalmix_core.effects.config import EstimatorName
    from causalmix_core.effects.folds import Index
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.study.analysis.setting import Setting

    Array = NDArray[np.float64]
    Progress = Callable[[float, str], None]
    Found = dict[str, list[Any]]  # score -> one value a held-out set

REPEATS = 5
WORDS = (
    "Measures are added one at a time, each in all domains at once, the one first that foretells the order of held-out "
    "runs best. Held-out runs are those of whole pools, in sets that do not overlap. As the choice looks at the same "
    "runs, gains of late steps are a little flattered."
)


def covariates(setting: Setting, report: Progress) -> dict[str, Any]:
    """The part ``covariates`` of the analysis: a greedy search for recommended, and the paper's fit in its order."""
    choice = _Choice(setting, _held_out(setting))
    greedy = _greedy(choice, lambda done, phase: report(0.5 * done, phase))
    rows = [_row("recommended", "greedy", greedy)]
    for name in setting.asked_for(("paper",)):
        order = greedy[-1].measures
        followed = _followed(choice, order, lambda done, phase: report(0.5 + 0.5 * done, phase))
        rows.append(_row(name, "of recommended", followed))
    held = {"held_out_runs": setting.asked["held_out_runs"], "repeats": len(choice.splits)}
    return {"words": WORDS, **held, "rows": rows}


def with_measures(table: RunsTable, measures: tuple[str, ...]) -> RunsTable:
    """The table with the covariates of these names only, in all domains."""
    keep = [i for i, covariate in enumerate(table.covariates) if covariate.name in measures]
    covariates = tuple(table.covariates[i] for i in keep)
    smaller = dataclasses.replace(table, covariates=covariates, states=table.states[:, keep], sha256="")
    return dataclasses.replace(smaller, sha256=content_hash(smaller))


def _held_out(setting: Setting) -> list[tuple[Index, Index]]:
    """Sets of whole pools with about as many runs as the plan says, as (train rows, test rows)."""
    count = max(2, round(setting.table.n_runs / setting.asked["held_out_runs"]))
    return group_folds(setting.pools, count, setting.seed)[:REPEATS]


@dataclass(frozen=True, eq=False)
class _Choice:
    """Held-out scores of sets of measures; each is kept, whatever order it is asked for in."""

    setting: Setting
    splits: list[tuple[Index, Index]]

    def scores(self, name: EstimatorName, measures: tuple[str, ...]) -> Found:
        """``spearman`` and ``pairs_right`` on each held-out set."""
        numbers = sorted(self.setting.measures.index(measure) for measure in measures)
        key = f"covariates-{name}-{'-'.join(map(str, numbers)) or 'none'}"
        found: Found = self.setting.kept.get(key, lambda: self._made(name, measures))
        return found

    def _made(self, name: EstimatorName, measures: tuple[str, ...]) -> Found:
        setting, table = self.setting, with_measures(self.setting.table, measures)
        config = FitConfig(setting.outcome, name, seed=setting.fit_seed, trees=TREES)
        found: Found = {"spearman": [], "pairs_right": []}
        for train, test in self.splits:
            keep = np.zeros(table.n_runs, dtype=bool)
            keep[train] = True
            fitted = fit(table.with_rows(keep), config, calibrate=False)
            predicted = fitted.predict(table.shares[test], table.states[test])
            said = score_predictions(setting.target[test], predicted, setting.pools[test], 1)
            found["spearman"].append(said.spearman)
            found["pairs_right"].append(said.pair_accuracy)
        return found


@dataclass(frozen=True, eq=False)
class _Step:
    """One step: ``measures`` with the one added last, their scores, and the candidates that it was chosen from."""

    measures: tuple[str, ...]
    found: Found
    tried: tuple[tuple[str, float, Found], ...] = ()

    @property
    def mean(self) -> float:
        """Mean rank correlation over the held-out sets."""
        return float(np.mean(self.found["spearman"]))


def _greedy(choice: _Choice, report: Progress) -> list[_Step]:
    """Steps from no measure to all of them, the best one added each time."""
    measures = choice.setting.measures
    steps = [_Step((), choice.scores("recommended", ()))]
    for count in range(len(measures)):
        chosen, tried = steps[-1].measures, []
        for measure in (measure for measure in measures if measure not in chosen):
            report(count / len(measures), f"{count + 1} measures, {measure}")
            found = choice.scores("recommended", (*chosen, measure))
            tried.append((measure, float(np.mean(found["spearman"])), found))
        tried.sort(key=lambda one: -one[1])
        steps.append(_Step((*chosen, tried[0][0]), tried[0][2], tuple(tried)))
    return steps


def _followed(choice: _Choice, order: tuple[str, ...], report: Progress) -> list[_Step]:
    """The paper's fit on the measures in an order that was chosen for another."""
    steps = []
    for count in range(len(order) + 1):
        report(count / (len(order) + 1), f"the paper's fit on {count} measures")
        steps.append(_Step(order[:count], choice.scores("paper", order[:count])))
    return steps


def _row(name: str, order: str, steps: list[_Step]) -> dict[str, Any]:
    sooner: list[_Step | None] = [None, *steps]
    return {
        "name": name,
        "order": order,
        "steps": [_plain(step, before) for step, before in zip(steps, sooner, strict=False)],
        "best": int(np.argmax([step.mean for step in steps])),
        "enough": next(
            i for i, step in enumerate(steps) if not any(_surely(later, step) for later in steps[i + 1 :])
        ),
    }


def _plain(step: _Step, before: _Step | None) -> dict[str, Any]:
    return {
        "measures": list(step.measures),
        "added": step.measures[-1] if step.measures else None,
        "spearman": mean_of(step.found["spearman"]),
        "pairs_right": mean_of(step.found["pairs_right"]),
        "gain": mean_of(_gains(step, before)) if before else None,
        "candidates": [
            {"measure": measure, "spearman": mean_of(found["spearman"])} for measure, _, found in step.tried
        ],
    }


def _surely(later: _Step, sooner: _Step) -> bool:
    """Whether the paired gain is above one standard error of it."""
    gain = mean_of(_gains(later, sooner))
    return gain is not None and gain["mean"] > gain["se"]


def _gains(later: _Step, sooner: _Step) -> list[float]:
    """Of the rank correlation, on each held-out set."""
    return [a - b for a, b in zip(later.found["spearman"], sooner.found["spearman"], strict=True)]
