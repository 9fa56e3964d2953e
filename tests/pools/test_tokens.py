"""Token streams: every document whole, in order, whatever its text; made once, gone on with, checked."""

from __future__ import annotations

import hashlib
import json
import shutil

import numpy as np
import pytest

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools import tokens as tokens_module
from causalmix_core.pools.corpus.tokenizer import train_tokenizer
from causalmix_core.pools.token_meta import token_totals
from causalmix_core.pools.token_stream import token_type
from causalmix_core.pools.tokenizer_folder import open_tokenizer
from causalmix_core.pools.tokens import tokenise
from tests.pools.conftest import made_text, write_jsonl

HOSTILE = ["ends <eos> and goes on", "<eos>", "é 中 🐈 \x00\n\r\n", " lead and trail \n"]


@pytest.fixture
def pool(tmp_path, read):
    write_jsonl(tmp_path / "a.jsonl", [{"text": t} for t in [*HOSTILE, *(made_text(i) for i in range(60))]])
    write_jsonl(tmp_path / "b.jsonl", [{"text": made_text(1000 + i)} for i in range(40)])
    write_jsonl(tmp_path / "c.jsonl", [{"text": "lonely"}])
    return read(a="a.jsonl", b="b.jsonl", c="c.jsonl")


@pytest.fixture
def tokenizer_dir(pool):
    return train_tokenizer(pool, vocabulary=300)


def test_every_document_reads_back_in_order(pool, tokenizer_dir):
    found = tokenise(pool.folder, tokenizer_dir)
    tokenizer = open_tokenizer(tokenizer_dir)
    assert found.domains == pool.domains
    for domain in pool.domains:
        for split in ("train", "val"):
            stream, offsets = found.tokens(domain, split), found.offsets(domain, split)
            texts = [d.text for d in pool.documents(domain) if d.split == split]
            assert (offsets[0], offsets[-1], len(offsets)) == (0, len(stream), len(texts) + 1)
            pieces = [stream[offsets[i] : offsets[i + 1]].tolist() for i in range(len(texts))]
            assert [piece[0] for piece in pieces] == [found.eos] * len(texts)
            assert [tokenizer.decode(piece[1:]) for piece in pieces] == texts
            assert int(np.sum(stream == found.eos)) == len(texts)
            count = found.counts[domain, split]
            assert count.tokens == len(stream)
            assert (count.documents, count.bytes) == (len(texts), sum(len(t.encode()) for t in texts))


def test_files_are_where_they_are_promised(pool, tokenizer_dir):
    found = tokenise(pool.folder, tokenizer_dir)
    assert found.folder == pool.folder / "tokens" / found.tokenizer_sha256[:12]
    assert sorted(p.name for p in found.folder.iterdir()) == sorted(
        ["meta.json"]
        + [f"{i:02d}.{s}.{e}" for i in range(3) for s in ("train", "val") for e in ("bin", "offsets.npy")]
    )
    raw = np.frombuffer((found.folder / "01.train.bin").read_bytes(), dtype="<u2")
    assert raw.tolist() == found.tokens("b", "train").tolist()
    meta = json.loads((found.folder / "meta.json").read_bytes())
    assert (meta["pool_sha256"], meta["vocabulary"]) == (pool.sha256, 300)
    (totals,) = token_totals(pool)
    assert totals.tokens["b"] == len(found.tokens("b")) + len(found.tokens("b", "val"))


def test_a_stopped_call_goes_on_and_gives_the_same_bytes(pool, tokenizer_dir, monkeypatch):
    whole = tokenise(pool.folder, tokenizer_dir)
    expected = {p.name: p.read_bytes() for p in whole.folder.iterdir()}
    shutil.rmtree(whole.folder)

    def stop(part: float, phase: str) -> None:
        if phase == "tokenising b":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tokenise(pool.folder, tokenizer_dir, stop)
    assert not list(whole.folder.glob("0[12]*"))
    written = []
    really = tokens_module._write_domain
    monkeypatch.setattr(tokens_module, "_write_domain", lambda *a: written.append(a[1]) or really(*a))
    tokenise(pool.folder, tokenizer_dir)
    assert {p.name: p.read_bytes() for p in whole.folder.iterdir()} == expected
    assert written == [1, 2]
    tokenise(pool.folder, tokenizer_dir)
    assert written == [1, 2]


def test_files_cut_short_are_made_anew(pool, tokenizer_dir):
    found = tokenise(pool.folder, tokenizer_dir)
    path = found.folder / "00.train.bin"
    whole = path.read_bytes()
    path.write_bytes(whole[:-2])
    tokenise(pool.folder, tokenizer_dir)
    assert path.read_bytes() == whole


def test_training_gives_the_same_tokenizer_every_time(pool, tokenizer_dir):
    first = (tokenizer_dir / "tokenizer.json").read_bytes()
    shutil.rmtree(tokenizer_dir)
    assert (train_tokenizer(pool, vocabulary=300) / "tokenizer.json").read_bytes() == first
    tokenizer = open_tokenizer(tokenizer_dir)
    assert (tokenizer.vocabulary, tokenizer.eos) == (300, 0)


def test_held_out_text_does_not_train_the_tokenizer(tmp_path, read):
    def drawn(word: str) -> list[str]:
        texts = [f"{i} " + f"{word} " * 50 for i in range(400)]
        return [t for t in texts if int(hashlib.sha256(t.encode()).hexdigest()[-8:], 16) % 20 == 0]

    trained = []
    for word in ("qqzz", "xxjj"):
        seen = [{"text": made_text(i)} for i in range(40)]
        write_jsonl(tmp_path / f"{word}.jsonl", [*seen, *({"text": t} for t in drawn(word))])
        pool = read(out=word, a=f"{word}.jsonl")
        assert {d.split for d in pool.documents("a") if word in d.text} == {"val"}
        trained.append((train_tokenizer(pool, 400) / "tokenizer.json").read_bytes())
    assert trained[0] == trained[1]


@pytest.mark.parametrize(("vocabulary", "kind"), [(65_536, "<u2"), (65_537, "<u4")])
def test_width_follows_the_vocabulary(vocabulary, kind):
    assert token_type(vocabulary) == np.dtype(kind)


def test_end_token_as_the_folder_says(pool, tokenizer_dir, tmp_path):
    folder = tmp_path / "other"
    shutil.copytree(tokenizer_dir, folder)
    (folder / "tokenizer_config.json").write_text(json.dumps({"eos_token": {"content": "a"}}))
    tokenizer = open_tokenizer(folder)
    assert tokenizer.decode([tokenizer.eos]) == "a"
    assert tokenizer.sha256 != open_tokenizer(tokenizer_dir).sha256


@pytest.mark.parametrize(
    ("file", "part"),
    [(None, "holds no tokenizer.json"), ("{", "is no tokenizer"), ("no end", "names no end token")],
)
def test_folders_without_a_usable_tokenizer(pool, tokenizer_dir, tmp_path, file, part):
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    if file == "no end":
        text = (tokenizer_dir / "tokenizer.json").read_text()
        (folder / "tokenizer.json").write_text(text.replace("<eos>", "<halt>"))
    elif file:
        (folder / "tokenizer.json").write_text(file)
    with pytest.raises(PoolSourceError, match=part):
        tokenise(pool.folder, folder)


def test_an_unknown_domain_is_named(pool, tokenizer_dir):
    with pytest.raises(PoolSourceError, match="domains are a, b, c"):
        tokenise(pool.folder, tokenizer_dir).tokens("z")
