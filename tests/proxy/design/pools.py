"""A small pool of made text with a tokenizer of its own, and stocks of numbers alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from causalmix_core.pools.building import DomainJob, build_pool
from causalmix_core.pools.document import Draft
from causalmix_core.pools.tokens import TokenisedPool, tokenise
from causalmix_core.proxy.design.picks import CLEAN, set_aside

HOSTILE = "../../etc/<b>%{x}\u202e'"
DOMAINS = ("code", HOSTILE, "größe")
WORDS = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "zeta",
    "eta",
    "theta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "omicron",
    "pi",
    "rho",
    "sigma",
]


def drafts(domain: int, documents: int):
    """Documents of 20 to 60 words in four strata; every third has a prompt."""

    def make(_broken, _report):
        for i in range(documents):
            rng = np.random.default_rng([domain, i])
            words = [f"{WORDS[w]}{domain}" for w in rng.integers(len(WORDS), size=rng.integers(20, 60))]
            text = f"document {i} " + " ".join(words)
            yield Draft(text, 11 if i % 3 == 0 else None, f"s{i % 4}")

    return make


def made_pool(folder: Path, documents: tuple[int, ...] = (300, 240, 200)) -> TokenisedPool:
    """The pool in ``folder``, tokenised by bytes."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    jobs = [
        DomainJob(name, "made", "CC0-1.0", f"{k:064x}", drafts(k, documents[k]), 1.0, None)
        for k, name in enumerate(DOMAINS)
    ]
    build_pool(folder, "made", jobs)
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    inner.train_from_iterator(
        WORDS,
        trainers.BpeTrainer(
            vocab_size=300,
            special_tokens=["<eos>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        ),
    )
    (folder / "tokenizer").mkdir()
    inner.save(str(folder / "tokenizer" / "tokenizer.json"))
    return tokenise(folder, folder / "tokenizer")


@dataclass(frozen=True)
class NumberStock:
    """Rows without text: enough to draw from. ``measured`` is the row's own number."""

    sizes: tuple[int, ...]
    most_aside: int = 8

    def aside(self, domain: int):
        return set_aside(self.sizes[domain], domain, self.most_aside)

    def sorted_rows(self, domain: int):
        rows = np.setdiff1d(np.arange(self.sizes[domain]), self.aside(domain))
        return np.column_stack([rows, np.full(len(rows), CLEAN)])

    def measured(self, domain: int, measure: str):
        return np.arange(self.sizes[domain], dtype=float)
