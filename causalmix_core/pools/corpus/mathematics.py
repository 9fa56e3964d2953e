"""The domain of mathematics: problems that a process of its own poses, and their answers."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.corpus import problems as generators
from causalmix_core.pools.corpus.wheels import REASONING_GYM
from causalmix_core.pools.document import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from causalmix_core.pools.building import Report

# Problems at scale 1, and what is asked of them at the default size of a domain.
MB_AT_SCALE_1 = 2.0
ANSWER_MARK = "\nAnswer: "


def problems(wheels: Path, report: Report, mb: float) -> Iterator[Draft]:
    """Questions and answers, the answer being the response; the stratum is the kind of problem.

    Raises
    ------
    PoolSourceError : what the generators need is not installed, or they fail.
    """
    missing = [name for name in generators.NEEDS if importlib.util.find_spec(name) is None]
    if missing:
        raise PoolSourceError(
            f"The domain math needs {' and '.join(missing)}: pip install 'causalmix[proxy]', and run it again."
        )
    scale = max(1.0, mb / MB_AT_SCALE_1)
    whole = sum(generators.how_many(task, scale) for task in generators.TASKS)
    for number, line in enumerate(_posed(wheels / REASONING_GYM.file, scale)):
        report(number / whole)
        task, question, answer = json.loads(line)
        prompt = f"Question: {question}{ANSWER_MARK}"
        yield Draft(f"{prompt}{answer}\n", len(prompt), task)


def _posed(wheel: Path, scale: float) -> Iterator[bytes]:
    # -P: the folder of the script is not a place to import from.
    command = [sys.executable, "-P", generators.__file__, str(wheel.absolute()), str(scale)]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said) as child,  # noqa: S603 - our own file
    ):
        try:
            yield from child.stdout or ()
        except BaseException:
            child.kill()
            raise
        if child.wait():
            said.seek(0)
            last = said.read().decode("utf-8", "replace").strip().splitlines()[-1:]
            raise PoolSourceError(
                f"The generators in {wheel.name} failed ({' '.join(last) or 'no word'}); "
                "check that sympy and PyYAML can be imported, and run it again."
            )
