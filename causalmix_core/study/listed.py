"""Training a list of mixtures on given pools: a design from the list, its runs, and what they found."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.files import write_atomically
from causalmix_core.study.making import length_of
from causalmix_core.study.training import refuse_failed, train_stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from causalmix_core.proxy.design.states import PoolState
    from causalmix_core.study.place import Stage, StudyPlace
    from causalmix_core.study.plan import StudyPlan

    Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Listed:
    """A mixture to train: on ``pool``, domain -> share, in ``orders`` orders of the text (0, 1, ...)."""

    pool: str
    mixture: Mapping[str, float]
    orders: int


@dataclass(frozen=True)
class Trained:
    """A finished run of a list.

    Attributes
    ----------
    row : place of its mixture in the list. order : which order of the text.
    shares : domain -> share that was trained on. losses : outcome name -> value, in its own direction.
    """

    row: int
    order: int
    run_id: str
    seed: int
    shares: dict[str, float]
    losses: dict[str, float]
    seconds: float
    device: str


@dataclass(frozen=True)
class Recipe:
    """How a list is trained: ``windows`` a run, ``seed`` of the orders of text, ``settings`` of the worker, ``slots``."""

    windows: int
    seed: int
    settings: Mapping[str, Any]
    slots: str | None = None
    max_epochs: int = 1


def train_listed(
    plan: StudyPlan,
    place: StudyPlace,
    stage: Stage,
    pools: Mapping[str, PoolState],
    listed: Sequence[Listed],
    recipe: Recipe,
    phase: str,
    progress: Progress | None = None,
) -> list[Trained]:
    """Train every mixture of a list in all of its orders; what is trained already is found.

    Equal pool, counts, seed and order train on equal text, so runs of different lists can be compared.

    Raises
    ------
    StudyError : runs failed at every try. DesignError : a share asks for more text than there is.
    """
    from causalmix_core.proxy.design.request import keep, lay_out

    if not (stage.design / "design.json").exists():
        stage.folder.mkdir(parents=True, exist_ok=True)
        write_atomically(stage.folder / "mixtures.csv", _mixtures_csv(listed))
        write_atomically(stage.folder / "pools.json", pools_json(pools))
        keep(lay_out(_request(plan, place, stage, recipe), progress), stage.design, progress)
    study = train_stage(stage, place.corpus, recipe.settings, phase, progress, recipe.slots, plan.worker)
    refuse_failed(study)
    return _results(stage, listed)


def pools_json(pools: Mapping[str, PoolState]) -> bytes:
    """Pool states as the design command takes them."""
    plain = {name: {domain: one.to_json() for domain, one in state.items()} for name, state in pools.items()}
    return (json.dumps(plain, indent=1, sort_keys=True) + "\n").encode()


def _request(plan: StudyPlan, place: StudyPlace, stage: Stage, recipe: Recipe) -> Any:
    from causalmix_core.proxy.design.request import DesignRequest

    return DesignRequest(
        place.corpus,
        seed=recipe.seed,
        plan=stage.folder / "mixtures.csv",
        states=stage.folder / "pools.json",
        set_aside=plan.plain["runs"]["set_aside"],
        max_epochs=recipe.max_epochs,
        **length_of(plan, recipe.windows),
    )


def _mixtures_csv(listed: Sequence[Listed]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    domains = list(listed[0].mixture)
    writer.writerow(["pool_id", "repeats", "assignment", *(f"share_{d}" for d in domains)])
    for one in listed:
        writer.writerow([one.pool, one.orders, "chosen", *(repr(float(one.mixture[d])) for d in domains)])
    return text.getvalue().encode()


def _results(stage: Stage, listed: Sequence[Listed]) -> list[Trained]:
    """Runs stand in the design as the list does, the orders of a mixture one after the other."""
    from causalmix_core.proxy.engine.collect import finished_runs
    from causalmix_core.proxy.engine.study import open_study

    places = [(row, order) for row, one in enumerate(listed) for order in range(one.orders)]
    found = []
    for (row, order), run in zip(places, finished_runs(open_study(stage.study)), strict=True):
        result = run.result
        losses = {name: outcome.value for name, outcome in result.outcomes.items()}
        found.append(
            Trained(row, order, result.run, result.seed, run.shares, losses, result.seconds, result.device)
        )
    return found
