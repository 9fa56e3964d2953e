"""The source spec: which files make which domain, which of their fields are text, and whose it is.

A JSON file::

    {"name": "my pool",
     "domains": {
       "code": {"files": ["code/*.jsonl.gz"], "text": "content", "licence": "MIT", "source": "our repositories"},
       "tasks": {"files": ["tasks.parquet"], "prompt": ["instruction", "input"], "response": "output"},
       "chat": {"files": ["chat/*.jsonl"], "messages": "messages", "stratum": "topic"},
       "books": {"files": ["books/**/*.txt"], "per": "paragraph"}}}

Patterns are relative to the spec's folder. Without any of ``text``, ``prompt``, ``messages`` the text
is in the field ``text``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from causalmix_core.errors import PoolSourceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

Per = Literal["file", "paragraph"]
MAX_SPEC_BYTES = 1_000_000
MAX_DOMAINS = 256
MAX_NAME = 200
_DOMAIN_KEYS = ("files", "text", "prompt", "response", "messages", "stratum", "per", "licence", "source")


@dataclass(frozen=True)
class Fields:
    """Where in a record the text is: a text, or a prompt and its response, or a conversation.

    Attributes
    ----------
    text : field with the whole text.
    prompt : fields that make the prompt, one after another, empty ones left out; () where there is none.
    response : field with the response to the prompt.
    messages : field with a list of messages; "" where there is none.
    stratum : field with the kind of document; "" where there is none.
    per : what is one document of a plain text file: the file, or each block between blank lines.
    """

    text: str = "text"
    prompt: tuple[str, ...] = ()
    response: str = ""
    messages: str = ""
    stratum: str = ""
    per: Per = "file"

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of all the fields that are read, the stratum's last."""
        if self.messages:
            wanted: tuple[str, ...] = (self.messages,)
        else:
            wanted = (*self.prompt, self.response) if self.prompt else (self.text,)
        return (*wanted, self.stratum) if self.stratum else wanted


@dataclass(frozen=True)
class DomainSource:
    """Files of one domain: patterns (``*``, ``**``), fields, licence and source as the user says."""

    name: str
    files: tuple[str, ...]
    fields: Fields = field(default_factory=Fields)
    licence: str = ""
    source: str = ""


@dataclass(frozen=True)
class SourceSpec:
    """A whole pool's sources; patterns are relative to ``folder``."""

    name: str
    domains: tuple[DomainSource, ...]
    folder: Path

    def __post_init__(self) -> None:
        names = [domain.name for domain in self.domains]
        if not names:
            raise PoolSourceError("A pool needs at least one domain; name one with its files.")
        if len(names) > MAX_DOMAINS:
            raise PoolSourceError(f"{len(names)} domains are more than the {MAX_DOMAINS} a pool can have.")
        for name in names:
            _check_name(name)
            if names.count(name) > 1:
                raise PoolSourceError(f"Domain {name!r} is named twice; put all its files under one.")


def _check_name(name: str) -> None:
    if not name.strip() or name != name.strip() or len(name) > MAX_NAME or not name.isprintable():
        raise PoolSourceError(
            f"{name[:MAX_NAME]!r} cannot name a domain; give 1 to {MAX_NAME} printable characters "
            "without spaces at the ends."
        )


def read_spec(path: str | PathLike[str]) -> SourceSpec:
    """Read a spec file.

    Raises
    ------
    PoolSourceError : no JSON, an unknown or missing key, a value of the wrong type; names the key.
    """
    file = Path(path)
    if file.stat().st_size > MAX_SPEC_BYTES:
        raise PoolSourceError(f"{file} is larger than a source spec can be; name the files by patterns (*).")
    try:
        content = json.loads(file.read_bytes())
    except UnicodeDecodeError as error:
        raise PoolSourceError(
            f"{file} is not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8."
        ) from None
    except (ValueError, RecursionError) as error:
        raise PoolSourceError(f"{file} is no JSON: {error}; mend it there.") from None
    _allow(content, ("name", "domains"), f"{file}")
    domains = content.get("domains")
    if not isinstance(domains, dict):
        raise PoolSourceError(f'{file}: "domains" must be an object of name: {{"files": [...]}}.')
    parsed = tuple(_domain(name, about, f"{file}, domain {name!r}") for name, about in domains.items())
    return SourceSpec(_text(content, "name", file.stem, str(file)), parsed, file.parent)


def spec_of_pairs(name: str, pairs: Sequence[str], fields: Fields) -> SourceSpec:
    """The spec of ``DOMAIN=PATTERN`` pairs, patterns relative to the working directory.

    A domain named more than once has the files of all its patterns.

    Raises
    ------
    PoolSourceError : a pair without ``=`` or with nothing on one side.
    """
    files: dict[str, list[str]] = {}
    for pair in pairs:
        domain, equals, pattern = pair.partition("=")
        if not (domain and equals and pattern):
            raise PoolSourceError(f"{pair!r} does not say which files make which domain; write NAME=PATTERN.")
        files.setdefault(domain, []).append(pattern)
    domains = tuple(DomainSource(domain, tuple(patterns), fields) for domain, patterns in files.items())
    return SourceSpec(name, domains, Path())


def _domain(name: str, about: Any, where: str) -> DomainSource:
    _allow(about, _DOMAIN_KEYS, where)
    files = _texts(about, "files", where)
    if not files:
        raise PoolSourceError(f'{where}: "files" names no file; give patterns such as ["{name}/*.jsonl"].')
    return DomainSource(
        name,
        files,
        fields_of(about, where),
        _text(about, "licence", "", where),
        _text(about, "source", "", where),
    )


def fields_of(about: dict[str, Any], where: str) -> Fields:
    """The fields that the keys ``text``, ``prompt``, ``response``, ``messages``, ``stratum``, ``per`` name.

    Raises
    ------
    PoolSourceError : keys that do not go together, or a value of the wrong type; begins with ``where``.
    """
    kinds = [key for key in ("text", "prompt", "messages") if key in about]
    if len(kinds) > 1:
        raise PoolSourceError(
            f"{where}: {' and '.join(kinds)} are given; a document is one of these, keep one."
        )
    if ("prompt" in about) != ("response" in about):
        raise PoolSourceError(f"{where}: prompt and response belong together; give both.")
    per = _text(about, "per", "file", where)
    if per not in ("file", "paragraph"):
        raise PoolSourceError(f'{where}: "per" is {per!r}; it can be "file" or "paragraph".')
    return Fields(
        text=_text(about, "text", "text", where),
        prompt=_texts(about, "prompt", where),
        response=_text(about, "response", "", where),
        messages=_text(about, "messages", "", where),
        stratum=_text(about, "stratum", "", where),
        per="paragraph" if per == "paragraph" else "file",
    )


def _allow(value: Any, keys: tuple[str, ...], where: str) -> None:
    if not isinstance(value, dict):
        raise PoolSourceError(f"{where} must be an object with the keys {', '.join(keys)}.")
    for key in value:
        if key not in keys:
            raise PoolSourceError(f"{where}: {key!r} is not known; the keys are {', '.join(keys)}.")


def _text(about: dict[str, Any], key: str, default: str, where: str) -> str:
    value = about.get(key, default)
    if not isinstance(value, str) or (key in about and not value.strip()):
        raise PoolSourceError(f"{where}: {key!r} must be a text that is not empty.")
    return value


def _texts(about: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    """One text or a list of them."""
    value = about.get(key, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
        raise PoolSourceError(f"{where}: {key!r} must be a text or a list of texts, none of them empty.")
    return tuple(values)
