"""``pool score``: what is printed, written and refused."""

import json

import pytest

from causalmix_core.cli.main import main
from causalmix_core.proxy.design.storage import read_design
from tests.proxy.design.pools import DOMAINS, made_pool


@pytest.fixture(scope="module")
def pool_dir(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli") / "pool"
    made_pool(folder)
    return folder


def score(*words) -> int:
    return main(["pool", "score", *map(str, words)])


def test_a_pool_without_a_model(pool_dir, tmp_path, capsys):
    out = tmp_path / "scores"
    assert score(pool_dir, "--model", "none", "--sample", 40, "--pooled", "--out", out) == 0
    told = capsys.readouterr().out
    assert "style surface" in told
    assert "scored" in told
    state = json.loads((out / "state.json").read_bytes())
    assert set(state) == {
        f"x_{where}{name}"
        for where in ("", *(f"{domain}__" for domain in DOMAINS))
        for name in ("type_token_ratio", "style_surface", "duplicate_rate")
    }
    before = (out / "state.json").read_bytes()
    assert score(pool_dir, "--model", "none", "--sample", 40, "--pooled", "--json", "--out", out) == 0
    assert json.loads(capsys.readouterr().out)["code"]["scored"] == 40
    assert (out / "state.json").read_bytes() == before


def test_shards_say_what_is_left(pool_dir, tmp_path, capsys):
    out = tmp_path / "scores"
    assert score(pool_dir, "--model", "none", "--shard", "0/2", "--out", out) == 0
    assert "2 of 4 blocks are scored" in capsys.readouterr().out
    assert not (out / "state.json").exists()
    assert (
        score(pool_dir, "--model", "none", "--shard", "1/2", "--covariates", "documents", "--out", out) == 0
    )
    assert json.loads((out / "state.json").read_bytes())["x_code__documents"] == 300


def test_the_pools_of_a_design_and_their_scale(pool_dir, tmp_path, capsys):
    design, scale = tmp_path / "design", tmp_path / "scale.json"
    words = ["--pools", 3, "--runs", 1, "--windows", 6, "--seq", 32, "--set-aside", 12, "--max-epochs", 50]
    assert main(["design", str(pool_dir), *map(str, words), "--out", str(design)]) == 0
    capsys.readouterr()
    asked = ["--model", "none", "--design", design, "--out", tmp_path / "s"]
    assert score(pool_dir, *asked) == 0
    assert "3 pools, " in capsys.readouterr().out
    raw = json.loads((tmp_path / "s" / "states.json").read_bytes())
    assert list(raw) == sorted(read_design(design).pools)
    assert score(pool_dir, *asked, "--fit-scaling", scale) == 0
    scaled = json.loads((tmp_path / "s" / "states.json").read_bytes())
    for column in raw["p000"]:
        values = [scaled[pool][column] for pool in scaled]
        assert (min(values), max(values)) in ((0.0, 1.0), (0.0, 0.0))
    windows = ["--model", "none", "--windows", 32, "--sample", 12, "--out", tmp_path / "w"]
    assert score(pool_dir, *windows, "--scaling", scale) == 0
    assert set(json.loads((tmp_path / "w" / "state.json").read_bytes())) == set(raw["p000"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "has no model of its own yet; make one with 'corpus base"),
        (["--model", "nowhere"], "nowhere is no folder"),
        (["--model", "none", "--covariates", "hes"], "'hes' was not measured; choose among"),
        (["--model", "none", "--windows", 32, "--shard", "0/2"], "--shard is for documents"),
        (["--model", "none", "--fit-scaling", "f.json"], "--fit-scaling needs the pools of a --design"),
        (["--model", "none", "--shard", "2/2"], "'2/2' is no part such as 0/4"),
        (["--model", "none", "--sample", "0"], "'0' is not a whole number of at least 1"),
    ],
)
def test_mistakes(words, said, pool_dir, tmp_path, capsys):
    assert score(pool_dir, *words, "--out", tmp_path / "s") == 2
    assert said in capsys.readouterr().err
