"""The base that all tiny runs of a pool start from: the same architecture, trained on equal shares.

Windows that designs set aside to describe pools are no part of its training.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.errors import ProxyError
from causalmix_core.files import write_atomically
from causalmix_core.pools.model_hash import model_sha256
from causalmix_core.pools.tokenizer_folder import BASE_FOLDER, TOKENIZER_FOLDER
from causalmix_core.pools.tokens import tokenise
from causalmix_core.proxy.design.design import SET_ASIDE
from causalmix_core.proxy.design.picks import set_aside
from causalmix_core.proxy.training.architecture import CONTEXT, load_model, new_model, save_model
from causalmix_core.proxy.training.evaluate import bits_per_byte
from causalmix_core.proxy.training.loop import train
from causalmix_core.proxy.training.schedule import Recipe
from causalmix_core.proxy.training.tiny import held_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from causalmix_core.pools.tokens import TokenisedPool

    Progress = Callable[[float, str], None]

ABOUT = "base.json"
TOKENS = 200_000  # early enough that most runs still improve on it
PEAK = 6e-3


def make_base(
    pool_dir: Path,
    size: str = "0.1M",
    tokens: int = TOKENS,
    seed: int = 0,
    progress: Progress | None = None,
    out: Path | None = None,
) -> dict[str, Any]:
    """Train the base of a pool, on a graphics card where there is one, or find it done; what it is and how well it does.

    Parameters
    ----------
    size : see ``architecture.SIZES``. tokens : to train on, at least one batch. seed : of weights and windows.
    out : folder of the model, None: POOL_DIR/base. Another one is for a scorer, or a start of another size.

    Raises
    ------
    ProxyError : no such size, too few tokens, or another base is there already.
    """
    import torch

    torch.set_num_threads(1)
    pool = tokenise(pool_dir, pool_dir / TOKENIZER_FOLDER)
    asked = {
        "size": size, "tokens": tokens, "seed": seed, "context": CONTEXT,
        "pool_sha256": pool.pool_sha256, "tokenizer_sha256": pool.tokenizer_sha256,
    }  # fmt: skip
    folder = out or pool_dir / BASE_FOLDER
    if folder.is_dir():
        return _known(folder, asked)
    model = new_model(size, pool.vocabulary, seed).to("cuda" if torch.cuda.is_available() else "cpu")
    told = (
        None
        if progress is None
        else lambda step, steps, loss: progress(step / steps, f"base: loss {loss:.2f}")
    )
    train(model, equal_windows(pool, tokens // CONTEXT, seed), Recipe(peak=PEAK), told)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".base-") as scratch:
        place = Path(scratch) / BASE_FOLDER
        save_model(model, place)
        shutil.copy2(pool_dir / TOKENIZER_FOLDER / "tokenizer.json", place)
        about = {
            **asked,
            "sha256": model_sha256(place),
            "bits_per_byte": bits_per_byte(model, held_out(pool)),
        }
        write_atomically(place / ABOUT, (json.dumps(about, indent=1, sort_keys=True) + "\n").encode())
        place.rename(folder)
    return about


def equal_windows(pool: TokenisedPool, count: int, seed: int) -> NDArray[np.int64]:
    """(count, CONTEXT + 1) windows in random order, domains in turn, none that designs set aside.

    A domain's windows come in random order, again where it has fewer than its part.

    Raises
    ------
    ProxyError : a domain is shorter than one window.
    """
    rng = np.random.default_rng(seed)
    windows = np.empty((count, CONTEXT + 1), dtype=np.int64)
    for k, domain in enumerate(pool.domains):
        stream, places = pool.tokens(domain), np.arange(k, count, len(pool.domains))
        rows = max(0, len(stream) - 1) // CONTEXT
        if not rows:
            raise ProxyError(f"The domain {domain} is shorter than one window.")
        free = rng.permutation(np.setdiff1d(np.arange(rows), set_aside(rows, k, SET_ASIDE)))
        at = np.resize(free, len(places))[:, None] * CONTEXT + np.arange(CONTEXT + 1)
        windows[places] = stream[at]
    shuffled: NDArray[np.int64] = rng.permutation(windows)
    return shuffled


def _known(folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        about: dict[str, Any] = json.loads((folder / ABOUT).read_bytes())
    except (OSError, ValueError) as problem:
        raise ProxyError(
            f"{folder} is not a base that was made here: {problem}. Remove it first."
        ) from problem
    differs = [name for name, value in asked.items() if about.get(name) != value]
    if differs:
        raise ProxyError(
            f"{folder} holds a base with another {differs[0]} ({about.get(differs[0])}); runs that start from it would "
            "change their start. Remove the folder to make a new one."
        )
    if about.get("sha256") != model_sha256(folder):
        raise ProxyError(f"{folder} was changed after it was trained. Remove it to make it again.")
    load_model(folder)
    return about
