"""``pool score``: what a pool is like before mixing, or the pools of a design."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from causalmix_core.cli.arguments import add_out
from causalmix_core.cli.design_arguments import whole
from causalmix_core.cli.output import print_json, text_table
from causalmix_core.cli.resuming import resumable
from causalmix_core.delivery.numbers import thousands
from causalmix_core.errors import PoolSourceError
from causalmix_core.pools.tokenizer_folder import BASE_FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from causalmix_core.cli.progress import Progress
    from causalmix_core.pools.pool import Pool
    from causalmix_core.pools.scoring.means import DomainScores
    from causalmix_core.pools.scoring.measures import Models
    from causalmix_core.proxy.covariates.states import ScoredStates

NO_MODEL = "none"
STATE_FILE, STATES_FILE = "state.json", "states.json"
_WINDOWS = 64


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "score",
        help="covariates of a pool, or of the pools of a design",
        description="Score the documents of a pool by domain: loss and entropies under a language model, ratings, style on "
        "the surface, duplicates. SCORES_DIR/state.json is a pool that decide takes. With --design the windows or "
        "documents set aside for each of its pools are scored, and SCORES_DIR/states.json is what proxy launch takes. "
        "A call that was interrupted or killed is made again and goes on.",
    )
    parser.add_argument("pool_dir", metavar="POOL_DIR", type=Path, help="the pool")
    parser.add_argument(
        "--model",
        metavar="DIR",
        help=f"any causal language model's folder, or {NO_MODEL} (default: POOL_DIR/{BASE_FOLDER})",
    )
    parser.add_argument(
        "--rater",
        metavar="DIR",
        type=Path,
        help="a sequence-classification model's folder, such as QuRater-1.3B",
    )
    parser.add_argument("--max-tokens", metavar="N", type=whole, help="of a document (default: 2,048 for the "
        "loss, 4,096 for entropies, and what the model was made for)")  # fmt: skip
    parser.add_argument(
        "--dtype",
        choices=("float32", "bfloat16"),
        help="precision of the models (default: bfloat16 on a graphics card, float32 elsewhere)",
    )
    _add_what(parser)
    _add_written(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    add_out(parser, "SCORES_DIR", "folder of the scores: a new one, or one to go on with")
    parser.set_defaults(run=run)


def _add_what(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is scored (default: all documents)")
    one = group.add_mutually_exclusive_group()
    one.add_argument("--design", metavar="DESIGN_DIR", type=Path, help="all pools of this design")
    one.add_argument(
        "--windows",
        metavar="TOKENS",
        type=whole,
        help="windows of so many tokens, like those of a design, in place of documents: for a pool that a fit of "
        "such runs is to decide on",
    )
    group.add_argument(
        "--tokenizer", metavar="DIR", type=Path, help="of the windows (default: POOL_DIR/tokenizer)"
    )
    group.add_argument(
        "--sample",
        metavar="N",
        type=whole,
        help=f"documents of each domain, the first in hash order, which is a fair sample; windows: {_WINDOWS}",
    )
    group.add_argument(
        "--processes", metavar="N", type=whole, help="at once (default: one for each graphics card, else 1)"
    )
    group.add_argument(
        "--shard",
        metavar="I/N",
        type=_shard,
        default=(0, 1),
        help="this machine's part of the documents, 0/4 to 3/4",
    )


def _add_written(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is written")
    which = group.add_mutually_exclusive_group()
    which.add_argument(
        "--like",
        metavar="RUNS",
        type=Path,
        help="exactly the covariates of this runs table, for decide by its fit",
    )
    which.add_argument("--covariates", metavar="NAMES", type=_names, help="with commas between (default: normalized_loss, "
        "hes, hes_rate, type_token_ratio, style_surface, duplicate_rate, and a rater's writing_style or rating)")  # fmt: skip
    group.add_argument(
        "--pooled",
        action="store_true",
        help="means of the whole pool too, weighted by each domain's documents (windows), never by a mixture",
    )
    scale = group.add_mutually_exclusive_group()
    scale.add_argument("--scaling", metavar="FILE", type=Path, help="put the state on this stored scale")
    scale.add_argument(
        "--fit-scaling",
        metavar="FILE",
        type=Path,
        help="fit a scale to the design's pools, store and apply it",
    )
    group.add_argument(
        "--scale",
        choices=("minmax", "z"),
        default="minmax",
        help="kind of scale to fit (default: %(default)s)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Score, write, and show."""
    from causalmix_core.pools.pool import open_pool

    pool = open_pool(arguments.pool_dir)
    models = _models(arguments, pool)
    of_documents = arguments.design is None and arguments.windows is None
    if not of_documents and arguments.shard != (0, 1):
        raise PoolSourceError(
            "--shard is for documents; windows and designs are scored in seconds, leave it out."
        )
    if arguments.design is None and arguments.fit_scaling is not None:
        raise PoolSourceError(
            "--fit-scaling needs the pools of a --design; --scaling applies what was fitted."
        )
    with resumable(speak=arguments.progress) as progress:
        if of_documents:
            return _documents(arguments, models, progress)
        scored = _set_aside(arguments, pool, models, progress)
    return _write_states(arguments, scored)


