"""What each kind of file and each kind of field becomes."""

from __future__ import annotations

import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.building import BuildOptions
from causalmix_core.pools.sources.read import read_pool
from causalmix_core.pools.sources.spec import Fields, read_spec
from tests.pools.conftest import made_text, write_jsonl

CHAT = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]


def texts(pool, domain: str) -> set[str]:
    return {document.text for document in pool.documents(domain)}


def only(pool, domain: str):
    (document,) = pool.documents(domain)
    return document


def test_json_lines_packed_or_not_and_with_a_byte_order_mark(tmp_path, read):
    write_jsonl(tmp_path / "a.jsonl", [{"text": "one"}, {"text": "zwei äö 中"}])
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"text": "three"}\n\n{"text": "four"}'))
    (tmp_path / "c.jsonl").write_bytes(b'\xef\xbb\xbf{"text": "five"}\r\n{"text": "six"}\r\n')
    pool = read(mixed="*.jsonl*")
    assert texts(pool, "mixed") == {"one", "zwei äö 中", "three", "four", "five", "six"}
    assert pool.entry("mixed").bytes == sum(len(t.encode()) for t in texts(pool, "mixed"))
    assert pool.entry("mixed").broken == 0


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_prompt_and_response(tmp_path, read, kind):
    record = {"instruction": "Add.", "input": "2 and 3", "output": "5", "task": 7}
    if kind == "jsonl":
        write_jsonl(tmp_path / "a.jsonl", [record])
    else:
        pq.write_table(pa.Table.from_pylist([record]), tmp_path / "a.parquet")
    fields = Fields(prompt=("instruction", "input"), response="output", stratum="task")
    document = only(read(fields, sums="a.*"), "sums")
    assert (document.prompt, document.response, document.stratum) == ("Add.\n\n2 and 3\n\n", "5", "7")


def test_an_empty_part_of_the_prompt_is_left_out(tmp_path, read):
    write_jsonl(tmp_path / "a.jsonl", [{"q": "Add.", "more": None, "r": "5"}])
    assert only(read(Fields(prompt=("q", "more"), response="r"), d="a.jsonl"), "d").text == "Add.\n\n5"


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_messages(tmp_path, read, kind):
    record = {"messages": [*CHAT, {"role": "assistant", "content": "Hello"}]}
    if kind == "jsonl":
        write_jsonl(tmp_path / "a.jsonl", [record])
    else:
        pq.write_table(pa.Table.from_pylist([record]), tmp_path / "a.parquet")
    document = only(read(Fields(messages="messages"), chat="a.*"), "chat")
    assert document.prompt == "System: Be brief.\n\nUser: Hi\n\nAssistant: "
    assert document.response == "Hello"


def test_messages_of_the_other_usual_form(tmp_path, read):
    parts = [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]
    turns = [{"from": "human", "value": "Hi"}, {"from": "gpt", "value": parts}]
    write_jsonl(tmp_path / "a.jsonl", [{"conversations": turns}])
    document = only(read(Fields(messages="conversations"), chat="a.jsonl"), "chat")
    assert (document.prompt, document.response) == ("User: Hi\n\nAssistant: ", "Hello")


def test_parquet_is_read_over_its_row_groups(tmp_path, read):
    expected = [made_text(i) for i in range(900)]
    table = pa.table({"text": pa.array(expected).dictionary_encode(), "other": list(range(900))})
    pq.write_table(table, tmp_path / "a.parquet", row_group_size=100)
    assert texts(read(d="a.parquet"), "d") == set(expected)


def test_plain_text_by_file_and_by_paragraph(tmp_path, read):
    (tmp_path / "a.txt").write_bytes(b"one\ntwo\r\n\r\n \t\n\nthree\n")
    (tmp_path / "b.md").write_bytes(b"four")
    assert texts(read(d="*.*"), "d") == {"one\ntwo\r\n\r\n \t\n\nthree\n", "four"}
    by_block = read(Fields(per="paragraph"), out="second", d="*.*[td]")
    assert texts(by_block, "d") == {"one\ntwo", "three", "four"}


def test_duplicates_are_counted_and_left_out_unless_kept(tmp_path, read):
    write_jsonl(tmp_path / "a.jsonl", [{"text": "b"}, {"text": "a"}, {"text": "b"}, {"text": "b"}])
    without = read(d="a.jsonl").entry("d")
    assert (without.documents, without.duplicates, without.bytes) == (2, 2, 2)
    pool = read(options=BuildOptions(keep_duplicates=True), out="kept", d="a.jsonl")
    assert (pool.entry("d").documents, pool.entry("d").duplicates) == (4, 2)
    assert sorted(d.text for d in pool.documents("d")) == ["a", "b", "b", "b"]
    assert len({d.split for d in pool.documents("d") if d.text == "b"}) == 1


def test_a_file_matched_twice_is_read_once(tmp_path, read):
    write_jsonl(tmp_path / "a.jsonl", [{"text": "x"}, {"text": "y"}])
    assert read(d="[a].jsonl", e="**/a.jsonl").entry("d").duplicates == 0


def test_spec_says_all_of_it(tmp_path):
    (tmp_path / "in").mkdir()
    write_jsonl(tmp_path / "in" / "a.jsonl", [{"body": "x", "kind": "k"}])
    write_jsonl(tmp_path / "in" / "b[1].jsonl", [{"text": "y"}])
    spec = {
        "name": "mine",
        "domains": {
            "kode": {"files": "in/a.*", "text": "body", "stratum": "kind", "licence": "MIT", "source": "us"},
            "../b": {"files": ["in/b[1].jsonl"]},
        },
    }
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    pool = read_pool(read_spec(tmp_path / "spec.json"), tmp_path / "pool")
    assert (pool.name, pool.domains) == ("mine", ("kode", "../b"))
    assert (pool.entry("kode").licence, pool.entry("kode").source) == ("MIT", "us")
    assert [d.stratum for d in pool.documents("kode")] == ["k"]
    assert texts(pool, "../b") == {"y"}
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("spec", "part"),
    [
        ("{", "is no JSON"),
        ("[]", "must be an object with the keys name, domains"),
        ('{"domain": {}}', "'domain' is not known"),
        ('{"domains": {}}', "at least one domain"),
        ('{"domains": {"a": {}}}', '"files" names no file'),
        ('{"domains": {"a": {"files": [1]}}}', "'files' must be a text or a list of texts"),
        ('{"domains": {"a": {"files": "x", "txt": "t"}}}', "'txt' is not known"),
        ('{"domains": {"a": {"files": "x", "text": "t", "messages": "m"}}}', "text and messages are given"),
        ('{"domains": {"a": {"files": "x", "prompt": "p"}}}', "prompt and response belong together"),
        ('{"domains": {"a": {"files": "x", "per": "line"}}}', 'it can be "file" or "paragraph"'),
        ('{"domains": {"a\\nb": {"files": "x"}}}', "cannot name a domain"),
        ('{"domains": {"a": {"files": "nowhere/*.jsonl"}}}', "no file matches 'nowhere/*.jsonl'"),
        ('{"domains": {"a": {"files": "spec.json.zst"}}}', "is of no kind that can be read"),
    ],
)
def test_specs_that_cannot_be(tmp_path, spec, part):
    (tmp_path / "spec.json").write_text(spec)
    (tmp_path / "spec.json.zst").write_bytes(b"")
    with pytest.raises(PoolSourceError) as caught:
        read_pool(read_spec(tmp_path / "spec.json"), tmp_path / "pool")
    assert part in str(caught.value)
    assert not (tmp_path / "pool").exists()
