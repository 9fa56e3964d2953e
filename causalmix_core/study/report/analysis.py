"""The study's own runs once more: estimators, ablations, covariates, rules, learning curve, confounding, checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from causalmix_core.study.report.lines import Lines, draw_lines
from causalmix_core.study.report.markdown import code, paragraph, points, table
from causalmix_core.study.report.section import Section
from causalmix_core.study.report.words import NOTHING, milli, milli_size, number, p_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from causalmix_core.study.report.source import StudyTables

    Part = Mapping[str, Any]


def analysis(tables: StudyTables) -> Section:
    """Tables and ablations of the paper, from the study's own runs."""
    section = Section(tables.plan.name)
    section.add("## The study's own runs: estimators, ablations, covariates, rules")
    if tables.analysis is None:
        section.add(paragraph("This part has not been run: there is no analysis.json."))
        return section
    found = tables.analysis
    section.add(paragraph(_opening(found)))
    parts = (
        ("estimators", _estimators), ("ablations", _ablations), ("covariates", _covariates), ("trees", _trees),
        ("curve", _curve), ("confounding", _confounding), ("checks", _checks),
    )  # fmt: skip
    for name, add in parts:
        if found.get(name):
            section.add(f"### {TITLES[name]}", paragraph(found[name]["words"]))
            add(section, found[name])
    return section


TITLES = {
    "estimators": "Estimators", "ablations": "Without covariates, without orthogonalisation",
    "covariates": "Which covariates", "trees": "Rules that a person can read", "curve": "How many runs",
    "confounding": "Mixtures that people chose", "checks": "The product's own checks of the fit",
}  # fmt: skip


def _opening(found: Part) -> str:
    runs = found["runs"]
    return (
        f"All of this is computed from {runs['used']:,} runs on {runs['pools']:,} pools ({runs['random']:,} drawn at random, "
        f"{runs['chosen']:,} chosen), before anything new is trained; {runs['repeats_left_out']:,} repeats are left out. Pools are "
        "left out whole where a prediction is scored. The outcome is held so that higher is better. Brackets hold intervals of "
        f"{number(100 * found['level'], 0)} % by bootstrap over pools; pairs are the runs of one pool, in whose difference the "
        "pool's own level cancels."
    )


def _figure(found: Part | None, digits: int = 2) -> str:
    """A value with its interval."""
    if found is None:
        return NOTHING
    return f"{number(found['value'], digits)} [{number(found['lower'], digits)}, {number(found['upper'], digits)}]"


def _value(found: Part | None, key: str) -> str:
    return NOTHING if found is None or found[key] is None else number(found[key]["value"], 2)


def _mean(found: Part | None) -> str:
    return NOTHING if found is None else f"{number(found['mean'], 2)} ({number(found['se'] or 0.0, 2)})"


def _scores(row: Part) -> list[str]:
    scores, random = row["all_rows"], row["random_rows"]
    cells = [_figure(scores and scores[key]) for key in ("r2", "spearman", "pair_r2", "pairs_right")]
    return [*cells, *(_value(random[half], "r2") for half in ("all", "random", "chosen"))]


SCORES = ["R²", "rank", "R² of pairs", "pairs right", "random rows, fitted on all", "on random", "on chosen"]


def _estimators(section: Section, found: Part) -> None:
    rows = [
        [f"`{row['name']}`", "yes" if row["conditions"] else "no", *_scores(row), _figure(row["lost"])]
        for row in found["rows"]
    ]
    section.add(table(["estimator", "effects depend on the pool", *SCORES, "lost to confounding"], rows))
    section.add(
        paragraph(
            "Lost to confounding: R² on random rows of a fit on random rows, less that of a fit on chosen ones."
        )
    )
    _refused(section, [f"`{r['name']}` fitted on {r['fitted_on']}: {r['reason']}" for r in found["refused"]])


def _refused(section: Section, items: list[str]) -> None:
    if items:
        section.add("Not to be had:", points(items))


def _ablations(section: Section, found: Part) -> None:
    rows = []
    for row in found["rows"]:
        behind = row["behind"] or {"r2": None, "pair_r2": None}
        rows.append(
            [
                f"`{row['name']}`",
                row["ablation"],
                *_scores(row),
                _figure(behind["r2"]),
                _figure(behind["pair_r2"]),
            ]
        )
    section.add(
        table(["estimator", "left out", *SCORES, "costs R²", "costs R² of pairs"], rows, left=2),
    )


