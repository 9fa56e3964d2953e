"""Text that cannot be read: reported with file, line and reason, counted, and never lost in silence."""

from __future__ import annotations

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.building import BuildOptions
from causalmix_core.pools.sources import byte_lines, json_lines, parquet, plain_text
from causalmix_core.pools.sources.spec import Fields
from tests.pools.conftest import made_text, write_jsonl

BAD_LINES = {
    '{"text": "cut': "no JSON: Unterminated string",
    '{"txt": "a"}': "no field 'text'; its fields are 'txt'",
    '{"text": 3}': "field 'text' is a number, not text",
    '{"text": null}': "field 'text' is null, not text",
    '{"text": " \\n"}': "field 'text' is empty",
    '["text"]': "a list, not an object",
    '{"text": "\\ud800"}': "half a surrogate pair",
    "[" * 100_000: "no JSON that can be read",
    '{"text": ' + "9" * 5000 + "}": "no JSON that can be read",
}


def broken(pool) -> list[dict]:
    return [json.loads(line) for line in (pool.folder / "broken.jsonl").read_text().splitlines()]


def test_broken_json_on_line_7(tmp_path, read):
    lines = [json.dumps({"text": made_text(i)}) for i in range(10)]
    lines[6] = lines[6][:-5]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    pool = read(d="a.jsonl")
    (found,) = broken(pool)
    assert (found["domain"], found["file"], found["line"]) == ("d", str(tmp_path / "a.jsonl"), 7)
    assert "no JSON" in found["reason"]
    assert (pool.entry("d").documents, pool.entry("d").broken) == (9, 1)


@pytest.mark.parametrize(("line", "reason"), BAD_LINES.items(), ids=range(len(BAD_LINES)))
def test_every_kind_of_broken_line(tmp_path, read, line, reason):
    (tmp_path / "a.jsonl").write_text(f'{{"text": "good"}}\n{line}\n{{"text": "better"}}\n')
    pool = read(d="a.jsonl")
    (found,) = broken(pool)
    assert found["line"] == 2
    assert reason in found["reason"]
    assert pool.entry("d").documents == 2


def test_not_utf8(tmp_path, read):
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "good"}\n{"text": "\xe9"}\n')
    (tmp_path / "b.txt").write_bytes(b"one\ntwo\ncaf\xe9\n")
    pool = read(d="[ab].*")
    assert [(f["line"], f["reason"]) for f in broken(pool)] == [
        (2, "not UTF-8: byte 0xe9 at byte 11"),
        (3, "not UTF-8: byte 0xe9 at byte 12"),
    ]


def test_parquet_rows_that_give_no_document(tmp_path, read):
    buffers = [None, pa.array([0, 4, 5, 9], pa.int32()).buffers()[1], pa.py_buffer(b"good\xe9best")]
    text = pa.Array.from_buffers(pa.string(), 3, buffers)
    pq.write_table(pa.table({"text": text}), tmp_path / "a.parquet")
    pq.write_table(pa.table({"text": ["fine", None, ""]}), tmp_path / "b.parquet")
    pool = read(d="*.parquet")
    assert [(f["file"][-9:], f["line"]) for f in broken(pool)] == [
        ("a.parquet", 2),
        ("b.parquet", 2),
        ("b.parquet", 3),
    ]
    assert sorted(d.text for d in pool.documents("d")) == ["best", "fine", "good"]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"messages": []}, "empty"),
        ({"messages": "Hi"}, "a text, not a list"),
        ({"messages": [{"role": "user", "content": "Hi"}]}, "from user, not from the assistant"),
        ({"messages": [{"role": "assistant", "content": ""}]}, "the last message is empty"),
        ({"messages": [{"content": "Hi"}]}, "message 1 has no role"),
        ({"messages": [{"role": "assistant"}]}, "message 1 has no content"),
        ({"messages": [{"role": "assistant", "content": [{"type": "image"}]}]}, "something else than text"),
    ],
)
def test_conversations_that_give_no_document(tmp_path, read, record, reason):
    good = {"messages": [{"role": "assistant", "content": "Yes"}]}
    write_jsonl(tmp_path / "a.jsonl", [good, record])
    (found,) = broken(read(Fields(messages="messages"), d="a.jsonl"))
    assert found["line"] == 2
    assert reason in found["reason"]


