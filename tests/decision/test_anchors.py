"""Anchors by name and from files, hostile ones included."""

import json

import numpy as np
import pytest

from causalmix_core.decision.anchors import equal, mean_of_runs, natural, parse_mixture, resolve_anchor
from causalmix_core.errors import AnchorError

DOMAINS = ("code", "web", "math")


def test_named_anchors(sample_table):
    assert resolve_anchor("equal", sample_table) == pytest.approx(np.full(7, 1 / 7))
    assert np.array_equal(resolve_anchor("natural", sample_table), natural(sample_table))
    assert mean_of_runs(sample_table) == pytest.approx(sample_table.shares.mean(axis=0))
    assert equal(sample_table).sum() == pytest.approx(1.0)


def test_fractions_percent_and_documents_are_read():
    wanted = np.array([0.2, 0.5, 0.3])
    assert parse_mixture({"math": 0.3, "web": 0.5, "code": 0.2}, DOMAINS) == pytest.approx(wanted)
    assert parse_mixture(b'{"math": 30, "web": 50, "code": 20}', DOMAINS) == pytest.approx(wanted)
    document = {"schema": "causalmix/mixture@1", "mixture": {"math": 0.3, "web": 0.5, "code": 0.2}}
    assert parse_mixture(json.dumps(document).encode(), DOMAINS) == pytest.approx(wanted)


def test_anchor_from_a_file(tmp_path, sample_table):
    path = tmp_path / "anchor.json"
    path.write_text(json.dumps(dict(zip(sample_table.domains, [0.4] + [0.1] * 6, strict=True))))
    assert resolve_anchor(str(path), sample_table)[0] == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("entered", "said"),
    [
        (b"{", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b"\xff\xfe", "not JSON"),
        (b" " * 2_000_000, "larger than 1 MB"),
        (b"[" * 100_000, "not JSON"),
        ({"code": 0.5, "web": 0.5, "maths": 0}, "names maths"),
        ({"code": 0.5, "web": 0.5}, "no share for math"),
        ({"code": 0.5, "web": 0.5, "math": "x"}, "share of math is 'x'"),
        ({"code": 0.5, "web": 0.5, "math": True}, "share of math is True"),
        ({"code": 0.5, "web": 0.5, "math": 10**400}, "share of math is 1000"),
        (b'{"code": 0.5, "web": 0.5, "math": NaN}', "share of math is nan"),
        ({"code": 0.7, "web": 0.5, "math": -0.2}, "share of math is -0.2"),
        ({"code": 0.2, "web": 0.2, "math": 0.1}, "add to 0.5"),
        ({"code": 2, "web": 4, "math": 1}, "add to 7"),
    ],
)
def test_what_is_wrong_is_named(entered, said):
    with pytest.raises(AnchorError, match=said):
        parse_mixture(entered, DOMAINS)


def test_unknown_name_and_unknown_natural_shares(sample_table):
    import dataclasses

    with pytest.raises(AnchorError, match="natural, equal, mean, best, or a JSON file"):
        resolve_anchor("nowhere.json", sample_table)
    with pytest.raises(AnchorError, match="natural, equal, mean, best, or a JSON file"):
        resolve_anchor("nul\0.json", sample_table)
    with pytest.raises(AnchorError, match="does not say what its natural shares are"):
        natural(dataclasses.replace(sample_table, natural=None))
