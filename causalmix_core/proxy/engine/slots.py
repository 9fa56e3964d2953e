"""Slots: what a machine offers to training processes, one process a slot.

A slot is "cpu" or "cuda:N". A slot may be listed more than once: "cuda:0" twice runs two processes
on the first GPU.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from causalmix_core.errors import ProxyError

_SLOT = re.compile(r"(?:(\d{1,3})x)?(cpu|cuda:\d{1,3})")
_ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")
_NVIDIA_SMI_SECONDS = 20.0


def parse_slots(text: str) -> tuple[str, ...]:
    """``"4xcpu,cuda:0,cuda:0"`` -> the slots one by one.

    Raises
    ------
    ProxyError : a word that is no slot, no slot at all, or a GPU that is not there.
    """
    slots: list[str] = []
    for word in text.split(","):
        found = _SLOT.fullmatch(word.strip())
        if not found:
            raise ProxyError(
                f"{word.strip()!r} is no slot; write slots with commas between, such as 4xcpu,cuda:0,cuda:0."
            )
        slots += [found[2]] * int(found[1] or 1)
    if not slots:
        raise ProxyError(f"{text!r} asks for no slot; 1xcpu is one.")
    gpus = len(visible_gpus()) if any(slot != "cpu" for slot in slots) else 0
    for slot in slots:
        if slot != "cpu" and int(slot[5:]) >= gpus:
            raise ProxyError(f"There is no {slot}: nvidia-smi shows {gpus} GPUs here.")
    return tuple(slots)


def find_slots() -> tuple[str, ...]:
    """Slots of this machine: every GPU once; without a GPU one "cpu" for every core that may be used."""
    gpus = visible_gpus()
    return tuple(f"cuda:{i}" for i in range(len(gpus))) if gpus else ("cpu",) * usable_cores()


def usable_cores() -> int:
    """Cores this process may use: what affinity and the container's quota leave, at least 1."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = Path("/sys/fs/cgroup/cpu.max")
    if quota.is_file():
        limit, _, period = quota.read_text().partition(" ")
        if limit.isdecimal() and period.strip().isdecimal():
            cores = min(cores, int(limit) // int(period))
    return max(1, cores)


def visible_gpus() -> tuple[str, ...]:
    """What CUDA_VISIBLE_DEVICES is to say for each GPU here, in order; () without a driver."""
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    try:
        listed = subprocess.run(
            ["nvidia-smi", "--query-gpu=index", "--format=csv,noheader"],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
            timeout=_NVIDIA_SMI_SECONDS,
        ).stdout.split()
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(listed) if named is None else tuple(part for part in named.split(",") if part.strip())


def base_environment() -> dict[str, str]:
    """The present environment, in which the package is importable from where it is now."""
    package = str(Path(__file__).resolve().parents[3])
    paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


def environment_of(slot: str) -> dict[str, str]:
    """The environment of a process in a slot: one thread on a CPU, one GPU on a GPU.

    A process on a GPU keeps the caller's threads.
    """
    environment = base_environment() | {"TOKENIZERS_PARALLELISM": "false"}
    if slot.startswith("cuda:"):
        return environment | {"CUDA_VISIBLE_DEVICES": visible_gpus()[int(slot[5:])]}
    return environment | {"CUDA_VISIBLE_DEVICES": ""} | dict.fromkeys(_ONE_THREAD, "1")
