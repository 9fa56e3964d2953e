"""The controls of a design: what runs are asked for, on which states of the pool, trained by what."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from causalmix_core.errors import DesignError, ProxyError
from causalmix_core.pools.token_meta import token_totals
from causalmix_core.proxy.design.mixtures import Law
from causalmix_core.proxy.design.names import SAMPLERS, SamplerName
from causalmix_core.proxy.design.request import DesignRequest
from pages._ui.proxy_lab import here

if TYPE_CHECKING:
    from causalmix_core.pools.pool import Pool
    from causalmix_core.proxy.engine.study import Study

MOST_RUNS = 2_000
LENGTH, WINDOW = 500, 256
MOST_BYTES = 5 * 1024 * 1024
SAMPLER_WORDS: dict[SamplerName, str] = {
    "dirichlet": "Dirichlet (random)",
    "sobol": "Sobol (evenly spread)",
    "lattice": "Simplex lattice",
    "centroid": "Simplex centroid",
    "d-optimal": "D-optimal",
    "regmix": "RegMix's law",
    "around": "Around the pool's own shares",
    "chosen": "As people choose (confounded)",
}
# Commands of one's own are for the command line: a page must not start whatever its visitor types.
WORKER_WORDS = {
    "tiny": "Tiny language model",
    "sft": "Fine-tuning of a checkpoint (TRL)",
}
SETTINGS_HELP = (
    'A JSON object; "checkpoint" names a local model folder, such as {"checkpoint": "/models/Qwen2.5-0.5B"}.'
)
AS_IS, DRAWN, LIKE = "as it is", "damaged", "a study's"


@dataclass(frozen=True)
class Asked:
    """A design and its worker, as the controls have them.

    Attributes
    ----------
    request : the design. worker, settings : who trains. extended : the study that is added to, or None.
    params : parameters of the worker's model where it is no tiny one, else None.
    """

    request: DesignRequest
    worker: str = "tiny"
    settings: dict[str, Any] = field(default_factory=dict)
    extended: Study | None = None
    params: float | None = None


def draw(pool: Pool) -> Asked:
    """All controls of the design.

    Raises
    ------
    DesignError, ProxyError : a plan that is too large, or settings that are no JSON object.
    """
    worker = st.selectbox(
        "Trained by", list(WORKER_WORDS), key="lab:worker", format_func=WORKER_WORDS.__getitem__, persist_state="session",
        help="Tiny models of 0.1M parameters all start from the pool's base model and take seconds a run on one CPU core. "
        "Any other trainer: `proxy launch --worker command`.",
    )  # fmt: skip
    settings, params = ({}, None) if worker == "tiny" else _worker_settings(worker)
    plan = _plan()
    law, runs, replicates = (Law(), 1, 0) if plan else _mixtures(len(pool.domains))
    pools, study = _pools(pool, worker)
    length = _whole(
        "Windows a run" if worker == "tiny" else "Documents a run", _start_length(pool, worker), 4, 1_000_000,
        f"length:{pool.sha256[:8]}:{worker}",
        "Text of one run; a window is 256 tokens." if worker == "tiny" else "Text of one run.", off=study is not None,
    )  # fmt: skip
    left, right = st.columns(2)
    with left:
        seed = _whole("Seed", 0, 0, 2**31 - 1, "seed", "Of mixtures, pool states and the order of text.")
    with right:
        epochs = _whole(
            "Most epochs",
            1,
            1,
            100,
            "epochs",
            "How often one run may use the same row of text.",
            off=study is not None,
        )
    request = DesignRequest(
        pool.folder, runs=runs, law=law, seed=seed, plan=plan, replicates=replicates, pools=pools,
        like=None if study is None else study.path, extend=study is not None,
        windows=length, documents=None if worker == "tiny" else length, max_epochs=epochs,
    )  # fmt: skip
    return Asked(request, worker, settings, study, params)


def _start_length(pool: Pool, worker: str) -> int:
    """500, or what the smallest domain can give to a run that is nearly all of it."""
    if worker != "tiny":
        return max(4, min(LENGTH, *(entry.documents // 2 for entry in pool.entries)))
    smallest = min((min(total.tokens.values()) for total in token_totals(pool)), default=LENGTH * WINDOW * 2)
    return max(4, min(LENGTH, smallest // WINDOW * 3 // 4))


def _whole(label: str, start: int, least: int, most: int, key: str, help: str, *, off: bool = False) -> int:
    """A whole number that outlives a switch of pages."""
    return st.number_input(
        label, least, most, start, key=f"lab:{key}", help=help, persist_state="session", disabled=off
    )


def _mixtures(domains: int) -> tuple[Law, int, int]:
    left, right = st.columns(2)
    with left:
        runs = _whole("Runs", 48, 1, MOST_RUNS, "runs", "Mixtures to draw; ten a domain are a fair start.")
    with right:
        replicates = _whole(
            "Repeats", 4, 0, MOST_RUNS, "replicates",
            "Further runs that repeat a mixture in another order of text: they measure the noise.",
        )  # fmt: skip
    sampler = st.selectbox(
        "How mixtures are drawn", SAMPLERS, key="lab:sampler", format_func=SAMPLER_WORDS.__getitem__,
        persist_state="session",
        help="Random laws leave the density of every mixture on record; designed ones spread runs for the most information.",
    )  # fmt: skip
    left, right = st.columns(2)
    with left:
        concentration = st.number_input(
            "Concentration", 0.05, 100.0, 1.0, 0.1, key="lab:concentration", persist_state="session",
            disabled=sampler not in ("dirichlet", "sobol"),
            help="1 is even over all mixtures; below 1 few domains take most of a run, above 1 runs are near equal shares.",
        )  # fmt: skip
    with right:
        floor = st.number_input(
            "Minimum share (%)", 0.0, 99.0 / domains, 0.0, 0.5, key=f"lab:floor:{domains}", persist_state="session",
            help="Every domain has at least this share in every run.",
        )  # fmt: skip
    return Law((sampler,), float(concentration), float(floor) / 100.0), runs, replicates


def _pools(pool: Pool, worker: str) -> tuple[int, Study | None]:
    """State of the pool before mixing: as it is, drawn states, or those of a study that is added to."""
    studies = {
        study.path.name: study
        for study in here.lab().studies()
        if (study.launch.pool_sha256, study.launch.worker) == (pool.sha256, worker)
    }
    states = st.segmented_control(
        "State of the pool", (AS_IS, DRAWN, LIKE), default=DRAWN, required=True, key="lab:states", wrap=True,
        help="Effects that depend on the pool's state are only learned from pools in different states: duplicated, garbled, "
        "shuffled, mixed with boilerplate or foreign text, or narrowed. A study can be added to with its own pools.",
    )  # fmt: skip
    if states == DRAWN:
        pools = _whole("Pools", 16, 1, MOST_RUNS, "pools", "Drawn states; run i is made on pool i in turn.")
        return pools, None
    if states == LIKE and not studies:
        raise DesignError(
            "No study of this pool and worker was launched here yet; choose another state of the pool."
        )
    if states == LIKE:
        chosen = st.selectbox(
            "Add to the study", list(studies), key="lab:like", help="Give another seed too."
        )
        return 0, studies[chosen]
    return 0, None


def _plan() -> Path | None:
    """A plan of runs from a file, in place of drawn mixtures."""
    with st.expander("Mixtures from a plan", icon=":material/upload_file:"):
        file = st.file_uploader(
            "Plan (CSV)", type=["csv"], key="lab:plan",
            help="Such as Next runs writes: share_<domain>, and if you like pool_id, repeats and assignment.",
        )  # fmt: skip
    if file is None:
        return None
    if file.size > MOST_BYTES:
        raise DesignError(f"The plan has {file.size / 1024 / 1024:.1f} MB; a plan of at most 5 MB is read.")
    return here.lab().keep_plan(file.getvalue())


def _worker_settings(worker: str) -> tuple[dict[str, Any], float]:
    text = st.text_area("Settings", "{}", key=f"lab:settings:{worker}", help=SETTINGS_HELP)
    millions = st.number_input(
        "Parameters (millions)", 0.1, 1e6, 135.0, key="lab:params", help="Of the model, for the cost."
    )
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProxyError(f"The worker's settings are no JSON: {error}.") from None
    if not isinstance(found, dict):
        raise ProxyError('The worker\'s settings are no JSON object; write {"name": value}.')
    checkpoint = Path(str(found.get("checkpoint", "")))
    if not (checkpoint.is_absolute() and (checkpoint / "config.json").is_file()):
        raise ProxyError(
            'Fine-tuning needs a model: write {"checkpoint": "/models/..."}, the whole path of a folder with config.json.'
        )
    return found, 1e6 * float(millions)
