"""The design command: what it writes and says, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from causalmix_core.proxy.design.rows import windows_of
from causalmix_core.proxy.design.storage import read_design
from tests.proxy.design.pools import DOMAINS, HOSTILE, made_pool

SMALL = ("--runs", 6, "--windows", 40, "--seq", 32)


@pytest.fixture(scope="module")
def tokens(tmp_path_factory):
    return made_pool(tmp_path_factory.mktemp("cli") / "made")


@pytest.fixture
def pool_dir(tokens) -> Path:
    return tokens.folder.parent.parent


def test_a_design_is_written_and_summed_up(cli, pool_dir: Path, tmp_path: Path, tokens):
    words = ("--pools", 3, "--replicates", 2, "--speed", "1000", "--slots", 2, "--out", tmp_path / "d")
    said = cli("design", pool_dir, *SMALL, *words)
    assert said.status == 0, said.err
    design = read_design(tmp_path / "d")
    lines = said.out.splitlines()
    assert lines[0] == (
        f"{tmp_path / 'd'}: 8 runs of 40 windows of 32 tokens on 3 pools, 2 of them repeats in another order of text."
    )
    assert lines[1] == "8 runs random: Dirichlet with concentration 1; density known for 8."
    assert lines[-2] == (
        "Cost: 10,240 tokens, 6.69e+09 FLOP with 108,864 parameters; 5 s at 1,000 tokens a second on each of 2 slots."
    )
    assert lines[-1] == f"design {design.sha256}"
    assert sum(line.startswith(tuple(DOMAINS)) for line in lines) == 3
    assert windows_of(design.runs[-1], design, tokens).shape == (40, 33)


def test_the_same_words_write_the_same_bytes(cli, pool_dir: Path, tmp_path: Path):
    for name in ("a", "b"):
        assert (
            cli("design", pool_dir, *SMALL, "--pools", 2, "--seed", 7, "--out", tmp_path / name).status == 0
        )
    for file in sorted((tmp_path / "a").rglob("*")):
        if file.is_file():
            assert file.read_bytes() == (tmp_path / "b" / file.relative_to(tmp_path / "a")).read_bytes()


def test_random_and_chosen_runs_take_turns(cli, pool_dir: Path, tmp_path: Path):
    words = ("--sampler", "dirichlet,chosen", "--favoured", "code", "--fallback", HOSTILE, "--pools", 3)
    assert cli("design", pool_dir, *SMALL, *words, "--out", tmp_path / "d").status == 0
    runs = read_design(tmp_path / "d").runs
    assert [run.assignment.kind for run in runs] == ["random"] * 3 + ["chosen"] * 3
    assert runs[-1].assignment.law.endswith(f"; favoured code; fallback {HOSTILE}")
    assert runs[0].pool == runs[3].pool


def test_a_plan_is_made_on_the_pools_of_an_earlier_design(cli, pool_dir: Path, tmp_path: Path):
    first, second = tmp_path / "first", tmp_path / "second"
    assert cli("design", pool_dir, *SMALL, "--pools", 2, "--seed", 3, "--out", first).status == 0
    plan = tmp_path / "plan.csv"
    header = ",".join(f"share_{domain}" for domain in DOMAINS)
    plan.write_text(f"pool_id,repeats,{header}\np001,2,0.5,0.25,0.25\n", encoding="utf-8")
    said = cli("design", pool_dir, "--from", plan, "--like", first, "--prefix", "n", "--out", second)
    assert said.status == 0, said.err
    old, new = read_design(first), read_design(second)
    assert (new.pools, new.settings) == (old.pools, old.settings)
    assert [(run.id, run.pool, run.replicate) for run in new.runs] == [
        ("n0000", "p001", 0),
        ("n0001", "p001", 1),
    ]
    assert new.runs[0].order_seed == old.runs[0].order_seed
    assert list(new.runs[0].counts.values()) == [20, 10, 10]


def test_a_design_is_extended_and_keeps_its_runs(cli, mistake, pool_dir: Path, tmp_path: Path):
    first, second = tmp_path / "first", tmp_path / "second"
    assert cli("design", pool_dir, *SMALL, "--pools", 2, "--replicates", 1, "--out", first).status == 0
    assert "give another seed" in mistake("design", pool_dir, "--extend", first, "--out", second)
    said = cli("design", pool_dir, "--extend", first, "--runs", 3, "--seed", 1, "--out", second)
    assert said.status == 0, said.err
    old, new = read_design(first), read_design(second)
    assert new.runs[:7] == old.runs
    assert [run.id for run in new.runs[7:]] == ["r0007", "r0008", "r0009"]
    assert new.pools == old.pools
    for run in old.runs:
        name = f"rows/{run.id}.npz"
        assert (first / name).read_bytes() == (second / name).read_bytes()
    assert {run.order_seed for run in new.runs[7:]} == {old.runs[0].order_seed}


def test_states_may_be_given(cli, pool_dir: Path, tmp_path: Path):
    states = tmp_path / "states.json"
    states.write_text(json.dumps({"bad": {"code": {"quality": 0.0, "damage": "dup"}}}), encoding="utf-8")
    assert cli("design", pool_dir, *SMALL, "--states", states, "--out", tmp_path / "d").status == 0
    assert read_design(tmp_path / "d").pools["bad"]["code"].damage == "dup"


def test_json_says_hash_and_cost(cli, pool_dir: Path, tmp_path: Path):
    said = cli("design", pool_dir, *SMALL, "--params", "1M", "--json", "--out", tmp_path / "d")
    told = json.loads(said.out)
    assert told["design"] == read_design(tmp_path / "d").sha256
    assert told["cost"] == {
        "runs": 6, "tokens": 7680, "flop": 6e6 * 7680, "hours": None, "params": 1e6, "tokens_per_second": None,
    }  # fmt: skip


def test_documents_are_counted_where_asked(cli, pool_dir: Path, tmp_path: Path):
    said = cli("design", pool_dir, "--runs", 4, "--documents", 30, "--out", tmp_path / "d")
    assert "4 runs of 30 documents on 1 pool" in said.out
    assert "Cost" not in said.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--windows", 100_000), "is too small: a run asks for"),
        (("--min-share", 0.4), "less than 0.333333"),
        (("--sampler", "magic"), "no sampler 'magic'"),
        (("--kinds", "rot=1"), "no damage 'rot'"),
        (("--runs", 0), "at least 1"),
        (("--prefix", "../x"), "letters"),
        (("--fallback", "nowhere"), "no domain 'nowhere'"),
        (("--from", "/nowhere.csv"), "is no file"),
        (("--like", "/nowhere"), "does not exist"),
        (("--states", "/nowhere.json"), "does not exist"),
        (("--speed", "/nowhere"), "no finished run"),
        (("--sampler", "centroid", "--runs", 9), "has 7 mixtures, not 9"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(mistake, pool_dir: Path, tmp_path: Path, words, said: str):
    assert said in mistake("design", pool_dir, *SMALL, *words, "--out", tmp_path / "d")
    assert not (tmp_path / "d").exists()


def test_a_pool_that_is_none_is_refused(mistake, tmp_path: Path):
    assert str(tmp_path) in mistake("design", tmp_path, "--out", tmp_path / "d")


def test_runs_around_an_anchor_in_several_orders(cli, pool_dir: Path, tmp_path: Path):
    centre = dict(zip(DOMAINS, (0.5, 0.3, 0.2), strict=True))
    (tmp_path / "anchor.json").write_text(json.dumps(centre))
    words = (
        "--sampler",
        "around",
        "--centre",
        tmp_path / "anchor.json",
        "--sharpness",
        1000,
        "--orders",
        2,
        "--pools",
        3,
    )
    said = cli("design", pool_dir, *SMALL, *words, "--out", tmp_path / "d")
    assert said.status == 0, said.err
    design = read_design(tmp_path / "d")
    for run in design.runs:
        assert run.mixture == pytest.approx(centre, abs=0.1)
        assert run.assignment.log_density is not None
    assert len({run.order_seed for run in design.runs}) == 2
    assert len({(run.pool, run.order_seed) for run in design.runs}) == 3


def test_a_centre_that_is_no_mixture_is_refused(cli, pool_dir: Path, tmp_path: Path):
    (tmp_path / "anchor.json").write_text(json.dumps({DOMAINS[0]: "much"}))
    words = ("--sampler", "around", "--centre", tmp_path / "anchor.json", "--out", tmp_path / "d")
    said = cli("design", pool_dir, *SMALL, *words)
    assert said.status == 2
    assert f"the share of {DOMAINS[0]} is" in said.err
