"""Bounds as people write them."""

import pytest

from causalmix_core.decision.bounds import parse_bounds
from causalmix_core.errors import InfeasibleRegion

DOMAINS = ("code", "web", "math")


def test_lists_objects_and_locks():
    bounds, locked = parse_bounds({"web": [0.1, 0.4], "math": {"min": 0.1}, "code": {"lock": True}}, DOMAINS)
    assert bounds == {"web": (0.1, 0.4), "math": (0.1, 1.0)}
    assert locked == ("code",)
    assert parse_bounds(b"{}", DOMAINS) == ({}, ())


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        ({"news": [0, 1]}, "names news"),
        ({"web": 0.3}, "bounds of web are 0.3"),
        ({"web": {"least": 0.3}}, "bounds of web"),
        ({"web": [0.1, "x"]}, "max of web is 'x'"),
        ({"web": [-0.1, 0.5]}, "min of web is -0.1"),
        ({"web": {"max": 40}}, "max of web is 40"),
        ({"web": {"lock": 1}}, "lock of web is 1"),
        (b"null", "not a JSON object"),
    ],
)
def test_what_is_wrong_is_named(entered, said):
    with pytest.raises(InfeasibleRegion, match=said):
        parse_bounds(entered, DOMAINS)
