"""Model size and token budget: text where all runs are alike, covariates where they differ."""

from __future__ import annotations

import numpy as np
import pytest

from causalmix_core.errors import PoolError, TableError
from causalmix_core.evidence import (
    average_pool,
    combine_runs,
    import_regmix,
    parse_pool,
    parse_runs,
    pool_json,
    read_runs,
    resolve_pool,
    table_csv,
    write_runs,
)
from causalmix_core.evidence.rows import read_rows
from causalmix_core.evidence.sizes import at_size, parse_size, run_sizes, size_words

SIZES = ["1e6"] * 20 + ["60M"] * 20


@pytest.fixture
def sized(make_frame, csv_of):
    def make(params=SIZES, **more):
        frame = make_frame().assign(params=params, **more)
        return parse_runs(csv_of(frame), "runs.csv")

    return make


@pytest.mark.parametrize(
    ("text", "size"),
    [("1e6", 1e6), ("60M", 6e7), ("1.5 b", 1.5e9), ("2T", 2e12), ("108864", 108864), (" 7k ", 7e3)],
)
def test_sizes_are_read(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "0", "-1", "1e999", "big", "1,000", "nan", "7 MB", "1e6e6"])
def test_what_is_no_size(text):
    assert parse_size(text) is None


@pytest.mark.parametrize(
    ("size", "words"), [(1e6, "1M"), (6e7, "60M"), (1.5e9, "1.5B"), (2e12, "2T"), (999_999, "1M"), (12, "12")]
)
def test_sizes_in_words(size, words):
    assert size_words(size) == words


def test_a_size_that_varies_becomes_a_covariate_of_the_whole_pool(sized):
    table = sized()
    assert table.covariate_columns[-1] == "x_log10_params"
    assert table.covariates[-1].domain is None
    assert table.states[[0, -1], -1].tolist() == [6.0, np.log10(6e7)]
    assert run_sizes(table)["params"][[0, -1]] == pytest.approx([1e6, 6e7])
    assert table.provenance["params"][0] == "1e6"
    [note] = [issue for issue in table.issues if issue.code == "size-covariate"]
    assert (note.severity, note.column) == ("note", "params")
    assert "2 values, 1M to 60M" in note.message
    assert table.covariates_are_per_domain


def test_tokens_and_params_both(sized):
    table = sized(Tokens=["1e9", "2e9"] * 20)
    assert table.covariate_columns[-2:] == ("x_log10_params", "x_log10_tokens")
    assert 10.0 ** table.states[0, -1] == pytest.approx(1e9)


@pytest.mark.parametrize("params", ["1e6", "unknown"])
def test_a_table_of_one_size_is_unchanged(sized, make_frame, csv_of, params):
    table = sized([params] * 40)
    assert table.sha256 == parse_runs(csv_of(make_frame()), "runs.csv").sha256
    assert table.provenance["params"] == (params,) * 40


def test_one_size_written_in_two_ways_is_one_size(sized):
    assert "x_log10_params" not in sized(["1e6", "1M"] * 20).covariate_columns


def test_the_canonical_file_gives_the_same_covariate_and_hash(sized, tmp_path):
    table = sized()
    again = read_runs(write_runs(table, tmp_path))
    assert again.sha256 == table.sha256
    assert np.array_equal(again.states, table.states)
    assert again.covariate_columns == table.covariate_columns
    assert table_csv(again) == table_csv(table)


def test_a_size_that_cannot_be_read_stays_text_and_is_reported(sized):
    table = sized([*SIZES[:-1], "huge"])
    assert "x_log10_params" not in table.covariate_columns
    [warning] = [issue for issue in table.issues if issue.code == "unread-size"]
    assert (warning.severity, warning.row, warning.value) == ("warning", 40, "huge")


def test_a_size_can_be_ignored(make_frame, csv_of):
    frame = make_frame().assign(params=SIZES)
    table = parse_runs(csv_of(frame), "runs.csv", roles={"params": "ignore"})
    assert "x_log10_params" not in table.covariate_columns


