"""Launching: what would be done is said first, confirmed in a dialog, then done by commands beside the app."""

from __future__ import annotations

import json
import shlex
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery.numbers import thousands
from causalmix_core.delivery.proxy import launch_sentence, slots_sentence
from causalmix_core.proxy.engine.launching import DesignedRuns, plan_launch
from causalmix_core.proxy.engine.study import Launch
from causalmix_core.proxy.lab_commands import design_command, launch_command, score_command
from pages._ui.proxy_lab import errands, here, plan
from pages._ui.words import escape

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.pools.pool import Pool
    from causalmix_core.proxy.design.design import Design
    from causalmix_core.proxy.design.estimate import Estimate
    from causalmix_core.proxy.design.request import Laid
    from causalmix_core.proxy.engine.launching import LaunchPlan
    from causalmix_core.proxy.lab_commands import Words
    from pages._ui.proxy_lab.asked import Asked

TITLE = "Preparing the study"
TINY_CHUNK = 16
MOST_PER_GPU = 8
NEXT = "lab:study:next"  # the study to show once it is there


@dataclass(frozen=True)
class Ready:
    """A launch that is only to be confirmed: its study's folder, what it would do, and the commands that do it."""

    study: Path
    plan: LaunchPlan
    slots: tuple[str, ...]
    chunk: int
    commands: tuple[Words, ...]


def slots_control() -> tuple[str, ...]:
    """How many runs are trained at a time, and on what."""
    cards, cores = here.cards(), here.cores()
    if cards:
        each = st.number_input("Runs at a time on each GPU", 1, MOST_PER_GPU, 1, key="lab:slots:gpu")
        return tuple(f"cuda:{card.index}" for card in cards for _ in range(each))
    some = st.number_input(
        "Runs at a time", 1, cores, cores, key="lab:slots:cpu", persist_state="session",
        help="One process with one thread each; a core left free keeps the machine quick.",
    )  # fmt: skip
    return ("cpu",) * some


def prepare(asked: Asked, pool: Pool, design: Design, slots: tuple[str, ...], *, score: bool) -> Ready:
    """The dry run of a launch; nothing is written.

    Raises
    ------
    ProxyError : see the core.
    """
    lab = here.lab()
    folder = lab.design_of(design.sha256)
    study = (
        lab.study_of(design.sha256, asked.worker, asked.settings)
        if asked.extended is None
        else asked.extended.path
    )
    chunk = min(TINY_CHUNK, -(-len(design.runs) // len(slots))) if asked.worker == "tiny" else 1
    launch = Launch(
        asked.worker, asked.settings, str(pool.folder.resolve()), pool.sha256, design.sha256, chunk,
        slots=slots_text(slots),
    )  # fmt: skip
    runs = {run.id: run.to_json() for run in design.runs}
    would = plan_launch(DesignedRuns(folder, b"", runs, design.sha256, pool.sha256), study, launch)
    scores = lab.root / "scores" / folder.name
    more: tuple[str, ...] = ("--worker", asked.worker, "--slots", slots_text(slots), "--chunk", str(chunk))
    more += tuple(
        w for name, value in asked.settings.items() for w in ("--set", f"{name}={json.dumps(value)}")
    )
    more += ("--states", str(scores / "states.json")) if score else ()
    commands = (
        design_command(asked.request, folder),
        *((score_command(pool.folder, folder, scores),) if score else ()),
        launch_command(folder, pool.folder, study, more=more),
    )
    return Ready(study, would, slots, chunk, commands)


def slots_text(slots: tuple[str, ...]) -> str:
    """Slots as the command line takes them: ``2xcpu``."""
    return ",".join(f"{slots.count(name)}x{name}" for name in dict.fromkeys(slots))


def draw(asked: Asked, pool: Pool, laid: Laid, cost: Estimate, slots: tuple[str, ...]) -> None:
    """What this machine trains on, and the buttons that open the dialog and hand the design over."""
    folder = here.lab().errand("launch")
    st.caption(escape(slots_sentence(here.cards(), here.cores())))
    running = errands.follow(folder, "lab:launch")
    several = len(laid.design.pools) > 1
    score = st.checkbox(
        "Score the pools first (their covariates)", value=several, key=f"lab:score:{several}",
        help="What each pool's text is like, by the base model and by style: the state that effects may depend on. Without "
        "scores the runs have mixtures and outcomes only.",
    )  # fmt: skip
    ready = prepare(asked, pool, laid.design, slots, score=score)
    buttons = st.container(horizontal=True)
    pressed = buttons.button(
        f"Launch {thousands(ready.plan.new)} runs…" if ready.plan.new else "Launched already",
        key="lab:launch:open", type="primary", icon=":material/rocket_launch:",
        disabled=running or not ready.plan.new,
        help=None if ready.plan.new else "All runs of this design are in the queue below; another seed makes other runs.",
    )  # fmt: skip
    with buttons:
        plan.download(laid)
    if pressed:
        _confirm(ready, cost.hours)


@st.dialog("Launch these runs?", width="medium")
def _confirm(ready: Ready, hours: float | None) -> None:
    st.markdown(escape(launch_sentence(ready.plan, ready.slots, ready.chunk, hours)))
    root = here.lab().root
    free = shutil.disk_usage(next(p for p in (root, *root.parents) if p.exists())).free / 1e9
    st.caption(
        f"Kept in {escape(str(ready.study))} ({free:.1f} GB free on that disk). The runs go on when this tab or the app is "
        "closed, and after a crash they go on where they were."
    )
    with st.expander("The same from a terminal", icon=":material/terminal:"):
        st.code(
            "\n".join(f"python -m causalmix_core {shlex.join(words)}" for words in ready.commands),
            language="bash",
        )
    if st.button(
        "Launch",
        key="lab:launch:confirmed",
        type="primary",
        icon=":material/rocket_launch:",
        on_click=start,
        args=(ready,),
    ):
        st.rerun()


def start(ready: Ready) -> None:
    """Start the commands of a launch, and show its study in the queue."""
    errands.start(here.lab().errand("launch"), TITLE, ready.commands)
    st.session_state[NEXT] = ready.study.name
