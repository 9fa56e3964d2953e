"""What was asked and how it was made: pools, laws of mixtures, base, runs, and the noise between orders of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from causalmix_core.study.report.markdown import paragraph, table
from causalmix_core.study.report.pools_figure import LawCorrelations, draw_pools
from causalmix_core.study.report.section import Section
from causalmix_core.study.report.source import numbers
from causalmix_core.study.report.words import counted, listed, milli_size, number, percent
from causalmix_core.study.statistics import repeat_noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.study.report.source import Row, StudyTables
    from causalmix_core.study.statistics import RepeatNoise

    Floats = NDArray[np.float64]

LAWS = {"random": "drawn at random", "chosen": "chosen by what was seen of the pool"}


def setting(tables: StudyTables) -> Section:
    """How the study was made."""
    section = Section(tables.plan.name)
    plan = tables.plan.plain
    section.add("## What was asked, and how it was made", paragraph(_pools_words(tables)))
    section.add(paragraph(_mixtures_words(tables)))
    correlations = law_correlations(tables)
    qualities = quality_values(tables)
    section.show(
        "pools",
        "Left: how many domains of the study's pools have which quality. Right: for each domain and law of mixtures, the "
        "correlation of its share with its quality.",
        lambda mode: draw_pools(qualities, correlations, mode),
    )
    section.add(paragraph(_picture_words(correlations)), paragraph(_runs_words(tables)))
    section.add(
        paragraph(_noise_words(tables)), _noise_table(noise_of(tables), plan["verification"]["orders"])
    )
    return section


def own_rows(tables: StudyTables) -> list[Row]:
    """The runs without their repeats."""
    return [row for row in tables.runs if row.get("replicate", "0") == "0"]


def noise_of(tables: StudyTables) -> RepeatNoise:
    """Noise between orders of one mixture on its pool."""
    shares = [f"share_{domain}" for domain in tables.domains]
    return repeat_noise(
        np.array(numbers(tables.runs, tables.outcome)),
        ["|".join([row["pool_id"], *(row[s] for s in shares)]) for row in tables.runs],
        [int(row.get("replicate", "0")) for row in tables.runs],
    )


def beats_start(rows: list[Row]) -> float:
    """Share of runs that end better than the base; nan where no row says."""
    said = [row["beats_start"] == "1" for row in rows if row.get("beats_start")]
    return float(np.mean(said)) if said else float("nan")


def quality_values(tables: StudyTables) -> Floats:
    """Quality of every domain of every pool, 0..1."""
    pools = list(tables.hidden.values())
    return np.array([float(pool[f"quality_{domain}"]) for pool in pools for domain in tables.domains])


def law_correlations(tables: StudyTables) -> LawCorrelations:
    """Law -> domain -> correlation of its share with its hidden quality over the runs; nan where one is constant."""
    found: LawCorrelations = {}
    for law in dict.fromkeys(row["assignment"] for row in own_rows(tables)):
        rows = [row for row in own_rows(tables) if row["assignment"] == law]
        found[law] = {}
        for domain in tables.domains:
            shares = np.array(numbers(rows, f"share_{domain}"))
            quality = np.array([float(tables.hidden[row["pool_id"]][f"quality_{domain}"]) for row in rows])
            found[law][domain] = _correlation(shares, quality)
    return found


def _correlation(one: Floats, other: Floats) -> float:
    if one.size < 3 or np.ptp(one) == 0.0 or np.ptp(other) == 0.0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])


def _pools_words(tables: StudyTables) -> str:
    plan, quality = tables.plan.plain, quality_values(tables)
    kinds = listed([f"{kind} {percent(p)}" for kind, p in damage_law(plan).items()])
    held_out = held_out_damage(plan)
    kept_back = (
        f" The kind {listed(held_out)} was held out: no run of the study saw it, and the verification has it."
        if held_out
        else ""
    )
    return (
        f"The plan `{plan['name']}` (SHA-256 `{tables.plan.sha256[:16]}…`) was fixed and hashed before the first run. "
        f"{counted(len(tables.hidden), 'pool')} of {listed(list(tables.domains))} were made by damaging parts of their text: "
        f"each domain of each pool has a quality from 0 to 1 and one kind of damage ({kinds}). Quality has mean "
        f"{number(float(quality.mean()), 2)} and standard deviation {number(float(quality.std(ddof=1)), 2)}; "
        f"{percent(float((quality < 0.2).mean()))} lie below 0.2 and {percent(float((quality > 0.8).mean()))} above 0.8."
        f"{kept_back}"
    )


def damage_law(plan: dict[str, Any] | Any) -> dict[str, float]:
    """Kind of damage -> its share among the study's pools."""
    weights = plan["pools"]["damage"]
    total = sum(weights.values())
    return {kind: weight / total for kind, weight in weights.items()}


