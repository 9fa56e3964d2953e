"""Windows of a run on a real pool: the right text, damaged as stated, the same bytes every time."""

from __future__ import annotations

import hashlib
import multiprocessing
import shutil
from pathlib import Path

import numpy as np
import pytest

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design.bank import Bank
from causalmix_core.proxy.design.design import Settings
from causalmix_core.proxy.design.draw import draw_design
from causalmix_core.proxy.design.mixtures import Law, draw_mixtures
from causalmix_core.proxy.design.names import KINDS
from causalmix_core.proxy.design.picks import Picker
from causalmix_core.proxy.design.rows import covariate_windows, window_stock, windows_of
from causalmix_core.proxy.design.states import damaged, healthy
from causalmix_core.proxy.design.storage import read_design, write_design
from tests.proxy.design.pools import DOMAINS, HOSTILE, made_pool

SEQ = 32
NATURAL = np.full(3, 1 / 3)


def settings(**more):
    return Settings(DOMAINS, **{"examples": 60, "seq": SEQ, **more})


def drawn(pool, pools=None, runs: int = 4, **more):
    own = settings(**more)
    pools = pools or {"p000": healthy(DOMAINS)}
    mixtures = draw_mixtures(Law(), runs, DOMAINS, pools, NATURAL, 0)
    return draw_design(window_stock(pool, own), pool.pool_sha256, own, pools, mixtures, replicates=1)


def all_damaged(kind: str, quality: float = 0.0):
    return {"p000": {d: damaged(quality, kind) for d in DOMAINS}}


def test_windows_are_slices_of_the_stream_in_their_numbers(pool):
    design = drawn(pool).design
    for run in design.runs:
        windows = windows_of(run, design, pool)
        assert windows.shape == (60, SEQ + 1)
        found = dict.fromkeys(DOMAINS, 0)
        for name in DOMAINS:
            stream = np.asarray(pool.tokens(name))
            rows = (len(stream) - 1) // SEQ
            own = {stream[r * SEQ : r * SEQ + SEQ + 1].astype(np.int64).tobytes() for r in range(rows)}
            found[name] = sum(window.tobytes() in own for window in windows)
        assert found == run.counts


def test_mixtures_share_their_text_and_replicates_do_not(pool):
    design = drawn(pool).design
    rows = {run.id: {w.tobytes() for w in windows_of(run, design, pool)} for run in design.runs}
    first, second, again = design.runs[0], design.runs[1], design.runs[-1]
    common = sum(min(first.counts[d], second.counts[d]) for d in DOMAINS)
    assert len(rows[first.id] & rows[second.id]) == common
    original = next(run for run in design.runs if run.mixture == again.mixture and run.replicate == 0)
    assert again.replicate == 1
    assert again.counts == original.counts
    assert len(rows[again.id] & rows[original.id]) < 40


@pytest.mark.parametrize("kind", KINDS)
def test_stated_part_is_damaged(pool, kind: str):
    clean, hurt = drawn(pool).design, drawn(pool, all_damaged(kind, 0.4)).design
    run, other = clean.runs[0], hurt.runs[0]
    before, after = windows_of(run, clean, pool), windows_of(other, hurt, pool)
    changed = int((before != after).any(axis=1).sum())
    expected = sum(hurt.pools["p000"][d].damaged(n) for d, n in other.counts.items())
    assert expected - 12 <= changed <= expected


@pytest.mark.parametrize("kind", ["garble", "shuffle", "boiler"])
def test_damaged_windows_say_what_they_should(pool, kind: str):
    hurt = drawn(pool, all_damaged(kind)).design
    stock = window_stock(pool, hurt.settings)
    text = " ".join(stock.texts(windows_of(hurt.runs[0], hurt, pool)))
    clean = drawn(pool).design
    usual = " ".join(stock.texts(windows_of(clean.runs[0], clean, pool)))
    same_letters = sum(abs(text.count(c) - usual.count(c)) for c in "abcdefghij") / len(usual)
    assert {
        "garble": 0.005 < same_letters < 0.2,
        "shuffle": same_letters < 0.08,
        "boiler": same_letters > 0.05,
    }[kind]
    assert text != usual


def test_narrow_windows_are_of_one_stratum_or_two_neighbours(pool):
    hurt = drawn(pool, {"p000": {**healthy(DOMAINS), "code": damaged(0.0, "narrow")}}).design
    stock = window_stock(pool, hurt.settings)
    picks = Picker(stock, hurt.settings).domain(0, hurt.pools["p000"]["code"], "p000", 200, 1)
    texts = " ".join(stock.texts(stock.windows(picks)))
    # Document i is of stratum i modulo 4; numbers of three digits were cut by no window.
    numbers = [int(word) for word in texts.replace("<eos>", " ").split() if word.isdigit() and len(word) == 3]
    assert len(numbers) > 5
    assert np.count_nonzero(np.bincount([n % 4 for n in numbers])) <= 2


