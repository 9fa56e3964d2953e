"""Several outcomes of one table for one decision: fits of the same kind with the same epsilon.

Responses of one epsilon can be added, compared and held to floors within one problem.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from causalmix_core.effects.beside import settings_beside
from causalmix_core.errors import ObjectiveError
from causalmix_core.evidence.weighted import closed_weights, weighted_name, with_weighted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from causalmix_core.effects.config import FitConfig
    from causalmix_core.effects.engine import Progress
    from causalmix_core.effects.fit import Fit
    from causalmix_core.evidence.table import RunsTable

    # Makes a fit, or gives one that is kept.
    Maker = Callable[[RunsTable, FitConfig, Progress], Fit]


@dataclass(frozen=True, eq=False)
class Panel:
    """The fits behind one decision.

    Attributes
    ----------
    raised : of what is raised: one outcome, or a weighted sum of several.
    outcomes : name -> fit of the outcomes that are shown or held besides; the weighted ones among them.
    weights : (outcome, weight) pairs of what is raised, absolute values adding to 1; empty for one outcome.
    """

    raised: Fit
    outcomes: Mapping[str, Fit] = field(default_factory=dict)
    weights: tuple[tuple[str, float], ...] = ()


def fit_outcomes(
    fit: Fit, outcomes: Sequence[str], progress: Progress | None = None, make: Maker | None = None
) -> dict[str, Fit]:
    """Fits of the named outcomes with the settings and the epsilon of ``fit``; itself for its own outcome.

    Parameters
    ----------
    progress : called with (done 0..1, phase).
    make : fits a table with settings; by default from scratch.

    Raises
    ------
    ObjectiveError : an outcome that the table does not have.
    ConfigError : an outcome that does not vary.
    """
    known = [outcome.name for outcome in fit.table.outcomes]
    unknown = [name for name in outcomes if name not in known and name != fit.config.outcome]
    if unknown:
        raise ObjectiveError(
            f"There is no outcome {unknown[0]!r} in {fit.table.name}: choose among {', '.join(known)}."
        )
    report, others = progress or _silent, [name for name in outcomes if name != fit.config.outcome]
    made: dict[str, Fit] = {}
    for name in outcomes:
        if name == fit.config.outcome:
            made[name] = fit
            continue
        number = others.index(name)
        config = _same_kind(fit, settings_beside(fit, name))
        made[name] = (make or _fit)(fit.table, config, _part(report, number, len(others), name))
    return made


def make_panel(
    fit: Fit,
    weights: Sequence[tuple[str, float]] = (),
    outcomes: Sequence[str] = (),
    progress: Progress | None = None,
    make: Maker | None = None,
) -> Panel:
    """The fits of a decision that raises the weighted sum of outcomes (without weights: the fit's own).

    A fit of that very sum, from an earlier panel, is raised as it is.

    Parameters
    ----------
    outcomes : further outcomes to show or to hold; the weighted ones are shown always.
    progress, make : as in :func:`fit_outcomes`.

    Raises
    ------
    ObjectiveError, ConfigError : see :func:`fit_outcomes` and
        :func:`~causalmix_core.evidence.weighted.closed_weights`.
    """
    report = progress or _silent
    closed = closed_weights(fit.table, weights) if weights else ()
    wanted = dict.fromkeys([*(name for name, _ in closed), *outcomes])
    names = [name for name in _order(fit.table, fit.config.outcome) if name in wanted]
    names += [name for name in wanted if name not in names]
    alone = (
        not closed or closed == ((fit.config.outcome, 1.0),) or weighted_name(closed) == fit.config.outcome
    )
    until = 1.0 if alone else len(names) / (len(names) + 1.0)
    fitted = fit_outcomes(fit, names, lambda done, phase: report(until * done, phase), make)
    if alone:
        return Panel(fit, fitted, closed)
    table, name = with_weighted(fit.table, closed)
    config = _same_kind(fit, replace(_shared(fit), outcome=name))
    last = _part(
        lambda done, phase: report(until + (1.0 - until) * done, phase), 0, 1, "the weighted outcome"
    )
    return Panel((make or _fit)(table, config, last), fitted, closed)


def _order(table: RunsTable, own: str) -> list[str]:
    names = [outcome.name for outcome in table.outcomes]
    return names if own in names else [*names, own]


def _shared(fit: Fit) -> FitConfig:
    """The settings of ``fit`` with the epsilon it ended at, where it has one."""
    from causalmix_core.effects.estimators.registry import switches

    has_one = "epsilon" in switches(fit.config.estimator) and fit.engine.coding.name != "contrast"
    return replace(fit.config, epsilon=fit.epsilon) if has_one else fit.config


def _same_kind(fit: Fit, config: FitConfig) -> FitConfig:
    """The settings with the estimator that ``fit`` ended with: "recommended" alone may end differently."""
    return replace(config, estimator=fit.resolved.estimator)


def _fit(table: RunsTable, config: FitConfig, progress: Progress) -> Fit:
    from causalmix_core.effects.fit import fit

    return fit(table, config, progress)


def _part(report: Progress, number: int, count: int, name: str) -> Progress:
    return lambda done, phase: report((number + done) / count, f"{name}: {phase}")


def _silent(done: float, phase: str) -> None:
    """Nobody waits for news."""
