"""The pool at hand: average, by id, from a file."""

from __future__ import annotations

import json

import numpy as np
import pytest

from causalmix_core.errors import PoolError
from causalmix_core.evidence import average_pool, parse_pool, parse_runs, pool_by_id, pool_json, resolve_pool
from causalmix_core.evidence.pool_state import pool_names


@pytest.fixture(scope="module")
def table(make_frame, csv_of):
    frame = make_frame().assign(pool_id=[f"p{i // 2}" for i in range(40)])
    return parse_runs(csv_of(frame), "runs.csv")


def test_average(table):
    assert average_pool(table) == pytest.approx(table.states.mean(axis=0))
    assert np.array_equal(resolve_pool(None, table), average_pool(table))


def test_by_id(table):
    assert pool_names(table)[:2] == ("p0", "p1")
    assert pool_by_id(table, "p3") == pytest.approx(table.states[6:8].mean(axis=0))
    assert np.array_equal(resolve_pool("p3", table), pool_by_id(table, "p3"))


def test_runs_are_pools_where_none_are_named(make_frame, csv_of):
    table = parse_runs(csv_of(make_frame()), "runs.csv")
    assert pool_by_id(table, "r5").tolist() == table.states[5].tolist()


def test_unknown_id(table):
    with pytest.raises(PoolError, match="There is no pool 'p99' in runs; its pools are p0, p1"):
        pool_by_id(table, "p99")


def test_json_round_trip_is_exact(table, tmp_path):
    pool = table.states[3]
    data = json.dumps(pool_json(table, pool)).encode()
    assert parse_pool(data, table).tolist() == pool.tolist()
    assert parse_pool(pool_json(table, pool), table).tolist() == pool.tolist()
    (tmp_path / "pool.json").write_bytes(data)
    assert resolve_pool(str(tmp_path / "pool.json"), table).tolist() == pool.tolist()


def test_neither_a_pool_nor_a_file(table, tmp_path):
    with pytest.raises(PoolError, match="neither a pool of runs nor a file that can be read"):
        resolve_pool(str(tmp_path / "gone.json"), table)
    with pytest.raises(PoolError, match="neither a pool of runs nor a file"):
        resolve_pool("\x00", table)


def test_a_covariate_is_missing(table):
    values = pool_json(table, average_pool(table))
    del values["x_age"]
    with pytest.raises(PoolError, match="The pool lacks the covariate x_age"):
        parse_pool(values, table)


def test_a_covariate_is_unknown(table):
    with pytest.raises(PoolError, match="gives 'x_agee', which is no covariate of runs"):
        parse_pool({**pool_json(table, average_pool(table)), "x_agee": 1.0}, table)


@pytest.mark.parametrize("value", ["1", None, True, float("nan"), float("inf"), [1]])
def test_a_value_is_no_number(table, value):
    with pytest.raises(PoolError, match=r"x_age is .*, not a finite number"):
        parse_pool({**pool_json(table, average_pool(table)), "x_age": value}, table)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"[" * 100_000, "not JSON"),
        (b" " * 2_000_000, "larger than 1 MB"),
    ],
)
def test_hostile_pool_files(table, data, told):
    with pytest.raises(PoolError, match=told):
        parse_pool(data, table)


def test_a_huge_whole_number(table):
    data = json.dumps(pool_json(table, average_pool(table))).encode()
    spoilt = data[:-1] + b', "x_age": ' + b"9" * 400 + b"}"
    with pytest.raises(PoolError, match="x_age"):
        parse_pool(spoilt, table)
