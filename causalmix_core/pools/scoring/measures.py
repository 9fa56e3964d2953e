"""All that is measured of a text, under the names that covariates have."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.model_hash import model_sha256
from causalmix_core.pools.scoring.causal import open_causal
from causalmix_core.pools.scoring.device import pick_device
from causalmix_core.pools.scoring.encoding import Limits
from causalmix_core.pools.scoring.rater import open_rater
from causalmix_core.pools.scoring.surface import surface

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from causalmix_core.pools.document import Document
    from causalmix_core.pools.scoring.causal import CausalScorer
    from causalmix_core.pools.scoring.encoding import Encoded
    from causalmix_core.pools.scoring.rater import Rater

    Columns = dict[str, NDArray[np.float64]]

# Of the surface, and of a causal model. The first two of the latter are what PROXY studies are fitted on.
SURFACE = ("type_token_ratio", "style_surface")
BY_MODEL = ("normalized_loss", "bits_per_byte", "hes", "hes_rate")
SIZES = ("tokens", "response_tokens")


@dataclass(frozen=True)
class Models:
    """What to score with.

    Attributes
    ----------
    causal, rater : folders; None for none.
    limits : most tokens of a document.
    dtype : "float32" or "bfloat16"; None: what suits the device.
    """

    causal: Path | None
    rater: Path | None = None
    limits: Limits = Limits()  # noqa: RUF009 - frozen itself
    dtype: str | None = None

    def precision(self) -> str | None:
        """The floating-point type that models are run in here; None where there is no model."""
        if self.causal is None and self.rater is None:
            return None
        return pick_device(0, self.dtype).dtype

    def hashes(self) -> dict[str, str | None]:
        """Hashes of both models.

        Raises
        ------
        PoolSourceError : a folder does not exist.
        """
        found: dict[str, str | None] = {}
        for name, folder in (("model_sha256", self.causal), ("rater_sha256", self.rater)):
            if folder is not None and not folder.is_dir():
                raise PoolSourceError(f"{folder} is no folder; name one that holds a model.")
            found[name] = None if folder is None else model_sha256(folder)
        return found


@dataclass(frozen=True, eq=False)
class Measurer:
    """Open models that measure texts."""

    causal: CausalScorer | None
    rater: Rater | None

    @property
    def names(self) -> tuple[str, ...]:
        """What :meth:`measure` gives."""
        heads = () if self.rater is None else self.rater.heads
        return (*(() if self.causal is None else (*BY_MODEL, *SIZES)), *SURFACE, *heads)

    def measure(
        self,
        documents: Sequence[Document],
        encoded: Sequence[Encoded] | None = None,
        tick: Callable[[float], None] | None = None,
    ) -> Columns:
        """Name -> (n,) values; NaN where a text has no tokens.

        Parameters
        ----------
        encoded : the documents as tokens of the causal model, where they are known; else they are made.
        tick : given the part (0..1) of the work done so far.
        """
        surfaces = np.array([surface(document.text) for document in documents]).reshape(-1, 2)
        found: Columns = {}
        steps = (self.causal is not None) + (self.rater is not None)
        if self.causal is not None:
            texts = self.causal.encoder.encode(documents) if encoded is None else encoded
            ticker = _ticker(tick, sum(len(text.ids) for text in texts), 0.0, 1.0 / steps)
            scores = self.causal.score(texts, ticker)
            for name in (*BY_MODEL, *SIZES):
                found[name] = np.array([getattr(score, name) for score in scores], dtype=np.float64)
        found |= dict(zip(SURFACE, surfaces.T.copy(), strict=True))
        if self.rater is not None:
            bytes_about = sum(len(document.text) for document in documents) / 4.0
            ticker = _ticker(tick, bytes_about, (steps - 1.0) / steps, 1.0 / steps)
            ratings = self.rater.rate([document.text for document in documents], ticker)
            found |= dict(zip(self.rater.heads, ratings.T.copy(), strict=True))
        return found


def _ticker(
    tick: Callable[[float], None] | None, total: float, before: float, part: float
) -> Callable[[int], None] | None:
    """Tokens done one after the other -> part of the work done."""
    if tick is None:
        return None
    done = 0.0

    def count(tokens: int) -> None:
        nonlocal done
        done += tokens
        tick(before + part * min(1.0, done / max(total, 1.0)))

    return count


def open_measurer(models: Models, worker: int = 0) -> Measurer:
    """Load the models, each worker on its own device where there are several.

    Raises
    ------
    PoolSourceError : a model or its tokenizer cannot be used, or a rater's head has the name of another measure.
    """
    if models.causal is None and models.rater is None:
        return Measurer(None, None)
    device = pick_device(worker, models.dtype)
    causal = None if models.causal is None else open_causal(models.causal, device, models.limits)
    rater = None if models.rater is None else open_rater(models.rater, device)
    taken = {*BY_MODEL, *SIZES, *SURFACE, "duplicate_rate", "documents", "mean_length"}
    for head in () if rater is None else rater.heads:
        if head in taken:
            raise PoolSourceError(
                f"The rater in {models.rater} has a head {head!r}, which is the name of another measure; name it "
                "differently in id2label of its config.json."
            )
    return Measurer(causal, rater)


def mean_and_sd(values: NDArray[np.float64]) -> tuple[float, float]:
    """Mean and standard deviation (n - 1; 0 for one value) of the values that are numbers; NaN for none."""
    known = values[np.isfinite(values)]
    if not len(known):
        return math.nan, math.nan
    return float(known.mean()), float(known.std(ddof=1)) if len(known) > 1 else 0.0
