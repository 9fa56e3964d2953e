"""decide with objectives, weights, floors and futures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.cli.main import main
from causalmix_core.delivery.document import read_document
from causalmix_core.evidence import write_runs
from causalmix_core.evidence.table import Outcome
from tests.shipped import POOLS

AT = ("--radius", "0.15", "--anchor", "equal")


@pytest.fixture
def decided(cli, fit_dir, tmp_path):
    def run(*words):
        out = tmp_path / "m.json"
        done = cli("decide", fit_dir, *AT, *words, "--out", out)
        assert done.status == 0, done.err
        return read_document(out.read_bytes()), done.out

    return run


def test_the_verdict_comes_first(decided):
    document, out = decided()
    assert out.startswith(
        "Recommended: at this pool the 90 % interval of the gain over the reference lies above 0."
    )
    assert document["verdict"]["kind"] == "recommend"
    assert document["policy"]["objective"] == "mean_gain"
    assert "outcomes" not in document


def test_what_is_wanted_is_reached_with_less_change(decided):
    most, _ = decided()
    wanted = most["estimate"]["gain"] / 2.0
    document, out = decided("--objective", "least_change", "--wanted", wanted)
    assert document["estimate"]["gain"] == pytest.approx(wanted)
    assert document["distance_to_reference"]["tv"] < 0.1
    assert document["policy"]["wanted"] == wanted
    assert "asked for: the least change for a gain of +" in out


def test_a_gain_that_is_not_worth_having_keeps_the_anchor(decided):
    document, out = decided("--level", "0.999", "--radius", "0.001", "--worth", "9")
    assert document["verdict"]["kind"] == "keep"
    assert document["verdict"]["worth"] == 9.0
    assert "the least worth having" in out


def test_the_lower_bound_is_no_lower_than_that_of_the_highest_gain(decided):
    mean, _ = decided("--level", "0.99")
    sure, _ = decided("--level", "0.99", "--objective", "lower_bound")
    assert sure["estimate"]["interval"][0] >= mean["estimate"]["interval"][0]
    assert sure["estimate"]["gain"] <= mean["estimate"]["gain"]


def test_one_mixture_for_several_pools(decided):
    document, out = decided("--objective", "maximin", "--future", POOLS[3], "--future", POOLS[4])
    assert len(document["futures"]) == 2
    assert [line.split()[0] for line in out.splitlines() if line.startswith(("this pool", *POOLS))] == [
        "this",
        *POOLS[3:5],
    ]


@pytest.fixture(scope="module")
def two_outcomes(tmp_path_factory):
    """A small table with a second outcome that wants the opposite, fitted on its first."""
    made = make_world(3, 2, own=False, confounding=0.5, seed=2).table(128, 0)
    other = -made.scores[:, 0] + 0.1 * np.random.default_rng(0).normal(size=128)
    outcomes = (*made.outcomes, Outcome("other", True, ""))
    folder = tmp_path_factory.mktemp("two")
    runs = write_runs(
        replace(made, outcomes=outcomes, scores=np.column_stack([made.scores, other])), folder / "runs"
    )
    assert (
        main(["fit", str(runs), "--outcome", "score", "--no-covariates", "--out", str(folder / "fit")]) == 0
    )
    return folder / "fit"


def test_weights_and_floors_of_outcomes(cli, two_outcomes, tmp_path):
    out, scenario = tmp_path / "m.json", tmp_path / "s.json"
    words = ["--radius", "0.2", "--outcome-weights", "score=3,other=-1", "--floor", "other>=-0.02"]
    done = cli("decide", two_outcomes, *words, "--save-scenario", scenario, "--out", out)
    assert done.status == 0, done.err
    document = read_document(out.read_bytes())
    assert document["estimate"]["outcome"] == "0.75 score - 0.25 other"
    assert document["policy"]["outcome_weights"] == {"score": 0.75, "other": -0.25}
    first, second = document["outcomes"]
    assert (first["outcome"], first["floor"]) == ("score", None)
    assert (second["outcome"], second["floor"]) == ("other", {"least": -0.02, "sure": False})
    assert first["gain"] > 0.0 > second["gain"] >= -0.02
    assert "Of 2 outcomes at the 90 % level:" in done.out
    again = cli("decide", two_outcomes, "--scenario", scenario, "--out", tmp_path / "again.json")
    assert again.status == 0, again.err
    assert read_document((tmp_path / "again.json").read_bytes())["mixture"] == document["mixture"]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--objective", "least_change"], "needs a wanted gain"),
        (["--objective", "least_change", "--wanted", "9"], "out of reach"),
        (["--wanted", "1"], "means nothing for mean_gain"),
        (["--future", POOLS[3]], "maximin alone"),
        (["--floor", "poetry"], "'poetry'"),
        (["--floor", "bpb_code>=much"], "'much'"),
        (["--floor", "bpb_code", "--floor", "bpb_code>=0"], "two floors"),
        (["--outcome-weights", "poetry=1"], "'poetry'"),
        (["--outcome-weights", "bpb_code=0"], "All outcome weights are 0"),
        (["--outcome-weights", "absent.json"], "absent.json"),
    ],
)
def test_what_cannot_be_asked_for_is_named(mistake, fit_dir, tmp_path, words, part):
    assert part in mistake("decide", fit_dir, *AT, *words, "--out", tmp_path / "m.json")
