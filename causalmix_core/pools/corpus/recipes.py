"""The seven default domains: what each is made from, under which licence, and how."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.pools.building import DomainJob
from causalmix_core.pools.corpus.extracts import (
    coding_tasks,
    docstrings,
    encyclopedia,
    licence_texts,
    source_code,
)
from causalmix_core.pools.corpus.mathematics import problems
from causalmix_core.pools.corpus.wheels import (
    DJANGO,
    LICENCES,
    NETWORKX,
    REASONING_GYM,
    SCIPY,
    WIKI,
    Wheel,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from causalmix_core.pools.broken import BrokenLog
    from causalmix_core.pools.building import Report
    from causalmix_core.pools.document import Draft

    Extract = Callable[[Path, Report, float], Iterator[Draft]]

# Raised when what is taken out of the wheels changes, so that an older corpus is not taken for a newer.
RECIPE_VERSION = 1


@dataclass(frozen=True)
class Recipe:
    """One default domain.

    Attributes
    ----------
    name : of the domain.
    wheels : packages that it is made from.
    what : which part of them.
    licence : of that text.
    weight : share of the seconds that a build takes.
    extract : given the folder of wheels, a report of the part done and the size asked for in MB,
        yields the documents.
    """

    name: str
    wheels: tuple[Wheel, ...]
    what: str
    licence: str
    weight: float
    extract: Extract

    @property
    def source(self) -> str:
        """What and where from, in one line."""
        return f"{self.what} ({', '.join(wheel.pin for wheel in self.wheels)})"

    def job(self, wheels: Path, mb: float) -> DomainJob:
        """The making of this domain, at most ``mb`` million bytes of text and one document."""

        def drafts(_: BrokenLog, report: Report) -> Iterator[Draft]:
            return self.extract(wheels, report, mb)

        return DomainJob(
            name=self.name,
            source=self.source,
            licence=self.licence,
            inputs_sha256=self._inputs(mb),
            drafts=drafts,
            weight=self.weight,
            keep_bytes=round(mb * 1e6),
        )

    def _inputs(self, mb: float) -> str:
        said = ["default corpus", RECIPE_VERSION, self.name, round(mb * 1e6), [w.sha256 for w in self.wheels]]
        return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def _any_size(extract: Callable[[Path, Report], Iterator[Draft]]) -> Extract:
    """An extract that yields all there is, whatever size was asked for."""
    return lambda wheels, report, _: extract(wheels, report)


RECIPES = (
    Recipe("code", (DJANGO, NETWORKX), "Python sources", "BSD-3-Clause", 1.0, _any_size(source_code)),
    Recipe("docs", (SCIPY,), "docstrings", "BSD-3-Clause", 4.0, _any_size(docstrings)),
    Recipe(
        "math",
        (REASONING_GYM,),
        "problems of 13 kinds from its generators, seed 0",
        "Apache-2.0",
        5.0,
        problems,
    ),
    Recipe(
        "wiki",
        (WIKI,),
        "English summaries of Wikipedia's vital articles",
        "CC-BY-SA-4.0 (the text; the package's code, which is not used, is GPL-3.0)",
        1.0,
        _any_size(encyclopedia("en-us")),
    ),
    Recipe(
        "french",
        (WIKI,),
        "French summaries of Wikipedia's vital articles",
        "CC-BY-SA-4.0 (the text; the package's code, which is not used, is GPL-3.0)",
        1.0,
        _any_size(encyclopedia("fr-fr")),
    ),
    Recipe(
        "legal",
        (LICENCES,),
        "English licence texts",
        "CC-BY-4.0 (the collection); each text may be copied verbatim under its own terms",
        2.0,
        _any_size(licence_texts),
    ),
    Recipe(
        "instruct",
        (REASONING_GYM,),
        "tasks with the programs that solve them (codeio.jsonl.gz)",
        "Apache-2.0",
        1.0,
        _any_size(coding_tasks),
    ),
)


def all_wheels() -> tuple[Wheel, ...]:
    """Every wheel of the recipes once, in the order in which they are first needed."""
    return tuple(dict.fromkeys(wheel for recipe in RECIPES for wheel in recipe.wheels))