def test_a_response_or_a_whole_prompt_that_is_empty(tmp_path, read):
    write_jsonl(tmp_path / "a.jsonl", [{"p": "q", "r": "s"}, {"p": "q", "r": ""}, {"p": "", "r": "s"}])
    found = broken(read(Fields(prompt=("p",), response="r"), d="a.jsonl"))
    assert [(f["line"], f["reason"]) for f in found] == [(2, "field 'r' is empty"), (3, "'p' is empty")]


def test_a_line_without_end_does_not_fill_the_memory(tmp_path, read, monkeypatch):
    for module in (byte_lines, json_lines, plain_text, parquet):
        monkeypatch.setattr(module, "MAX_LINE_BYTES", 100)
    long = "x" * 950
    write_jsonl(tmp_path / "a.jsonl", [{"text": "one"}, {"text": long}, {"text": "two"}])
    (tmp_path / "b.txt").write_text(("y" * 40 + "\n") * 9)
    pq.write_table(pa.table({"text": ["three", long]}), tmp_path / "c.parquet")
    pool = read(d="*.*")
    assert sorted(d.text for d in pool.documents("d")) == ["one", "three", "two"]
    assert [f["line"] for f in broken(pool)] == [2, 1, 2]
    assert all("longer than" in f["reason"] for f in broken(pool))


def test_strict_stops_at_the_first(tmp_path, read):
    (tmp_path / "a.jsonl").write_text('{"text": "good"}\nbad\nworse\n')
    with pytest.raises(PoolSourceError, match=r"a\.jsonl, line 2: no JSON.*--strict"):
        read(options=BuildOptions(strict=True), d="a.jsonl")
    assert read(d="a.jsonl").entry("d").broken == 2


@pytest.mark.parametrize("content", ["", "\n\n", '{"other": "x"}\n'])
def test_an_empty_domain_is_refused_by_name(tmp_path, read, content):
    write_jsonl(tmp_path / "a.jsonl", [{"text": "x"}])
    (tmp_path / "b.jsonl").write_text(content)
    with pytest.raises(PoolSourceError, match=r"Domain 'hollow' is empty") as caught:
        read(full="a.jsonl", hollow="b.jsonl")
    assert ("line 1: no field 'text'" in str(caught.value)) == ("other" in content)
    assert not (tmp_path / "pool" / "pool.json").exists()


def test_an_empty_text_file_is_named(tmp_path, read):
    (tmp_path / "a.txt").write_text("words")
    (tmp_path / "b.txt").write_text("")
    (found,) = broken(read(d="*.txt"))
    assert (found["file"], found["reason"]) == (str(tmp_path / "b.txt"), "the file is empty")


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.parquet"])
def test_a_file_cut_short_is_refused_whole(tmp_path, read, name):
    rows = [{"text": made_text(i)} for i in range(500)]
    if name.endswith("gz"):
        whole = gzip.compress(b"".join(json.dumps(row).encode() + b"\n" for row in rows))
    else:
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / "whole.parquet")
        whole = (tmp_path / "whole.parquet").read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(
        PoolSourceError, match=r"a\.\w+(\.gz)? (is damaged after line|cannot be read as Parquet)"
    ):
        read(d=name)


def test_a_missing_column_names_those_that_are_there(tmp_path, read):
    pq.write_table(pa.table({"content": ["x"], "id": [1]}), tmp_path / "a.parquet")
    with pytest.raises(PoolSourceError, match=r"no column 'text'; its columns are 'content', 'id'"):
        read(d="a.parquet")
