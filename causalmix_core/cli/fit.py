"""``fit RUNS``: what each domain is worth, kept in a folder for the other commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.cli.arguments import add_drop_incomplete, add_out, finite, seed, size
from causalmix_core.cli.progress import Progress
from causalmix_core.delivery.certainty import width_sentence
from causalmix_core.delivery.sentences import outcome_phrase
from causalmix_core.effects.config import ESTIMATORS
from causalmix_core.errors import ConfigError, FitDirectoryError

if TYPE_CHECKING:
    import argparse

    from causalmix_core.effects.config import EstimatorName, FitConfig
    from causalmix_core.effects.fit import Fit
    from causalmix_core.evidence import RunsTable

AUTO = "auto"


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser(
        "fit",
        help="estimate what each domain is worth",
        description="Fit one outcome of a runs table and keep the fit in a folder.",
    )
    parser.add_argument("runs", metavar="RUNS", type=Path, help="the runs table")
    parser.add_argument(
        "--outcome", metavar="NAME|mean", help="outcome to fit (default: the table's own); mean averages all"
    )
    parser.add_argument(
        "--estimator",
        metavar="NAME",
        choices=(*ESTIMATORS, AUTO),
        default="recommended",
        help=f"{', '.join(ESTIMATORS)}, or {AUTO}: the one that the compare command chooses "
        "(default: %(default)s)",
    )
    parser.add_argument("--no-covariates", action="store_true", help="one answer for all pools")
    parser.add_argument(
        "--no-orthogonalisation",
        action="store_true",
        help="do not purge outcome and shares of the pool's state",
    )
    parser.add_argument(
        "--epsilon", type=finite, help="eps of log(share + eps) (default: by cross-validation)"
    )
    parser.add_argument("--folds", type=int, default=5, help="folds of cross-fitting (default: %(default)s)")
    parser.add_argument("--seed", type=seed, default=0, help="default: %(default)s")
    parser.add_argument(
        "--target-params", type=size, help="model size that effects and decisions are for, e.g. 1e9 or 1B"
    )
    parser.add_argument("--target-tokens", type=size, help="token budget that they are for, e.g. 2e10 or 20B")
    parser.add_argument(
        "--progress", action="store_true", help="report progress also where stderr is no terminal"
    )
    add_drop_incomplete(parser)
    add_out(parser, "FIT_DIR", "folder to write: a new or empty one, or an older fit")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Fit and keep."""
    from causalmix_core.effects.fit import fit
    from causalmix_core.effects.fit_directory import save_fit
    from causalmix_core.evidence import read_runs

    _refuse_foreign(arguments.out)
    table = read_runs(arguments.runs, drop_incomplete=arguments.drop_incomplete)
    progress = Progress(speak=arguments.progress)
    try:
        if arguments.estimator == AUTO:
            arguments.estimator = _choose(arguments, table, progress)
        fitted = fit(table, _config(arguments, table.default_outcome), progress)
    finally:
        progress.close()
    save_fit(fitted, arguments.out)
    _print(fitted, arguments.out)
    return 0


def _choose(arguments: argparse.Namespace, table: RunsTable, progress: Progress) -> EstimatorName:
    """The estimator that a comparison on this table chooses; says why."""
    from causalmix_core.delivery.comparison import comparison_sentence
    from causalmix_core.effects.comparison import compare

    if arguments.no_covariates or arguments.no_orthogonalisation or arguments.epsilon is not None:
        raise ConfigError(
            f"--estimator {AUTO} compares estimators with their own settings; leave out --no-covariates, "
            "--no-orthogonalisation and --epsilon, or name an estimator."
        )
    found = compare(table, arguments.outcome or table.default_outcome, progress=progress)
    progress.close()
    print(comparison_sentence(found))
    return found.chosen


def _config(arguments: argparse.Namespace, default_outcome: str) -> FitConfig:
    from causalmix_core.effects.config import FitConfig

    return FitConfig(
        outcome=arguments.outcome or default_outcome,
        estimator=arguments.estimator,
        covariates=not arguments.no_covariates,
        orthogonalise=not arguments.no_orthogonalisation,
        epsilon=arguments.epsilon,
        folds=arguments.folds,
        seed=arguments.seed,
        target_params=arguments.target_params,
        target_tokens=arguments.target_tokens,
    )


def _refuse_foreign(out: Path) -> None:
    """Refuse, before the work, a folder that holds something else than a fit."""
    from causalmix_core.effects.fit_directory import may_be_overwritten

    if out.exists() and not out.is_dir():
        raise FitDirectoryError(f"--out {out} is a file; give the name of a folder.")
    if out.is_dir() and not may_be_overwritten(out):
        raise FitDirectoryError(f"--out {out} holds files that are not a fit; give another folder.")


def _print(fitted: Fit, out: Path) -> None:
    print(f"{out}: {outcome_phrase(fitted.outcome)} of {fitted.table.n_runs} runs, {fitted.method}.")
    print(fitted.summary)
    _print_heterogeneity(fitted)
    for note in fitted.notes:
        print(f"note: {note}")
    if fitted.calibration is not None:
        print(width_sentence(fitted.calibration))
    print(f"fit {fitted.sha256}")


def _print_heterogeneity(fitted: Fit) -> None:
    """What unseen runs said of pools that differ, where they were asked."""
    found = fitted.heterogeneity
    if found is None:
        return
    from causalmix_core.delivery.heterogeneity import asked_sentence, differ_sentence, p_words

    print(
        differ_sentence(found)
        if found.supported
        else f"{asked_sentence(found)} Here p is {p_words(found.p)}."
    )
