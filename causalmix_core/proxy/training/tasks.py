"""Verifiable task scores: reasoning-gym's questions, answered by the model and marked by its own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MISSING = "Task scores need reasoning-gym: pip install 'causalmix[tasks]'."
SEED = 20_000  # questions that no training corpus holds: the default corpus is made with seed 0
NEW_TOKENS = 64


def task_scores(model: Any, tokenizer: Any, tasks: Mapping[str, int]) -> dict[str, float]:
    """Task -> mean score 0..1 over its questions, answered greedily.

    Raises
    ------
    ProxyError : reasoning-gym is not installed, or knows no such task.
    """
    if not tasks:
        return {}
    try:
        import reasoning_gym
    except ImportError as problem:
        raise ProxyError(MISSING) from problem
    found = {}
    for name, count in tasks.items():
        try:
            questions = reasoning_gym.create_dataset(name, size=int(count), seed=SEED)
        except (ValueError, TypeError) as problem:
            raise ProxyError(f"There is no task {name!r} with {count!r} questions: {problem}") from problem
        found[name] = mean_mark(questions, lambda question: _answer(model, tokenizer, question))
    return found


def mean_mark(questions: Any, answer: Callable[[str], str]) -> float:
    """Mean mark 0..1 of the answers to a data set of reasoning-gym, by its own rules."""
    marks = [questions.score_answer(answer(entry["question"]), entry) for entry in questions]
    return float(sum(marks) / len(marks))


def _answer(model: Any, tokenizer: Any, question: str) -> str:
    import torch

    prompt = f"Question: {question}\nAnswer:"
    given = tokenizer(prompt, return_tensors="pt", add_special_tokens=False).to(
        next(model.parameters()).device
    )
    with torch.no_grad():
        said = model.generate(
            **given, max_new_tokens=NEW_TOKENS, do_sample=False, pad_token_id=tokenizer.pad_token_id
        )
    text: str = tokenizer.decode(said[0, given.input_ids.shape[1] :], skip_special_tokens=True)
    return text.strip().split("\n")[0].strip()
