"""Predicted against realised: what was written down before training, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.study.prediction_statistics import calibrate
from causalmix_core.study.report.answer import coverage
from causalmix_core.study.report.markdown import paragraph, table
from causalmix_core.study.report.scatter import Cloud, draw_clouds
from causalmix_core.study.report.words import (
    NOTHING,
    held,
    milli,
    milli_size,
    number,
    percent,
    promises,
)
from causalmix_core.study.rivals.names import ANCHOR

if TYPE_CHECKING:
    from causalmix_core.study.report.comparison import Verified
    from causalmix_core.study.report.section import Section

MOST_PANELS = 6


def foretold(section: Section, verified: Verified) -> None:
    """Add tables and a figure of predicted and realised gains over the anchor."""
    own = predicting(verified, "own")
    section.add("### Predicted and realised", paragraph(_words(verified)))
    if own:
        shown = shown_clouds(verified, own)
        section.show(
            "predicted",
            "Predicted against realised gain over the anchor, a point a pool, for the methods that predict their own gain.",
            lambda mode: draw_clouds(
                [_cloud(verified, method) for method in shown],
                list(verified.groups),
                mode,
                "Predicted against realised gain",
                ("predicted gain over the anchor, mbpb", "realised gain, mbpb"),
            ),
        )
        section.add(
            paragraph(
                "A point is a pool, the dashed line is where a prediction comes true; every panel has its own scale."
            ),
            "What each method says of its own choice, all pools:",
            _table(verified, own, "own"),
            f"The same on {verified.headline_group} pools alone:",
            _table(verified, own, "own", verified.headline_group),
            *_by_group(verified),
        )
    others = predicting(verified, "predictor")
    if others:
        section.add(
            paragraph(
                "What the plan's predictor, fitted on the study's runs, says of every method's choice, all pools:"
            ),
            _table(verified, others, "predictor"),
        )


def shown_clouds(verified: Verified, own: list[str]) -> list[str]:
    """Which methods the figure shows: the headline, then rivals, then the others of this product."""
    rivals = [m for m in own if m not in verified.headline and verified.kind(m) != "own"]
    return list(dict.fromkeys([*verified.headline, *rivals, *own]))[:MOST_PANELS]


def predicting(verified: Verified, by: str) -> list[str]:
    """Methods of whose choices something was predicted; the headline first."""
    names = [*verified.headline, *(m for m in verified.methods if m not in verified.headline)]
    return [m for m in names if m != ANCHOR and verified.predicted(m, by) is not None]


def _by_group(verified: Verified) -> list[str]:
    """How often the headline methods' intervals held in each group."""
    rows = []
    for method in verified.headline:
        found = [coverage(verified, method, group) for group in verified.groups]
        if any(found):
            rows.append(
                [
                    f"`{method}`",
                    *(f"{percent(c.held)}, {percent(c.held_widened)}" if c else NOTHING for c in found),
                ]
            )
    if not rows:
        return []
    return [
        "How often their intervals held by group, as they are and with the noise between orders added:",
        table(["method", *(f"{group} ({len(pools)})" for group, pools in verified.groups.items())], rows),
    ]


def _words(verified: Verified) -> str:
    method = verified.headline[0]
    found = verified.noise_of_a_gain(method)
    noise = f" (for `{method}` {milli_size(found)} mbpb a pool, standard error)" if np.isfinite(found) else ""
    return (
        "Gains over the anchor were predicted before training. The slope through 0 of realised on predicted gains is 1 where a "
        "prediction comes true; a method *promises too much* where it is more than two standard errors below. Intervals are "
        f"nominal at {percent(verified.level)}. A realised gain is itself noisy: the second share of held intervals adds the noise "
        f"between orders of text to them{noise}."
    )


def _cloud(verified: Verified, method: str) -> Cloud:
    points = {}
    for group in verified.groups:
        found = verified.predicted(method, "own", group)
        if found is not None:
            points[group] = [
                (1_000 * p, 1_000 * r)
                for p, r in zip(found.gain.tolist(), found.realised.tolist(), strict=True)
            ]
    return Cloud(method, points)


def _table(verified: Verified, methods: list[str], by: str, group: str | None = None) -> str:
    header = [
        "method",
        "predicted",
        "realised",
        "slope (se)",
        "RMSE",
        "rank",
        "held",
        "with noise",
        "verdict",
        "intervals",
    ]
    rows = []
    for method in methods:
        found = verified.predicted(method, by, group)
        if found is None:
            continue
        fit, kept = calibrate(found.gain, found.realised), coverage(verified, method, group, by)
        slope = (
            f"{number(fit.slope, 2)} ({number(fit.slope_error, 2)})" if np.isfinite(fit.slope) else NOTHING
        )
        rows.append([
            f"`{method}`", milli(fit.predicted), milli(fit.realised), slope, milli_size(fit.rmse), number(fit.rank, 2),
            percent(kept.held) if kept else NOTHING, percent(kept.held_widened) if kept else NOTHING, promises(fit),
            held(kept, verified.level) if kept else NOTHING,
        ])  # fmt: skip
    return table(header, rows)
