"""A small pool of made text, its base, and studies on it: real files, seconds."""

import json

import numpy as np

from causalmix_core.pools.corpus.tokenizer import train_tokenizer
from causalmix_core.pools.sources.read import read_pool
from causalmix_core.pools.sources.spec import Fields, spec_of_pairs
from causalmix_core.pools.tokens import tokenise
from causalmix_core.proxy.design.design import Settings
from causalmix_core.proxy.design.draw import draw_design, draw_pools
from causalmix_core.proxy.design.mixtures import Law, draw_mixtures
from causalmix_core.proxy.design.rows import document_stock, window_stock
from causalmix_core.proxy.design.storage import write_design
from causalmix_core.proxy.engine.launching import launch_study, read_designed_runs
from causalmix_core.proxy.engine.study import Launch
from causalmix_core.proxy.training.base import make_base

WORDS = {
    "counting": ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
    "colours": ["red", "green", "blue", "yellow", "black", "white", "grey", "brown", "pink", "violet"],
    "weather": ["rain", "sun", "wind", "snow", "hail", "fog", "cloud", "storm", "frost", "thaw"],
}


def made_text(domain, number):
    """A document whose words follow one another by a rule of the domain."""
    words, rng = WORDS[domain], np.random.default_rng([sorted(WORDS).index(domain), number])
    start, step = rng.integers(10), 1 + sorted(WORDS).index(domain)
    return f"{number}: " + " ".join(words[(start + step * i) % 10] for i in range(60))


def make_pool(folder, documents=260):
    """POOL_DIR with tokenizer and base."""
    sources = folder / "sources"
    sources.mkdir(parents=True)
    for domain in WORDS:
        lines = [json.dumps({"text": made_text(domain, i)}) for i in range(documents)]
        (sources / f"{domain}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    pairs = [f"{domain}={sources / domain}.jsonl" for domain in WORDS]
    pool = read_pool(spec_of_pairs("made", pairs, Fields(text="text")), folder / "pool")
    train_tokenizer(pool, 320)
    make_base(pool.folder, tokens=20_480)
    return pool


def make_design(pool, folder, runs=4, windows=16, unit="windows"):
    """DESIGN_DIR with Dirichlet mixtures on healthy text, the last run a replicate of the first."""
    settings = Settings(pool.domains, unit=unit, examples=windows, max_epochs=50, set_aside=8)
    if unit == "windows":
        stock = window_stock(tokenise(pool.folder, pool.folder / "tokenizer"), settings)
    else:
        stock = document_stock(pool, settings)
    states, natural = draw_pools(settings, 0), np.full(len(pool.domains), 1 / len(pool.domains))
    mixtures = draw_mixtures(Law(), runs - 1, pool.domains, states, natural, seed=1)
    draft = draw_design(stock, pool.sha256, settings, states, mixtures, replicates=1, seed=1)
    return write_design(draft.design, draft.rows, folder)


def make_study(pool, design, folder, worker="tiny", settings=None, **launch):
    """STUDY_DIR with queued runs; the folders of its runs in order."""
    asked = Launch(worker, settings or {}, str(pool.folder), pool.sha256, design.sha256, **launch)
    study, _ = launch_study(read_designed_runs(design.folder), folder, asked)
    return [study.run_dir(run.id) for run in design.runs]