def _models(arguments: argparse.Namespace, pool: Pool) -> Models:
    from causalmix_core.pools.scoring.encoding import Limits
    from causalmix_core.pools.scoring.measures import Models

    if arguments.model is None and not (pool.folder / BASE_FOLDER).is_dir():
        raise PoolSourceError(
            f"{pool.folder} has no model of its own yet; make one with 'corpus base {pool.folder}', name one with "
            f"--model DIR, or score without one by --model {NO_MODEL}."
        )
    causal = Path(arguments.model or pool.folder / BASE_FOLDER) if arguments.model != NO_MODEL else None
    most = arguments.max_tokens
    return Models(causal, arguments.rater, Limits() if most is None else Limits(most, most), arguments.dtype)


def _documents(arguments: argparse.Namespace, models: Models, progress: Progress) -> int:
    from causalmix_core.pools.scoring.job import ScoreJob
    from causalmix_core.pools.scoring.run import score_pool

    job = ScoreJob(arguments.pool_dir, arguments.out, models, arguments.sample)
    scored = score_pool(job, arguments.processes, arguments.shard, progress)
    progress.close()
    if scored.missing:
        print(
            f"{arguments.out}: {scored.blocks - scored.missing:,} of {scored.blocks:,} blocks are scored; the state is "
            "written by the shard that ends last."
        )
        return 0
    _write(arguments, STATE_FILE, _states(arguments, {"pool": scored.domains})["pool"])
    _show(arguments, scored.domains, STATE_FILE)
    return 0


def _set_aside(arguments: argparse.Namespace, pool: Pool, models: Models, progress: Progress) -> ScoredStates:
    from causalmix_core.proxy.covariates.states import score_design, score_windows
    from causalmix_core.proxy.design.storage import read_design

    if arguments.design is not None:
        return score_design(read_design(arguments.design), pool, models, arguments.tokenizer, progress)
    most = arguments.sample or _WINDOWS
    return score_windows(pool, models, arguments.windows, most, arguments.tokenizer, progress)


def _write_states(arguments: argparse.Namespace, scored: ScoredStates) -> int:
    from causalmix_core.proxy.covariates.states import POOL

    states = _states(arguments, scored.pools)
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.design is None:
        _write(arguments, STATE_FILE, states[POOL])
        _show(arguments, scored.pools[POOL], STATE_FILE)
        return 0
    _write(arguments, STATES_FILE, states)
    if arguments.json:
        print_json(states)
        return 0
    columns = list(next(iter(states.values())))
    rows = [
        (column, *(f"{value:.4g}" for value in _spread([state[column] for state in states.values()])))
        for column in columns
    ]
    print(text_table(("covariate", "lowest", "mean", "highest", "sd"), rows))
    print(
        f"{len(states):,} pools, {scored.texts:,} texts, {scored.made:,} of them scored now: {arguments.out / STATES_FILE}"
    )
    return 0


def _spread(values: Sequence[float]) -> tuple[float, float, float, float]:
    import numpy as np

    array = np.array(values)
    return float(array.min()), float(array.mean()), float(array.max()), float(array.std())


def _states(
    arguments: argparse.Namespace, pools: Mapping[str, Sequence[DomainScores]]
) -> dict[str, dict[str, float]]:
    """Pool id -> state, by the covariates and on the scale that were asked for."""
    from causalmix_core.evidence import read_runs
    from causalmix_core.pools.scoring.means import state_like, state_of

    if arguments.like is not None:
        table = read_runs(arguments.like)
        return _scaled(arguments, {pool: state_like(domains, table) for pool, domains in pools.items()})
    asked, pooled = arguments.covariates, arguments.pooled
    return _scaled(
        arguments, {pool: state_of(domains, asked, pooled=pooled) for pool, domains in pools.items()}
    )


def _scaled(
    arguments: argparse.Namespace, states: Mapping[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    from causalmix_core.pools.scoring.scaling import fit_scaling, read_scaling, write_scaling

    if arguments.fit_scaling is not None:
        scaling = fit_scaling(states, arguments.scale)
        write_scaling(scaling, arguments.fit_scaling)
    elif arguments.scaling is not None:
        scaling = read_scaling(arguments.scaling)
    else:
        return dict(states)
    return {pool: scaling.apply(state) for pool, state in states.items()}


def _write(arguments: argparse.Namespace, name: str, content: Any) -> None:
    from causalmix_core.files import write_atomically
    from causalmix_core.pools.pool_file import pretty_json

    write_atomically(arguments.out / name, pretty_json(content))


def _show(arguments: argparse.Namespace, domains: Sequence[DomainScores], file: str) -> None:
    """A row a domain, a column a measure."""
    if arguments.json:
        print_json({domain.domain: domain.to_json() for domain in domains})
        return
    names = [name for name in domains[0].means if name != "documents"]
    rows = [
        (d.domain, thousands(d.documents), thousands(d.scored), *(f"{d.means[name]:.4g}" for name in names))
        for d in domains
    ]
    print(text_table(("domain", "there are", "scored", *(name.replace("_", " ") for name in names)), rows))
    print(f"the pool's state: {arguments.out / file}")


def _shard(text: str) -> tuple[int, int]:
    part, _, all_parts = text.partition("/")
    if not (part.isdecimal() and all_parts.isdecimal() and int(part) < int(all_parts)):
        raise argparse.ArgumentTypeError(f"{text!r} is no part such as 0/4, the first of four")
    return int(part), int(all_parts)


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
