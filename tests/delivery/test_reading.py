"""Reading a document back: whatever is wrong is one sentence."""

from __future__ import annotations

import copy
import json

import pytest

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.delivery.document import document_id, read_document
from causalmix_core.delivery.reading import MAX_BYTES
from causalmix_core.errors import DocumentError


def refused(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        read_document(data)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert len(sentence) < 500
    return sentence


def signed(document: dict) -> bytes:
    """The document with the id that its content gives."""
    document["id"] = document_id(document)
    return canonical_json(document)


def test_round_trip(document):
    assert read_document(canonical_json(document)) == document


def test_layout_and_byte_order_mark_do_not_matter(document):
    assert read_document(b"\xef\xbb\xbf" + json.dumps(document).encode()) == document


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[1]", "not an object"),
        (b"{}", "required"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b'{"a": 1e999}', "finite"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"a": ' + b"9" * 5000 + b"}", "too long"),
        (b'{"a": ' + b"9" * 400 + b"}", "too large"),
        (b"[" * 100_000, "nests too deeply"),
        (b'{"a":' * 900 + b"1" + b"}" * 900, "document"),
        (b" " * (MAX_BYTES + 1), "at most 5,000,000"),
        (b"MZ\x90\x00", "not"),
        (b'{"a": "\\ud800"}', "half a character"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_what_is_no_document(data, part):
    assert part in refused(data)


def test_an_edited_share_is_noticed(document):
    first, second = sorted(document["mixture"])[:2]
    document["mixture"][first] += 0.01
    document["mixture"][second] -= 0.01
    assert "changed after it was written" in refused(canonical_json(document))


def test_an_edited_time_is_not_content(document):
    document["provenance"]["created_at"] = "2030-01-01T00:00:00Z"
    assert read_document(canonical_json(document)) == document


def test_shares_must_sum_to_one_even_with_a_fitting_id(document):
    document["mixture"][min(document["mixture"])] += 1e-6
    assert "add up to" in refused(signed(document))


def test_domains_must_agree(document):
    document["effects"].pop("code")
    assert "'effects'" in refused(signed(document))


@pytest.mark.parametrize(
    ("path", "value", "part"),
    [
        (("mixture", "code"), -0.1, "mixture/code"),
        (("mixture", "code"), "0.1", "mixture/code"),
        (("estimate", "level"), 1.0, "estimate/level"),
        (("estimate", "surprise"), 1.0, "estimate"),
        (("schema",), "causalmix/mixture@2", "schema"),
        (("provenance", "runs_sha256"), "abc", "provenance/runs_sha256"),
        (("provenance", "created_at"), "yesterday", "provenance/created_at"),
        (("policy", "variant"), "guess", "policy/variant"),
        (("unit",), "words", "unit"),
        (("provenance", "note"), "a" * 30_000, "is too long"),
    ],
)
def test_schema_faults_name_the_place(document, path, value, part):
    broken = copy.deepcopy(document)
    place = broken
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    assert part in refused(signed(broken))
