"""Designs on disk: read back as written, refused when they were changed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design.canonical import canonical
from causalmix_core.proxy.design.design import Settings
from causalmix_core.proxy.design.draw import Draft, draw_design, draw_pools
from causalmix_core.proxy.design.mixtures import Law, draw_mixtures
from causalmix_core.proxy.design.row_files import read_rows, rows_hash
from causalmix_core.proxy.design.storage import read_design, write_design
from tests.proxy.design.pools import DOMAINS, NumberStock

SHA = "ab" * 32
SETTINGS = Settings(DOMAINS, set_aside=8, examples=50)


def drafted(runs: int = 6, pools: int = 3, **more) -> Draft:
    states = draw_pools(SETTINGS, pools)
    mixtures = draw_mixtures(Law(), runs, DOMAINS, states, np.full(3, 1 / 3), 0)
    return draw_design(NumberStock((900, 900, 900)), SHA, SETTINGS, states, mixtures, **more)


def written(folder: Path):
    draft = drafted(replicates=2)
    return draft, write_design(draft.design, draft.rows, folder)


def test_a_design_reads_back(tmp_path: Path):
    draft, design = written(tmp_path / "d")
    again = read_design(tmp_path / "d")
    assert again.folder == design.folder == tmp_path / "d"
    for name in ("pool_sha256", "settings", "seed", "pools", "runs", "sha256"):
        assert getattr(again, name) == getattr(draft.design, name)
    assert read_design(tmp_path / "d" / "design.json").sha256 == design.sha256
    for run in again.runs:
        stored = read_rows(tmp_path / "d", run.id, DOMAINS, run.rows_sha256)
        assert rows_hash(stored) == rows_hash(draft.rows[run.id])
        assert [len(own) for own in stored.picks] == list(run.counts.values())


def test_a_design_that_was_read_writes_the_same_bytes(tmp_path: Path):
    draft, _ = written(tmp_path / "one")
    write_design(read_design(tmp_path / "one"), draft.rows, tmp_path / "two")
    assert (tmp_path / "one/design.json").read_bytes() == (tmp_path / "two/design.json").read_bytes()


def test_names_of_domains_never_become_paths(tmp_path: Path):
    written(tmp_path / "d")
    assert {p.name for p in tmp_path.iterdir()} == {"d"}
    assert {p.name for p in (tmp_path / "d").iterdir()} == {"design.json", "rows"}
    with np.load(tmp_path / "d/rows/r0000.npz") as stored:
        assert sorted(stored) == ["00", "01", "02", "order"]


def test_writing_again_is_welcome_and_over_something_else_is_not(tmp_path: Path):
    draft, _ = written(tmp_path / "d")
    write_design(draft.design, draft.rows, tmp_path / "d")
    other = drafted(runs=5)
    with pytest.raises(DesignError, match="holds another design"):
        write_design(other.design, other.rows, tmp_path / "d")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.tex").touch()
    with pytest.raises(DesignError, match="no design"):
        write_design(draft.design, draft.rows, tmp_path / "mine")
    with pytest.raises(DesignError, match="is a file"):
        write_design(draft.design, draft.rows, tmp_path / "mine/thesis.tex")


def change(folder: Path, edit) -> None:
    plain = json.loads((folder / "design.json").read_bytes())
    edit(plain)
    (folder / "design.json").write_bytes(canonical(plain))


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda d: d["runs"][0]["counts"].update(code=3), "changed after"),
        (lambda d: d["pools"]["p000"]["code"].update(quality=0.123, damage="dup"), "changed after"),
        (lambda d: d.update(schema="causalmix/design@9"), "schema"),
        (lambda d: d.pop("seed"), "not a whole design"),
        (lambda d: d["runs"][0].update(id="../../x"), "letters, digits and hyphens"),
        (lambda d: d["runs"][0].update(pool="nowhere"), "names a pool or domains"),
        (lambda d: d["runs"][0]["mixture"].update(code=7.0), "sum to 1"),
        (lambda d: d["runs"][0]["counts"].update(code=-1), "whole numbers"),
        (lambda d: d["runs"][0].update(unit="pages"), "unit"),
        (lambda d: d["runs"].append(d["runs"][0]), "two with one id"),
        (lambda d: d["settings"].update(examples=0), "examples"),
        (lambda d: d["settings"].update(evil=0), "not a whole design"),
    ],
)
def test_designs_that_were_changed_are_refused(tmp_path: Path, edit, said: str):
    written(tmp_path / "d")
    change(tmp_path / "d", edit)
    with pytest.raises(DesignError, match=said):
        read_design(tmp_path / "d")


def test_files_that_are_no_design_are_refused(tmp_path: Path):
    with pytest.raises(DesignError, match="does not exist"):
        read_design(tmp_path / "nowhere")
    (tmp_path / "design.json").write_text("[" * 100_000)
    with pytest.raises(DesignError, match="no JSON"):
        read_design(tmp_path)


def test_rows_that_were_changed_or_lost_are_refused(tmp_path: Path):
    _, design = written(tmp_path / "d")
    one, two = design.runs[:2]
    rows = tmp_path / "d/rows"
    (rows / f"{one.id}.npz").write_bytes((rows / f"{two.id}.npz").read_bytes())
    with pytest.raises(DesignError, match="was changed"):
        read_rows(tmp_path / "d", one.id, DOMAINS, one.rows_sha256)
    (rows / f"{one.id}.npz").write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(DesignError, match="does not hold rows"):
        read_rows(tmp_path / "d", one.id, DOMAINS, one.rows_sha256)
    (rows / f"{one.id}.npz").unlink()
    with pytest.raises(DesignError, match="is missing"):
        read_rows(tmp_path / "d", one.id, DOMAINS, one.rows_sha256)


def test_replicates_repeat_mixture_and_pool_in_another_order():
    runs = drafted(runs=6, replicates=8).design.runs
    assert len(runs) == 14
    assert [run.replicate for run in runs] == [0] * 6 + [1] * 6 + [2] * 2
    for run in runs[6:]:
        original = next(r for r in runs[:6] if r.mixture == run.mixture)
        assert (original.pool, original.counts, original.assignment) == (run.pool, run.counts, run.assignment)
        assert original.order_seed != run.order_seed
    assert len({run.order_seed for run in runs}) == 3


def test_pools_take_orders_of_text_in_turn_and_repeats_take_further_ones():
    runs = drafted(runs=12, pools=6, replicates=6, orders=3).design.runs
    of_pool = {run.pool: run.order_seed for run in runs[:6]}
    assert len(set(of_pool.values())) == 3
    assert all(run.order_seed == of_pool[run.pool] for run in runs if run.replicate == 0)
    assert [of_pool[f"p{i:03d}"] for i in range(3)] == [of_pool[f"p{i:03d}"] for i in range(3, 6)]
    assert not {run.order_seed for run in runs if run.replicate} & set(of_pool.values())


def test_one_order_is_what_a_design_without_them_had():
    assert drafted(orders=1).design.sha256 == drafted().design.sha256
    with pytest.raises(DesignError, match="The number of orders of text is 0"):
        drafted(orders=0)


def test_counts_add_up_and_follow_the_mixture():
    for run in drafted().design.runs:
        assert run.total == 50
        assert sum(run.realised.values()) == pytest.approx(1.0)
        assert all(abs(run.realised[d] - run.mixture[d]) < 1 / 50 for d in DOMAINS)


def test_no_pools_is_one_healthy_pool():
    states = draw_pools(SETTINGS, 0)
    assert list(states) == ["p000"]
    assert all(state.quality == 1.0 and state.damage is None for state in states["p000"].values())
    with pytest.raises(DesignError, match="-1"):
        draw_pools(SETTINGS, -1)


def test_fewer_than_two_domains_is_no_mixture():
    with pytest.raises(DesignError, match="two domains or more"):
        Settings(("alone",))