def test_a_pool_keeps_the_target_size_unless_it_says_otherwise(sized, tmp_path):
    table = sized(pool_id=[f"p{i % 20}" for i in range(40)])
    target = {"x_log10_params": 9.0}
    for spec in (None, "p3"):
        assert resolve_pool(spec, table, target)[-1] == 9.0
        assert resolve_pool(spec, table)[-1] == pytest.approx((6 + np.log10(6e7)) / 2)
    values = pool_json(table, average_pool(table))
    assert parse_pool(values, table, target)[-1] == values["x_log10_params"]
    del values["x_log10_params"]
    assert parse_pool(values, table, target).tolist() == pytest.approx([*values.values(), 9.0])
    with pytest.raises(PoolError, match="lacks the covariate x_log10_params"):
        parse_pool(values, table)
    assert at_size(table, average_pool(table), {}).tolist() == average_pool(table).tolist()


def test_rows_to_foretell_name_their_size_in_any_of_three_ways(sized, make_frame, csv_of):
    table, frame = sized(), make_frame(n=3)

    def size(rows, sizes=None):
        return (
            read_rows(csv_of(rows), "rows.csv", table, with_states=True, sizes=sizes).states[:, -1].tolist()
        )

    assert size(frame.assign(x_log10_params=7.0), {"x_log10_params": 9.0}) == [7.0] * 3
    assert size(frame.assign(params=["1M", "10M", "1e8"]), {"x_log10_params": 9.0}) == [6.0, 7.0, 8.0]
    assert size(frame, {"x_log10_params": 9.0}) == [9.0] * 3
    with pytest.raises(TableError, match="have no column: x_log10_params"):
        size(frame)
    with pytest.raises(TableError, match="Row 2, column params holds 'tiny', which is no size"):
        size(frame.assign(params=["1M", "tiny", "1M"]))


def test_tables_of_two_sizes_are_combined(make_frame, csv_of, tmp_path):
    small = parse_runs(csv_of(make_frame().assign(params="1e6")), "small.csv")
    large = parse_runs(csv_of(make_frame(seed=1).assign(params="60M", note="x")), "large.csv")
    both = combine_runs([small, large], ["small", "large"])
    assert both.n_runs == 80
    assert both.run_ids[0] == "small:r0"
    assert both.run_ids[-1] == "large:r39"
    assert np.array_equal(both.scores, np.concatenate([small.scores, large.scores]))
    assert np.array_equal(both.states[:, :-1], np.concatenate([small.states, large.states]))
    assert set(both.states[:, -1]) == {6.0, np.log10(6e7)}
    assert both.provenance["note"][0] == ""
    assert read_runs(write_runs(both, tmp_path)).sha256 == both.sha256
    three = combine_runs(
        [both, parse_runs(csv_of(make_frame(seed=2).assign(params="1e9")), "c.csv")], ["b", "c"]
    )
    assert sorted(set(three.states[:, -1])) == [6.0, np.log10(6e7), 9.0]
    assert three.run_ids[0] == "small:r0"


def test_tables_that_do_not_go_together(make_frame, csv_of):
    first = parse_runs(csv_of(make_frame()), "a.csv")
    other = parse_runs(csv_of(make_frame(domains=("web", "code", "maths"))), "b.csv")
    with pytest.raises(TableError, match="a and b do not have the same domains: math, maths"):
        combine_runs([first, other], ["a", "b"])
    without = parse_runs(csv_of(make_frame().drop(columns="y_accuracy")), "b.csv")
    with pytest.raises(TableError, match=r"same outcomes: accuracy \(higher is better\)"):
        combine_runs([first, without], ["a", "b"])


def test_published_regmix_tables_of_two_sizes(real_data):
    def read(part, size, params):
        names = (f"{part}_mixture_{size}.csv", f"{part}_pile_loss_{size}.csv")
        pair = ((real_data / "regmix" / name).read_bytes() for name in names)
        return import_regmix(*pair, params=params)

    table = combine_runs([read("train", "1m", 1e6), read("test", "60m", 6e7)], ["small", "large"])
    assert (table.n_runs, table.covariate_columns) == (768, ("x_log10_params",))
    assert not table.covariates_are_per_domain
