"""A fit with one domain more, which no run has seen: to decisions it is a fit like any other."""

from __future__ import annotations

import dataclasses
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.effects.fit import Fit
from causalmix_core.effects.unseen import check_unseen, extended_response, unseen_effect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from causalmix_core.effects.leave_one_domain_out import LodoReport
    from causalmix_core.effects.response import Response
    from causalmix_core.effects.unseen import UnseenEffect
    from causalmix_core.evidence.table import RunsTable

    Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Unseen:
    """A domain that no run has seen, in a pool.

    Attributes
    ----------
    name : none of the table's domains.
    state : (J,) its own covariates, in the order of ``own_names`` and in the table's units.
    report : what leaving out each seen domain shows; it supports an effect.
    """

    name: str
    state: Array
    report: LodoReport


@dataclass(frozen=True, eq=False, kw_only=True)
class JoinedFit(Fit):
    """The fit of K domains with one more, the last, of which no run holds anything.

    Attributes
    ----------
    of_runs : the fit of the K domains; settings, engine and all that was learned are its own.
    unseen : the domain without runs. ``table`` has a column of zeros for it, and no covariates of it.
    """

    of_runs: Fit
    unseen: Unseen

    @property
    def seen(self) -> Fit:
        """The fit of the K domains that runs have seen."""
        return self.of_runs

    @property
    def sha256(self) -> str:
        """Hash of the fit and of the domain's name and state (64 hex digits)."""
        named = f"{self.of_runs.sha256}\n{self.unseen.name}\n".encode()
        return hashlib.sha256(named + self.unseen.state.tobytes()).hexdigest()

    def response(self, pool: Array) -> Response:
        """Response to mixtures of K + 1 domains at a pool state (d,) of the K seen ones.

        Raises
        ------
        PoolError : as for the fit of the seen domains.
        """
        unseen = self.unseen
        return extended_response(self.of_runs, unseen.name, unseen.state, pool, unseen.report)

    def widening(self, pool: Array) -> float:
        """Factor on standard errors of the seen domains: see :meth:`Fit.widening`."""
        return self.of_runs.widening(pool)

    def effect(self, pool: Array, anchor: Array, level: float) -> UnseenEffect:
        """Effect of the domain at a pool (d,), seen domains in the mixture ``anchor`` (K,) giving way."""
        unseen = self.unseen
        return unseen_effect(self.of_runs, unseen.name, unseen.state, pool, anchor, unseen.report, level)


def with_domain(table: RunsTable, name: str) -> RunsTable:
    """The runs with one domain more, of which none of them holds anything; it has no covariates."""
    nothing = np.zeros((table.n_runs, 1))
    return dataclasses.replace(
        table,
        domains=(*table.domains, name),
        shares=np.hstack([table.shares, nothing]),
        natural=None if table.natural is None else np.append(table.natural, 0.0),
        sha256=hashlib.sha256(f"{table.sha256}\n{name}".encode()).hexdigest(),
    )


def seen_part(fit: Fit, shares: Array) -> Array:
    """(..., K) shares of the seen domains of mixtures, closed again; the mixtures themselves without another one."""
    if fit.seen is fit:
        return shares
    part = shares[..., : len(fit.seen.table.domains)]
    closed: Array = part / part.sum(axis=-1, keepdims=True)
    return closed


def join(fit: Fit, name: str, state: Array, report: LodoReport) -> JoinedFit:
    """The fit with a domain that no run has seen.

    Parameters
    ----------
    state : (J,) see :class:`Unseen`. report : from ``leave_one_domain_out`` of ``fit``.

    Raises
    ------
    UnseenDomainError : the name is taken, or leave-one-domain-out does not support such an effect.
    """
    own = {field.name: getattr(fit, field.name) for field in dataclasses.fields(Fit)}
    unseen = Unseen(name, state, check_unseen(fit, name, report))
    return JoinedFit(**{**own, "table": with_domain(fit.table, name)}, of_runs=fit, unseen=unseen)
