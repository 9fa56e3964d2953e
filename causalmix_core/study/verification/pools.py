"""The new pools as the product sees them: scored like the study's own, written down with what was done to them."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.files import write_atomically
from causalmix_core.study.listed import pools_json
from causalmix_core.study.making import length_of, score_stage, scorer_of
from causalmix_core.study.place import read_json
from causalmix_core.study.rivals.ground import PoolAtHand
from causalmix_core.study.verification.groups import new_pools

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from causalmix_core.evidence import RunsTable
    from causalmix_core.study.place import StudyPlace
    from causalmix_core.study.plan import StudyPlan
    from causalmix_core.study.verification.groups import NewPool

    Array = NDArray[np.float64]
    Progress = Callable[[float, str], None]

POOLS = "verification_pools.csv"
STAGE = "new-pools"
MOST_EPOCHS = 1_000  # the design is laid out for its pools alone; its runs are never made


@dataclass(frozen=True, eq=False)
class ScoredPools:
    """The new pools, what the product sees of them, the text's own shares and state, and the hash of their table."""

    pools: Mapping[str, NewPool]
    at_hand: Mapping[str, PoolAtHand]
    natural: Array
    clean: Array
    sha256: str


def score_new_pools(
    plan: StudyPlan, place: StudyPlace, table: RunsTable, progress: Progress | None = None
) -> ScoredPools:
    """Draw the new pools, score them, and write verification_pools.csv."""
    from causalmix_core.pools.pool import open_pool
    from causalmix_core.proxy.design.request import DesignRequest, keep, lay_out, natural_shares, open_stock
    from causalmix_core.proxy.design.storage import read_design

    pools, stage = new_pools(plan, table.domains), place.stage(STAGE)
    stage.folder.mkdir(parents=True, exist_ok=True)
    asked = stage.folder / "pools.json"
    if not (stage.design / "design.json").exists():
        write_atomically(asked, pools_json({name: pool.state for name, pool in pools.items()}))
        request = DesignRequest(
            place.corpus, runs=len(pools), seed=plan.verification["seed"], states=asked,
            set_aside=plan.plain["runs"]["set_aside"], max_epochs=MOST_EPOCHS, **length_of(plan, plan.examples),
        )  # fmt: skip
        keep(lay_out(request, progress), stage.design, progress)
    score_stage(plan, place, stage, progress)
    states = read_json(stage.states)
    content = pools_csv(pools, states, table.domains)
    write_atomically(place.tables / POOLS, content)
    stock = open_stock(open_pool(place.corpus), read_design(stage.design).settings)
    clean = read_clean(plan, place, table, progress)
    at_hand = {
        name: PoolAtHand(
            name,
            np.array([states[name][column] for column in table.covariate_columns]),
            np.array([pool.state[domain].quality for domain in table.domains]),
        )
        for name, pool in pools.items()
    }
    return ScoredPools(pools, at_hand, natural_shares(stock), clean, hashlib.sha256(content).hexdigest())


def read_clean(
    plan: StudyPlan, place: StudyPlace, table: RunsTable, progress: Progress | None = None
) -> Array:
    """(d,) the state of the text as it is, scored as the pools are."""
    from causalmix_core.pools.pool import open_pool
    from causalmix_core.pools.scoring.encoding import Limits
    from causalmix_core.pools.scoring.measures import Models
    from causalmix_core.proxy.covariates.states import score_design
    from causalmix_core.proxy.design.request import DesignRequest, lay_out

    models = Models(scorer_of(plan, place), None, Limits())
    runs = plan.plain["runs"]
    # A design on the text as it is, for its settings: one run, which is never made.
    one = DesignRequest(
        place.corpus, runs=1, set_aside=runs["set_aside"], max_epochs=MOST_EPOCHS, **length_of(plan, 1)
    )
    scored = score_design(lay_out(one).design, open_pool(place.corpus), models, progress=progress)
    (state,) = scored.states(tuple(plan.plain["covariates"])).values()
    return np.array([state[column] for column in table.covariate_columns])


def pools_csv(
    pools: Mapping[str, NewPool], states: Mapping[str, Mapping[str, float]], domains: Sequence[str]
) -> bytes:
    """verification_pools.csv: what was done to each new pool, and its covariates."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = list(next(iter(states.values())))
    hidden = [f"{what}_{domain}" for what in ("quality", "damage") for domain in domains]
    writer.writerow(["pool_id", "group", *hidden, *columns])
    for name, pool in pools.items():
        one = [pool.state[domain] for domain in domains]
        writer.writerow(
            [name, pool.group, *(repr(d.quality) for d in one), *(d.damage or "" for d in one)]
            + [repr(states[name][column]) for column in columns]
        )
    return text.getvalue().encode()
