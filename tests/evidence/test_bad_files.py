"""Every way a file can be wrong before its cells are looked at, and files that are large."""

from __future__ import annotations

import os
import time

import pytest

from causalmix_core.errors import TableError
from causalmix_core.evidence import parse_runs, read_runs


@pytest.mark.parametrize("data", [b"", b"\n\n  \n", b"\xef\xbb\xbf"])
def test_empty_file(refusal, data):
    assert refusal(data) == "The file is empty; choose a file with one row a proxy run."


def test_header_without_rows(refusal):
    assert "header but no rows" in refusal(b"share_a,share_b,y_loss\n")


def test_missing_file(tmp_path):
    with pytest.raises(TableError, match=r"gone\.csv cannot be read \(No such file"):
        read_runs(tmp_path / "gone.csv")


def test_unknown_separator_names_what_was_read(refusal):
    assert "reads as one column, 'share_a^share_b^y_loss'" in refusal(b"share_a^share_b^y_loss\n.5^.5^1\n")


@pytest.mark.parametrize(("separator", "name"), [(";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_other_separator_is_read_and_reported(make_frame, separator, name):
    table = parse_runs(make_frame().to_csv(index=False, sep=separator).encode(), "runs.csv")
    assert table.n_runs == 40
    assert f"separated by {name}, not by comma" in table.issues[0].message


def test_comma_in_a_tsv_is_read_and_reported(make_frame, csv_of):
    table = parse_runs(csv_of(make_frame()), "runs.tsv")
    assert table.issues[0].code == "separator"


def test_rows_with_another_separator_than_the_header(refusal):
    data = b"share_a,share_b,y_loss\n.5;.5;1\n"
    assert "Row 1 has 1 cells where the header has 3: '.5;.5;1'" in refusal(data)


def test_row_with_a_cell_too_many_is_named(refusal, make_frame, csv_of):
    lines = csv_of(make_frame()).decode().splitlines()
    lines[7] += ",9"
    assert "Row 7 has 12 cells where the header has 11" in refusal("\n".join(lines).encode())


def test_hundred_thousand_rows_in_seconds(make_frame, csv_of):
    domains = [f"d{i}" for i in range(10)]
    data = csv_of(make_frame(n=100_000, domains=domains))
    start = time.process_time()
    table = parse_runs(data, "runs.csv")
    assert time.process_time() - start < 10
    assert table.n_runs == 100_000


def test_hundred_thousand_bad_rows_in_seconds(refusal, make_frame, csv_of):
    frame = make_frame(n=100_000)
    frame["x_age"] = "bad"
    start = time.process_time()
    assert "99,999 more problems" in refusal(csv_of(frame))
    assert time.process_time() - start < 10


def test_column_given_twice(refusal):
    sentence = refusal(b"share_a,share_b,y_loss,share_a\n.5,.5,1,0\n")
    assert "The column 'share_a' stands more than once in the header" in sentence


def test_thirty_megabytes_where_twenty_are_allowed(refusal):
    sentence = refusal(b"share_a,share_b,y_loss\n" + b"0" * 30_000_000, max_bytes=20_000_000)
    assert sentence.startswith("The file is 30.0 MB, more than the 20 MB that are read here")


def test_large_file_on_disk_is_not_even_opened(tmp_path):
    path = tmp_path / "runs.csv"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    with pytest.raises(TableError, match=r"The file is 300\.0 MB"):
        read_runs(path)


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b"MZ\x90\x00\x03", "a Windows program"),
        (b"\x7fELF\x02\x01\x01\x00", "a Linux program"),
        (b"\x80\x04\x95\x10\x00", "a Python pickle"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\x1f\x8b\x08\x00", "a gzip archive"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Office file"),
    ],
)
@pytest.mark.parametrize("filename", ["runs.csv", "runs.parquet", "runs.xlsx", "../../etc/passwd.jsonl"])
def test_renamed_binaries(refusal, start, told, filename):
    assert f"The content of this file is {told}" in refusal(start + b"\x00" * 500, filename)


def test_unknown_binary(refusal):
    assert "The file is binary (a zero byte at position 3)" in refusal(b"abc\x00def")


def test_not_utf8_names_the_line(refusal):
    sentence = refusal("share_a,share_b,y_loss\n.5,.5,1\n.5,.5,é\n".encode("latin-1"))
    assert "Line 3 holds the byte 0xE9, which is not UTF-8" in sentence


def test_utf16(refusal):
    assert "UTF-16" in refusal("share_a,share_b,y_loss\n".encode("utf-16"))


def test_web_page(refusal):
    assert "a web page" in refusal(b"<!DOCTYPE html><html><body>Not found</body></html>")


def test_too_many_columns_in_a_csv(refusal):
    header = ",".join(f"share_{i}" for i in range(6000))
    assert "6,000 columns, more than the 5,000" in refusal(f"{header}\n".encode())


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_device_that_never_ends(monkeypatch):
    monkeypatch.setattr("causalmix_core.evidence.opening.MAX_BYTES_OF_A_PATH", 1_000_000)
    with pytest.raises(TableError, match=r"The file is 1\.0 MB, more than the 1 MB"):
        read_runs("/dev/zero")
