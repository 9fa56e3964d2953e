"""From one record (a JSON object, a row of Parquet) to one document, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.pools.document import Draft

if TYPE_CHECKING:
    from causalmix_core.pools.sources.spec import Fields

# Between the parts of a document: a blank line.
JOINT = "\n\n"
_ROLE_KEYS, _CONTENT_KEYS = ("role", "from"), ("content", "value")
_ROLES = {
    "system": "System",
    "user": "User",
    "human": "User",
    "assistant": "Assistant",
    "gpt": "Assistant",
    "tool": "Tool",
}


class Unusable(Exception):
    """A record that gives no document; its text says why."""


def draft_of(record: Any, fields: Fields) -> Draft:
    """The document of a record.

    Prompt and response become ``prompt``, a blank line, ``response``. A conversation becomes
    ``User: ...``, ``Assistant: ...`` with blank lines between, and its last message, which must be the
    assistant's, is the response.

    Raises
    ------
    Unusable : a field is missing, empty or of the wrong type, or the text is no Unicode.
    """
    if not isinstance(record, dict):
        raise Unusable(f"{_kind(record)}, not an object; write one JSON object a line")
    stratum = _stratum(record, fields.stratum)
    if fields.messages:
        prompt, response = _conversation(_field(record, fields.messages))
    elif fields.prompt:
        parts = [_words(record, name, may_be_empty=True) for name in fields.prompt]
        prompt = "".join(part + JOINT for part in parts if part.strip())
        if not prompt:
            raise Unusable(f"{_listed(fields.prompt)} empty")
        response = _words(record, fields.response)
    else:
        return Draft(_unicode(_words(record, fields.text)), None, stratum)
    return Draft(_unicode(prompt + response), len(prompt), stratum)


def _listed(names: tuple[str, ...]) -> str:
    quoted = " and ".join(repr(name) for name in names)
    return f"{quoted} {'is' if len(names) == 1 else 'are'}"


def _field(record: dict[str, Any], name: str) -> Any:
    if name not in record:
        there = ", ".join(map(repr, list(record)[:8])) or "none"
        raise Unusable(f"no field {name!r}; its fields are {there}")
    return record[name]


def _words(record: dict[str, Any], name: str, *, may_be_empty: bool = False) -> str:
    value = _field(record, name)
    if value is None and may_be_empty:
        return ""
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError as error:
            raise Unusable(f"field {name!r} is not UTF-8 (byte {error.start})") from None
    if not isinstance(value, str):
        raise Unusable(f"field {name!r} is {_kind(value)}, not text")
    if not may_be_empty and not value.strip():
        raise Unusable(f"field {name!r} is empty")
    return value


def _stratum(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name) if name else None
    if value is None:
        return None
    if not isinstance(value, str | int | float):
        raise Unusable(f"field {name!r} is {_kind(value)}, not text")
    return _unicode(str(value))


def _conversation(messages: Any) -> tuple[str, str]:
    """Everything before the last message's content, and that content."""
    if not isinstance(messages, list) or not messages:
        raise Unusable(
            f"the messages are {_kind(messages) if messages != [] else 'empty'}, not a list of messages"
        )
    turns = [_turn(message, number) for number, message in enumerate(messages, start=1)]
    role, response = turns[-1]
    if role != "Assistant":
        raise Unusable(f"the last message is from {role.lower()}, not from the assistant")
    if not response.strip():
        raise Unusable("the last message is empty")
    before = "".join(f"{role}: {content}{JOINT}" for role, content in turns[:-1])
    return f"{before}Assistant: ", response


def _turn(message: Any, number: int) -> tuple[str, str]:
    if not isinstance(message, dict):
        raise Unusable(f"message {number} is {_kind(message)}, not an object")
    role = next((message[key] for key in _ROLE_KEYS if key in message), None)
    content = next((message[key] for key in _CONTENT_KEYS if key in message), None)
    if not isinstance(role, str) or not role.strip():
        raise Unusable(f"message {number} has no role")
    if isinstance(content, list):
        content = "".join(_part(part, number) for part in content)
    if not isinstance(content, str):
        raise Unusable(f"message {number} has no content")
    return _ROLES.get(role.lower(), role.capitalize()), content


def _part(part: Any, number: int) -> str:
    """The text of one part of a message's content."""
    if isinstance(part, dict) and part.get("type", "text") == "text" and isinstance(part.get("text"), str):
        return str(part["text"])
    raise Unusable(f"message {number} holds something else than text")


def _unicode(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Unusable(
            f"half a surrogate pair at character {error.start}, which is no Unicode text"
        ) from None
    return text


def _kind(value: Any) -> str:
    """What a value is, in words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    names = {"str": "a text", "list": "a list", "dict": "an object", "bytes": "bytes"}
    kind = type(value).__name__
    return names.get(kind, f"a {kind}")
