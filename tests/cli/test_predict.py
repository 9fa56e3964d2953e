"""predict: one row per input row, in the table's own unit and direction."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from causalmix_core.effects.fit_directory import load_fit
from tests.shipped import STUDY, study


def predictions(cli, fit_dir, rows, tmp_path) -> list[dict[str, str]]:
    out = tmp_path / "predictions.csv"
    assert cli("predict", fit_dir, rows, "--out", out).status == 0
    return list(csv.DictReader(io.StringIO(out.read_text())))


def rewritten(tmp_path, change) -> object:
    """The study as a list of dictionaries, changed and written again."""
    rows = list(csv.DictReader(io.StringIO(STUDY.read_text())))
    rows = change(rows)
    path = tmp_path / "rows.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_rows_of_the_table_itself(cli, fit_dir, tmp_path):
    found = predictions(cli, fit_dir, STUDY, tmp_path)
    fit = load_fit(fit_dir)
    held = fit.predict(fit.table.shares, fit.table.states)
    assert [row["run_id"] for row in found] == list(fit.table.run_ids)
    assert [float(row["predicted_bpb_weighted"]) for row in found] == pytest.approx(
        (-held).tolist(), abs=1e-12
    )
    observed = [float(row["y_bpb_weighted"]) for row in csv.DictReader(io.StringIO(STUDY.read_text()))]
    assert np.corrcoef(observed, [float(row["predicted_bpb_weighted"]) for row in found])[0, 1] > 0.9


def test_order_of_rows_and_columns_is_the_files_own(cli, fit_dir, tmp_path):
    before = predictions(cli, fit_dir, STUDY, tmp_path)
    path = rewritten(
        tmp_path,
        lambda rows: [
            {key: row[key] for key in reversed(row) if key[:2] != "y_" and key != "run_id"}
            for row in reversed(rows)
        ],
    )
    after = predictions(cli, fit_dir, path, tmp_path)
    column = "predicted_bpb_weighted"
    assert [float(row[column]) for row in reversed(after)] == pytest.approx(
        [float(r[column]) for r in before]
    )
    assert [row["run_id"] for row in after[:2]] == ["row-1", "row-2"]


def test_a_single_row_and_percent(cli, fit_dir, tmp_path):
    def percent(rows):
        return [{k: float(v) * 100 if k.startswith("share_") else v for k, v in rows[5].items()}]

    one = predictions(cli, fit_dir, rewritten(tmp_path, percent), tmp_path)
    whole = predictions(cli, fit_dir, STUDY, tmp_path)
    assert len(one) == 1
    assert float(one[0]["predicted_bpb_weighted"]) == pytest.approx(float(whole[5]["predicted_bpb_weighted"]))


def test_a_fit_without_covariates_needs_shares_only(cli, tmp_path):
    cli("fit", STUDY, "--no-covariates", "--out", tmp_path / "fit")
    path = rewritten(
        tmp_path, lambda rows: [{k: v for k, v in row.items() if k.startswith("share_")} for row in rows]
    )
    assert len(predictions(cli, tmp_path / "fit", path, tmp_path)) == study().n_runs


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lambda row: {k: v for k, v in row.items() if k != "share_code"}, "share_code"),
        (lambda row: {k: v for k, v in row.items() if k != "x_code__hes"}, "x_code__hes"),
        (lambda row: row | {"share_poetry": "0.1"}, "share_poetry"),
        (lambda row: row | {"share_code": "a lot"}, "a lot"),
        (lambda row: row | {"share_code": "-0.2"}, "negative"),
        (lambda row: row | {"share_code": "7"}, "sum to"),
        (lambda row: row | {"x_code__hes": "nan"}, "x_code__hes"),
        (lambda row: {f"train_{k}": v for k, v in row.items()}, "import command"),
    ],
)
def test_rows_that_cannot_be_predicted(mistake, fit_dir, tmp_path, change, part):
    path = rewritten(tmp_path, lambda rows: [change(row) for row in rows])
    out = tmp_path / "predictions.csv"
    assert part in mistake("predict", fit_dir, path, "--out", out)
    assert not out.exists()


def test_the_input_is_not_overwritten(mistake, fit_dir, tmp_path):
    path = rewritten(tmp_path, lambda rows: rows)
    before = path.read_bytes()
    assert "one of the files to read" in mistake("predict", fit_dir, path, "--out", path)
    assert path.read_bytes() == before


def test_missing_rows_file(mistake, fit_dir, tmp_path):
    assert "absent.csv" in mistake("predict", fit_dir, tmp_path / "absent.csv", "--out", tmp_path / "out.csv")
