"""A fine-tuning study of a tiny local checkpoint, from the plan to runs with task scores."""

import csv
import json
import shutil
from pathlib import Path

import pytest
import yaml

from causalmix_core.cli.main import main
from causalmix_core.errors import StudyError
from causalmix_core.evidence import read_runs
from causalmix_core.study.checkpoint import hold_checkpoint
from causalmix_core.study.place import StudyPlace
from causalmix_core.study.plan import read_plan
from tests.study import small_text

PLAN = Path(__file__).resolve().parents[2] / "docs" / "studies" / "sft.yaml"
WEIGHTS = {"sums": 0.6, "colours": 0.4}


def small_plan(pool):
    """The shipped plan cut down to a pool of two domains and seconds."""
    plain = yaml.safe_load(PLAN.read_bytes())
    plain |= {"name": "small", "text": {"sha256": pool.sha256}, "replicates": 2}
    plain["runs"] |= {
        "documents": 20, "set_aside": 8, "max_length": 96, "held_out": 4, "peak": 0.002, "tasks": {"gcd": 16, "lcm": 2},
    }  # fmt: skip
    plain["outcome"] |= {"tasks": {"gcd": 0.75, "lcm": 0.25}, "weights": WEIGHTS}
    plain["pools"] |= {"count": 2}
    plain["verification"] |= {
        "groups": {"ordinary": {"pools": 1}}, "methods": ["equal", "weights"], "orders": 1, "predictor": "constant",
    }  # fmt: skip
    plain["mixtures"] |= {"favoured": ["sums"], "fallback": ["colours"]}
    return plain


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Folder, the command's words, and its output: two pools by two mixtures and two repeats, really trained."""
    pytest.importorskip("trl", reason="fine-tuning needs the extra gpu")
    pytest.importorskip("reasoning_gym", reason="task scores need the extra tasks")
    folder = tmp_path_factory.mktemp("sft")
    pool = small_text.make_text(folder / "work" / "corpus")
    small_text.make_checkpoint(pool, folder / "checkpoint")
    (folder / "small.yaml").write_text(yaml.safe_dump(small_plan(pool)))
    words = ["study", "run", folder / "small.yaml", "--work", folder / "work", "--tables", folder / "tables"]
    words += ["--slots", "1xcpu"]
    assert main([*map(str, words), "--checkpoint", str(folder / "checkpoint")]) == 0
    return folder, [*map(str, words)]


def test_a_study_of_a_checkpoint_ends_in_a_runs_table_with_task_scores(made):
    folder, _ = made
    table = read_runs(folder / "tables" / "proxy_runs.csv")
    assert table.n_runs == 6
    assert table.default_outcome == "wrong_weighted"
    assert {"bpb_sums", "bpb_colours", "score_gcd", "wrong_weighted"} <= {o.name for o in table.outcomes}
    assert dict(zip(table.domains, table.natural, strict=True)) == pytest.approx(WEIGHTS)
    assert any(column.startswith("x_sums__") for column in table.covariate_columns)


def test_the_outcome_is_what_its_tasks_leave_unanswered(made):
    folder, _ = made
    start = json.loads((folder / "tables" / "made.json").read_bytes())["start"]["wrong_weighted"]
    rows = rows_of(folder / "tables" / "proxy_runs.csv")
    for row in rows:
        run = folder / "work" / "runs" / "study" / "runs" / row["run_id"] / "result.json"
        found = {name: one["value"] for name, one in json.loads(run.read_bytes())["outcomes"].items()}
        wrong = 0.75 * (1.0 - found["score_gcd"]) + 0.25 * (1.0 - found["score_lcm"])
        assert float(row["y_wrong_weighted"]) == pytest.approx(wrong)
        assert row["beats_start"] == ("1" if float(row["y_wrong_weighted"]) < start else "0")
    assert len({row["y_wrong_weighted"] for row in rows}) > 1


def test_the_same_command_finds_all_done_and_needs_no_checkpoint_again(made):
    folder, words = made
    before = {path.name: path.read_bytes() for path in (folder / "tables").iterdir()}
    assert main(words) == 0
    assert {path.name: path.read_bytes() for path in (folder / "tables").iterdir()} == before


def test_another_checkpoint_than_the_one_it_began_with_is_refused(made, capsys):
    folder, words = made
    other = folder / "other"
    shutil.copytree(folder / "checkpoint", other)
    config = json.loads((other / "config.json").read_bytes())
    (other / "config.json").write_text(json.dumps({**config, "bos_token_id": 1}))
    assert main([*words, "--checkpoint", str(other)]) == 2
    said = capsys.readouterr().err
    assert "another checkpoint" in said
    assert "--checkpoint" in said


def test_new_pools_are_scored_and_what_is_chosen_for_them_is_fine_tuned(made):
    folder, words = made
    assert main(["study", "verify", *words[2:], "--only", "main"]) == 0
    rows = rows_of(folder / "tables" / "verification.csv")
    assert [row["method"] for row in rows] == ["equal", "weights"]
    assert all(0.0 <= float(row["y_wrong_weighted"]) <= 1.0 for row in rows)
    assert [row["share_sums"] for row in rows] == ["0.5", "0.6"]


def test_a_study_without_a_checkpoint_says_how_to_name_one(made, tmp_path):
    folder, _ = made
    place = StudyPlace(tmp_path / "work", tmp_path / "tables")
    with pytest.raises(StudyError, match=r"small start from a checkpoint.*--checkpoint DIR"):
        hold_checkpoint(read_plan(str(folder / "small.yaml")), place, None, None)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
