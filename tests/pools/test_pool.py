"""The folder of a pool: the same bytes every time, opened with care, and gone on with after a stop."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.building import DomainJob, build_pool
from causalmix_core.pools.document import Document, Draft, document_line, read_line
from causalmix_core.pools.pool import open_pool
from causalmix_core.pools.sources.read import read_pool
from causalmix_core.pools.sources.spec import Fields, spec_of_pairs
from tests.pools.conftest import made_text, write_jsonl


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def job(name: str, drafts, inputs: str = "0") -> DomainJob:
    return DomainJob(name, "", "", inputs * 64, lambda log, report: drafts())


def test_a_line_reads_back_as_the_document():
    document = Document('a "b"\n\u2028 é 中 \\', 3, "s", "val")
    line = document_line(document)
    assert (
        line
        == '{"text":"a \\"b\\"\\n\u2028 é 中 \\\\","response_start":3,"stratum":"s","split":"val"}\n'.encode()
    )
    assert read_line(line) == document
    assert document.prompt + document.response == document.text


def test_two_readings_give_the_same_bytes_wherever_the_files_lie(tmp_path):
    found = []
    for place in ("one", "two"):
        folder = tmp_path / place
        folder.mkdir()
        write_jsonl(folder / "a.jsonl", [{"text": made_text(i)} for i in range(50)])
        spec = replace(spec_of_pairs("same", ["d=a.jsonl"], Fields()), folder=folder)
        read_pool(spec, folder / "pool")
        found.append(contents(folder / "pool"))
    assert found[0] == found[1]
    assert set(found[0]) == {"pool.json", "broken.jsonl", "documents/00.jsonl.gz"}


def test_documents_and_entries_say_the_same(small_pool):
    pool = open_pool(small_pool.folder)
    assert pool.domains == ("cats", "dogs")
    for entry in pool.entries:
        documents = list(pool.documents(entry.name))
        assert len(documents) == entry.documents
        assert sum(len(d.text.encode()) for d in documents) == entry.bytes
        hashes = [hashlib.sha256(d.text.encode()).hexdigest() for d in documents]
        assert hashes == sorted(hashes)
        assert {d.split for d in documents} == {"train", "val"}
    assert pool.sha256 == json.loads((pool.folder / "pool.json").read_bytes())["sha256"]


def test_hash_follows_texts_and_names_and_nothing_else(tmp_path, read):
    write_jsonl(tmp_path / "a.jsonl", [{"text": "x"}, {"text": "y"}])
    write_jsonl(tmp_path / "b.jsonl", [{"text": "y"}, {"text": "x"}, {"no": "text"}])
    write_jsonl(tmp_path / "c.jsonl", [{"text": "x"}, {"text": "z"}])
    first = read(out="p1", d="a.jsonl")
    assert read(out="p2", d="b.jsonl").sha256 == first.sha256
    assert read(out="p3", d="c.jsonl").sha256 != first.sha256
    assert read(out="p4", e="a.jsonl").sha256 != first.sha256


def test_an_unknown_domain_is_named(small_pool):
    with pytest.raises(PoolSourceError, match="no domain 'birds'; its domains are cats, dogs"):
        list(small_pool.documents("birds"))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda pool: pool.update(schema="causalmix/pool@9"), "does not say"),
        (lambda pool: pool.update(sha256="0" * 64), "was changed"),
        (lambda pool: pool["domains"][0].update(name="birds"), "was changed"),
        (lambda pool: pool["domains"][0].update(index=7), "was changed"),
        (lambda pool: pool["domains"][0].update(documents="60"), "was changed"),
        (lambda pool: pool["domains"][0].pop("bytes"), "lacks"),
        (lambda pool: pool.pop("name"), "lacks"),
        (lambda pool: pool.update(domains=3), "lacks"),
    ],
)
def test_a_pool_file_that_was_changed(small_pool, change, part):
    path = small_pool.folder / "pool.json"
    content = json.loads(path.read_bytes())
    change(content)
    path.write_text(json.dumps(content))
    with pytest.raises(PoolSourceError, match=part):
        open_pool(small_pool.folder)


def test_no_pool(tmp_path):
    with pytest.raises(PoolSourceError, match="holds no pool"):
        open_pool(tmp_path)
    (tmp_path / "pool.json").write_bytes(b"{")
    with pytest.raises(PoolSourceError, match="is no JSON"):
        open_pool(tmp_path)


def test_documents_that_were_changed_cut_or_removed(small_pool):
    path = small_pool.folder / "documents" / "00.jsonl.gz"
    whole = path.read_bytes()
    path.write_bytes(gzip.compress(gzip.decompress(whole).replace(b"mice", b"rats")))
    with pytest.raises(PoolSourceError, match="was changed"):
        list(small_pool.documents("cats"))
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(PoolSourceError, match="was damaged"):
        list(small_pool.documents("cats"))
    path.unlink()
    with pytest.raises(PoolSourceError, match="is missing"):
        list(small_pool.documents("cats"))


def test_a_build_goes_on_after_a_stop_and_makes_no_domain_twice(tmp_path):
    calls: list[str] = []

    def good(name: str):
        def drafts():
            calls.append(name)
            yield from (Draft(f"{name} {i}") for i in range(30))

        return drafts

    def stopped():
        yield Draft("begun")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_pool(tmp_path / "p", "n", [job("a", good("a")), job("b", stopped)])
    assert not (tmp_path / "p" / "pool.json").exists()
    jobs = [job("a", good("a")), job("b", good("b"))]
    pool = build_pool(tmp_path / "p", "n", jobs)
    assert calls == ["a", "b"]
    assert build_pool(tmp_path / "p", "n", jobs) == pool
    assert calls == ["a", "b"]
    build_pool(tmp_path / "q", "n", jobs)
    assert contents(tmp_path / "p") == contents(tmp_path / "q")


def test_one_process_builds_at_a_time_and_sweeps_what_a_killed_one_left(tmp_path):
    (tmp_path / "p" / ".building" / "00-left-by-a-kill").mkdir(parents=True)

    def meanwhile():
        assert not (tmp_path / "p" / ".building" / "00-left-by-a-kill").exists()
        with pytest.raises(PoolSourceError, match="is being built by another process"):
            build_pool(tmp_path / "p", "n", [job("a", lambda: iter([Draft("theirs")]))])
        yield Draft("ours")

    pool = build_pool(tmp_path / "p", "n", [job("a", meanwhile)])
    assert [d.text for d in pool.documents("a")] == ["ours"]
    assert not (tmp_path / "p" / ".building").exists()


def test_a_domain_of_other_inputs_is_made_anew(tmp_path):
    def stopped():
        yield Draft("begun")
        raise KeyboardInterrupt

    first = job("a", lambda: iter([Draft("old"), Draft("older")]), "1")
    with pytest.raises(KeyboardInterrupt):
        build_pool(tmp_path / "p", "n", [first, job("b", stopped)])
    second = job("a", lambda: iter([Draft("new"), Draft("newer")]), "2")
    pool = build_pool(tmp_path / "p", "n", [second, job("b", lambda: iter([Draft("x")]))])
    assert {d.text for d in pool.documents("a")} == {"new", "newer"}


def test_a_pool_is_never_written_over(tmp_path, small_pool):
    before = contents(small_pool.folder)
    with pytest.raises(PoolSourceError, match="holds another pool"):
        build_pool(small_pool.folder, "n", [job("a", lambda: iter([Draft("x")]))])
    assert contents(small_pool.folder) == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    for place in (tmp_path / "mine", tmp_path / "mine" / "letter.txt"):
        with pytest.raises(PoolSourceError, match=r"files that are not a pool|is a file"):
            build_pool(place, "n", [job("a", lambda: iter([Draft("x")]))])
    assert contents(tmp_path / "mine") == {"letter.txt": b"dear"}


def test_a_domain_cut_to_size_is_a_sample_by_hash(tmp_path):
    drafts = [Draft(made_text(i), None, str(i % 2)) for i in range(400)]
    whole = build_pool(tmp_path / "all", "n", [job("a", lambda: iter(drafts))])
    cut = build_pool(tmp_path / "cut", "n", [replace(job("a", lambda: iter(drafts)), keep_bytes=5000)])
    texts = [d.text for d in whole.documents("a")]
    kept = [d.text for d in cut.documents("a")]
    assert kept == texts[: len(kept)]
    assert 5000 <= cut.entry("a").bytes < 5000 + max(len(t) for t in texts)
    assert {d.split for d in cut.documents("a")} == {"train", "val"}


def test_progress_goes_up_to_the_whole(tmp_path, read):
    write_jsonl(tmp_path / "a.jsonl", [{"text": made_text(i)} for i in range(2000)])
    shutil.copy(tmp_path / "a.jsonl", tmp_path / "b.jsonl")
    seen: list[tuple[float, str]] = []
    spec = spec_of_pairs("n", [f"{d}={tmp_path / d}.jsonl" for d in "ab"], Fields())
    read_pool(spec, tmp_path / "pool", None, lambda part, phase: seen.append((part, phase)))
    parts = [part for part, _ in seen]
    assert parts == sorted(parts)
    assert parts[-1] == pytest.approx(1.0)
    assert len({round(part, 1) for part in parts}) > 6
    assert {phase for _, phase in seen} == {"hashing a", "hashing b", "reading a", "reading b"}
