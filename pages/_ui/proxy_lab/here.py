"""What this machine has: its lab, its graphics cards, its cores."""

from __future__ import annotations

import streamlit as st

from causalmix_core.proxy.engine.gpus import GpuCard, gpu_cards
from causalmix_core.proxy.engine.slots import usable_cores
from causalmix_core.proxy.lab import Lab
from pages._ui import projects


def lab() -> Lab:
    """The lab beside the projects."""
    return Lab(projects.store().root)


@st.cache_data(ttl="1m", max_entries=1, show_spinner=False)
def cards() -> tuple[GpuCard, ...]:
    """Graphics cards, looked for once a minute."""
    return gpu_cards()


def cores() -> int:
    """CPU cores that training may use."""
    return usable_cores()
