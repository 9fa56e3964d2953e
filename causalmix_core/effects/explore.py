"""Views of a fit: effects at a pool, the map over two covariates, slices and response curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.support import distances_to_runs, usual_distance
from causalmix_core.effects.views import CateMap, EffectsView, ResponseCurve, Slice
from causalmix_core.errors import ConfigError, PoolError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit

    Array = NDArray[np.float64]

MARGIN = 0.05  # grids reach this part of the runs' range beyond it, so that the edge is seen


def normal_quantile(level: float) -> float:
    """Half-width in standard errors of a two-sided interval at ``level`` in (0, 1)."""
    from statistics import NormalDist

    if not 0.0 < level < 1.0:
        raise ConfigError(f"The interval's level is {level}; give a number between 0 and 1, such as 0.9.")
    return NormalDist().inv_cdf(0.5 + level / 2.0)


def effects_view(fit: Fit, pool: Array, anchor: Array, level: float = 0.9) -> EffectsView:
    """Substitution effects of all domains at a pool (d,), taken pro rata from an anchor (K,)."""
    response, z = fit.response(pool), normal_quantile(level)
    effects, se = response.substitution_effects(anchor), response.substitution_se(anchor)
    return EffectsView(
        domains=fit.table.domains,
        outcome=fit.outcome.name,
        unit=fit.outcome.unit,
        anchor=anchor,
        effects=effects,
        se=se,
        lower=effects - z * se,
        upper=effects + z * se,
        level=level,
        elasticities=response.elasticities(anchor),
    )


def effects_over_states(fit: Fit, states: Array, anchor: Array, domain: str) -> tuple[Array, Array]:
    """Substitution effect of one domain and its standard error at each state (m, d): two (m,)."""
    row = fit.response(states[0]).substitution_map(anchor)[_domain_index(fit, domain)]
    direction = row @ fit.engine.coding.decode
    variance = fit.engine.direction_variances(states, direction)
    return fit.engine.slopes(states) @ direction, np.sqrt(np.maximum(variance, 0.0))


def cate_map(
    fit: Fit,
    pool: Array,
    anchor: Array,
    domain: str,
    x_column: str,
    y_column: str,
    level: float = 0.9,
    size: int = 41,
) -> CateMap:
    """Effect of ``domain`` over two covariates, the others held at ``pool`` (d,).

    Cells farther from the runs, in the plane of the two covariates, than the runs usually are
    from each other count as unsupported.
    """
    x_index, y_index = covariate_index(fit, x_column), covariate_index(fit, y_column)
    if x_index == y_index:
        raise ConfigError(f"A map needs two covariates and was given {x_column} twice; choose another one.")
    x_values, y_values = _grid(fit, x_index, pool, size), _grid(fit, y_index, pool, size)
    states = np.tile(pool, (size * size, 1))
    states[:, x_index] = np.tile(x_values, size)
    states[:, y_index] = np.repeat(y_values, size)
    effects, se = effects_over_states(fit, states, anchor, domain)
    pair = [x_index, y_index]
    return CateMap(
        domain=domain,
        unit=fit.outcome.unit,
        x=fit.table.covariates[x_index],
        y=fit.table.covariates[y_index],
        x_values=x_values,
        y_values=y_values,
        effects=effects.reshape(size, size),
        se=se.reshape(size, size),
        supported=_supported(fit.table.states[:, pair], states[:, pair]).reshape(size, size),
        pool_x=float(pool[x_index]),
        pool_y=float(pool[y_index]),
        run_x=fit.table.states[:, x_index],
        run_y=fit.table.states[:, y_index],
        level=level,
    )


def effect_slice(
    fit: Fit, pool: Array, anchor: Array, domain: str, column: str, level: float = 0.9, size: int = 81
) -> Slice:
    """Effect of ``domain`` along one covariate, the others held at ``pool`` (d,)."""
    index, z = covariate_index(fit, column), normal_quantile(level)
    values = _grid(fit, index, pool, size)
    states = np.tile(pool, (size, 1))
    states[:, index] = values
    effects, se = effects_over_states(fit, states, anchor, domain)
    se = se * np.array([fit.widening(state) for state in states])
    seen = fit.table.states[:, [index]]
    return Slice(
        domain=domain,
        unit=fit.outcome.unit,
        covariate=fit.table.covariates[index],
        values=values,
        effects=effects,
        lower=effects - z * se,
        upper=effects + z * se,
        supported=_supported(seen, values[:, None]),
        pool_value=float(pool[index]),
        run_values=seen[:, 0],
        level=level,
    )


def response_curve(
    fit: Fit, pool: Array, anchor: Array, domain: str, level: float = 0.9, size: int = 101
) -> ResponseCurve:
    """Gain over the anchor (K,) as a domain's share goes from 0 to 1, the rest pro rata from it."""
    index, z = _domain_index(fit, domain), normal_quantile(level)
    response = fit.response(pool)
    rest = np.where(np.arange(len(anchor)) == index, 0.0, anchor)
    if rest.sum() <= 0.0:
        raise ConfigError(
            f"The anchor is all {domain}: there is nothing to trade it against; choose another anchor."
        )
    shares = np.linspace(0.0, 1.0, size)
    mixtures = (1.0 - shares)[:, None] * (rest / rest.sum())
    mixtures[:, index] = shares
    gains, se = response.gain(mixtures, anchor), response.gain_se(mixtures, anchor)
    seen = fit.table.shares[:, index]
    return ResponseCurve(
        domain=domain,
        unit=fit.outcome.unit,
        shares=shares,
        gains=gains,
        lower=gains - z * se,
        upper=gains + z * se,
        supported=(shares >= seen.min()) & (shares <= seen.max()),
        anchor_share=float(anchor[index]),
        run_shares=seen,
        level=level,
    )


def covariate_index(fit: Fit, column: str) -> int:
    """Number of a covariate column; unknown columns are named."""
    if column not in fit.table.covariate_columns:
        known = ", ".join(fit.table.covariate_columns[:6]) or "none"
        raise PoolError(f"There is no covariate {column!r} in {fit.table.name}; it has {known}.")
    return fit.table.covariate_columns.index(column)


def _domain_index(fit: Fit, domain: str) -> int:
    if domain not in fit.table.domains:
        raise ConfigError(f"There is no domain {domain!r}; choose one of {', '.join(fit.table.domains)}.")
    return fit.table.domains.index(domain)


def _grid(fit: Fit, index: int, pool: Array, size: int) -> Array:
    """The runs' range of a covariate with a margin, widened to hold the pool."""
    seen = fit.table.states[:, index]
    low, high = float(seen.min()), float(seen.max())
    margin = MARGIN * (high - low)
    return np.linspace(min(low - margin, float(pool[index])), max(high + margin, float(pool[index])), size)


def _supported(runs: Array, points: Array) -> NDArray[np.bool_]:
    spread = np.where(runs.std(axis=0) > 0, runs.std(axis=0), 1.0)
    return distances_to_runs(points / spread, runs / spread) <= usual_distance(runs / spread)
