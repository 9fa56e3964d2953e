"""Which texts go through a model together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def batches(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Numbers of the texts, longest first, in batches whose texts filled up to the longest have ``most`` tokens at most.

    A text that is longer alone is a batch of its own. Equal lengths keep their order.
    """
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    at = 0
    while at < len(order):
        count = max(1, most // max(1, lengths[order[at]]))
        yield order[at : at + count]
        at += count
