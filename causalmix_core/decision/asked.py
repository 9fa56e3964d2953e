"""What a decision is asked for: the objective, the outcomes beside it, further pools."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from causalmix_core.decision.objective import Objective

if TYPE_CHECKING:
    from causalmix_core.decision.objective import Floor
    from causalmix_core.effects.response import Response


@dataclass(frozen=True, eq=False)
class Watched:
    """An outcome whose gain is shown beside the one that is raised, and held where it has a floor.

    Attributes
    ----------
    outcome : its name; ``response`` : its response at the pool, with the epsilon of what is raised.
    floor : what it must not fall below, or None.
    raised : True where it is part of what is raised, so that the mixture was chosen by it too.
    """

    outcome: str
    response: Response
    floor: Floor | None = None
    raised: bool = False


@dataclass(frozen=True, eq=False)
class Asked:
    """Besides response and region, what a decision depends on; by default the plain expected gain.

    Attributes
    ----------
    objective : which mixture is the best one.
    watched : outcomes whose gains are wanted, those with floors among them.
    futures : responses of further pools, which "maximin" must serve too.
    runs : number of runs behind the response, or None; says how many more would settle the case.
    judged : False leaves the verdict out, which may need two further solutions.
    """

    objective: Objective = field(default_factory=Objective)
    watched: tuple[Watched, ...] = ()
    futures: tuple[Response, ...] = ()
    runs: int | None = None
    judged: bool = True
