"""The model size and token budget that a fit is for, where the table's runs differ in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from causalmix_core.errors import ConfigError
from causalmix_core.evidence.sizes import SIZE_WORDS, parse_size, run_sizes, size_words

if TYPE_CHECKING:
    from causalmix_core.effects.config import FitConfig
    from pages._ui.shell import OpenPage


def draw(page: OpenPage, start: FitConfig, *, enabled: bool) -> dict[str, float | None]:
    """One field a size; ``target_params`` and ``target_tokens``, None where left empty.

    Raises
    ------
    ConfigError : a field that holds no size.
    """
    chosen: dict[str, float | None] = {"target_params": None, "target_tokens": None}
    sizes = run_sizes(page.table)
    if not sizes:
        return chosen
    for place, (name, runs) in zip(st.columns(3), sizes.items(), strict=False):
        kept = getattr(start, f"target_{name}")
        entered = place.text_input(
            f"Target {SIZE_WORDS[name]}",
            value="" if kept is None else f"{kept:g}",
            placeholder="average of the runs",
            key=f"{page.project.id}:fit_target_{name}",
            persist_state="session",
            disabled=not enabled,
            help=f"The size that effects and decisions are for, such as 1.5B. The runs have {size_words(runs.min())} to "
            f"{size_words(runs.max())}; beyond that effects are extrapolated.",
        )
        if enabled and entered.strip():
            chosen[f"target_{name}"] = _read(entered, name)
    return chosen


def _read(entered: str, name: str) -> float:
    found = parse_size(entered)
    if found is None:
        raise ConfigError(
            f"The target for {SIZE_WORDS[name]} is {entered!r}; write a number such as 1e9 or 1.5B, or leave it empty."
        )
    return found
