"""What the graphics cards of this machine are doing, as nvidia-smi tells it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

_FIELDS = "index,name,utilization.gpu,memory.used,memory.total,temperature.gpu"
_SECONDS = 10.0
_MEBI_A_GIBI = 1024.0


@dataclass(frozen=True)
class GpuCard:
    """One graphics card: ``use`` from 0 to 1, memory in GiB, temperature in degrees Celsius; None where it does not say."""

    index: int
    name: str
    use: float | None
    used_gib: float | None
    total_gib: float | None
    celsius: float | None


def gpu_cards() -> tuple[GpuCard, ...]:
    """The cards in order; () where there is no driver or it does not answer."""
    try:
        said = subprocess.run(  # noqa: S603
            ["nvidia-smi", f"--query-gpu={_FIELDS}", "--format=csv,noheader,nounits"],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
            timeout=_SECONDS,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ()
    return parse_cards(said)


def parse_cards(text: str) -> tuple[GpuCard, ...]:
    """Cards from what nvidia-smi prints for the fields above, a line each; lines of another form are left out."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) != len(_FIELDS.split(",")) or not cells[0].isdecimal():
            continue
        use, used, total, celsius = map(_number, cells[2:])
        found.append(
            GpuCard(
                int(cells[0]),
                cells[1],
                None if use is None else use / 100.0,
                None if used is None else used / _MEBI_A_GIBI,
                None if total is None else total / _MEBI_A_GIBI,
                celsius,
            )
        )
    return tuple(found)


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:  # [N/A]
        return None
