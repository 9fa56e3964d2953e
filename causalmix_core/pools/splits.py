"""Which documents are held out: 5 % of them, by the hash of their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from causalmix_core.pools.document import Split

VAL_ONE_IN = 20


def _draw(digest: str) -> int:
    # The end of the hash: its beginning is the order, and a domain cut short keeps a prefix of that.
    return int(digest[-8:], 16)


class SplitRule:
    """Puts a text in ``train`` or ``val`` by its hash, so that equal texts never stand in both.

    Every twentieth text is held out. A domain of few texts could lose at that draw; so, where there
    are at least two different ones, each split gets at least one.
    """

    def __init__(self) -> None:
        self._val_seen = self._train_seen = False
        self._least: tuple[int, str] | None = None
        self._most: tuple[int, str] | None = None

    def see(self, digest: str) -> None:
        """Take note of one text that will be asked about."""
        held_out = self._drawn(digest)
        self._val_seen |= held_out
        self._train_seen |= not held_out
        key = (_draw(digest), digest)
        self._least = min(self._least or key, key)
        self._most = max(self._most or key, key)

    def split(self, digest: str) -> Split:
        """The split of one of the texts seen; ask after all have been seen."""
        alone = self._least == self._most
        if not self._train_seen and (alone or self._most == (_draw(digest), digest)):
            return "train"
        if not self._val_seen and not alone and self._least == (_draw(digest), digest):
            return "val"
        return "val" if self._drawn(digest) else "train"

    @staticmethod
    def _drawn(digest: str) -> bool:
        return _draw(digest) % VAL_ONE_IN == 0
