"""Scored pools from files: rows of domains, columns of covariates, and what is hostile in them."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.worlds import make_world
from causalmix_core.errors import PoolError
from causalmix_core.evidence.pool_file import read_pool_file
from causalmix_core.evidence.pool_state import average_pool, pool_json
from causalmix_core.evidence.table import Covariate

TABLE = make_world(3, 2, own=True, confounding=0.5, seed=1).table(40, seed=1)
DOMAINS = ("d0", "d1", "d2")
STATE = np.array([0.5, -1.25, 3.0, 1e-3, 7.0, 2.5])
CSV = b"domain,c0,c1\nd0,0.5,-1.25\nd1,3,1e-3\nd2,7,2.5\n"


def with_whole_pool():
    """The table with one covariate of the whole pool besides."""
    states = np.column_stack([TABLE.states, np.arange(40.0)])
    return dataclasses.replace(
        TABLE, covariates=(*TABLE.covariates, Covariate("x_age", "age")), states=states
    )


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (CSV, "pool.csv"),
        (CSV.replace(b",", b"\t"), "pool.tsv"),
        (CSV.replace(b",", b";"), "pool.csv"),
        (b"\xef\xbb\xbf" + CSV.replace(b"\n", b"\r\n"), "pool.csv"),
        (b"c1,Domain,c0\n2.5,d2,7\n1e-3,d1,3\n-1.25,d0,0.5\n", "pool.csv"),
        (
            json.dumps(
                {d: {"c0": STATE[2 * i], "c1": STATE[2 * i + 1]} for i, d in enumerate(DOMAINS)}
            ).encode(),
            "p",
        ),
        (
            json.dumps(
                [{"domain": d, "c0": STATE[2 * i], "c1": STATE[2 * i + 1]} for i, d in enumerate(DOMAINS)]
            ).encode(),
            "p.json",
        ),
        (
            "\n".join(
                json.dumps({"domain": d, "c0": STATE[2 * i], "c1": STATE[2 * i + 1]})
                for i, d in enumerate(DOMAINS)
            ).encode(),
            "p.jsonl",
        ),
        (json.dumps(pool_json(TABLE, STATE)).encode(), "p.json"),
        (json.dumps(pool_json(TABLE, STATE), indent=2).encode(), "p.json"),
        (
            (",".join(TABLE.covariate_columns) + "\n" + ",".join(map(repr, STATE.tolist())) + "\n").encode(),
            "p.csv",
        ),
    ],
)
def test_every_kind_of_file_gives_the_same_state(data, name):
    assert read_pool_file(data, name, TABLE).tolist() == STATE.tolist()


def test_parquet_and_workbooks_are_read():
    import pandas as pd

    frame = pd.DataFrame({"domain": DOMAINS, "c0": STATE[::2], "c1": STATE[1::2]})
    parquet, workbook = io.BytesIO(), io.BytesIO()
    frame.to_parquet(parquet)
    frame.to_excel(workbook, index=False)
    for file, name in ((parquet, "p.parquet"), (workbook, "p.xlsx")):
        assert read_pool_file(file.getvalue(), name, TABLE).tolist() == STATE.tolist()


def test_the_whole_pool_has_a_row_of_its_own():
    data = b"domain,c0,c1,age\nd0,0.5,-1.25,\nd1,3,1e-3,\nd2,7,2.5,\npool,,,4\n"
    assert read_pool_file(data, "p.csv", with_whole_pool()).tolist() == [*STATE.tolist(), 4.0]


def test_an_absent_domain_need_not_be_described():
    state = read_pool_file(b"domain,c0,c1\nd0,0.5,-1.25\nd2,7,2.5\n", "p.csv", TABLE, absent=("d1",))
    expected = STATE.copy()
    expected[2:4] = average_pool(TABLE)[2:4]
    assert state == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"domain,c0,c1\nd0,1,2\nd1,3,4\n", "x_d2__c0, x_d2__c1"),
        (b"domain,c0\nd0,1\nd1,3\nd2,4\n", "x_d0__c1"),
        (CSV + b"books,1,2\n", "books"),
        (CSV + b"d1,1,2\n", "c0 of d1 twice"),
        (CSV.replace(b"c1", b"age"), "'age' for d0"),
        (CSV.replace(b"-1.25", b"many"), "'many' as c1 of d0"),
        (CSV.replace(b"-1.25", b"nan"), "x_d0__c1"),
        (CSV.replace(b"-1.25", b"1e999"), "c1 of d0 is inf"),
        (CSV.replace(b"-1.25", b"-1,25"), "cells"),
        (b"c0,c1\n1,2\n3,4\n", "no column domain"),
        (b"", "empty"),
        (b"domain,c0,c1\n", "no rows"),
        (b"MZ\x90\x00", "Windows program"),
        (b"\x80\x04\x95abc", "pickle"),
        (b"<html><body>", "web page"),
        (b"[1, 2]", "Entry 1"),
        (b"[" * 100_000, "not JSON"),
        (b'{"d0": {"c0": [1]}}', "c0 of d0 is [1]"),
        (b'{"d0": {"c0": true}}', "c0 of d0 is True"),
        (b'{"d0": {"evil": 1}}', "evil"),
        (b'{"books": {"c0": 1}}', "books"),
        (b'{"d0": 3}', "d0"),
        (b"x" * 1_000_001, "larger than 1 MB"),
        (b"domain,c0,c1\n\xff,1,2\n", "UTF-8"),
        (b"domain,c0,c0\nd0,1,2\n", "more than once"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_what_is_wrong_is_named(data, named):
    with pytest.raises(PoolError) as caught:
        read_pool_file(data, "pool.csv", TABLE)
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(PoolError):
        assert np.isfinite(read_pool_file(data, "pool.csv", TABLE)).all()
