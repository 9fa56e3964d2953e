"""Tiny language models from one shared base: seconds a run, so that hundreds fit in minutes.

Every run starts from the same weights, as all runs of the paper start from one checkpoint: from random
weights the mixture explains a fraction of what the start does. Runs differ by their windows only.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.errors import ProxyError
from causalmix_core.pools.model_hash import model_sha256
from causalmix_core.pools.tokenizer_folder import BASE_FOLDER, TOKENIZER_FOLDER
from causalmix_core.pools.tokens import tokenise
from causalmix_core.proxy.design.rows import windows_of
from causalmix_core.proxy.design.storage import parse_run, read_design
from causalmix_core.proxy.engine.study import open_study
from causalmix_core.proxy.training.architecture import CONTEXT, load_model
from causalmix_core.proxy.training.evaluate import HeldOut, bits_per_byte, spread_windows
from causalmix_core.proxy.training.job import Outcome, Reporter, Result
from causalmix_core.proxy.training.loop import LossIsNaN, train
from causalmix_core.proxy.training.schedule import Recipe
from causalmix_core.proxy.training.stacked import train_stacked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.pools.tokens import TokenisedPool
    from causalmix_core.proxy.training.job import Job

    Windows = NDArray[np.int64]

UNIT = "bits per byte"
STACK = 32  # models side by side on a graphics card


@dataclass(frozen=True)
class TinySettings:
    """Settings of tiny runs.

    Attributes
    ----------
    base : folder of the base model; "" is the pool's own. batch, peak, decay : see ``Recipe``.
    stack : models trained side by side; 0 is 1 on a CPU and ``STACK`` on a graphics card.
    """

    base: str = ""
    batch: int = 4
    peak: float = 4e-3
    decay: float = 0.1
    stack: int = 0


def read_settings(given: dict[str, Any]) -> TinySettings:
    """Settings from plain values.

    Raises
    ------
    ProxyError : an unknown one, or one that is not of its type or range.
    """
    default = TinySettings()
    unknown = sorted(set(given) - set(vars(default)))
    if unknown:
        raise ProxyError(f"Tiny runs have no setting {unknown[0]!r}; there are {', '.join(vars(default))}.")
    for name, value in given.items():
        wanted = type(getattr(default, name))
        fits = isinstance(value, wanted) or (wanted is float and isinstance(value, int))
        if not fits or isinstance(value, bool) or (name != "base" and not 0 <= value < math.inf):
            raise ProxyError(
                f"The setting {name} of tiny runs is {value!r}; its default is {getattr(default, name)!r}."
            )
    found = TinySettings(**given)
    if found.batch < 1 or found.peak <= 0.0:
        raise ProxyError(
            f"Tiny runs need a batch of 1 or more and a peak above 0, not {found.batch} and {found.peak}."
        )
    return found


class TinyTrainer:
    """Trains the tiny runs of one study; base, pool and held-out windows are loaded once.

    Parameters
    ----------
    study : its folder. given : the worker's settings.

    Raises
    ------
    ProxyError, PoolSourceError, DesignError : what is missing, by name.
    """

    def __init__(self, study: Path, given: dict[str, Any]) -> None:
        import torch

        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(mode=True, warn_only=True)
        self.settings = read_settings(given)
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._pool_dir = Path(open_study(study).launch.pool)
        self._design = read_design(study)
        self._pool = tokenise(self._pool_dir, self._pool_dir / TOKENIZER_FOLDER)
        base = Path(self.settings.base) if self.settings.base else self._pool_dir / BASE_FOLDER
        self._model = _base(base, self._pool).to(self._device)
        self._weights = {name: value.clone() for name, value in self._model.state_dict().items()}
        self._sha256 = model_sha256(base)
        self._held = held_out(self._pool)
        self._start = bits_per_byte(self._model, self._held)
        self.recipe = Recipe(self.settings.batch, self.settings.peak, self.settings.decay)
        self.stack = self.settings.stack or (STACK if self._device == "cuda" else 1)

    def __call__(self, job: Job) -> Result:
        """Train and measure one run."""
        windows = self._windows(job)
        self._model.load_state_dict(self._weights)
        train(self._model, windows, self.recipe, Reporter(job.folder, self._tokens_a_step))
        return self._measured(job, windows)

    def together(self, jobs: Sequence[Job]) -> list[Result | ProxyError]:
        """Train several runs side by side; for each its result, or why it has none."""
        import copy

        windows = [self._windows(job) for job in jobs]
        reporters = [Reporter(job.folder, self._tokens_a_step) for job in jobs]

        def told(step: int, steps: int, losses: list[float]) -> None:
            for reporter, loss in zip(reporters, losses, strict=True):
                reporter(step, steps, loss)

        self._model.load_state_dict(self._weights)
        stack, losses = train_stacked([copy.deepcopy(self._model) for _ in jobs], windows, self.recipe, told)
        found: list[Result | ProxyError] = []
        for which, (job, loss) in enumerate(zip(jobs, losses, strict=True)):
            if not math.isfinite(loss):
                found.append(LossIsNaN(f"The loss is {loss} at the last step: lower the learning rate."))
                continue
            stack.into(self._model, which)
            found.append(self._measured(job, windows[which]))
        return found

    @property
    def _tokens_a_step(self) -> int:
        return self.recipe.batch * self._design.settings.seq

    def _windows(self, job: Job) -> Windows:
        return windows_of(parse_run(job.run), self._design, self._pool, self._pool_dir / TOKENIZER_FOLDER)

    def _measured(self, job: Job, windows: Windows) -> Result:
        losses = bits_per_byte(self._model, self._held)
        if not all(map(math.isfinite, losses.values())):
            raise LossIsNaN("The trained model's held-out loss is no number: lower the learning rate.")
        steps = len(windows) // self.recipe.batch
        return Result(
            outcomes=outcomes_of(losses),
            tokens=steps * self._tokens_a_step,
            device=self._device,
            model_sha256=self._sha256,
            data_sha256=hashlib.sha256(windows.astype("<i8").tobytes()).hexdigest(),
            seed=int(job.run["order_seed"]),
            extra={"start": {f"bpb_{domain}": value for domain, value in self._start.items()}},
        )


def outcomes_of(losses: dict[str, float]) -> dict[str, Outcome]:
    """Held-out bits per byte of each domain, and their plain mean."""
    found = {f"bpb_{domain}": Outcome(value, False, UNIT) for domain, value in losses.items()}
    return {**found, "bpb_mean": Outcome(sum(losses.values()) / len(losses), False, UNIT)}


def held_out(pool: TokenisedPool, context: int = CONTEXT) -> HeldOut:
    """Windows of each domain's held-out text.

    Raises
    ------
    ProxyError : a domain has too little of it for one window.
    """
    windows, sizes = {}, {}
    for domain in pool.domains:
        tokens, count = pool.tokens(domain, "val"), pool.counts[domain, "val"]
        if len(tokens) <= context:
            raise ProxyError(
                f"The domain {domain} has {len(tokens)} held-out tokens; measuring needs more than {context}: add text."
            )
        windows[domain] = spread_windows(tokens, context)
        sizes[domain] = count.bytes / count.tokens
    return HeldOut(windows, sizes)


def _base(folder: Path, pool: TokenisedPool) -> Any:
    model = load_model(folder)
    if model.config.vocab_size < pool.vocabulary:
        raise ProxyError(
            f"The base model knows {model.config.vocab_size} tokens, the pool's tokenizer has {pool.vocabulary}: train "
            "a base for this pool (`corpus base`)."
        )
    return model
