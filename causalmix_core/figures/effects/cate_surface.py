"""The CATE map as a 3-D surface, on request: slower to draw and harder to read than the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from causalmix_core.figures import canvas, labels, scales
from causalmix_core.figures.effects.cate_map import alt_cate_map
from causalmix_core.figures.theme import TRANSPARENT, Mode, colour_scale, theme

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from numpy.typing import NDArray

    from causalmix_core.effects.views import CateMap

Camera = Literal["iso", "front", "top"]
_EYES: dict[Camera, tuple[float, float, float]] = {
    "iso": (-1.5, -1.6, 1.0),
    "front": (0.0, -2.2, 0.25),
    "top": (0.0, -0.01, 2.3),
}


def grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """``mask`` (Gy, Gx) and all its neighbours, so that two surfaces meet without a seam."""
    ys, xs = mask.shape
    framed = np.pad(mask, 1)
    shifts = [framed[i : i + ys, j : j + xs] for i in range(3) for j in range(3)]
    either: NDArray[np.bool_] = np.logical_or.reduce(shifts)
    return either


def cate_surface_figure(
    view: CateMap, camera: Camera = "iso", *, mode: Mode, limit: float | None = None
) -> go.Figure:
    """Coloured surface over the runs, grey where the grid lies outside them, a line at 0.

    The camera is an argument because the browser forgets a turned view at each redraw.
    ``limit`` as in the map; the vertical axis is fixed to it as well.
    """
    limit = limit or scales.around_zero(view.effects[view.supported])
    figure = canvas.blank(mode, 520, left=24, right=12, top=0)
    outside = ~view.supported
    grid = {"x": scales.float32(view.x_values), "y": scales.float32(view.y_values)}
    figure.add_surface(
        **grid,
        z=scales.masked(np.clip(view.effects, -limit, limit), grown(grown(outside))),
        surfacecolor=np.zeros(outside.shape, dtype=np.uint8),
        colorscale=[(0, theme(mode).unsupported), (1, theme(mode).unsupported)],
        showscale=False,
        opacity=0.45,
        hoverinfo="skip",
        name="outside the runs",
    )
    figure.add_surface(
        **grid,
        z=scales.masked(np.clip(view.effects, -limit, limit), view.supported),
        cmin=-limit,
        cmax=limit,
        colorscale=colour_scale(theme(mode).diverging),
        contours={
            "z": {
                "show": True,
                "start": 0,
                "end": 0.5 * limit,
                "size": limit,
                "color": theme(mode).ink,
                "width": 3,
            }
        },
        lighting={"ambient": 0.95, "diffuse": 0.12, "specular": 0.0},
        colorbar=canvas.signed_colour_bar(
            mode, labels.in_unit(f"per +1 pp of {labels.short(view.domain)}", view.unit), limit, len=0.7
        ),
        hovertemplate=(
            f"{labels.covariate_title(view.x)}: %{{x:,.3~r}}<br>{labels.covariate_title(view.y)}: %{{y:,.3~r}}"
            f"<br>per +1 pp: %{{z:+.{labels.digits_within(limit)}f}} {labels.safe(view.unit)}<extra></extra>"
        ),
        name="effect",
    )
    canvas.lay_out(figure, scene=_scene(view, camera, mode, limit))
    return figure


def _scene(view: CateMap, camera: Camera, mode: Mode, limit: float) -> dict[str, Any]:
    x, y, z = _EYES[camera]
    up = {"x": 0, "y": 1, "z": 0} if camera == "top" else {"x": 0, "y": 0, "z": 1}
    return {
        "xaxis": _scene_axis(mode, labels.covariate_title(view.x), (view.x_values[0], view.x_values[-1])),
        "yaxis": _scene_axis(mode, labels.covariate_title(view.y), (view.y_values[0], view.y_values[-1])),
        "zaxis": _scene_axis(mode, "", (-limit, limit)),
        "camera": {
            "eye": {"x": x, "y": y, "z": z},
            "up": up,
            "center": {"x": 0, "y": 0, "z": -0.1},
            "projection": {"type": "orthographic" if camera == "top" else "perspective"},
        },
        "aspectmode": "manual",
        "aspectratio": {"x": 1.15, "y": 1.15, "z": 0.7},
    }


def _scene_axis(mode: Mode, title: str, limits: tuple[float, float]) -> dict[str, Any]:
    colours = theme(mode)
    return {
        "title": {"text": title, "font": {"size": 12, "color": colours.muted}},
        "range": [float(limits[0]), float(limits[1])],
        "tickfont": {"size": 11, "color": colours.muted},
        "nticks": 6,
        "gridcolor": colours.grid,
        "linecolor": colours.rule,
        "zerolinecolor": colours.rule,
        "showbackground": False,
        "backgroundcolor": TRANSPARENT,
        "showspikes": False,
    }


def alt_cate_surface(view: CateMap) -> str:
    """The map's sentence: the surface shows the same numbers."""
    return alt_cate_map(view).replace("Map of", "Surface of", 1)