def test_covariate_windows_are_never_trained_on(pool):
    design = drawn(pool, runs=6).design
    trained = {w.tobytes() for run in design.runs for w in windows_of(run, design, pool)}
    for name in DOMAINS:
        windows = covariate_windows(design, pool, "p000", name)
        assert len(windows) == 64
        assert not {w.tobytes() for w in windows} & trained
    with pytest.raises(DesignError, match="no pool 'p9'"):
        covariate_windows(design, pool, "p9", "code")
    with pytest.raises(DesignError, match="no domain 'art'"):
        covariate_windows(design, pool, "p000", "art")


def test_covariate_windows_are_damaged_as_the_pool_is(pool):
    hurt = drawn(pool, all_damaged("dup")).design
    windows = covariate_windows(hurt, pool, "p000", HOSTILE)
    assert len({w.tobytes() for w in windows}) == 4


def test_the_same_call_writes_the_same_bytes(pool, tmp_path: Path):
    for place in ("one", "two"):
        draft = drawn(pool, all_damaged("garble", 0.5))
        write_design(draft.design, draft.rows, tmp_path / place)
    names = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file())
    assert len(names) == 1 + 5
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_stored_rows_give_the_same_windows_as_drawing_again(pool, tmp_path: Path):
    draft = drawn(pool, all_damaged("foreign", 0.5))
    stored = read_design(write_design(draft.design, draft.rows, tmp_path / "d").folder)
    for run, other in zip(draft.design.runs, stored.runs, strict=True):
        assert run == other
        assert (windows_of(run, draft.design, pool) == windows_of(other, stored, pool)).all()


def test_a_pool_built_elsewhere_gives_the_same_design_and_windows(pool, tmp_path: Path):
    other = made_pool(tmp_path / "elsewhere")
    here, there = drawn(pool, all_damaged("shuffle", 0.3)), drawn(other, all_damaged("shuffle", 0.3))
    assert here.design.sha256 == there.design.sha256
    digests = [
        hashlib.sha256(windows_of(d.design.runs[0], d.design, p).tobytes()).hexdigest()
        for d, p in ((here, pool), (there, other))
    ]
    assert digests[0] == digests[1]


def test_another_pool_is_refused(pool, tmp_path: Path):
    other = made_pool(tmp_path / "other", (250, 240, 200))
    design = drawn(pool).design
    with pytest.raises(DesignError, match="was drawn for the pool"):
        windows_of(design.runs[0], design, other)


def test_filters_and_tilts_read_the_windows_texts(pool):
    state = {"code": {"keep": {"by": "letters", "fraction": 0.3}}}
    from causalmix_core.proxy.design.states import parse_state

    stock = window_stock(pool, settings())
    kept = Picker(stock, settings()).available(0, parse_state(state, DOMAINS, "here")["code"])
    measured = stock.measured(0, "letters")
    left = np.setdiff1d(Picker(stock, settings()).available(0, healthy(DOMAINS)["code"]), kept)
    assert measured[kept].min() >= measured[left].max()
    assert (window_stock(pool, settings()).measured(0, "letters") == measured).all()


def test_too_long_runs_name_the_domain(pool):
    with pytest.raises(DesignError, match="is too small: a run asks for"):
        drawn(pool, examples=10_000)


def test_a_bank_makes_each_row_once_and_survives_a_torn_one(tmp_path: Path):
    asked: list[int] = []

    def make(rows):
        asked.extend(rows.tolist())
        return np.repeat(rows[:, None], 5, axis=1)

    bank = Bank(tmp_path, 0, "shuffle", 100, 4)
    assert bank.windows(np.array([7, 3, 7]), make)[:, 0].tolist() == [7, 3, 7]
    assert bank.windows(np.array([3, 9]), make)[:, 0].tolist() == [3, 9]
    assert asked == [3, 7, 9]
    # A writer that was killed after its window and before its mark: the row is made again.
    with (tmp_path / "00.shuffle.made").open("r+b") as marks:
        marks.seek(7)
        marks.write(b"\0")
    assert bank.windows(np.array([7]), make)[:, 0].tolist() == [7]
    assert asked == [3, 7, 9, 7]


def _fill(place: str) -> bytes:
    bank = Bank(Path(place), 0, "boiler", 3_000, 4)
    return bank.windows(np.arange(3_000), lambda rows: np.repeat(rows[:, None], 5, axis=1)).tobytes()


def test_two_processes_may_fill_one_bank(tmp_path: Path):
    with multiprocessing.get_context("spawn").Pool(2) as workers:
        one, two = workers.map(_fill, [str(tmp_path)] * 2)
    assert one == two == np.repeat(np.arange(3_000)[:, None], 5, axis=1).tobytes()


def test_a_pool_that_cannot_be_written_to_still_gives_windows(pool, tmp_path: Path):
    design = drawn(pool, all_damaged("shuffle")).design
    expected = windows_of(design.runs[0], design, pool)
    for folder in pool.folder.glob("windows-*"):
        shutil.rmtree(folder)
    # Root may write anywhere, so a file stands where the folder would be.
    blocked = pool.folder / f"windows-{SEQ}-{pool.pool_sha256[:12]}"
    blocked.write_bytes(b"")
    try:
        assert (windows_of(design.runs[0], design, pool) == expected).all()
    finally:
        blocked.unlink()
