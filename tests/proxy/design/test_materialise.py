"""Runs as JSONL: every document of the run, in order, in the layout asked for, the same bytes every time."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from causalmix_core.errors import DesignError
from causalmix_core.pools.pool import open_pool
from causalmix_core.proxy.design.design import Settings
from causalmix_core.proxy.design.draw import draw_design
from causalmix_core.proxy.design.materialise import materialise
from causalmix_core.proxy.design.mixtures import Law, draw_mixtures
from causalmix_core.proxy.design.rows import document_stock, rows_of, window_stock, windows_of
from causalmix_core.proxy.design.states import damaged, healthy
from tests.proxy.design.pools import DOMAINS


@pytest.fixture
def texts(pool):
    return open_pool(pool.folder.parent.parent)


def drawn(stock, sha: str, unit: str, state=None):
    own = Settings(DOMAINS, unit=unit, examples=40, seq=32)
    pools = {"p000": state or healthy(DOMAINS)}
    mixtures = draw_mixtures(Law(), 2, DOMAINS, pools, np.full(3, 1 / 3), 0)
    return draw_design(stock(own), sha, own, pools, mixtures).design


def documents(texts, state=None):
    return drawn(lambda own: document_stock(texts, own), texts.sha256, "documents", state)


def lines(path: Path):
    return [json.loads(line) for line in path.read_bytes().decode().split("\n")[:-1]]


def test_documents_are_those_of_the_rows_in_order(texts, tmp_path: Path):
    design = documents(texts)
    run = design.runs[0]
    written = materialise(run, design, texts, tmp_path / "run.jsonl")
    found = lines(tmp_path / "run.jsonl")
    assert written.lines == len(found) == 40
    assert {d: sum(line["domain"] == d for line in found) for d in DOMAINS} == run.counts
    stock = document_stock(texts, design.settings)
    own = {d: list(stock.documents(k)) for k, d in enumerate(DOMAINS)}
    expected = [own[DOMAINS[d]][row] for d, row, _ in rows_of(run, design, stock).in_order().tolist()]
    assert [(line["text"], line["response_start"]) for line in found] == [
        (doc.text, doc.response_start) for doc in expected
    ]


def test_the_same_run_writes_the_same_bytes(texts, tmp_path: Path):
    design = documents(texts, {d: damaged(0.5, "garble") for d in DOMAINS})
    one, two = (materialise(design.runs[1], design, texts, tmp_path / name) for name in ("a", "b"))
    assert one.sha256 == two.sha256
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert {p.name for p in tmp_path.iterdir()} == {"a", "b"}


def test_layouts_hold_the_same_text(texts, tmp_path: Path):
    design = documents(texts)
    run = design.runs[0]
    for layout in ("text", "prompt", "messages"):
        materialise(run, design, texts, tmp_path / layout, layout=layout)
    for plain, asked, said in zip(
        *(lines(tmp_path / n) for n in ("text", "prompt", "messages")), strict=True
    ):
        assert asked["prompt"] + asked["completion"] == plain["text"]
        assert len(asked["prompt"]) == (plain["response_start"] or 0)
        assert said["messages"][-1] == {"role": "assistant", "content": asked["completion"]}
        assert len(said["messages"]) == (2 if asked["prompt"] else 1)
    with pytest.raises(DesignError, match="no layout 'xml'"):
        materialise(run, design, texts, tmp_path / "x", layout="xml")
    assert not (tmp_path / "x").exists()


def test_damaged_documents_keep_their_prompts_apart(texts, tmp_path: Path):
    design = documents(texts, {d: damaged(0.0, "shuffle") for d in DOMAINS})
    materialise(design.runs[0], design, texts, tmp_path / "run")
    found = [line for line in lines(tmp_path / "run") if line["response_start"] is not None]
    assert found
    assert all("document" in line["text"][: line["response_start"]] for line in found)


def test_a_duplicated_domain_repeats_four_documents(texts, tmp_path: Path):
    design = documents(texts, {**healthy(DOMAINS), "code": damaged(0.0, "dup")})
    run = max(design.runs, key=lambda run: run.counts["code"])
    materialise(run, design, texts, tmp_path / "run")
    assert len({line["text"] for line in lines(tmp_path / "run") if line["domain"] == "code"}) == 4


def test_windows_are_written_as_their_text(pool, tmp_path: Path):
    design = drawn(lambda own: window_stock(pool, own), pool.pool_sha256, "windows")
    run = design.runs[0]
    materialise(run, design, pool, tmp_path / "run")
    stock = window_stock(pool, design.settings)
    assert [line["text"] for line in lines(tmp_path / "run")] == stock.texts(windows_of(run, design, pool))


def test_the_wrong_kind_of_pool_is_refused(pool, texts, tmp_path: Path):
    design = documents(texts)
    with pytest.raises(DesignError, match="counts documents"):
        materialise(design.runs[0], design, pool, tmp_path / "run")
    with pytest.raises(DesignError, match="materialise instead"):
        windows_of(design.runs[0], design, pool)
    assert list(tmp_path.iterdir()) == []
