"""The effect of a domain that no run has seen.

Where all domains share one law of worth in their own state, a new domain is worth what the seen
domains would be worth in its state: its slopes are the mean over the seen domains of their slopes,
each put into that state. So its average is the mean of theirs and its own deviation is none. Whether
the table supports that, and how wide the interval is, leave-one-domain-out says.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.entering import coefficients, foretold
from causalmix_core.effects.leave_one_domain_out import (
    LEAST_RANK,
    LEAST_WITHIN,
    LodoReport,
    check_supported,
    leave_one_domain_out,
)
from causalmix_core.effects.response import PERCENTAGE_POINT, Response
from causalmix_core.errors import UnseenDomainError
from causalmix_core.evidence.domain_state import own_columns, own_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class UnseenEffect:
    """Effect of a domain that no run has seen.

    Attributes
    ----------
    name : of the domain. ``effect``, ``se``, ``lower``, ``upper`` : outcome units per percentage point,
        on average as its share goes from 0 to ``share``, the anchor giving way pro rata.
    level : nominal level of the interval.
    beyond : its covariates that lie outside those of all seen domains.
    """

    name: str
    effect: float
    se: float
    lower: float
    upper: float
    level: float
    share: float
    beyond: tuple[str, ...]


def unseen_effect(
    fit: Fit,
    name: str,
    state: Array,
    pool: Array,
    anchor: Array,
    report: LodoReport | None = None,
    level: float = 0.9,
) -> UnseenEffect:
    """Effect of a domain without runs at a pool, with the interval that leave-one-domain-out supports.

    Parameters
    ----------
    name : of the domain; none of the table's.
    state : (J,) its own covariates, in the order of ``own_names`` and in the table's units.
    pool : (d,) state of the seen domains' pool. anchor : (K,) mixture that gives way pro rata.
    report : from :func:`leave_one_domain_out` of this fit, made here where it is not given.
    level : nominal level of the interval.

    Raises
    ------
    UnseenDomainError : the name is taken, or leave-one-domain-out does not support such an effect.
    """
    found = check_unseen(fit, name, report)
    every = list(range(len(anchor)))
    effect = float(foretold(fit, pool[None], state[None], every, anchor, found.share)[0])
    half = NormalDist().inv_cdf(0.5 + level / 2.0) * found.sd
    seen = fit.table.states[:, own_columns(fit.table)]
    low, high = seen.min(axis=(0, 1)), seen.max(axis=(0, 1))
    beyond = [n for n, v, a, b in zip(own_names(fit.table), state, low, high, strict=True) if not a <= v <= b]
    return UnseenEffect(
        name, effect, found.sd, effect - half, effect + half, level, found.share, tuple(beyond)
    )


def unseen_response(
    fit: Fit, name: str, state: Array, pool: Array, report: LodoReport | None = None
) -> Response:
    """Response of the K seen domains and, last, one that no run has seen.

    Its slopes are those that :func:`unseen_effect` uses. Its doubt is all in the linear slope, as
    large as leaving out each seen domain shows per percentage point, and in no connection with that
    of the others. Parameters and errors as in :func:`unseen_effect`; it is no better known at shares
    above the report's ``share`` than there, which a decision should therefore not exceed.
    """
    return extended_response(fit, name, state, pool, check_unseen(fit, name, report))


def extended_response(fit: Fit, name: str, state: Array, pool: Array, report: LodoReport) -> Response:
    """The same where it is known that the report supports it: nothing is checked."""
    seen, k = fit.response(pool), len(fit.table.domains)
    placed = np.array(pool, dtype=np.float64)
    placed[own_columns(fit.table)] = state
    own = coefficients(fit, placed[None])[0].reshape(2, k).mean(axis=1)
    order = [*range(k), *range(k + 1, 2 * k + 1)]
    covariance = np.zeros((2 * k + 2, 2 * k + 2))
    covariance[np.ix_(order, order)] = seen.covariance
    covariance[-1, -1] = (report.sd / PERCENTAGE_POINT) ** 2
    return Response(
        domains=(*seen.domains, name),
        epsilon=seen.epsilon,
        log_coefficients=np.append(seen.log_coefficients, own[0]),
        linear_coefficients=np.append(seen.linear_coefficients, own[1]),
        covariance=covariance,
    )


def response_without(fit: Fit, without: Fit, name: str, pool: Array, report: LodoReport) -> Response:
    """Response at a pool as if no run had told what the domain ``name`` is worth: a test of effects of unseen domains.

    The slopes of the others are those of ``without``; its own are the mean of theirs, each put into its state. Doubt
    as in :func:`unseen_response`.

    Parameters
    ----------
    without : from :func:`~causalmix_core.effects.leave_one_domain_out.without_domain` of ``fit`` and this domain.
    pool : (d,) state. report : from ``leave_one_domain_out`` of ``fit``.
    """
    seen, k = fit.response(pool), len(fit.table.domains)
    domain, columns = fit.table.domains.index(name), own_columns(fit.table)
    others = [j for j in range(k) if j != domain]
    placed = np.array(pool, dtype=np.float64)
    for j in others:
        placed[columns[j]] = pool[columns[domain]]
    found = coefficients(without, np.array(pool)[None])[0].reshape(2, k)
    found[:, domain] = coefficients(without, placed[None])[0].reshape(2, k)[:, others].mean(axis=1)
    covariance = seen.covariance.copy()
    covariance[[domain, k + domain], :] = 0.0
    covariance[:, [domain, k + domain]] = 0.0
    covariance[k + domain, k + domain] = (report.sd / PERCENTAGE_POINT) ** 2
    return Response(seen.domains, seen.epsilon, found[0], found[1], covariance)


def check_unseen(fit: Fit, name: str, report: LodoReport | None = None) -> LodoReport:
    """The report, made here where it is not given, if it supports an effect for a domain of that name.

    Raises
    ------
    UnseenDomainError : the name is taken, or leave-one-domain-out does not support such an effect.
    """
    check_supported(fit)
    if name in fit.table.domains:
        raise UnseenDomainError(f"{name} is a domain of {fit.table.name}: its own effect is in the table.")
    found = report or leave_one_domain_out(fit)
    if not found.passed:
        raise UnseenDomainError(refusal_words(found, name))
    return found


def refusal_words(found: LodoReport, name: str) -> str:
    """Why no effect is given, and what would be needed."""
    return (
        f"No effect is given for {name}, which no run has seen: leaving out each of the {len(found.domains)} domains,"
        f" the others and its state foretell its effect with a rank correlation of {found.rank:.2f} over all domains"
        f" (at least {LEAST_RANK} is needed) and {found.within_rank:.2f} over the pools of one domain (at least"
        f" {LEAST_WITHIN}); train about {found.runs_needed} runs with changing shares of {name} and add them."
    )
