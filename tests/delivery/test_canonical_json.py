"""Equal content, equal bytes; and nothing that other readers of JSON choke on."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from causalmix_core.delivery.canonical_json import canonical_json

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcé", max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


def test_exact_form():
    value = {"b": 0.1, "a": ["é", None, True, 3], "c": {}}
    assert canonical_json(value) == (
        b'{\n  "a": [\n    "\xc3\xa9",\n    null,\n    true,\n    3\n  ],\n  "b": 0.1,\n  "c": {}\n}\n'
    )


def test_order_of_keys_does_not_matter():
    assert canonical_json({"b": 1, "a": 2}) == canonical_json({"a": 2, "b": 1})


@given(PLAIN)
def test_reads_back_to_the_same_value_and_bytes(value):
    data = canonical_json(value)
    assert json.loads(data) == value
    assert canonical_json(json.loads(data)) == data


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_read_back_to_the_last_bit(number):
    read = json.loads(canonical_json([number]))[0]
    assert read == number
    assert math.copysign(1, read) == math.copysign(1, number)


def test_numpy_floats_are_written_as_floats():
    assert canonical_json([np.float64(0.1)]) == canonical_json([0.1])


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_refuses_what_is_not_finite(number):
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"a": [number]})


@pytest.mark.parametrize("key", [1, None, True, 0.5])
def test_refuses_keys_that_are_not_text(key):
    with pytest.raises(TypeError, match="keys must be text"):
        canonical_json({"a": [{key: 1}]})


def test_refuses_half_a_character():
    with pytest.raises(UnicodeEncodeError):
        canonical_json("\ud800")
