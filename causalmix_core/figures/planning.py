"""Charts of the next runs: what they are expected to bring, what they are, and the learning curve."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from causalmix_core.delivery import numbers, planning
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import Mode, see_through, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import Outcome
    from causalmix_core.planning.course import Course
    from causalmix_core.planning.learning import LearningCurve
    from causalmix_core.planning.plan import Plan

    Array = NDArray[np.float64]

Shown = Literal["regret", "gain_se"]
LEVEL_NAMES = 9  # domains whose names stand beside each other; more are turned
TITLES: dict[Shown, str] = {
    "regret": "expected regret of the decision",
    "gain_se": "standard error of the gain",
}
FORETOLD_TIMES = 4.0  # the learning curve is drawn on to this many times the present runs


def shrinkage_figure(plan: Plan, outcome: Outcome, shown: Shown, *, mode: Mode) -> go.Figure:
    """Planned runs against random ones, from 0 on the vertical axis: what each further run takes away."""
    colours = theme(mode)
    top = scales.nice_ceiling(
        1.08 * float(max(_values(plan.planned, shown).max(), _values(plan.random, shown).max()))
    )
    last = float(plan.planned.runs[-1])
    figure = canvas.blank(mode, 320, top=30, right=90)
    canvas.lay_out(
        figure,
        xaxis=canvas.axis(mode, "further runs", (-0.02 * last, 1.02 * last), grid=False, nticks=9),
        yaxis=canvas.axis(mode, labels.in_unit(TITLES[shown], outcome.unit), (0.0, top), nticks=6),
    )
    lines = (
        ("random", plan.random, colours.neutral, "dot"),
        ("planned", plan.planned, colours.accent, "solid"),
    )
    for name, course, colour, dash in lines:
        values = _values(course, shown)
        figure.add_scatter(
            x=course.runs, y=values, mode="lines+markers", name=name,
            line={"color": colour, "width": 2.4, "dash": dash}, marker={"color": colour, "size": 6},
            hovertemplate=f"%{{x}} {name} runs: %{{y:.3g}}<extra></extra>",
        )  # fmt: skip
        canvas.note(
            figure, mode, name, x=last, y=float(values[-1]), xanchor="left", yanchor="middle", xshift=8
        )
    return figure


def alt_shrinkage(plan: Plan, outcome: Outcome, shown: Shown) -> str:
    """One sentence: where both lines start and end."""
    planned, random = _values(plan.planned, shown), _values(plan.random, shown)
    digits = numbers.decimals_for(float(planned[0]), float(planned[-1]))
    return (
        f"{labels.in_unit(TITLES[shown].capitalize(), outcome.unit)}, from {numbers.plain(float(planned[0]), digits)} without further "
        f"runs to {numbers.plain(float(planned[-1]), digits)} after {plan.n_runs} planned ones and "
        f"{numbers.plain(float(random[-1]), digits)} after as many random ones."
    )


def designs_figure(plan: Plan, *, mode: Mode) -> go.Figure:
    """A line a design over the domains, in percent, wider where it is made more often; anchor and mixture besides."""
    colours = theme(mode)
    shares = 100.0 * np.array([design.shares for design in plan.designs])
    highest = max(shares.max(), 100.0 * plan.anchor.max(), 100.0 * plan.recommended.max())
    top = min(100.0, scales.nice_ceiling(1.05 * float(highest)))
    places = np.arange(len(plan.domains))
    crowded = len(places) > LEVEL_NAMES
    figure = canvas.blank(mode, 400 if crowded else 360, top=36)
    canvas.lay_out(figure,
        showlegend=True,
        xaxis=canvas.axis(
            mode, "", (-0.4, len(places) - 0.6), tickmode="array", tickvals=places,
            tickangle=-45 if crowded else 0, automargin=True,
            ticktext=[labels.short(domain, 14) for domain in plan.domains],
        ),
        yaxis=canvas.axis(mode, "share of the mixture (%)", (-0.02 * top, 1.02 * top), nticks=6),
    )  # fmt: skip
    most = max(design.repeats for design in plan.designs)
    for number, (design, line) in enumerate(zip(plan.designs, shares, strict=True)):
        figure.add_scatter(
            x=places, y=scales.float32(line), mode="lines+markers", showlegend=number == 0,
            name="designs (wider: made more often)",
            line={"color": see_through(colours.accent, 0.55), "width": 1.2 + 4.0 * design.repeats / most},
            marker={"color": colours.accent, "size": 5},
            hovertemplate=f"design {number + 1} on {labels.safe(design.pool)}, made {design.repeats} times"
            "<br>%{x}: %{y:.1f} %<extra></extra>",
        )  # fmt: skip
    _mixture_line(figure, places, plan.anchor, "anchor", colours.rule, "circle-open")
    _mixture_line(figure, places, plan.recommended, "recommended now", colours.ink, "diamond")
    return figure


def alt_designs(plan: Plan) -> str:
    """One sentence: how many designs, and the range of shares they span."""
    shares = np.array([design.shares for design in plan.designs])
    widest = int(np.argmax(np.ptp(shares, axis=0)))
    return (
        f"Shares of {len(plan.designs)} designs over {len(plan.domains)} domains; they differ most in "
        f"{labels.safe(plan.domains[widest])}, from {numbers.percent(float(shares[:, widest].min()))} to "
        f"{numbers.percent(float(shares[:, widest].max()))}."
    )


def learning_figure(curve: LearningCurve, outcome: Outcome, *, mode: Mode) -> go.Figure:
    """Standard error of the gain against runs fitted, with the fitted power drawn on beyond the present runs."""
    colours = theme(mode)
    ahead = np.linspace(curve.now_runs, FORETOLD_TIMES * curve.now_runs, 41)
    foretold = np.array([curve.foretold_se(float(runs)) for runs in ahead])
    top = scales.nice_ceiling(1.08 * float(max(curve.gain_se.max(), curve.now_se)))
    span = (0.0, 1.02 * FORETOLD_TIMES * curve.now_runs)
    figure = canvas.blank(mode, 340, top=36)
    canvas.lay_out(
        figure,
        showlegend=True,
        xaxis=canvas.axis(mode, "runs fitted", span, grid=False, nticks=9),
        yaxis=canvas.axis(
            mode, labels.in_unit("standard error of the gain", outcome.unit), (0.0, top), nticks=6
        ),
    )
    figure.add_scatter(
        x=scales.float32(curve.runs), y=scales.float32(curve.gain_se), mode="lines+markers", name="parts of the runs",
        line={"color": colours.accent, "width": 2.0}, marker={"color": colours.accent, "size": 8},
        hovertemplate="%{x:.0f} runs: %{y:.3g}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[curve.now_runs], y=[curve.now_se], mode="markers", name="all runs",
        marker={"color": colours.ink, "size": 10, "symbol": "diamond"},
        hovertemplate="all %{x} runs: %{y:.3g}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=scales.float32(ahead), y=scales.float32(foretold), mode="lines", name="foretold, more runs of this kind",
        line={"color": colours.neutral, "width": 2.0, "dash": "dash"},
        hovertemplate="%{x:.0f} runs, foretold: %{y:.3g}<extra></extra>",
    )  # fmt: skip
    return figure


def alt_learning(curve: LearningCurve) -> str:
    """The sentence under the chart says it all."""
    return planning.learning_sentence(curve)


def _values(course: Course, shown: Shown) -> Array:
    return course.regret if shown == "regret" else course.gain_se


def _mixture_line(
    figure: go.Figure, places: NDArray[np.intp], shares: Array, name: str, colour: str, symbol: str
) -> None:
    figure.add_scatter(
        x=places, y=scales.float32(100.0 * shares), mode="lines+markers", name=name,
        line={"color": colour, "width": 1.6, "dash": "dash"},
        marker={"color": colour, "size": 9, "symbol": symbol},
        hovertemplate=f"{name}<br>%{{x}}: %{{y:.1f}} %<extra></extra>",
    )  # fmt: skip
