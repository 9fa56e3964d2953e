"""The study's own order of text in the report: how much of what was promised too much was its luck."""

from __future__ import annotations

import csv
import json
from statistics import mean

import pytest

from causalmix_core.errors import StudyError
from causalmix_core.study.report.writing import build_report
from tests.study.report_tables import LUCK, write_tables


def said_of(folder) -> str:
    out = folder / "STUDY.md"
    return " ".join(build_report(folder, out)[out].decode().split())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("own-order")
    write_tables(place, later=("verification", "own order"))
    return place


def mean_gain(path, method, group=None) -> float:
    """Mean over pools of the gain over the anchor, mbpb."""
    losses: dict[tuple[str, str], list[float]] = {}
    with path.open() as file:
        for row in csv.DictReader(file):
            if group in (None, row["group"]):
                losses.setdefault((row["pool_id"], row["method"]), []).append(float(row["y_bpb_weighted"]))
    pools = {pool for pool, _ in losses}
    return mean(1_000 * (mean(losses[p, "weights"]) - mean(losses[p, method])) for p in pools)


def test_gains_in_the_own_order_stand_beside_those_in_new_ones(folder):
    here = mean_gain(folder / "own_order.csv", "recommended-0.4", "ordinary")
    new = mean_gain(folder / "verification.csv", "recommended-0.4", "ordinary")
    assert here - new == pytest.approx(LUCK, abs=3.0)
    words = said_of(folder)
    row = words.split("### In the study's own order of text")[1].split("| ordinary | `recommended-0.4` |")[1]
    cells = [cell.strip() for cell in row.split("|")][:5]
    assert cells[1].startswith(f"+{here:.1f} (")
    assert cells[2].startswith(f"+{new:.1f} (")
    assert cells[3].startswith(f"+{here - new:.1f} (")
    assert cells[4] == "more in its own order"


def test_the_share_of_the_miss_that_is_luck_is_told_by_group(folder):
    pools = json.loads((folder / "predictions.json").read_bytes())["pools"].values()
    for group in ("ordinary", "unseen damage"):
        choices = [
            pool["choices"]["recommended-0.4"]["own"]["gain"] for pool in pools if pool["group"] == group
        ]
        foretold = 1_000 * mean(choices)
        here, new = (
            mean_gain(folder / f"{name}.csv", "recommended-0.4", group)
            for name in ("own_order", "verification")
        )
        assert foretold > new
        share = min(1.0, max(0.0, (here - new) / (foretold - new)))
        assert f"{100 * share:.0f} % on {group} pools" in said_of(folder)


def test_without_these_runs_nothing_is_said_of_them(tmp_path):
    write_tables(tmp_path, later=("verification",))
    assert "own order of text" not in said_of(tmp_path)


def test_rows_of_other_predictions_are_refused(tmp_path):
    write_tables(tmp_path, later=("verification", "own order"))
    path = tmp_path / "own_order.csv"
    sha = json.loads((tmp_path / "predictions.json").read_bytes())["sha256"]
    path.write_text(path.read_text().replace(sha, "8" * 64))
    with pytest.raises(StudyError, match=r"own_order\.csv, row 2 names the predictions 888888888888"):
        said_of(tmp_path)
