"""The study's document for readers without a browser of Markdown files: its words and its pictures, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.store import SAMPLE_RUNS
from causalmix_core.study.plan import PLANS

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = SAMPLE_RUNS.parent.name  # the study whose runs are the sample: its document is the first one
DOCUMENT = PLANS.parent / "STUDY.md"
_PICTURE = re.compile(r"<picture>.*?</picture>", re.DOTALL)
_DARK = re.compile(r'srcset="([^"]+)"')
_LIGHT = re.compile(r'src="([^"]+)"')
_SAID = re.compile(r'alt="([^"]*)"')
_NEARBY_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?://)[^)]*\)")


def document_of(study: str) -> Path:
    """The file of a study's document."""
    return DOCUMENT if study == SAMPLE else PLANS / f"{study}.md"


def shown_path(study: str) -> str:
    """The same as readers of the project know it."""
    return document_of(study).relative_to(PLANS.parents[1]).as_posix()


def kept_documents() -> dict[str, Path]:
    """Study -> its document, for all that have one; the sample's first."""
    others = sorted(plan.stem for plan in PLANS.glob("*.yaml") if plan.stem != SAMPLE)
    return {name: path for name in (SAMPLE, *others) if (path := document_of(name)).is_file()}


@dataclass(frozen=True)
class Words:
    """Markdown without pictures."""

    text: str


@dataclass(frozen=True)
class Picture:
    """A picture in a light and a dark version, and what it shows in words."""

    light: Path
    dark: Path
    said: str


def read_document(path: Path = DOCUMENT) -> tuple[Words | Picture, ...]:
    """A document's parts, in order; none where it is not there.

    Links to files beside it become their words: they lead nowhere outside of the folder. So do pictures that are
    missing or lie elsewhere than below the document's own folder.
    """
    if not path.is_file():
        return ()
    text = path.read_text(encoding="utf-8")
    parts: list[Words | Picture] = []
    at = 0
    for found in _PICTURE.finditer(text):
        parts += _words(text[at : found.start()])
        parts.append(_picture(found.group(), path.parent))
        at = found.end()
    return (*parts, *_words(text[at:]))


def _words(text: str) -> list[Words | Picture]:
    said = _NEARBY_LINK.sub(r"\1", text).strip()
    return [Words(said)] if said else []


def _picture(text: str, folder: Path) -> Words | Picture:
    dark, light, said = (pattern.search(text) for pattern in (_DARK, _LIGHT, _SAID))
    words = said.group(1) if said else ""
    if light is None:
        return Words(words)
    versions = [folder / (one or light).group(1) for one in (light, dark)]
    inside = all(one.resolve().is_relative_to(folder.resolve()) and one.is_file() for one in versions)
    return Picture(versions[0], versions[1], words) if inside else Words(f"*{words}*" if words else "")
