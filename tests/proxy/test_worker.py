"""Workers: tiny runs from a shared base, commands, failures that stay with their run."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.training.base import make_base
from causalmix_core.proxy.training.command import filled, read_outcomes
from causalmix_core.proxy.training.job import failure_kind, read_job
from causalmix_core.proxy.training.tiny import TinyTrainer, read_settings
from causalmix_core.proxy.training.worker import train_runs

SPEC = importlib.util.spec_from_file_location("small_lab", Path(__file__).with_name("small_lab.py"))
lab = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(lab)


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    return lab.make_pool(tmp_path_factory.mktemp("lab"))


@pytest.fixture(scope="module")
def design(pool, tmp_path_factory):
    return lab.make_design(pool, tmp_path_factory.mktemp("design") / "d")


def results(folders):
    return [json.loads((folder / "result.json").read_bytes()) for folder in folders]


def train(folders):
    said = []
    return train_runs(folders, said.append), said


@pytest.fixture(scope="module")
def trained(pool, design, tmp_path_factory):
    folders = lab.make_study(pool, design, tmp_path_factory.mktemp("study") / "s")
    assert train(folders)[0] == 0
    return folders


def test_tiny_runs_leave_outcomes_and_where_they_came_from(trained, pool, design):
    found = results(trained)
    text = {run.id: run.rows_sha256 for run in design.runs}
    assert [one["run"] for one in found] == [run.id for run in design.runs]
    for one in found:
        names = {f"bpb_{domain}" for domain in pool.domains} | {"bpb_mean"}
        assert set(one["outcomes"]) == names
        assert all(
            not o["higher_is_better"] and o["unit"] == "bits per byte" for o in one["outcomes"].values()
        )
        values = [one["outcomes"][f"bpb_{domain}"]["value"] for domain in pool.domains]
        assert one["outcomes"]["bpb_mean"]["value"] == pytest.approx(sum(values) / 3)
        assert one["tokens"] == 16 * 256
        assert len(one["model_sha256"]) == len(one["data_sha256"]) == 64
        assert one["versions"]["torch"]
        assert one["start"]["bpb_counting"] > 0.0
    assert len({one["model_sha256"] for one in found}) == 1
    assert len({(one["data_sha256"], text[one["run"]]) for one in found}) == len(set(text.values()))


def test_more_of_a_domain_helps_that_domain_most(trained, design, pool):
    first, last = results(trained)[0], design.runs[0].mixture
    gains = {d: first["start"][f"bpb_{d}"] - first["outcomes"][f"bpb_{d}"]["value"] for d in pool.domains}
    assert max(gains, key=gains.get) == max(last, key=last.get)


def test_progress_is_written_line_by_line(trained):
    lines = [json.loads(line) for line in (trained[0] / "progress.jsonl").read_text().splitlines()]
    assert lines[-1]["step"] == lines[-1]["steps"] == 4
    assert lines[-1]["tokens"] == 16 * 256
    assert lines[-1]["loss"] > 0.0


def test_a_run_repeats_to_the_byte_and_what_is_done_is_passed_over(trained, pool, design, tmp_path):
    before = [(folder / "result.json").read_bytes() for folder in trained]
    assert train(trained) == (0, [])
    assert [(folder / "result.json").read_bytes() for folder in trained] == before
    again = lab.make_study(pool, design, tmp_path / "again")[1:2]
    train(again)
    mine, theirs = results(again)[0], results(trained[1:2])[0]
    assert mine["outcomes"] == theirs["outcomes"]
    assert mine["data_sha256"] == theirs["data_sha256"]


def test_runs_side_by_side_end_where_single_ones_do(trained, pool, design, tmp_path):
    folders = lab.make_study(pool, design, tmp_path / "s", settings={"stack": 3})
    assert train(folders)[0] == 0
    for mine, theirs in zip(results(folders), results(trained), strict=True):
        for name, outcome in theirs["outcomes"].items():
            assert mine["outcomes"][name]["value"] == pytest.approx(outcome["value"], rel=1e-4)
        assert mine["data_sha256"] == theirs["data_sha256"]


def test_a_loss_that_blows_up_fails_its_run_and_says_so(pool, design, tmp_path):
    folders = lab.make_study(pool, design, tmp_path / "s", settings={"peak": 1e20})
    failed, said = train(folders[:2])
    assert failed == len(said) == 2
    reason = json.loads((folders[0] / "failure.json").read_bytes())
    assert reason["kind"] == "nan"
    assert "lower the learning rate" in reason["reason"]
    assert not (folders[0] / "result.json").exists()


def test_one_broken_job_does_not_stop_the_others(pool, design, tmp_path):
    folders = lab.make_study(pool, design, tmp_path / "s")
    (folders[0] / "job.json").write_text("{")
    failed, _ = train(folders[:2])
    assert failed == 1
    assert json.loads((folders[0] / "failure.json").read_bytes())["kind"] == "input"
    assert (folders[1] / "result.json").exists()


def test_a_command_gets_the_documents_and_leaves_outcomes(pool, tmp_path):
    design = lab.make_design(pool, tmp_path / "d", windows=12, unit="documents")
    script = tmp_path / "trainer.py"
    script.write_text(
        "import json, sys\n"
        "rows = [json.loads(line) for line in open(sys.argv[1])]\n"
        "json.dump({'results': {'toy': {'acc,none': len(rows) / 100, 'acc_stderr,none': 0.1, 'alias': 'toy'}}},"
        " open('lm_eval.json', 'w'))\n"
    )
    settings = {"command": [sys.executable, str(script), "{data}"], "result": "lm_eval.json"}
    folders = lab.make_study(pool, design, tmp_path / "s", "command", settings)
    assert train(folders)[0] == 0
    found = results(folders)[0]
    assert found["outcomes"] == {"toy_acc": {"value": 0.12, "higher_is_better": True, "unit": ""}}
    assert found["tokens"] > 12 * 60
    assert found["command"][0] == sys.executable
    domains = [json.loads(line)["domain"] for line in (folders[0] / "data.jsonl").read_text().splitlines()]
    assert {d: domains.count(d) for d in pool.domains} == design.runs[0].counts


def test_a_command_that_fails_leaves_its_last_words(pool, design, tmp_path):
    settings = {"command": [sys.executable, "-c", "import sys; sys.exit('no such GPU')"]}
    folders = lab.make_study(pool, design, tmp_path / "s", "command", settings)
    assert train(folders[:1])[0] == 1
    reason = json.loads((folders[0] / "failure.json").read_bytes())
    assert reason["kind"] == "command"
    assert "ended with status 1: no such GPU" in reason["reason"]


def test_placeholders_stay_one_word_each():
    words = filled("train --data {data} --note 'run {run}'", {"data": "/a b;rm -rf c", "run": "r1"})
    assert words == ["train", "--data", "/a b;rm -rf c", "--note", "run r1"]
    with pytest.raises(ProxyError, match="placeholder that is not known"):
        filled("train {dta}", {"data": "x"})
    with pytest.raises(ProxyError, match="give one line or a list"):
        filled(None, {})


def test_outcomes_of_a_command(tmp_path):
    path = tmp_path / "o.json"
    path.write_text('{"eval_loss": 2.5, "score": 0.4, "note": "x"}')
    found = read_outcomes(path, {})
    assert {name: o.higher_is_better for name, o in found.items()} == {"eval_loss": False, "score": True}
    assert read_outcomes(path, {"score": "lower"})["score"].higher_is_better is False
    with pytest.raises(ProxyError, match="write higher or lower"):
        read_outcomes(path, {"score": "up"})
    for content in ("{}", "[1]", "nonsense", '{"a": NaN}'):
        path.write_text(content)
        with pytest.raises(ProxyError, match=r"o\.json"):
            read_outcomes(path, {})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"lr": 1.0}, "no setting 'lr'"),
        ({"batch": 0}, "batch of 1"),
        ({"peak": "x"}, "peak"),
        ({"stack": -1}, "stack"),
    ],
)
def test_settings_of_tiny_runs_are_read_strictly(given, message):
    with pytest.raises(ProxyError, match=message):
        read_settings(given)


def test_a_base_is_made_once_and_not_for_another_wish(pool):
    about = make_base(pool.folder, tokens=20_480)
    assert about["size"] == "0.1M"
    with pytest.raises(ProxyError, match="another tokens"):
        make_base(pool.folder, tokens=40_960)


def test_a_study_without_base_says_so(pool, design, tmp_path):
    folders = lab.make_study(pool, design, tmp_path / "s", settings={"base": str(tmp_path / "none")})
    with pytest.raises(ProxyError, match="holds no base model"):
        TinyTrainer(read_job(folders[0]).study, read_job(folders[0]).settings)


def test_what_kind_of_failure():
    assert failure_kind(OSError(28, "No space left on device")) == "disk full"
    assert failure_kind(RuntimeError("CUDA out of memory. Tried to allocate")) == "out of memory"
    assert failure_kind(MemoryError()) == "out of memory"
    assert failure_kind(ProxyError("x")) == "input"
    assert failure_kind(RuntimeError("odd")) == "other"