def held_out_damage(plan: Any) -> list[str]:
    """Kinds of damage that only the verification has."""
    new = [kind for group in plan["verification"]["groups"].values() for kind in group.get("damage", {})]
    return [kind for kind in dict.fromkeys(new) if kind not in plan["pools"]["damage"]]


def _mixtures_words(tables: StudyTables) -> str:
    rows = own_rows(tables)
    counts = [
        f"{sum(row['assignment'] == law for row in rows):,} {LAWS.get(law, law)}"
        for law in dict.fromkeys(row["assignment"] for row in rows)
    ]
    repeats = len(tables.runs) - len(rows)
    failed = tables.made.get("failed", 0)
    left_out = (
        f"{counted(failed, 'run')} failed at every try and {'is' if failed == 1 else 'are'} left out; none was left out for "
        "what it found"
        if failed
        else "No run was left out"
    )
    return (
        f"The study has {len(rows):,} mixtures: {listed(counts)}; {counted(repeats, 'further run')} repeat a mixture in "
        f"another order of text, for the noise. {left_out}. What describes a pool "
        f"({listed(list(tables.plan.plain['covariates']))}, of every domain) was measured before mixing, on text that no run trains on."
    )


def _picture_words(correlations: LawCorrelations) -> str:
    means = [
        f"{number(float(np.nanmean(list(found.values()))), 2)} in those {LAWS.get(law, law)}"
        for law, found in correlations.items()
        if np.isfinite(list(found.values())).any()
    ]
    return (
        "Left, the qualities of all domains of all pools. Right, what the laws of mixtures saw: the correlation of a domain's "
        f"share with its quality, on average {listed(means)}. Where it is above 0, whoever compares mixtures as they are takes good "
        "text for a good mixture."
    )


def _runs_words(tables: StudyTables) -> str:
    plan, made = tables.plan.plain, tables.made
    rows = own_rows(tables)
    trains = ""
    if "tokens" in tables.runs[0]:
        trains = f", and trains on {round(float(np.median(numbers(tables.runs, 'tokens')))):,} tokens of its mixture"
    by_law = [
        f"{percent(beats_start([row for row in rows if row['assignment'] == law]))} of those {LAWS.get(law, law)}"
        for law in dict.fromkeys(row["assignment"] for row in rows)
    ]
    outcome = tables.plan.outcome
    seconds = np.array(numbers(tables.runs, "seconds"))
    base = plan.get("base")
    model = (
        f"one base of {base['size']} parameters that was stopped after {base['tokens']:,} tokens"
        if base
        else "one checkpoint"
    )
    return (
        f"Every run starts from {model} ({outcome} {number(made['start'][outcome], 3)}){trains}; "
        f"{number(float(np.median(seconds)), 1)} s a run in the median, {number(made['cpu_seconds'] / 60, 0)} minutes in all. "
        f"**{percent(beats_start(rows))} of the runs end better than they started** ({listed(by_law)}). "
        f"{_quality_words(tables)}The outcome over the runs has mean "
        f"{number(float(np.mean(numbers(rows, tables.outcome))), 3)} and standard deviation "
        f"{milli_size(float(np.std(numbers(rows, tables.outcome), ddof=1)))} mbpb."
    )


def _quality_words(tables: StudyTables) -> str:
    """Mean quality of the text of runs that end better than they started, and of the others."""
    better: list[float] = []
    worse: list[float] = []
    for row in own_rows(tables):
        pool = tables.hidden[row["pool_id"]]
        quality = sum(float(row[f"share_{d}"]) * float(pool[f"quality_{d}"]) for d in tables.domains)
        (better if row.get("beats_start") == "1" else worse).append(quality)
    if not better or not worse:
        return ""
    means = [number(float(np.mean(some)), 2) for some in (better, worse)]
    return f"Their text has a mean quality of {means[0]}, that of the others {means[1]}. "


def _noise_words(tables: StudyTables) -> str:
    found = noise_of(tables)
    if not found.repeats:
        return "No mixture was repeated, so the noise between orders of text is not known from these runs."
    return (
        f"The noise floor, from {counted(found.repeats, 'run')} of mixtures that were trained in more than one order of text. "
        "Methods are compared on the same orders, so what an order adds to every mixture alike cancels in a difference."
    )


def _noise_table(found: RepeatNoise, orders: int) -> str:
    if not found.repeats:
        return ""
    rows = [
        ["one mixture, between orders", milli_size(found.one)],
        ["the same, without what an order adds to all mixtures alike", milli_size(found.own)],
        ["a difference of two mixtures, on one order", milli_size(found.of_a_difference())],
        [
            f"a difference of two mixtures, mean of {counted(orders, 'order')}",
            milli_size(found.of_a_difference(orders)),
        ],
    ]
    return table(["noise", "standard deviation, mbpb"], rows)
