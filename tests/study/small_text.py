"""A small pool of two domains, sums with their answers and colours, in the working folder of a study."""

import json
import shutil

import numpy as np

from causalmix_core.pools.corpus.tokenizer import train_tokenizer
from causalmix_core.pools.sources.read import read_pool
from causalmix_core.pools.sources.spec import Fields, spec_of_pairs
from causalmix_core.proxy.training.base import make_base

COLOURS = ["red", "green", "blue", "yellow", "black", "white", "grey", "brown", "pink", "violet"]


def made_text(domain, number):
    """A question of the kind that task scores ask, with its answer; or colours in a row."""
    rng = np.random.default_rng([len(domain), number])
    if domain == "sums":
        factor, first, second = (int(n) for n in rng.integers(1, 10, 3))
        numbers = f"{factor * first}, {factor * second}"
        question = f"Find the Greatest Common Divisor (GCD) of these numbers: {numbers}. Give only the GCD as your final answer."
        return f"Question: {question}\nAnswer: {np.gcd(factor * first, factor * second)}"
    return f"{number}: " + " ".join(COLOURS[i] for i in rng.integers(10, size=30))


def make_text(corpus, documents=400):
    """The pool, with a tokenizer of its own."""
    sources = corpus.parent / "sources"
    sources.mkdir(parents=True)
    for domain in ("sums", "colours"):
        lines = [json.dumps({"text": made_text(domain, i)}) for i in range(documents)]
        (sources / f"{domain}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    pairs = [f"{domain}={sources / domain}.jsonl" for domain in ("sums", "colours")]
    pool = read_pool(spec_of_pairs("made", pairs, Fields(text="text")), corpus)
    train_tokenizer(pool, 320)
    return pool


def make_checkpoint(pool, folder, tokens=153_600, seed=0):
    """A tiny Qwen2 that has seen the pool's text, with its tokenizer: a folder as any checkpoint's."""
    make_base(pool.folder, tokens=tokens, seed=seed, out=folder)
    shutil.copy2(pool.folder / "tokenizer" / "tokenizer_config.json", folder)
    return folder
