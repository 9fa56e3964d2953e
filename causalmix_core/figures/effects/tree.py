"""The rules by which effects differ, as a tree from left to right: boxes, edges, the chosen pool's path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.delivery import covariates, numbers
from causalmix_core.delivery.explanations import AT_MOST, MORE_THAN, rule_words
from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.theme import FONT, Mode, contrast, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.effects.explain.views import EffectTree, TreeNode

    Array = NDArray[np.float64]

_ROW = 74
_WIDEST = 24
_DARK_TEXT, _LIGHT_TEXT = "#262730", "#fafafa"


def places(tree: EffectTree) -> dict[int, tuple[float, float]]:
    """Where each node stands: its depth, and its row (leaves evenly, parents between their children)."""
    found = {leaf: (float(tree.nodes[leaf].depth), float(row)) for row, leaf in enumerate(tree.leaves)}
    for number in reversed(range(len(tree.nodes))):
        node = tree.nodes[number]
        if node.low is not None and node.high is not None:
            row = 0.5 * (found[node.low][1] + found[node.high][1])
            found[number] = (float(node.depth), row)
    return found


def tree_figure(tree: EffectTree, *, mode: Mode, pool: Array | None = None) -> go.Figure:
    """A box a group of pools, coloured by the sign of its effect; with all domains, the best and the worst.

    The path of ``pool`` (d,) is drawn strong, and its group framed.
    """
    at = places(tree)
    path = tree.path(pool) if pool is not None else ()
    rows = len(tree.leaves)
    figure = canvas.blank(mode, 40 + _ROW * max(rows, 2), left=0, right=0, top=4, bottom=4)
    canvas.lay_out(
        figure,
        xaxis=canvas.axis(mode, "", (-0.5, tree.depth + 0.5), grid=False, showticklabels=False),
        yaxis=canvas.axis(mode, "", (rows - 0.4, -0.6), grid=False, showticklabels=False),
    )
    for name, strong in (("rules", False), ("this pool's path", True)):
        _add_edges(figure, tree, at, path, mode, strong=strong, name=name)
    limit = scales.around_zero(np.concatenate([node.mean for node in tree.nodes]))
    for number in range(len(tree.nodes)):
        _add_box(figure, tree, number, at[number], mode, limit, framed=bool(path) and number == path[-1])
        _add_question(figure, tree, number, at, mode)
    return figure


def _add_edges(
    figure: go.Figure,
    tree: EffectTree,
    at: dict[int, tuple[float, float]],
    path: tuple[int, ...],
    mode: Mode,
    *,
    strong: bool,
    name: str,
) -> None:
    x: list[float] = []
    y: list[float] = []
    for number, node in enumerate(tree.nodes):
        for child in (node.low, node.high):
            if child is not None and (child in path) is strong:
                (x0, y0), (x1, y1) = at[number], at[child]
                x += [x0, x1, np.nan]
                y += [y0, y1, np.nan]
    figure.add_scatter(
        x=scales.float32(np.array(x)),
        y=scales.float32(np.array(y)),
        mode="lines",
        line={"color": theme(mode).ink if strong else theme(mode).rule, "width": 3.5 if strong else 1.4},
        hoverinfo="skip",
        name=name,
    )


def _add_question(
    figure: go.Figure, tree: EffectTree, number: int, at: dict[int, tuple[float, float]], mode: Mode
) -> None:
    """The two answers to a node's question, written on the edges to its children."""
    node = tree.nodes[number]
    if node.threshold is None:
        return
    for child, sign in ((node.low, AT_MOST), (node.high, MORE_THAN)):
        if child is not None:
            (x0, y0), (x1, y1) = at[number], at[child]
            figure.add_annotation(
                x=0.5 * (x0 + x1),
                y=0.5 * (y0 + y1),
                text=f"{sign} {covariates.threshold(node.threshold)}".replace(">", "&gt;"),
                showarrow=False,
                bgcolor=theme(mode).page,
                borderpad=1,
                font={"size": canvas.SMALL, "color": theme(mode).muted, "family": FONT},
            )


