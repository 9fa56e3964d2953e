"""A section of the document: its parts and its figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from causalmix_core.study.report.markdown import picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from causalmix_core.figures.theme import Mode


@dataclass
class Section:
    """Grows part by part; ``study`` names the folder of its figures, ``figures`` file name -> bytes."""

    study: str
    parts: list[str] = field(default_factory=list)
    figures: dict[str, bytes] = field(default_factory=dict)

    def add(self, *parts: str) -> None:
        """Further parts of Markdown."""
        self.parts.extend(parts)

    def show(self, name: str, words: str, draw: Callable[[Mode], bytes]) -> None:
        """A figure, drawn for light and for dark pages."""
        self.figures[f"{name}-light.svg"] = draw("light")
        self.figures[f"{name}-dark.svg"] = draw("dark")
        self.parts.append(picture(images_of(self.study), name, words))


def images_of(study: str) -> str:
    """Folder of a study's figures, beside its document."""
    return f"images/{study}"
