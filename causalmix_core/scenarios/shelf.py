"""The scenarios of a project on disk: one file, written whole, under a lock, never over another's change.

``scenarios.json`` lies in the project's folder. Whoever changes a scenario says which revision was
read; when another tab has written since, the change is refused and nothing is lost. New scenarios
never stand in each other's way.

Not covered: two machines writing over a network file system without ``flock``.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from causalmix_core.errors import ScenarioError
from causalmix_core.files import write_atomically
from causalmix_core.scenarios.saved import SavedScenario, clean_name, saved_from_json, saved_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from causalmix_core.scenarios.saved import Content

SCHEMA = "causalmix/scenarios@1"
FILE = "scenarios.json"
_LOCK = ".scenarios.lock"
MOST = 200


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass(frozen=True)
class _Kept:
    """Content of the file: ``coming`` is the key that the next new scenario gets."""

    items: tuple[SavedScenario, ...] = ()
    coming: int = 1


class Shelf:
    """The kept scenarios of one project.

    Parameters
    ----------
    folder : of the project.
    make : make the folder when first written to (the shipped study has none of its own).
    clock : text of the present time, ISO 8601 in UTC.
    """

    def __init__(self, folder: Path, *, make: bool = False, clock: Callable[[], str] = _now) -> None:
        self.folder = folder
        self._make = make
        self._clock = clock

    def all(self) -> tuple[SavedScenario, ...]:
        """All of them, the one changed last first.

        Raises
        ------
        ScenarioError : the file was changed by hand into something that cannot be read.
        """
        return tuple(sorted(self._read().items, key=lambda s: (s.updated_at, s.key), reverse=True))

    def get(self, key: int) -> SavedScenario:
        """One of them, as it is now.

        Raises
        ------
        ScenarioError : there is none with this key (any more).
        """
        return _find(self._read(), key)

    def add(self, name: str, content: Content, parent: int | None = None) -> SavedScenario:
        """Keep a new scenario.

        Raises
        ------
        ScenarioError : the name cannot be used or is taken, there are too many, or the folder
            cannot be written.
        """
        with self._change() as (kept, write):
            if len(kept.items) >= MOST:
                raise ScenarioError(f"There are {MOST} scenarios in this project; delete some first.")
            now = self._clock()
            made = SavedScenario(kept.coming, _free_name(kept, name), content, now, now, parent)
            write(_Kept((*kept.items, made), kept.coming + 1))
        return made

    def save(self, key: int, revision: int, content: Content) -> SavedScenario:
        """Put new content in the place of revision ``revision`` of a scenario.

        Raises
        ------
        ScenarioError : it was changed or deleted since that revision was read.
        """
        with self._change() as (kept, write):
            before = _at_revision(kept, key, revision)
            return self._replaced(kept, replace(before, content=content), write)

    def rename(self, key: int, revision: int, name: str) -> SavedScenario:
        """Give a scenario another name.

        Raises
        ------
        ScenarioError : as for :meth:`save`, or the name cannot be used or is taken.
        """
        with self._change() as (kept, write):
            before = _at_revision(kept, key, revision)
            others = replace(kept, items=tuple(s for s in kept.items if s.key != key))
            return self._replaced(kept, replace(before, name=_free_name(others, name)), write)

    def duplicate(self, key: int) -> SavedScenario:
        """A copy under a free name, made from the present content.

        Raises
        ------
        ScenarioError : see :meth:`add`.
        """
        original = self.get(key)
        taken = {saved.name.casefold() for saved in self._read().items}
        stem = original.name[:70].rstrip()
        number = next(n for n in range(1, MOST + 2) if f"{stem} copy {n}".casefold() not in taken)
        return self.add(f"{stem} copy {number}", original.content, parent=key)

    def delete(self, key: int, revision: int) -> None:
        """Delete a scenario.

        Raises
        ------
        ScenarioError : it was changed since ``revision`` was read.
        """
        with self._change() as (kept, write):
            _at_revision(kept, key, revision)
            write(replace(kept, items=tuple(s for s in kept.items if s.key != key)))

    def _replaced(self, kept: _Kept, changed: SavedScenario, write: Callable[[_Kept], None]) -> SavedScenario:
        made = replace(changed, updated_at=self._clock(), revision=changed.revision + 1)
        write(replace(kept, items=tuple(made if s.key == made.key else s for s in kept.items)))
        return made

    def _read(self) -> _Kept:
        path = self.folder / FILE
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            if found["schema"] != SCHEMA:
                raise ScenarioError(f"it is not of the kind {SCHEMA}")
            return _Kept(
                tuple(saved_from_json(values) for values in found["scenarios"]), int(found["coming"])
            )
        except FileNotFoundError:
            return _Kept()
        except (OSError, ValueError, KeyError, TypeError, RecursionError, ScenarioError) as problem:
            raise ScenarioError(
                f"The scenarios of this project cannot be read ({problem}). Nothing was changed; mend {path} or move "
                "it away."
            ) from problem

    @contextlib.contextmanager
    def _change(self) -> Iterator[tuple[_Kept, Callable[[_Kept], None]]]:
        """What is kept and how to write it, while nobody else may."""

        def write(kept: _Kept) -> None:
            content = {
                "schema": SCHEMA,
                "coming": kept.coming,
                "scenarios": [saved_json(saved) for saved in kept.items],
            }
            text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
            write_atomically(self.folder / FILE, f"{text}\n".encode())

        try:
            if self._make:
                self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / _LOCK).open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield self._read(), write
        except OSError as reason:
            raise ScenarioError(
                f"Scenarios cannot be kept in {self.folder}: {reason.strerror}. The project may have been removed, "
                "or its folder is not writable."
            ) from reason


def _find(kept: _Kept, key: int) -> SavedScenario:
    found = next((saved for saved in kept.items if saved.key == key), None)
    if found is None:
        raise ScenarioError("This scenario was deleted in the meantime. Save what you have under a new name.")
    return found


def _at_revision(kept: _Kept, key: int, revision: int) -> SavedScenario:
    found = _find(kept, key)
    if found.revision != revision:
        raise ScenarioError(
            f"{found.name} was changed by another tab at {found.updated_at[:16].replace('T', ' ')} UTC, after it was "
            "opened here. Nothing was overwritten: save yours as a copy, or open the other one."
        )
    return found


def _free_name(kept: _Kept, text: str) -> str:
    name = clean_name(text)
    if any(saved.name.casefold() == name.casefold() for saved in kept.items):
        raise ScenarioError(f"There is a scenario called {name} already; give another name.")
    return name
