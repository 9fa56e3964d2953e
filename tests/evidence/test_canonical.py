"""Written and read again, a table is the same table."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from causalmix_core.evidence import Outcome, TableMeta, content_hash, parse_meta, parse_runs, read_runs
from causalmix_core.evidence.canonical import table_csv, table_meta, write_runs


def again(table):
    return parse_runs(table_csv(table), "runs.csv", meta=parse_meta(table_meta(table)))


def assert_same(first, second):
    assert second.sha256 == first.sha256
    for name in ("shares", "states", "scores"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    assert second.provenance == first.provenance
    assert (second.name, second.description, second.default_outcome, second.natural_label) == (
        first.name, first.description, first.default_outcome, first.natural_label,
    )  # fmt: skip


def test_round_trip(make_frame, csv_of, tmp_path):
    meta = TableMeta(
        title="T", description="D", natural={"web": 0.1, "code": 0.2, "math": 0.7}, natural_label="n"
    )
    table = parse_runs(csv_of(make_frame().assign(pool_id="p", assignment="random")), "runs.csv", meta=meta)
    path = write_runs(table, tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / "runs.csv"
    assert sorted(p.name for p in path.parent.iterdir()) == ["runs.csv", "runs.meta.json"]
    assert_same(table, read_runs(path))


def test_losses_are_written_as_losses(make_frame, csv_of):
    frame = make_frame()
    header, first, *_ = table_csv(parse_runs(csv_of(frame), "runs.csv")).decode().splitlines()
    row = dict(zip(header.split(","), first.split(","), strict=True))
    assert float(row["y_val_loss"]) == frame["y_val_loss"][0]


def test_writing_twice_gives_the_same_bytes(make_frame, csv_of):
    table = parse_runs(csv_of(make_frame()), "runs.csv")
    assert table_csv(again(table)) == table_csv(table)
    assert table_meta(again(table)) == table_meta(table)


@settings(max_examples=50)
@given(
    st.lists(
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8
        ),
        min_size=12,
        max_size=12,
    ),
    st.integers(0, 1000),
)
def test_round_trip_of_any_text_and_numbers(make_frame, csv_of, cells, seed):
    frame = make_frame(n=12, seed=seed)
    scale = 10.0 ** np.random.default_rng(seed).integers(-300, 300, size=12)
    frame["x_age"] *= scale
    table = parse_runs(csv_of(frame), "runs.csv")
    table = dataclasses.replace(table, provenance={"note": tuple(cells)})
    assert_same(table, again(table))


def test_zero_characters_are_replaced(make_frame):
    lines = [json.dumps(row) for row in make_frame().assign(note="a\0b").to_dict(orient="records")]
    table = parse_runs("\n".join(lines).encode(), "runs.jsonl")
    assert table.provenance["note"][0] == "a\ufffdb"
    assert_same(table, again(table))


def test_text_that_looks_like_a_formula_keeps_its_bytes(make_frame, csv_of):
    table = parse_runs(csv_of(make_frame().assign(note="=1+1", name="'=2")), "runs.csv")
    assert again(table).provenance["note"][0] == "=1+1"
    assert again(table).provenance["name"][0] == "'=2"


def test_provenance_whose_name_looks_like_data(make_frame, csv_of):
    frame = make_frame().assign(share_of_gpu="half", run="r")
    roles = {"share_of_gpu": "provenance", "x_age": "provenance", "run_id": "provenance"}
    table = parse_runs(csv_of(frame), "runs.csv", roles=roles)
    assert set(table.provenance) == {"original_run_id", "seed", "share_of_gpu", "x_age", "run"}
    assert_same(table, again(table))


def test_unknown_assignment_words_survive(make_frame, csv_of):
    table = parse_runs(csv_of(make_frame().assign(assignment="A")), "runs.csv")
    assert_same(table, again(table))


def test_fewer_rows_have_another_hash_and_round_trip(make_frame, csv_of):
    table = parse_runs(csv_of(make_frame()), "runs.csv")
    smaller = table.with_rows(np.arange(40) < 30)
    assert smaller.sha256 != table.sha256
    assert_same(smaller, again(smaller))


@pytest.mark.parametrize(
    "change",
    [
        {"domains": ("web", "code", "maths")},
        {"outcomes": (Outcome("val_loss", False, "nats"), Outcome("accuracy", True))},
        {"run_ids": tuple(f"q{i}" for i in range(40))},
        {"pool_ids": ("p",) * 40},
        {"assignment": ("random",) * 40},
        {"natural": np.array([0.2, 0.3, 0.5])},
    ],
)
def test_the_hash_covers_the_content(make_frame, csv_of, change):
    table = parse_runs(csv_of(make_frame()), "runs.csv")
    assert content_hash(dataclasses.replace(table, **change)) != table.sha256


@pytest.mark.parametrize("array", ["shares", "states", "scores"])
def test_the_hash_sees_the_last_bit(make_frame, csv_of, array):
    table = parse_runs(csv_of(make_frame()), "runs.csv")
    values = getattr(table, array).copy()
    values[3, 0] = np.nextafter(values[3, 0], 9)
    assert content_hash(dataclasses.replace(table, **{array: values})) != table.sha256


def test_the_hash_leaves_the_label_out(make_frame, csv_of):
    table = parse_runs(csv_of(make_frame()), "runs.csv")
    relabelled = dataclasses.replace(table, name="x", description="y", default_outcome="accuracy", issues=())
    assert content_hash(relabelled) == table.sha256


def test_a_hundred_thousand_rows_are_written_as_read(make_frame, csv_of):
    table = parse_runs(csv_of(make_frame(n=100_000)), "runs.csv")
    assert again(table).sha256 == table.sha256
