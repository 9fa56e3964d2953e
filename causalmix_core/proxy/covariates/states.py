"""States of pools: covariates of every domain, from the text that no run trains on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.pools.scoring.means import DomainScores, state_of
from causalmix_core.pools.scoring.measures import mean_and_sd, open_measurer
from causalmix_core.pools.tokenizer_folder import TOKENIZER_FOLDER
from causalmix_core.pools.tokens import tokenise
from causalmix_core.proxy.covariates.kept_scores import open_kept
from causalmix_core.proxy.covariates.texts import texts_of
from causalmix_core.proxy.design.picks import CLEAN, Picker
from causalmix_core.proxy.design.rows import check_pool, document_stock, window_stock
from causalmix_core.proxy.design.window_stock import WindowStock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from causalmix_core.pools.pool import Pool
    from causalmix_core.pools.scoring.measures import Measurer, Models
    from causalmix_core.proxy.covariates.kept_scores import KeptScores
    from causalmix_core.proxy.covariates.texts import Text
    from causalmix_core.proxy.design.design import Design
    from causalmix_core.proxy.design.document_stock import DocumentStock

    Rows = NDArray[np.int64]
    Progress = Callable[[float, str], None]
    Stock = WindowStock | DocumentStock

POOL = "pool"  # id of a pool that no design speaks of
_AT_ONCE = 512  # texts scored between two looks at the clock
_BATCHES_KEPT = 8  # after so many of them what was scored is written to disk


@dataclass(frozen=True)
class ScoredStates:
    """Scores of the pools of a design.

    Attributes
    ----------
    pools : pool id -> scores of its domains.
    texts : different texts that describe them. made : of those, scored now and not before.
    """

    pools: Mapping[str, tuple[DomainScores, ...]]
    texts: int
    made: int

    def states(
        self, asked: Sequence[str] | None = None, *, pooled: bool = False
    ) -> dict[str, dict[str, float]]:
        """Pool id -> covariate column -> value, as ``proxy launch --states`` and ``decide --pool`` take it."""
        return {pool: state_of(scores, asked, pooled=pooled) for pool, scores in self.pools.items()}


def score_design(
    design: Design,
    pool: Pool,
    models: Models,
    tokenizer_dir: Path | None = None,
    progress: Progress | None = None,
) -> ScoredStates:
    """Score every pool of a design by the windows or documents set aside for it, damaged as the pool is.

    Parameters
    ----------
    tokenizer_dir : what windows are cut by; None: ``POOL_DIR/tokenizer``.

    Raises
    ------
    DesignError : another pool of text, or a domain with nothing set aside. PoolSourceError : a model cannot be used.
    """
    check_pool(design, pool.sha256)
    stock: Stock
    if design.settings.unit == "windows":
        place = tokenizer_dir or pool.folder / TOKENIZER_FOLDER
        stock = window_stock(tokenise(pool.folder, place, progress), design.settings, place)
    else:
        stock = document_stock(pool, design.settings)
    picker = Picker(stock, design.settings)
    picks = {
        (pool_id, k): picker.covariates(state[name], pool_id, k)
        for pool_id, state in design.pools.items()
        for k, name in enumerate(design.settings.domains)
    }
    return _score(stock, pool, picks, models, progress)


def score_windows(
    pool: Pool,
    models: Models,
    seq: int,
    most: int,
    tokenizer_dir: Path | None = None,
    progress: Progress | None = None,
) -> ScoredStates:
    """Score a pool as it is by windows like those of a design, under the id ``pool``.

    A state that is to go into a fit of runs on windows has to be of windows: covariates depend on length.

    Parameters
    ----------
    seq : tokens a window predicts. most : windows of each domain, at most; a tenth of a small domain.

    Raises
    ------
    DesignError : a domain has fewer than 10 windows. PoolSourceError : a model cannot be used.
    """
    place = tokenizer_dir or pool.folder / TOKENIZER_FOLDER
    stock = WindowStock(tokenise(pool.folder, place, progress), seq, most, place)
    picks = {}
    for k, name in enumerate(pool.domains):
        rows = stock.aside(k)
        if not len(rows):
            raise DesignError(
                f"The domain {name!r} has {stock.sizes[k]} windows of {seq} tokens; it needs 10 or more to be scored."
            )
        picks[POOL, k] = np.column_stack([np.full_like(rows, k), rows, np.full_like(rows, CLEAN)])
    return _score(stock, pool, picks, models, progress)


def _score(
    stock: Stock,
    pool: Pool,
    picks: Mapping[tuple[str, int], Rows],
    models: Models,
    progress: Progress | None,
) -> ScoredStates:
    measurer = open_measurer(models)
    kept = open_kept(pool.folder, _made_by(models), (*measurer.names, "mean_length"))
    keys: dict[tuple[int, ...], bytes] = {}
    waiting: dict[bytes, Text] = {}
    made, every = 0, np.concatenate(list(picks.values()))
    different = len(np.unique(every, axis=0))
    for pick, text in texts_of(stock, every):
        keys[pick] = text.key
        if text.key not in kept:
            waiting[text.key] = text
        if len(waiting) == _AT_ONCE or (waiting and len(keys) == different):
            _measure(list(waiting.values()), measurer, stock, kept)
            made, waiting = made + len(waiting), {}
            if made % (_BATCHES_KEPT * _AT_ONCE) == 0:
                kept.keep()
            if progress is not None:
                progress(0.999 * len(keys) / different, "scoring what describes the pools")
    if made:
        kept.keep()
    sizes = stock.sizes
    scores: dict[str, list[DomainScores]] = {}
    for (pool_id, k), own in picks.items():
        found = [keys[pick] for pick in map(tuple, own.tolist())]
        scores.setdefault(pool_id, []).append(_domain(pool.domains[k], sizes[k], found, kept))
    return ScoredStates({name: tuple(found) for name, found in scores.items()}, len(set(keys.values())), made)


def _made_by(models: Models) -> dict[str, object]:
    return {
        **models.hashes(),
        "loss": models.limits.loss,
        "entropy": models.limits.entropy,
        "dtype": models.precision(),
    }


def _measure(texts: list[Text], measurer: Measurer, stock: Stock, kept: KeptScores) -> None:
    """Score texts and put them among the kept ones."""
    sha256 = stock.pool.tokenizer_sha256 if isinstance(stock, WindowStock) else None
    encoded = None
    if measurer.causal is not None:
        encoded = [text.encoded(measurer.causal.encoder, sha256) for text in texts]
    columns = measurer.measure([text.document for text in texts], encoded)
    sizes = [float(len(text.document.text.encode("utf-8", "surrogatepass"))) for text in texts]
    for i, text in enumerate(texts):
        kept.add(text.key, np.array([*(columns[name][i] for name in measurer.names), sizes[i]]))


def _domain(domain: str, size: int, keys: list[bytes], kept: KeptScores) -> DomainScores:
    values = np.array([kept[key] for key in keys])
    pairs = [mean_and_sd(values[:, j]) for j in range(len(kept.names))]
    means = {name: mean for name, (mean, _) in zip(kept.names, pairs, strict=True)}
    deviations = {name: sd for name, (_, sd) in zip(kept.names, pairs, strict=True)}
    means["duplicate_rate"] = 1.0 - len(set(keys)) / len(keys)
    return DomainScores(domain, size, len(keys), means, deviations)
