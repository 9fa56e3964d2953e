"""The commands that make what lies in a lab: each as words after ``python -m causalmix_core``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.pools.token_meta import token_totals
from causalmix_core.pools.tokenizer_folder import (
    BASE_FOLDER,
    TOKENIZER_FILE,
    TOKENIZER_FOLDER,
    open_tokenizer,
)
from causalmix_core.proxy.lab import domains_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from causalmix_core.pools.pool import Pool
    from causalmix_core.proxy.design.request import DesignRequest
    from causalmix_core.proxy.lab import Lab

Words = tuple[str, ...]
SPEED_WINDOWS = 200


def build_corpus_commands(lab: Lab) -> tuple[Words, ...]:
    """The default corpus, its tokens and the base model of its tiny runs."""
    words = ("corpus", "build", "--out", str(lab.corpus), "--progress")
    return (words, *_preparing(lab.corpus))


def preparing_commands(pool: Pool) -> tuple[Words, ...]:
    """What a pool still needs before tiny runs can be trained on it; () when it is ready."""
    commands = dict(zip(("tokenizer", "tokens", "base"), _preparing(pool.folder), strict=True))
    if not (pool.folder / TOKENIZER_FOLDER / TOKENIZER_FILE).is_file():
        return tuple(commands.values())
    missing = []
    tokenizer = open_tokenizer(pool.folder / TOKENIZER_FOLDER).sha256
    if not any(
        total.tokenizer_sha256 == tokenizer and set(total.tokens) == set(pool.domains)
        for total in token_totals(pool)
    ):
        missing.append(commands["tokens"])
    if not (pool.folder / BASE_FOLDER).is_dir():
        missing.append(commands["base"])
    return tuple(missing)


def reading_commands(lab: Lab, folder: Path, fields: Words) -> tuple[Words, ...]:
    """A pool of the files in a folder, made ready for tiny runs; ``fields`` are options of ``pool read``."""
    out = lab.read_from(folder)
    domains = [word for name, pattern in domains_in(folder) for word in ("--domain", f"{name}={pattern}")]
    words = (
        "pool",
        "read",
        *domains,
        *fields,
        "--name",
        folder.name or "pool",
        "--out",
        str(out),
        "--progress",
    )
    return (words, *_preparing(out))


def design_command(request: DesignRequest, out: Path) -> Words:
    """The command that lays out a design into a folder, with what differs from the defaults."""
    law, words = request.law, ["design", str(request.pool_dir)]
    for option, value in (
        ("--extend" if request.extend else "--like", request.like),
        ("--from", request.plan),
        ("--states", request.states),
        ("--tokenizer", request.tokenizer),
    ):
        words += [] if value is None else [option, str(value)]
    if request.plan is None:
        words += ["--runs", str(request.runs), "--sampler", ",".join(law.samplers)]
        words += ["--concentration", repr(law.concentration), "--min-share", repr(law.min_share)]
        words += ["--replicates", str(request.replicates), "--orders", str(request.orders)]
    if request.like is None:
        count = (
            ("--windows", request.windows)
            if request.documents is None
            else ("--documents", request.documents)
        )
        words += [count[0], str(count[1]), "--pools", str(request.pools)]
        words += ["--max-epochs", str(request.max_epochs)]
    words += ["--seed", str(request.seed), "--out", str(out), "--progress"]
    return tuple(words)


def score_command(pool: Path, design: Path, out: Path) -> Words:
    """The command that scores the pools of a design; ``out``/states.json is what a launch takes."""
    return ("pool", "score", str(pool), "--design", str(design), "--out", str(out), "--progress")


def launch_command(
    design: Path, pool: Path, study: Path, *, more: Sequence[str] = (), start: bool = True
) -> Words:
    """The command that queues a design's runs; ``more`` are further options of ``proxy launch``."""
    words = ("proxy", "launch", str(design), "--pool", str(pool), "--study", str(study), *more)
    return words if start else (*words, "--no-start")


def speed_commands(lab: Lab, pool: Pool) -> tuple[Words, ...]:
    """One tiny run on equal shares, trained to measure this machine; its study is ``lab.speed_of(pool)``."""
    study = lab.speed_of(pool)
    design = study.with_name(f"{study.name}-design")
    laid = (
        "design",
        str(pool.folder),
        "--runs",
        "1",
        "--sampler",
        "centroid",
        "--windows",
        str(SPEED_WINDOWS),
    )
    return (
        (*laid, "--max-epochs", "100", "--out", str(design), "--progress"),
        launch_command(design, pool.folder, study, more=("--slots", "1xcpu"), start=False),
        ("train-run", "--run-dir", str(study / "runs" / "r0000")),
    )


def _preparing(folder: Path) -> tuple[Words, ...]:
    return (
        ("pool", "tokenizer", str(folder)),
        ("pool", "tokenise", str(folder), "--progress"),
        ("corpus", "base", str(folder), "--progress"),
    )
