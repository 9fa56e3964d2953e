"""The decision being worked on, as one plain value.

A :class:`Scenario` is what controls edit, what is kept, shared and compared, and what a decision is
made from besides the fit. It is immutable and hashable, and its ``repr`` names all of its content:
equal text, equal decision.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from causalmix_core.decision.objective import Objective
from causalmix_core.scenarios.pool_choice import PoolChoice

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.decision.objective import Floor
    from causalmix_core.decision.region import Metric
    from causalmix_core.decision.result import PolicyName
    from causalmix_core.decision.supply import Supply
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.new_domain import NewDomain

    Array = NDArray[np.float64]

AnchorKind = Literal["natural", "equal", "mean", "best", "entered"]
ANCHORS: tuple[AnchorKind, ...] = ("natural", "equal", "mean", "best", "entered")
DEFAULT_RADIUS = 0.15
# Largest radius that means anything, or is worth typing, in each metric's unit; and how far a slider goes.
MOST: dict[str, float] = {"tv": 1.0, "kl": 5.0, "l2": 1.4}
_SLIDER: dict[str, float] = {"tv": 0.5, "kl": 1.0, "l2": 0.5}


@dataclass(frozen=True)
class Bound:
    """Floor and cap of one domain as shares, and whether it is held at the anchor."""

    domain: str
    floor: float = 0.0
    cap: float = 1.0
    lock: bool = False

    @property
    def free(self) -> bool:
        """True when it asks for nothing."""
        return not self.lock and self.floor <= 0.0 and self.cap >= 1.0


@dataclass(frozen=True)
class Scenario:
    """Everything a decision is made from, besides the fit.

    Attributes
    ----------
    anchor : where to start from; ``entered`` (K,) shares when "entered"; "best" is the best observed run.
    radius : in the unit of ``metric``; ``policy`` and ``level`` as in the decision room.
    bounds : only the domains that have one.
    pool : the pool that is decided for; ``futures`` : further pools that one mixture must serve
        ("maximin"), beside ``pool``.
    objective : which mixture of the region is the best; ``floors`` : outcomes that must not fall.
    weights : (outcome, weight) pairs of what is raised; empty for the fit's outcome alone.
    supply : training budget and what each domain can give, or None for no limit.
    domains : domains of the table that the pool has; empty for all of them.
    new_domain : a domain that the pool has besides and no run has seen, or None.
    """

    anchor: AnchorKind = "mean"
    entered: tuple[float, ...] = ()
    radius: float = DEFAULT_RADIUS
    metric: Metric = "tv"
    policy: PolicyName = "analytic"
    level: float = 0.9
    bounds: tuple[Bound, ...] = ()
    pool: PoolChoice = field(default_factory=PoolChoice)
    objective: Objective = field(default_factory=Objective)
    weights: tuple[tuple[str, float], ...] = ()
    floors: tuple[Floor, ...] = ()
    supply: Supply | None = None
    domains: tuple[str, ...] = ()
    futures: tuple[PoolChoice, ...] = ()
    new_domain: NewDomain | None = None

    def anchor_shares(self, table: RunsTable, outcome: str | None = None) -> Array:
        """(K,) the anchor, which holds nothing of a new domain; the "best" run is that of ``outcome``, by default of the table's first.

        Raises
        ------
        AnchorError : entered shares that do not close.
        """
        from causalmix_core.decision import anchors

        if self.anchor == "entered":
            return anchors.parse_mixture(dict(zip(table.domains, self.entered, strict=True)), table.domains)
        if self.anchor == "best":
            from causalmix_core.effects.best_run import best_mixture

            return best_mixture(table, outcome or table.default_outcome)
        return anchors.resolve_anchor(self.anchor, table)

    def aimed(self, target: Mapping[str, float]) -> Scenario:
        """The same for a fit's target sizes (size covariate column -> value), in all of its pools."""
        sizes = tuple(target.items())
        futures = tuple(replace(future, target=sizes) for future in self.futures)
        return replace(self, pool=replace(self.pool, target=sizes), futures=futures)

    def without_new_domain(self) -> Scenario:
        """The same without its new domain, its bounds and its supply; itself where there is none."""
        if self.new_domain is None:
            return self
        name, supply = self.new_domain.name, self.supply
        if supply is not None:
            available = tuple(pair for pair in supply.available if pair[0] != name)
            epochs = tuple(pair for pair in supply.epochs if pair[0] != name)
            supply = replace(supply, available=available, epochs=epochs)
        bounds = tuple(bound for bound in self.bounds if bound.domain != name)
        return replace(self, new_domain=None, bounds=bounds, supply=supply)

    def named_domains(self, table: RunsTable) -> tuple[str, ...]:
        """All domains that bounds and supply may name: the table's, and last the new one."""
        return table.domains if self.new_domain is None else (*table.domains, self.new_domain.name)

    def bound_of(self, domain: str) -> Bound:
        """The bound of a domain, free when none was set."""
        return next((b for b in self.bounds if b.domain == domain), Bound(domain))

    def limits(self) -> dict[str, tuple[float, float]]:
        """Domain -> (floor, cap) for the region; locked domains are left to ``locked``."""
        return {b.domain: (b.floor, b.cap) for b in self.bounds if not b.lock}

    def locked(self) -> tuple[str, ...]:
        """Domains held at the anchor."""
        return tuple(b.domain for b in self.bounds if b.lock)


def anchor_kind(name: str) -> AnchorKind:
    """The kind of anchor that a word asks for; what is no name of one is a mixture to be entered."""
    return next((kind for kind in ANCHORS if kind == name), "entered")


def default_scenario(table: RunsTable) -> Scenario:
    """Where a project starts: natural shares if they are known, else the runs' mean."""
    return Scenario(anchor="natural" if table.natural is not None else "mean")


def reach(scenario: Scenario) -> float:
    """Where the radius slider and the frontier end: farther once a larger radius was typed."""
    short = _SLIDER[scenario.metric]
    return short if scenario.radius <= short else MOST[scenario.metric]
