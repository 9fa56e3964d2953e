"""What the Effects page and ``effects --json`` show, as plain arrays (figures draw them)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.evidence.table import Covariate

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class EffectsView:
    """Substitution effects of all domains at one pool: forest plot and table.

    Attributes
    ----------
    domains : K names; ``outcome``, ``unit`` : what an effect is measured in (per +1 pp).
    anchor : (K,) the mixture from which domains are taken pro rata.
    effects, se, lower, upper : (K,) with the interval at nominal ``level``.
    elasticities : (K,) per unit of log share.
    """

    domains: tuple[str, ...]
    outcome: str
    unit: str
    anchor: Array
    effects: Array
    se: Array
    lower: Array
    upper: Array
    level: float
    elasticities: Array


@dataclass(frozen=True, eq=False)
class CateMap:
    """Effect of one domain over two covariates, the others held at the chosen pool.

    Attributes
    ----------
    domain : whose effect; ``unit`` : outcome unit per +1 pp.
    x, y : the two covariates; ``x_values`` (Gx,), ``y_values`` (Gy,) grids in table units.
    effects, se : (Gy, Gx).
    supported : (Gy, Gx) bool, False where the cell lies outside the runs.
    pool_x, pool_y : where the chosen pool stands.
    run_x, run_y : (n,) the runs, for dots.
    level : nominal level of "the interval includes 0".
    """

    domain: str
    unit: str
    x: Covariate
    y: Covariate
    x_values: Array
    y_values: Array
    effects: Array
    se: Array
    supported: NDArray[np.bool_]
    pool_x: float
    pool_y: float
    run_x: Array
    run_y: Array
    level: float


@dataclass(frozen=True, eq=False)
class Slice:
    """Effect of one domain along one covariate, with its band.

    ``values`` (G,) in table units; ``effects``, ``lower``, ``upper`` (G,) per +1 pp;
    ``supported`` (G,) bool; ``pool_value`` the chosen pool; ``run_values`` (n,) for a rug.
    """

    domain: str
    unit: str
    covariate: Covariate
    values: Array
    effects: Array
    lower: Array
    upper: Array
    supported: NDArray[np.bool_]
    pool_value: float
    run_values: Array
    level: float


@dataclass(frozen=True, eq=False)
class ResponseCurve:
    """Gain over the anchor as one domain's share goes from 0 to 1, the rest pro rata.

    ``shares`` (G,) of the domain; ``gains``, ``lower``, ``upper`` (G,) outcome units;
    ``supported`` (G,) bool (within the runs' range); ``anchor_share``; ``run_shares`` (n,).
    """

    domain: str
    unit: str
    shares: Array
    gains: Array
    lower: Array
    upper: Array
    supported: NDArray[np.bool_]
    anchor_share: float
    run_shares: Array
    level: float


@dataclass(frozen=True, eq=False)
class CrossValidation:
    """How well a fit foretells pools it has not seen (folds never split a pool).

    Attributes
    ----------
    observed, predicted : (n,) outcome, higher is better; predictions are out of fold.
    r2 : share of the variance of Y explained out of fold.
    spearman : rank correlation.
    pair_accuracy : share of same-pool pairs whose order is foretold, or None without such pairs.
    pair_r2 : 1 - squared error of same-pool differences over their squares, or None.
    n_pairs : how many pairs; ``folds`` : how many folds.
    """

    observed: Array
    predicted: Array
    r2: float
    spearman: float
    pair_accuracy: float | None
    pair_r2: float | None
    n_pairs: int
    folds: int
