"""A design: the runs to make, on which pools, with which mixtures, in which order of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from causalmix_core.errors import DesignError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from causalmix_core.proxy.design.states import PoolState

SCHEMA = "causalmix/design@1"
SET_ASIDE = 64  # rows of each domain that describe pools, where nothing else is asked for
Unit = Literal["windows", "documents"]
UNITS: tuple[Unit, ...] = get_args(Unit)
AssignmentKind = Literal["random", "designed", "chosen"]
KINDS_OF_ASSIGNMENT: tuple[AssignmentKind, ...] = get_args(AssignmentKind)


@dataclass(frozen=True)
class Assignment:
    """How a run's mixture came about.

    Attributes
    ----------
    kind : "random", "designed" or "chosen", as in the runs table.
    law : the law in words.
    log_density : natural logarithm of the density of the first K - 1 shares, None where there is none.
    """

    kind: AssignmentKind
    law: str
    log_density: float | None


@dataclass(frozen=True)
class Run:
    """One run of a design.

    Attributes
    ----------
    id : distinct within the design, letters, digits and hyphens only.
    pool : id of its pool state.
    mixture : domain -> share, sum 1: what was asked for. ``counts`` says what is trained on.
    counts : domain -> number of windows or documents, by largest remainder.
    unit : what is counted.
    replicate : 0, or the number of this repeat of a mixture on its pool.
    order_seed : decides which text is drawn and in what order; equal for all runs of one pool that are no repeats.
    rows_sha256 : hash of the rows it is trained on (:func:`~causalmix_core.proxy.design.row_files.rows_hash`).
    """

    id: str
    pool: str
    mixture: dict[str, float]
    counts: dict[str, int]
    unit: Unit
    replicate: int
    order_seed: int
    assignment: Assignment
    rows_sha256: str

    @property
    def total(self) -> int:
        """Windows or documents of the whole run."""
        return sum(self.counts.values())

    @property
    def realised(self) -> dict[str, float]:
        """Domain -> share of the counts: the mixture that is trained on, to compare outcomes with."""
        return {domain: count / self.total for domain, count in self.counts.items()}

    def to_json(self) -> dict[str, Any]:
        """Plain values, as in ``design.json``."""
        return {
            **{key: getattr(self, key) for key in ("id", "pool", "mixture", "counts", "unit", "replicate")},
            "order_seed": self.order_seed,
            "assignment": vars(self.assignment).copy(),
            "rows_sha256": self.rows_sha256,
        }


@dataclass(frozen=True)
class Settings:
    """What all runs of a design share.

    Attributes
    ----------
    domains : names in the order of the pool.
    unit, examples : what is counted and how many of them a run trains on.
    seq : tokens a window predicts (its length is ``seq`` + 1); without use where documents are counted.
    set_aside : rows of each domain kept for covariates, at most; a tenth of a small domain.
    max_epochs : how often a row of text may be used in one run.
    pools_seed, order_seed : seeds of the pool states and of the order of text.
    """

    domains: tuple[str, ...]
    unit: Unit = "windows"
    examples: int = 500
    seq: int = 256
    set_aside: int = SET_ASIDE
    max_epochs: int = 1
    pools_seed: int = 0
    order_seed: int = 0

    def __post_init__(self) -> None:
        if len(self.domains) < 2:
            raise DesignError(f"A mixture needs two domains or more; the pool has {len(self.domains)}.")
        if self.unit not in UNITS:
            raise DesignError(f"Runs cannot be counted in {self.unit!r}; choose windows or documents.")
        for name, least in (("examples", 1), ("seq", 1), ("set_aside", 0), ("max_epochs", 1)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise DesignError(
                    f"The setting {name} is {value!r}; give a whole number of at least {least}."
                )

    def order_of(self, number: int) -> int:
        """The seed of an order of text, by its number."""
        return int(np.random.SeedSequence([self.order_seed, number]).generate_state(1)[0])

    def to_json(self) -> dict[str, Any]:
        """Plain values, as in ``design.json``."""
        return {**vars(self), "domains": list(self.domains)}


@dataclass(frozen=True, eq=False)
class Design:
    """Runs to make on states of one pool of text.

    Attributes
    ----------
    pool_sha256 : hash of the pool of text.
    settings : what all runs share. ``seed`` : of the mixtures.
    pools : pool id -> domain -> state.
    runs : in the order they are to be made.
    sha256 : hash of the design's canonical bytes without this field.
    folder : where it was read from or written to, with its rows; None before that.
    """

    pool_sha256: str
    settings: Settings
    seed: int
    pools: dict[str, PoolState]
    runs: tuple[Run, ...]
    sha256: str
    folder: Path | None = None

    def run(self, name: str) -> Run:
        """The run with this id.

        Raises
        ------
        DesignError : there is none.
        """
        for run in self.runs:
            if run.id == name:
                return run
        raise DesignError(
            f"The design has no run {name!r}; its runs are {self.runs[0].id} to {self.runs[-1].id}."
        )

    def shares(self) -> NDArray[np.float64]:
        """(n, K) mixtures asked for, domains in the order of the settings."""
        return np.array([[run.mixture[d] for d in self.settings.domains] for run in self.runs])
