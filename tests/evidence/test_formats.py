"""The same runs from every format are the same table."""

from __future__ import annotations

import io
import json

import numpy as np
import pandas as pd
import pytest

from causalmix_core.errors import TableError
from causalmix_core.evidence import parse_runs, read_frame


def as_bytes(frame: pd.DataFrame, form: str) -> bytes:
    sink = io.BytesIO()
    if form == "csv":
        frame.to_csv(sink, index=False)
    elif form == "csv-bom":
        return b"\xef\xbb\xbf" + frame.to_csv(index=False).encode()
    elif form == "csv-crlf":
        return frame.to_csv(index=False, lineterminator="\r\n").encode()
    elif form == "tsv":
        frame.to_csv(sink, index=False, sep="\t")
    elif form == "parquet":
        frame.to_parquet(sink, index=False)
    elif form == "jsonl":
        return "\n".join(json.dumps(row) for row in frame.to_dict(orient="records")).encode()
    else:
        frame.to_excel(sink, index=False)
    return sink.getvalue()


FORMS = ("csv", "csv-bom", "csv-crlf", "tsv", "parquet", "jsonl", "xlsx")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("hint", ["right", "wrong"])
def test_every_format_gives_the_same_table(make_frame, form, hint):
    frame = make_frame()
    expected = parse_runs(as_bytes(frame, "csv"), "runs.csv")
    ending = form.split("-")[0] if hint == "right" else "dat"
    table = parse_runs(as_bytes(frame, form), f"runs.{ending}")
    # A spreadsheet stores 15 significant digits, every other format the number itself.
    exact = form != "xlsx"
    assert (table.sha256 == expected.sha256) is exact or np.allclose(
        table.shares, expected.shares, atol=1e-14
    )
    assert table.run_ids == expected.run_ids
    assert table.provenance == expected.provenance
    assert table.name == "runs"


def test_raw_cells_are_numbers_or_text():
    frame, issues = read_frame(b"a,b\n1,\nx,2\n", "t.csv")
    assert frame.to_dict(orient="list") == {"a": ["1", "x"], "b": ["", "2"]}
    assert issues == ()


def test_quoted_cells_keep_separators_and_line_breaks():
    frame, _ = read_frame(b'name,b\n"one, two\nthree ""four""",2\n', "t.csv")
    assert frame["name"][0] == 'one, two\nthree "four"'


def test_blank_lines_are_skipped():
    frame, _ = read_frame(b"\n\na,b\n1,2\n\n3,4\n\n", "t.csv")
    assert frame["a"].tolist() == ["1", "3"]


def test_names_are_stripped_and_unnamed_columns_numbered():
    frame, _ = read_frame(b" share_a ,,b\n1,2,3\n", "t.csv")
    assert list(frame.columns) == ["share_a", "column_2", "b"]


def test_json_lines_with_missing_keys_have_empty_cells():
    frame, _ = read_frame(b'{"a": 1, "b": "x"}\n\n{"a": null}\n{"c": true}\n', "t.jsonl")
    assert frame["b"].tolist() == ["x", "", ""]
    assert frame["c"].tolist() == ["", "", "True"]
    assert frame["a"].isna().tolist() == [False, True, True]


def test_long_whole_numbers_stay_apart():
    frame, _ = read_frame(b'{"run_id": 9007199254740993}\n{"run_id": 9007199254740992}\n', "t.jsonl")
    assert frame["run_id"].tolist() == ["9007199254740993", "9007199254740992"]


def test_single_precision_parquet(make_frame):
    frame = make_frame()
    single = frame.astype({c: "float32" for c in frame.columns if frame[c].dtype == "float64"})
    table = parse_runs(as_bytes(single, "parquet"), "runs.parquet")
    assert np.abs(table.shares.sum(axis=1) - 1).max() < 1e-12
    assert np.allclose(table.shares, frame.filter(like="share_"), atol=1e-6)


def test_dates_and_booleans_in_parquet_are_text(make_frame):
    frame = make_frame().assign(started=pd.Timestamp("2026-01-02"), resumed=True)
    table = parse_runs(as_bytes(frame, "parquet"), "runs.parquet")
    assert table.provenance["started"][0].startswith("2026-01-02")
    assert table.provenance["resumed"][0] == "true"


def test_workbook_with_two_sheets_reads_the_first(make_frame):
    sink = io.BytesIO()
    with pd.ExcelWriter(sink) as writer:
        make_frame().to_excel(writer, sheet_name="runs", index=False)
        make_frame(n=2).to_excel(writer, sheet_name="notes", index=False)
    table = parse_runs(sink.getvalue(), "runs.xlsx")
    assert table.n_runs == 40
    assert "only the first, 'runs', is read" in table.issues[0].message


def test_workbook_cell_without_a_header():
    sink = io.BytesIO()
    pd.DataFrame([["share_a", "y_loss", None], [1, 2, None], [1, 2, 9]]).to_excel(
        sink, index=False, header=False
    )
    with pytest.raises(TableError, match="Row 2 has a cell, '9', beyond the last named column"):
        parse_runs(sink.getvalue(), "runs.xlsx")


@pytest.mark.parametrize(
    "filename", ["../../etc/passwd.csv", "C:\\temp\\passwd.csv", "passwd.csv", "\x00passwd\n.csv"]
)
def test_file_names_are_labels_only(make_frame, csv_of, filename):
    assert parse_runs(csv_of(make_frame()), filename).name == "passwd"
