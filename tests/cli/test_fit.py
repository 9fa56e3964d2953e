"""fit: folders, settings, progress."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

from tests.cli.running import ROOT, process
from tests.shipped import STUDY, study


def test_the_folder_holds_table_settings_and_no_pickle(fit_dir):
    assert json.loads((fit_dir / "config.json").read_text())["outcome"] == "bpb_weighted"
    for path in fit_dir.iterdir():
        assert not path.read_bytes().startswith(b"\x80")


def test_default_outcome_and_printed_lines(cli, tmp_path):
    done = cli("fit", STUDY, "--out", tmp_path / "fit")
    assert done.status == 0
    assert (
        f"bpb_weighted (bits per byte, sign turned so that higher is better) of {study().n_runs} runs"
        in done.out
    )
    assert done.err == ""


def test_settings_reach_the_fit(cli, tmp_path):
    out = tmp_path / "fit"
    words = [
        "--outcome",
        "mean",
        "--no-covariates",
        "--no-orthogonalisation",
        "--seed",
        "3",
        "--epsilon",
        "0.01",
    ]
    assert cli("fit", STUDY, *words, "--folds", "4", "--out", out).status == 0
    config = json.loads((out / "config.json").read_text())
    assert config == {
        "outcome": "mean", "estimator": "recommended", "covariates": False, "orthogonalise": False,
        "epsilon": 0.01, "folds": 4, "seed": 3, "trees": config["trees"],
        "target_params": None, "target_tokens": None,
    }  # fmt: skip


def test_fitting_again_gives_the_same_bytes(cli, tmp_path, fit_dir):
    assert cli("fit", STUDY, "--outcome", "bpb_weighted", "--out", tmp_path / "again").status == 0
    for path in (tmp_path / "again").iterdir():
        assert path.read_bytes() == (fit_dir / path.name).read_bytes()


def test_an_older_fit_is_replaced(cli, tmp_path):
    out = tmp_path / "fit"
    cli("fit", STUDY, "--outcome", "bpb_code", "--out", out)
    assert cli("fit", STUDY, "--outcome", "bpb_math", "--out", out).status == 0
    assert json.loads(cli("effects", out, "--json").out)["outcome"] == "bpb_math"


def test_a_folder_of_other_things_is_left_alone(mistake, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    assert "not a fit" in mistake("fit", STUDY, "--out", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_folder(mistake, tmp_path):
    (tmp_path / "file").write_text("")
    assert "is a file" in mistake("fit", STUDY, "--out", tmp_path / "file")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--outcome", "iq"], "no outcome 'iq'"),
        (["--epsilon", "0"], "epsilon"),
        (["--folds", "1"], "folds"),
    ],
)
def test_settings_that_cannot_be(mistake, tmp_path, words, part):
    assert part in mistake("fit", STUDY, *words, "--out", tmp_path / "fit")
    assert not (tmp_path / "fit").exists()


def test_progress_is_silent_in_a_log_unless_asked_for(tmp_path):
    assert process("fit", STUDY, "--out", tmp_path / "a").stderr == ""
    lines = process("fit", STUDY, "--out", tmp_path / "b", "--progress").stderr.splitlines()
    assert len(lines) >= 2
    assert lines[-1].startswith("100 %  done  ")


def test_progress_rewrites_one_line_on_a_terminal(tmp_path):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "causalmix_core", "fit", str(STUDY), "--out", str(tmp_path / "fit")]
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=theirs, timeout=60, check=False
    )
    os.close(theirs)
    shown = os.read(ours, 65536)
    os.close(ours)
    assert done.returncode == 0
    assert b"\r  0 %  " in shown
    assert b"\n" not in shown