def _covariates(section: Section, found: Part) -> None:
    ticks = [(float(i), str(i)) for i in range(max(len(row["steps"]) for row in found["rows"]))]
    panels = []
    for key, title in (("spearman", "Rank correlation"), ("pairs_right", "Pairs ranked right")):
        series = {
            row["name"]: [
                (float(len(step["measures"])), step[key]["mean"], step[key]["se"] or 0.0)
                for step in row["steps"]
                if step[key] is not None
            ]
            for row in found["rows"]
        }
        kept = {name: line for name, line in series.items() if line}
        if kept:
            panels.append(Lines(title, kept))
    section.show(
        "covariates",
        "Rank correlation and pairs ranked right on held-out runs, by the number of measures that describe a pool.",
        lambda mode: draw_lines(panels, ticks, mode, "Which covariates", "measures, each in all domains"),
    )
    rows = []
    for row in found["rows"]:
        for step in row["steps"]:
            rows.append([
                f"`{row['name']}`", str(len(step["measures"])), step["added"] or "none", _mean(step["spearman"]),
                _mean(step["gain"]), _mean(step["pairs_right"]),
            ])  # fmt: skip
    section.add(
        table(["estimator", "measures", "added", "rank (se)", "gained (se)", "pairs right (se)"], rows, left=3),
        points([
            f"`{row['name']}`: the highest mean is reached with {row['best']} measures; {row['enough']} are enough, as no later "
            "step is better by more than one standard error."
            for row in found["rows"]
        ]),
    )  # fmt: skip


def _trees(section: Section, found: Part) -> None:
    for row in found["rows"]:
        if row["refused"]:
            section.add(paragraph(f"`{row['name']}`: {row['refused']}"))
            continue
        fit = f"R² {number(row['r2'], 2)}, on pools left out in turn {number(row['r2_unseen'], 2)}."
        section.add(
            paragraph(f"`{row['name']}`. {row['sentence']} {fit}"),
            "What 1 % of the anchor replaced by a domain adds, thousandths of the outcome's unit (spread over the pools):",
            code("\n".join(_node(node) for node in row["nodes"])),
        )


def _node(node: Part) -> str:
    effects = ", ".join(
        f"{domain} {milli(value, 2)} ({milli_size(node['spread'][domain], 2)})"
        for domain, value in node["effects"].items()
    )
    rule = node["last_rule"] or "all pools"
    return f"{'  ' * node['depth']}{rule}: {node['pools']} pools\n{'  ' * node['depth']}  {effects}"


def _curve(section: Section, found: Part) -> None:
    sizes = sorted({row["runs"] for row in found["rows"]})
    ticks = [(float(size), f"{size}") for size in sizes]
    panels = []
    for key, title in (("r2", "R²"), ("pairs_right", "Pairs ranked right")):
        series: dict[str, list[tuple[float, float, float]]] = {}
        for row in found["rows"]:
            if row[key] is not None:
                point = (float(row["runs"]), row[key]["mean"], row[key]["se"] or 0.0)
                series.setdefault(row["name"], []).append(point)
        if series:
            panels.append(Lines(title, series))
    section.show(
        "curve",
        "R² and pairs ranked right on held-out pools, by the number of runs that were fitted.",
        lambda mode: draw_lines(panels, ticks, mode, "How many runs", "runs that were fitted"),
    )
    rows = [
        [
            f"`{row['name']}`",
            f"{row['runs']}",
            *(_mean(row[key]) for key in ("r2", "spearman", "pair_r2", "pairs_right")),
        ]
        for row in found["rows"]
    ]
    section.add(
        table(["estimator", "runs", "R² (se)", "rank (se)", "R² of pairs (se)", "pairs right (se)"], rows)
    )
    _refused(section, [f"`{r['name']}` with {r['runs']} runs: {r['reason']}" for r in found["refused"]])


def _confounding(section: Section, found: Part) -> None:
    if "refused" in found:
        section.add(paragraph(f"Not to be had: {found['refused']}"))
        return
    domains = found["domains"]
    rows = [
        [row["name"], f"{row['runs']}", *(_slope(row["slopes"][d]) for d in domains)] for row in found["rows"]
    ]
    section.add(
        paragraph(
            f"Average slopes, thousandths (se), {found['unit']}; bold where more than two standard errors from the yardstick:"
        ),
        table(["slopes", "runs", *domains], rows),
        table(
            ["slopes", "error", "error of the differences", "of sampling alone", "p, equal to the yardstick"],
            [_distance(row) for row in found["rows"]],
        ),
        points([f"{row['name']}: {row['words']}" for row in found["rows"]]),
    )


def _slope(found: Part) -> str:
    strong = found["z"] is not None and abs(round(found["z"], 9)) > 2.0
    text = f"{milli(found['value'], 0)} ({milli_size(found['se'], 0)})"
    return f"**{text}**" if strong else text


def _distance(row: Part) -> list[str]:
    apart = [
        NOTHING if row[key] is None else number(row[key], 2)
        for key in ("error", "differences_error", "noise")
    ]
    return [row["name"], *apart, NOTHING if row["p"] is None else p_value(row["p"])]


def _checks(section: Section, found: Part) -> None:
    rows = [
        [
            check["title"],
            check["status"],
            NOTHING if check["value"] is None else f"{number(check['value'], 3)} {check['unit']}".strip(),
            check["sentence"],
        ]
        for check in found["checks"]
    ]
    section.add(
        f"Verdict: **{found['verdict']}** for `{found['estimator']}`.",
        table(["check", "status", "value", "what it says"], rows, left=4),
    )
