"""Sizes on the command line: import, combine, fit for a target, transfer."""

from __future__ import annotations

import json

import numpy as np
import pytest

from causalmix_core.evidence import read_runs
from tests.shipped import STUDY

DOMAINS = ("web", "code", "math")


def sized_csv(params: str, seed: int, flip: float = 1.0, runs: int = 60) -> str:
    """Runs of one size; ``y_keeps`` follows the mixture alike at all sizes, ``y_turns`` times ``flip``."""
    rng = np.random.default_rng(seed)
    shares = np.random.default_rng(0).dirichlet(np.ones(3), size=runs).round(4)
    worth = np.log(shares + 0.1) @ np.array([0.2, 0.6, 0.1])
    noise = 0.01 * rng.normal(size=(2, runs))
    lines = ["params," + ",".join(f"share_{d}" for d in DOMAINS) + ",y_keeps,y_turns"]
    lines += [
        f"{params},{','.join(map(repr, row.tolist()))},{keep:.6f},{turn:.6f}"
        for row, keep, turn in zip(shares, worth + noise[0], flip * worth + noise[1], strict=True)
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two tables of one size each, and their combination."""
    from causalmix_core.cli.main import main

    folder = tmp_path_factory.mktemp("sizes")
    (folder / "small.csv").write_text(sized_csv("1M", 1))
    (folder / "large.csv").write_text(sized_csv("60M", 2, flip=-1.0))
    both = folder / "both.csv"
    assert main(["combine", str(folder / "small.csv"), str(folder / "large.csv"), "--out", str(both)]) == 0
    return both


@pytest.fixture(scope="module")
def target_fit(runs):
    from causalmix_core.cli.main import main

    out = runs.parent / "fit"
    words = ["fit", str(runs), "--outcome", "keeps", "--target-params", "120M", "--out", str(out)]
    assert main(words) == 0
    return out


def test_combined_runs_have_the_size_as_a_covariate(runs):
    table = read_runs(runs)
    assert (table.n_runs, table.covariate_columns) == (120, ("x_log10_params",))
    assert table.run_ids[0] == "small:run-00001"
    assert "120 runs of 2 tables" in table.description


def test_tables_of_other_domains_are_not_combined(mistake, runs, tmp_path):
    words = ["combine", runs, STUDY, "--out", tmp_path / "out.csv"]
    assert "do not have the same domains" in mistake(*words)
    assert "one of the files to read" in mistake("combine", runs, STUDY, "--out", runs)
    assert list(tmp_path.iterdir()) == []


def test_a_fit_for_a_target_says_how_far_it_lies(cli, runs, target_fit, tmp_path):
    config = json.loads((target_fit / "config.json").read_text())
    assert (config["target_params"], config["target_tokens"]) == (1.2e8, None)
    done = cli("effects", target_fit)
    assert "The target of 120M parameters lies a factor of 2 beyond the largest of the runs (60M)" in done.err
    assert cli("fit", runs, "--target-params", "2e7", "--out", tmp_path / "within").status == 0
    assert "beyond" not in cli("effects", tmp_path / "within").err


def test_without_a_target_the_average_size_is_named(cli, runs, tmp_path):
    done = cli("fit", runs, "--out", tmp_path / "fit")
    assert (
        "1M to 60M parameters; without a target, effects are for the runs' average, 7.75M parameters"
        in done.out
    )


def test_effects_and_decisions_are_for_the_target_unless_the_pool_says_otherwise(
    cli, runs, target_fit, tmp_path
):
    def size(*words):
        return json.loads(cli("effects", target_fit, *words, "--json").out)["pool"]["x_log10_params"]

    assert size() == pytest.approx(np.log10(1.2e8))
    assert size("--pool", "small:run-00001") == pytest.approx(np.log10(1.2e8))
    (tmp_path / "pool.json").write_text('{"x_log10_params": 6.5}')
    assert size("--pool", tmp_path / "pool.json") == 6.5
    (tmp_path / "empty.json").write_text("{}")
    assert size("--pool", tmp_path / "empty.json") == pytest.approx(np.log10(1.2e8))
    out = tmp_path / "mixture.json"
    assert cli("decide", target_fit, "--radius", "0.1", "--out", out).status == 0
    assert f"{np.log10(1.2e8):.6f}" in out.read_text()


def test_rows_are_foretold_at_the_target_unless_they_say_otherwise(cli, target_fit, tmp_path):
    rows = tmp_path / "rows.csv"

    def predicted(header, *lines):
        rows.write_text("\n".join([header, *lines]) + "\n")
        assert cli("predict", target_fit, rows, "--out", tmp_path / "out.csv").status == 0
        return (tmp_path / "out.csv").read_text().splitlines()[1:]

    bare = predicted("share_web,share_code,share_math", "0.2,0.5,0.3")
    assert bare == predicted("params,share_web,share_code,share_math", "120M,0.2,0.5,0.3")
    assert bare != predicted("params,share_web,share_code,share_math", "1M,0.2,0.5,0.3")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--target-tokens", "1e9"], "tokens does not vary over the runs"),
        (["--target-params", "0"], "is no size > 0"),
        (["--target-params", "1e9", "--no-covariates"], "covariates are switched off"),
    ],
)
def test_targets_that_cannot_be(mistake, runs, tmp_path, words, part):
    assert part in mistake("fit", runs, *words, "--out", tmp_path / "fit")
    assert not (tmp_path / "fit").exists()


def test_transfer_names_the_outcome_that_does_not(cli, runs):
    done = cli("transfer", runs)
    assert done.status == 0
    assert (
        "Fits on 1M parameters foretell 60M parameters: 1 of 2 outcomes transfer; not turns (rank" in done.out
    )
    rows = [line for line in done.out.splitlines() if line.startswith(("keeps", "turns", "mean"))]
    assert len(rows) == 3


def test_transfer_as_json_is_in_the_tables_direction(cli, runs):
    found = json.loads(cli("transfer", runs, "--outcome", "keeps", "--json").out)
    assert found["sizes"] == ["1M parameters", "60M parameters"]
    [outcome] = found["outcomes"]
    small, large = outcome["sizes"]
    assert outcome["verdict"] == "transfers"
    assert (small["same_order"], large["n_same"], large["n"]) == (None, 60, 60)
    assert large["same_order"] > 0.9
    table = read_runs(runs)
    assert large["observed"] == table.score("keeps")[60:].tolist()
    assert np.corrcoef(large["observed"], large["predicted"])[0, 1] > 0.95


def test_transfer_needs_two_sizes(mistake):
    assert "are all of one size" in mistake("transfer", STUDY)


def test_imported_tables_say_their_size(cli, real_data, tmp_path):
    folder = real_data / "regmix"
    words = [
        folder / "test_mixture_60m.csv",
        folder / "test_pile_loss_60m.csv",
        "--params",
        "60M",
        "--tokens",
        "1B",
    ]
    assert cli("import", "regmix", *words, "--out", tmp_path / "runs.csv").status == 0
    table = read_runs(tmp_path / "runs.csv")
    assert (table.provenance["params"][0], table.provenance["tokens"][0]) == ("60000000", "1000000000")
    assert table.covariates == ()
