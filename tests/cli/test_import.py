"""import: the published tables become runs tables, and predictions of them hold."""

from __future__ import annotations

import csv
import io
import json

import pytest
from scipy.stats import spearmanr

WEB_LOSS = "pile_cc_loss"


@pytest.fixture
def regmix(cli, real_data, tmp_path):
    """Import one of RegMix's pairs; the path of its runs table."""

    def run(part: str):
        folder, out = real_data / "regmix", tmp_path / f"{part}.csv"
        mixtures, losses = (
            folder / f"{part.replace('_', '_mixture_')}.csv",
            folder / f"{part.replace('_', '_pile_loss_')}.csv",
        )
        done = cli("import", "regmix", mixtures, losses, "--out", out)
        assert done.status == 0
        return out

    return run


def test_regmix_becomes_a_table_with_its_sidecar(cli, regmix, tmp_path):
    out = regmix("train_1m")
    assert (tmp_path / "train_1m.meta.json").is_file()
    done = cli("validate", out)
    assert done.status == 0
    assert "512 runs, 17 domains, 0 covariates, 13 outcomes" in done.out
    assert [line for line in done.out.splitlines() if line.startswith("warning")] == []


@pytest.mark.parametrize(("outcome", "least_1m", "least_60m"), [(WEB_LOSS, 0.97, 0.96), ("mean", 0.93, 0.91)])
def test_predictions_of_unseen_mixtures_are_ranked_right(cli, regmix, tmp_path, outcome, least_1m, least_60m):
    assert cli("fit", regmix("train_1m"), "--outcome", outcome, "--out", tmp_path / "fit").status == 0
    for part, least in (("test_1m", least_1m), ("test_60m", least_60m)):
        out = tmp_path / "predictions.csv"
        rows = regmix(part)
        assert cli("predict", tmp_path / "fit", rows, "--out", out).status == 0
        predicted = [
            float(row[f"predicted_{outcome}"]) for row in csv.DictReader(io.StringIO(out.read_text()))
        ]
        table = list(csv.DictReader(io.StringIO(rows.read_text())))
        columns = [c for c in table[0] if c.startswith("y_")] if outcome == "mean" else [f"y_{outcome}"]
        # "mean" is the mean of the outcomes held so that higher is better; these are all losses.
        sign = -1.0 if outcome == "mean" else 1.0
        observed = [sign * sum(float(row[c]) for c in columns) / len(columns) for row in table]
        assert len(predicted) == 256
        assert spearmanr(observed, predicted).statistic >= least


def test_olmix_with_and_without_priors(cli, real_data, tmp_path):
    folder, out = real_data / "olmix", tmp_path / "runs.csv"
    pair = [folder / "dclm_ratios.csv", folder / "dclm_metrics.csv"]
    assert cli("import", "olmix", *pair, "--out", out).status == 0
    assert json.loads((tmp_path / "runs.meta.json").read_text())["natural"] is None
    priors = ["--priors", folder / "priors_token_counts.csv"]
    assert cli("import", "olmix", *pair, *priors, "--out", out).status == 0
    natural = json.loads((tmp_path / "runs.meta.json").read_text())["natural"]
    assert sum(natural.values()) == pytest.approx(1.0)


def test_swapped_files_are_refused(mistake, real_data, tmp_path):
    folder = real_data / "regmix"
    words = [folder / "train_pile_loss_1m.csv", folder / "train_mixture_1m.csv"]
    mistake("import", "regmix", *words, "--out", tmp_path / "runs.csv")
    assert list(tmp_path.iterdir()) == []


def test_a_source_is_not_overwritten(mistake, tmp_path):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("x\n1\n")
    words = ["import", "regmix", tmp_path / "a.csv", tmp_path / "b.csv", "--out", tmp_path / "a.csv"]
    assert "one of the files to read" in mistake(*words)


def test_absent_files(mistake, tmp_path):
    words = [tmp_path / "a.csv", tmp_path / "b.csv", "--out", tmp_path / "runs.csv"]
    assert "a.csv" in mistake("import", "olmix", *words)
