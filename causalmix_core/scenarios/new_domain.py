"""A domain of the target pool that no run has seen, as a scenario holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.errors import PoolError, ScenarioError, UnseenDomainError
from causalmix_core.evidence.domain_state import own_names, parse_domain_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from causalmix_core.effects.fit import Fit
    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.scenario import Scenario

    Array = NDArray[np.float64]

LONGEST_NAME = 80
KNOWN_OF_IT = ("lower_bound", "mean_gain")  # objectives that its one effect is enough for


@dataclass(frozen=True)
class NewDomain:
    """One domain beside those of the table; the anchor holds nothing of it.

    Attributes
    ----------
    name : none of the table's domains. What there is of it stands in the scenario's supply, and a cap of
        somebody's own in its bounds, under this name.
    state : (covariate name, value) pairs in the table's units, one for each covariate of a domain, by name.

    Raises
    ------
    ScenarioError : a name that cannot be used, or a covariate that is named twice.
    """

    name: str
    state: tuple[tuple[str, float], ...]

    def __post_init__(self) -> None:
        """Refuse what is no name, and put the state in order: equal content, equal bytes."""
        if not self.name or self.name != self.name.strip() or not self.name.isprintable():
            raise ScenarioError("A new domain needs a name of characters that can be seen, such as poetry.")
        if len(self.name) > LONGEST_NAME:
            raise ScenarioError(
                f"The new domain's name has {len(self.name):,} characters; give at most {LONGEST_NAME}."
            )
        names = [name for name, _ in self.state]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ScenarioError(f"The state of {self.name} gives {twice} twice; give it once.")
        object.__setattr__(self, "state", tuple(sorted(self.state)))

    def values(self, table: RunsTable) -> Array:
        """(J,) its state in the order of the table's own covariates.

        Raises
        ------
        PoolError : a covariate that the table's domains do not have, or one that is missing.
        """
        return parse_domain_state(dict(self.state), self.name, table)


def new_domain(name: str, state: bytes | Mapping[str, object], table: RunsTable) -> NewDomain:
    """A domain from a state that somebody entered, ``{covariate name: number}``.

    Raises
    ------
    PoolError : not the state of a domain of this table. ScenarioError : no name.
    """
    values = parse_domain_state(state, name, table)
    return NewDomain(name.strip(), tuple(zip(own_names(table), map(float, values), strict=True)))


def check_new_domain(new: NewDomain, table: RunsTable) -> None:
    """Return when the domain may stand beside those of the table.

    Raises
    ------
    ScenarioError : the table has a domain of this name, or its domains have other covariates.
    """
    if new.name in table.domains:
        raise ScenarioError(
            f"The scenario's new domain {new.name!r} is a domain of {table.name}; its own effect is in the runs."
        )
    try:
        new.values(table)
    except PoolError as problem:
        raise ScenarioError(f"The scenario's new domain: {problem}") from problem


def check_decidable(fit: Fit, scenario: Scenario) -> None:
    """Return when a scenario asks nothing of its new domain but its gain in the fit's own outcome, expected or sure.

    Raises
    ------
    UnseenDomainError : it asks for more.
    """
    new = scenario.new_domain
    asks_more = scenario.objective.kind not in KNOWN_OF_IT or scenario.floors or scenario.weights
    if new is not None and asks_more:
        raise UnseenDomainError(
            f"{new.name} has an effect on {fit.outcome.name} alone, and no run has seen it: ask for the sure or the expected gain, "
            f"without weights and floors of outcomes, or leave {new.name} out."
        )
