"""Three domains in a triangle: what any division among them would gain, and where the region ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from causalmix_core.decision.geometry import distance
from causalmix_core.decision.region import WIDEST
from causalmix_core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from causalmix_core.decision.region import Region
    from causalmix_core.effects.response import Response

    Array = NDArray[np.float64]

Others = Literal["held", "summed"]
# Cells along each side of the triangle's box, and rays from the recommendation to the region's border.
CELLS, RAYS = 61, 240
HALVINGS = 40
# Constraints broken by less count as kept: bounds are typed in percent.
KEPT = 1e-9


@dataclass(frozen=True, eq=False)
class Triangle:
    """A plane of mixtures spanned by three domains.

    Attributes
    ----------
    base : (K,) shares that do not move in the plane. corners : (3, K) what each corner adds to them.

    A point with parts u (..., 3), >= 0 and adding to 1, is the mixture ``base + u @ corners``.
    """

    base: Array
    corners: Array

    def mixtures(self, parts: Array) -> Array:
        """(..., 3) parts -> (..., K) mixtures."""
        mixtures: Array = self.base + parts @ self.corners
        return mixtures


@dataclass(frozen=True, eq=False)
class Ternary:
    """What a ternary plot shows.

    Attributes
    ----------
    names : of the corners' domains. others : "held" at the recommendation, or "summed" into the third corner.
    whole : share of the mixture that the corners divide among them.
    parts : (M, 3) points of an even grid; ``gains`` : (M,) over the anchor; ``inside`` : (M,) within the region.
    border : (B, 3) the region's border in this plane; ``bounds`` : that of floors and caps alone, or None
        where there are none.
    anchor, recommended : (3,) parts of these mixtures. runs : (N, 3) of the runs that have a place.
    """

    names: tuple[str, str, str]
    others: Others
    whole: float
    parts: Array
    gains: Array
    inside: NDArray[np.bool_]
    border: Array
    bounds: Array | None
    anchor: Array
    recommended: Array
    runs: Array


def ternary(
    response: Response,
    region: Region,
    shares: Array,
    domains: Sequence[str],
    others: Others = "held",
    runs: Array | None = None,
    cells: int = CELLS,
) -> Ternary:
    """Divide among three ``domains`` what the recommendation ``shares`` (K,) gives them.

    With ``others="held"`` all other domains keep their recommended share, and mixtures with other
    shares of them (anchor, ``runs`` (n, K)) are placed by their shares among the three. With "summed"
    the third corner stands for its domain and all others together, divided as in the recommendation
    (where that gives them nothing, all to the domain itself).

    Raises
    ------
    ConfigError : not three different domains, or with "held" the recommendation gives them nothing.
    """
    trio = _numbers(region.domains, domains)
    plane = _plane(shares, trio, others, domains)
    parts = grid(cells)
    mixtures = plane.mixtures(parts)
    here = _place(shares[None, :], trio, others)[0]
    free = ((region.lower <= 0.0) & (region.upper >= 1.0)).all()
    anywhere = replace(region, radius=np.inf, metric="tv")
    placed = np.empty((0, 3)) if runs is None else _place(runs, trio, others)
    return Ternary(
        names=(domains[0], domains[1], domains[2]),
        others=others,
        whole=float(plane.corners[0].sum()),
        parts=parts,
        gains=response.gain(mixtures, region.anchor),
        inside=excess(region, mixtures) <= KEPT,
        border=border(plane, here, lambda mixture: excess(region, mixture)),
        bounds=None if free else border(plane, here, lambda mixture: excess(anywhere, mixture)),
        anchor=_place(region.anchor[None, :], trio, others)[0],
        recommended=here,
        runs=placed[np.isfinite(placed).all(axis=1)],
    )


def grid(cells: int) -> Array:
    """(cells * (cells + 1) / 2, 3) even grid of parts, corners included."""
    first, second = np.meshgrid(np.arange(cells), np.arange(cells), indexing="ij")
    keep = first + second < cells
    counts = np.stack([first[keep], second[keep], cells - 1 - first[keep] - second[keep]], axis=1)
    return counts / (cells - 1.0)


def excess(region: Region, mixtures: Array) -> Array:
    """(...) by how much mixtures (..., K) break the constraint they break most; <= 0 inside the region."""
    below = (region.lower - mixtures).max(axis=-1)
    above = (mixtures - region.upper).max(axis=-1)
    room = min(region.radius, WIDEST[region.metric])
    farther: Array = distance(region.metric, region.anchor, mixtures) - room
    worst: Array = np.maximum(np.maximum(below, above), farther)
    return worst


def border(plane: Triangle, centre: Array, broken: Callable[[Array], Array], rays: int = RAYS) -> Array:
    """(rays, 3) how far one may go from ``centre`` (3,) each way before ``broken`` or an edge.

    The constraints are convex, so every ray leaves them once; found by halving.
    """
    turn = 2.0 * np.pi * np.arange(rays)[:, None] / rays + 2.0 * np.pi * np.arange(3)[None, :] / 3.0
    ways = np.cos(turn)  # adds to zero over the corners, and is even in the triangle's own angles
    with np.errstate(divide="ignore"):
        room = np.where(ways < 0.0, centre / -np.minimum(ways, -1e-300), np.inf)
    far = np.maximum(room.min(axis=1), 0.0)
    low, high = np.zeros(rays), far
    ends = np.maximum(centre + far[:, None] * ways, 0.0)
    low = np.where(broken(plane.mixtures(ends)) <= KEPT, far, low)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        kept = broken(plane.mixtures(np.maximum(centre + middle[:, None] * ways, 0.0))) <= KEPT
        low, high = np.where(kept, middle, low), np.where(kept, high, middle)
    return np.maximum(centre + low[:, None] * ways, 0.0)


def _numbers(known: tuple[str, ...], domains: Sequence[str]) -> list[int]:
    strange = [domain for domain in domains if domain not in known]
    if strange or len(domains) != 3 or len(set(domains)) != 3:
        raise ConfigError(
            f"A triangle needs three different domains, not {', '.join(domains) or 'none'}; "
            f"choose among {', '.join(known)}."
        )
    return [known.index(domain) for domain in domains]


def _plane(shares: Array, trio: list[int], others: Others, domains: Sequence[str]) -> Triangle:
    k = len(shares)
    if others == "held":
        whole = float(shares[trio].sum())
        if whole <= KEPT:
            raise ConfigError(
                f"The recommendation gives {', '.join(domains)} nothing to divide; choose other domains, or sum the others."
            )
        base = shares.copy()
        base[trio] = 0.0
        return Triangle(base, whole * np.eye(k)[trio])
    corners = np.eye(k)[trio]
    rest = shares.copy()
    rest[trio[:2]] = 0.0
    if rest.sum() > KEPT:
        corners[2] = rest / rest.sum()
    return Triangle(np.zeros(k), corners)


def _place(mixtures: Array, trio: list[int], others: Others) -> Array:
    """(N, 3) parts of mixtures (N, K); nan where they give the corners nothing."""
    parts = mixtures[:, trio]
    if others == "summed":
        return np.column_stack([parts[:, :2], np.maximum(1.0 - parts[:, 0] - parts[:, 1], 0.0)])
    total = parts.sum(axis=1, keepdims=True)
    return np.where(total > KEPT, parts / np.maximum(total, KEPT), np.nan)
