"""validate: summary, findings, JSON."""

from __future__ import annotations

import csv
import json

import pytest

from tests.shipped import POOLS, STUDY, study


def test_the_shipped_study_is_valid(cli):
    done = cli("validate", STUDY)
    assert done.status == 0
    assert f"{study().n_runs} runs on {len(POOLS)} pools, 7 domains, 42 covariates, 9 outcomes" in done.out
    assert done.err == ""


def test_json_of_a_valid_table(cli):
    found = json.loads(cli("validate", STUDY, "--json").out)
    assert found["valid"] is True
    assert found["table"]["n_runs"] == study().n_runs
    assert found["table"]["default_outcome"] == "bpb_weighted"
    assert {"name": "bpb_code", "higher_is_better": False, "unit": "bits per byte"} in found["table"][
        "outcomes"
    ]
    assert {c["column"]: c["role"] for c in found["columns"]}["x_code__hes"] == "covariate"


@pytest.fixture
def with_a_hole(tmp_path):
    header, *rows = csv.reader(STUDY.read_text().splitlines())
    rows[2][header.index("y_bpb_weighted")] = ""
    path = tmp_path / "hole.csv"
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return path


def test_a_hole_is_refused_and_can_be_dropped(cli, mistake, with_a_hole):
    assert "Row 3, column y_bpb_weighted is empty" in mistake("validate", with_a_hole)
    done = cli("validate", with_a_hole, "--drop-incomplete")
    assert done.status == 0
    assert f"{study().n_runs - 1} runs" in done.out


def test_json_of_a_table_that_cannot_be_used(cli, with_a_hole):
    done = cli("validate", with_a_hole, "--json")
    found = json.loads(done.out)
    assert done.status == 2
    assert done.err.startswith("causalmix: Row 3, column y_bpb_weighted is empty")
    assert found["valid"] is False
    assert found["table"] is None
    issue = found["issues"][0]
    assert (issue["severity"], issue["row"], issue["column"]) == ("error", 3, "y_bpb_weighted")


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00 program", "program"),
        (b"a,b\n1,2\n", "share"),
        (b"\xff\xfea\x00", "UTF-16"),
    ],
)
def test_what_is_no_runs_table(mistake, tmp_path, content, part):
    path = tmp_path / "runs.csv"
    path.write_bytes(content)
    assert part in mistake("validate", path)


def test_a_folder_is_no_table(mistake, tmp_path):
    assert str(tmp_path) in mistake("validate", tmp_path)
