"""One document of a pool, and the one line of JSON that it is kept as."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

Split = Literal["train", "val"]
SPLITS: tuple[Split, ...] = ("train", "val")


@dataclass(frozen=True)
class Draft:
    """A document as a source gives it, before it has a place in a pool.

    Attributes
    ----------
    text : never empty, and can be written as UTF-8.
    response_start : the character of ``text`` (0 to its length, excluded) where the response begins;
        None where all of it is the response.
    stratum : kind of document within its domain (a task, a module), None where none is known.
    """

    text: str
    response_start: int | None = None
    stratum: str | None = None


@dataclass(frozen=True)
class Document:
    """A document of a pool: a :class:`Draft` and the split that the hash of its text put it in."""

    text: str
    response_start: int | None
    stratum: str | None
    split: Split

    @property
    def prompt(self) -> str:
        """What stands before the response; empty where all of the text is the response."""
        return self.text[: self.response_start or 0]

    @property
    def response(self) -> str:
        """What a model is to learn to say."""
        return self.text[self.response_start or 0 :]


def document_line(document: Document) -> bytes:
    """The document as one line of JSON: fixed order of keys, UTF-8, no spaces, LF at the end."""
    fields = {
        "text": document.text,
        "response_start": document.response_start,
        "stratum": document.stratum,
        "split": document.split,
    }
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read_line(line: bytes) -> Document:
    """The document of one line that :func:`document_line` wrote."""
    fields = json.loads(line)
    return Document(fields["text"], fields["response_start"], fields["stratum"], fields["split"])