def _add_box(
    figure: go.Figure,
    tree: EffectTree,
    number: int,
    place: tuple[float, float],
    mode: Mode,
    limit: float,
    *,
    framed: bool,
) -> None:
    node, colours = tree.nodes[number], theme(mode)
    one = len(tree.domains) == 1
    fill = signed_colour(float(node.mean[0]), limit, mode) if one else colours.grid
    ink = max((_DARK_TEXT, _LIGHT_TEXT), key=lambda text: contrast(text, fill))
    figure.add_annotation(
        x=place[0],
        y=place[1],
        text="<br>".join([*_question(node), *_numbers(tree, node, limit)]),
        hovertext=_hover(tree, number, limit),
        hoverlabel={
            "bgcolor": colours.page,
            "bordercolor": colours.rule,
            "font": {"color": colours.ink, "family": FONT, "size": 13},
        },
        showarrow=False,
        align="center",
        bgcolor=fill,
        bordercolor=colours.ink if framed else colours.rule,
        borderwidth=3 if framed else 1,
        borderpad=5,
        font={"size": 12, "color": ink, "family": FONT},
    )


def signed_colour(effect: float, limit: float, mode: Mode) -> str:
    """The colour of an effect on the diverging scale from -limit to limit."""
    palette = theme(mode).diverging
    place = 0.5 * (1.0 + max(-1.0, min(1.0, effect / limit)))
    return palette[round(place * (len(palette) - 1))]


def _question(node: TreeNode) -> list[str]:
    """What a node asks, in one or two short lines; a leaf asks nothing."""
    if node.covariate is None:
        return []
    name = labels.short(node.covariate.name.replace("_", " "), _WIDEST)
    if node.covariate.domain is None:
        return [f"<b>{name}</b>"]
    return [f"<b>{name}</b>", f"<b>of {labels.short(node.covariate.domain, _WIDEST)}</b>"]


def _numbers(tree: EffectTree, node: TreeNode, limit: float) -> list[str]:
    digits = labels.digits_within(limit)
    pools = f"{node.pools} pools"
    if len(tree.domains) == 1:
        return [f"{numbers.signed(float(node.mean[0]), digits)}", pools]
    if node.covariate is not None:
        return [pools]
    best, worst = int(np.argmax(node.mean)), int(np.argmin(node.mean))
    return [
        pools,
        *(
            f"{mark} {labels.short(tree.domains[k], 14)} {numbers.signed(float(node.mean[k]), digits)}"
            for mark, k in (("▲", best), ("▼", worst))
        ),
    ]


def _hover(tree: EffectTree, number: int, limit: float) -> str:
    node, digits = tree.nodes[number], labels.digits_within(limit)
    lines = [
        f"{labels.safe(domain)}: {numbers.signed(float(mean), digits)} (spread {numbers.plain(float(spread), digits)})"
        for domain, mean, spread in zip(tree.domains, node.mean, node.spread, strict=True)
    ]
    rule = labels.safe(rule_words(tree, number)).replace(" and ", "<br>and ")
    return "<br>".join([f"<b>{rule}</b>", f"{node.pools} pools, per +1 pp:", *lines])


def alt_tree(tree: EffectTree) -> str:
    """One sentence: every group of pools with its rule, and its effect or its best and worst domain."""
    digits = numbers.decimals_for(scales.around_zero(np.concatenate([node.mean for node in tree.nodes])))
    what = f"effect of {tree.domains[0]}" if len(tree.domains) == 1 else "effects of all domains"
    groups = [
        f"{rule_words(tree, leaf)} ({tree.nodes[leaf].pools} pools): {_group(tree, leaf, digits)}"
        for leaf in tree.leaves
    ]
    unit = f" in {tree.unit}" if tree.unit else ""
    return f"Tree of rules for the {what} per percentage point{unit}; {'; '.join(groups)}."


def _group(tree: EffectTree, leaf: int, digits: int) -> str:
    mean = tree.nodes[leaf].mean
    if len(tree.domains) == 1:
        return numbers.signed(float(mean[0]), digits)
    best, worst = int(np.argmax(mean)), int(np.argmin(mean))
    return (
        f"best {tree.domains[best]} {numbers.signed(float(mean[best]), digits)}, "
        f"worst {tree.domains[worst]} {numbers.signed(float(mean[worst]), digits)}"
    )
