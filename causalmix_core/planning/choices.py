"""What a plan can be asked for, in words."""

from __future__ import annotations

from typing import Literal, get_args

Criterion = Literal["regret", "contrast", "d-optimal"]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
PoolsName = Literal["target", "table", "both"]
POOLS: tuple[PoolsName, ...] = get_args(PoolsName)
TARGET = "target"
