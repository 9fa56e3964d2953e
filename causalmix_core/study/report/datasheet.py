"""DATASHEET.md of the tables folder: what the files are, how they were made, what is known of them, their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.document import shown_path
from causalmix_core.study.report.again import commands
from causalmix_core.study.report.limits import limits
from causalmix_core.study.report.markdown import code, document, paragraph, points, table
from causalmix_core.study.report.setting import beats_start, noise_of, own_rows
from causalmix_core.study.report.source import numbers
from causalmix_core.study.report.words import RULES, counted, listed, milli_size, number, percent

if TYPE_CHECKING:
    from causalmix_core.study.report.comparison import Verified
    from causalmix_core.study.report.source import StudyTables

USES = {
    "plan.yaml": "the plan, as it was declared",
    "plan.json": "its name and hash",
    "proxy_runs.csv": "the runs table",
    "proxy_runs.meta.json": "directions, units, the outcome's weights",
    "hidden_state.csv": "**for checking only, never a covariate**",
    "made.json": "hashes of what the runs were made from",
    "verification_pools.csv": "state and covariates of the new pools; quality and damage are **for checking only**",
    "predictions.json": "what every method chose and predicted, written before the verification",
    "verification.csv": "the runs on new pools",
    "own_order.csv": "recommended mixtures on new pools, in the order of text of the study's own runs",
    "oracle.csv": "the search by training",
    "scale.csv": "larger budgets and models, another outcome",
    "analysis.json": "tables and ablations of the runs",
}
MEASURES = {
    "normalized_loss": "mean bits per token under the scoring model",
    "hes": "high-entropy sum: next-token entropies (bits) at or above the 99.5th percentile of a window, summed",
    "hes_rate": "mean entropy (bits) of a window's highest-entropy tokens",
    "type_token_ratio": "distinct words per 100 words",
    "style_surface": "function words minus punctuation, digits and line breaks, as rates",
    "duplicate_rate": "1 - distinct texts over texts",
}


def datasheet(tables: StudyTables, verified: Verified | None) -> bytes:
    """The datasheet as Markdown."""
    plan = tables.plan.plain
    return document(
        [
            f"# Datasheet: {plan['title']}",
            paragraph(
                f"{counted(len(tables.runs), 'real training run')} that answer one question: {plan['question']} The tables hold "
                "numbers only, no training text. Licence: Apache-2.0, as the project."
            ),
            table(["file", "SHA-256", "use"], _files(tables), left=3),
            paragraph(f"Check the runs table, and print its content hash (`{tables.made['runs_sha256']}`):"),
            code(f"python -m causalmix_core validate data/{plan['name']}/proxy_runs.csv"),
            "## How it was made",
            *(paragraph(text) for text in _making(tables)),
            "Make it again, from nothing:",
            code(commands(str(plan["name"]))),
            "## Columns of proxy_runs.csv",
            table(["column", "meaning"], _columns(tables), left=2),
            paragraph(
                f"Covariates are means over {plan['runs']['set_aside']} texts of each domain of the pool, set aside, measured "
                "**before** mixing and never trained on. `hidden_state.csv` says the true `quality_<domain>` (0 to 1) and "
                "`damage_<domain>` of every pool: nobody has these of a real pool, and a fit that uses them proves nothing."
            ),
            "## What is known about it",
            points(_known(tables)),
            *limits(tables, verified).parts[:1],
            paragraph(RULES),
            *limits(tables, verified).parts[1:],
        ]
    )


def _files(tables: StudyTables) -> list[list[str]]:
    other = "choices of a case with an outcome of its own, written before its runs"
    return [[f"`{name}`", f"`{sha}`", USES.get(name, other)] for name, sha in tables.files.items()]


def _making(tables: StudyTables) -> list[str]:
    plan, made = tables.plan.plain, tables.made
    text = plan["text"].get("megabytes")
    corpus = f"The default corpus, {text:g} MB of text a domain" if text else "A pool of text"
    base = plan.get("base")
    start = (
        f"a base of {base['size']} parameters that was stopped after {base['tokens']:,} tokens"
        if base
        else "one checkpoint"
    )
    recipe = listed([f"{key} {value}" for key, value in plan["runs"].items()])
    weights = listed([f"{weight:.2f} {domain}" for domain, weight in tables.plan.weights.items()])
    versions = listed([f"`{version}`" for version in made.get("versions", [])])
    return [
        f"**Text.** {corpus}: {listed(list(tables.domains))}. Pool `{made['pool_sha256'][:16]}…`, tokenizer "
        f"`{made['tokenizer_sha256'][:16]}…`.",
        f"**Runs.** Each starts from {start}; {recipe}. {number(made['cpu_seconds'] / 60, 0)} minutes of training in all. "
        f"Versions: {versions}.",
        f"**Pools and mixtures.** {counted(len(tables.hidden), 'pool')}, seed {plan['pools']['seed']}; laws of mixtures "
        f"{listed([f'`{law}`' for law in plan['mixtures']['samplers']])}, {plan['mixtures']['per_pool']} a pool; "
        f"{plan['replicates']} repeats in another order of text. Design `{made['design_sha256'][:16]}…`.",
        f"**Outcome.** `{tables.plan.outcome}`, lower is better: {weights}; fixed before the first run.",
    ]


def _columns(tables: StudyTables) -> list[list[str]]:
    said = [
        ["`run_id`, `pool_id`, `assignment`", "run, pool, law of its mixture"],
        ["`replicate`", "0, or the number of this repeat of a mixture on its pool in another order of text"],
        ["`share_<domain>`", "share of the mixture, as trained"],
    ]
    said += [[f"`x_<domain>__{name}`", MEASURES.get(name, name)] for name in tables.plan.plain["covariates"]]
    said += [
        ["`y_bpb_<domain>`, `y_bpb_mean`", "held-out bits per byte, lower is better, and their plain mean"],
        [f"`{tables.outcome}`", "the plan's outcome, lower is better"],
        ["`beats_start`", "1 where the run's outcome is better than that of the model it started from"],
    ]
    return [line for line in said if _there(line[0], tables)]


def _there(names: str, tables: StudyTables) -> bool:
    stem = names.strip("`").split("`")[0].split("<domain>")[0]
    return any(column.startswith(stem) for column in tables.runs[0])


def _known(tables: StudyTables) -> list[str]:
    rows, noise = own_rows(tables), noise_of(tables)
    y = np.array(numbers(rows, tables.outcome))
    said = []
    share = beats_start(rows)
    if np.isfinite(share):
        said.append(f"{percent(share)} of the runs end better than they started.")
    spread = milli_size(float(y.std(ddof=1)))
    if noise.repeats:
        said.append(
            f"Between orders of text one mixture's `{tables.plan.outcome}` has a standard deviation of {milli_size(noise.one)} "
            f"thousandths; over the runs it has {spread}."
        )
    else:
        said.append(
            f"Over the runs `{tables.plan.outcome}` has a standard deviation of {spread} thousandths."
        )
    said.append(
        f"What the study found on new pools is in {shown_path(tables.plan.name)}, which the same command writes."
    )
    return said
