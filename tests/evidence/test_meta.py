"""The sidecar: read beside the table, and as little trusted as it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from causalmix_core.errors import TableError
from causalmix_core.evidence import TableMeta, meta_path, parse_meta, parse_runs, read_runs


def test_everything_a_sidecar_can_say():
    meta = parse_meta(
        json.dumps(
            {
                "title": "T", "description": "D", "default_outcome": "a",
                "outcomes": {"a": {"direction": "lower", "unit": "bits"}, "b": {"unit": "%"}},
                "natural": {"web": 0.75, "code": 0.25}, "natural_label": "the crawl", "roles": {"c": "ignore"},
            }
        ).encode()
    )  # fmt: skip
    assert meta == TableMeta(
        "T", "D", "a", {"a": ("lower", "bits"), "b": (None, "%")}, {"web": 0.75, "code": 0.25}, "the crawl",
        {"c": "ignore"},
    )  # fmt: skip


def test_an_empty_sidecar_says_nothing():
    assert parse_meta(b"{}") == TableMeta()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a JSON object"),
        ('{"titel": "x"}', "unknown key 'titel'"),
        ('{"title": 3}', "'title' is not a text"),
        ('{"title": "' + "x" * 300 + '"}', "'title' is not a text of at most 200"),
        ('{"outcomes": []}', "'outcomes' is not a JSON object"),
        ('{"outcomes": {"a": "lower"}}', "outcome 'a' needs an object"),
        ('{"outcomes": {"a": {"direction": "down"}}}', "direction of 'a' is neither"),
        ('{"outcomes": {"a": {"unit": 5}}}', "'unit' is not a text"),
        ('{"natural": {"web": "much"}}', "natural share of 'web' is not a number"),
        ('{"natural": {"web": NaN}}', "natural share of 'web' is not a number"),
        ('{"natural": {"web": true}}', "natural share of 'web' is not a number"),
        ('{"natural": {"web": -1}}', "natural share of 'web' is not a number"),
        ('{"natural": {"web": ' + "9" * 400 + "}}", "natural share of 'web' is not a number"),
        ('{"roles": {"c": "boss"}}', "role of 'c' is none of share"),
        ('{"roles": {"c": ["share"]}}', "role of 'c' is none of share"),
    ],
)
def test_hostile_sidecars(text, told):
    with pytest.raises(TableError, match=told):
        parse_meta(text.encode())


def test_a_sidecar_of_two_megabytes():
    with pytest.raises(TableError, match=r"2\.0 MB, more than 1 MB"):
        parse_meta(b" " * 2_000_000)


def test_the_sidecar_lies_beside_the_table():
    assert meta_path("a/runs.csv") == Path("a/runs.meta.json")
    assert meta_path("a/runs.v2.parquet") == Path("a/runs.v2.meta.json")


def test_the_sidecar_is_read_with_the_table(make_frame, csv_of, tmp_path):
    (tmp_path / "runs.csv").write_bytes(csv_of(make_frame()))
    natural = {"web": 0.5, "code": 0.3, "math": 0.2}
    (tmp_path / "runs.meta.json").write_text(json.dumps({"title": "Mine", "natural": natural}))
    table = read_runs(tmp_path / "runs.csv")
    assert table.name == "Mine"
    assert table.natural is not None
    assert table.natural.tolist() == [0.5, 0.3, 0.2]


@pytest.mark.parametrize(
    ("natural", "told"),
    [
        ({"web": 0.5, "code": 0.5}, "'math' is a domain without a natural share"),
        ({"web": 0.5, "code": 0.3, "math": 0.1, "wiki": 0.1}, "'wiki' is no domain of the table"),
        ({"web": 0.5, "code": 0.3, "math": 0.3}, r"sum to 1\.1, not to 1"),
        ({"web": 0, "code": 0, "math": 0}, "sum to 0, not to 1"),
    ],
)
def test_natural_shares_must_fit_the_domains(make_frame, csv_of, natural, told):
    with pytest.raises(TableError, match=told):
        parse_runs(csv_of(make_frame()), "runs.csv", meta=TableMeta(natural=natural))
