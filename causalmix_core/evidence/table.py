"""The runs table: what every later step stands on.

One row a proxy run: the mixture it was trained on (treatment T), the state of the pool it
drew from (covariates X), its benchmark scores (outcomes Y).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Issue:
    """One finding about a table, as data.

    Attributes
    ----------
    severity : "error" (the table is refused), "warning" (usable, results may suffer), "note".
    code : stable short name, e.g. ``"shares-not-closed"``.
    message : one sentence naming what and where.
    remedy : one sentence saying what to do.
    row : 1-based data row as a spreadsheet counts without its header, or None.
    column, value : where and what, as text, or None.
    """

    severity: Severity
    code: str
    message: str
    remedy: str
    row: int | None = None
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Covariate:
    """One number describing the pool before it is mixed.

    Attributes
    ----------
    column : name in the table, ``x_<name>`` or ``x_<domain>__<name>``.
    name : what is measured, e.g. ``"duplicate_rate"``.
    domain : the domain it describes, or None for a covariate of the whole pool.
    """

    column: str
    name: str
    domain: str | None = None


@dataclass(frozen=True)
class Outcome:
    """One benchmark score.

    Attributes
    ----------
    name : without the ``y_`` of its column.
    higher_is_better : direction in the user's own table; inside the product scores are always
        held so that higher is better (losses are negated once, at load).
    unit : for axis titles and sentences, e.g. ``"bits per byte"``; "" when unknown.
    """

    name: str
    higher_is_better: bool
    unit: str = ""

    @property
    def sign(self) -> float:
        """+1 or -1: multiply a held score by it to get the table's own direction back."""
        return 1.0 if self.higher_is_better else -1.0


MEAN_OUTCOME = "mean"


@dataclass(frozen=True, eq=False)
class RunsTable:
    """Validated proxy runs; arrays are read-only and row-aligned.

    Attributes
    ----------
    name : short label for people (never used in a path).
    domains : K >= 2 names, in column order.
    shares : (n, K) float64, >= 0, rows sum to 1.
    covariates : d descriptions, in column order (may be empty).
    states : (n, d) float64, the pool's state of each run, in the table's own units.
    outcomes : m >= 1 descriptions.
    scores : (n, m) float64, **higher is better**, in the outcome's unit.
    run_ids : n distinct names.
    pool_ids : n names, or None when the table does not say (every run is then its own pool).
    assignment : n of "random" | "designed" | "chosen", or None.
    provenance : column name -> n values as text, for what is kept and not used
        (seed, model, params, tokens and any other column).
    natural : (K,) natural shares that sum to 1, or None when unknown.
    natural_label : what the natural shares are, in words.
    default_outcome : outcome opened first.
    description : a sentence or two on where the runs come from.
    issues : what validation found (never an "error": such a table is refused).
    sha256 : hash of the content (64 hex digits); equal content, equal hash.
    """

    name: str
    domains: tuple[str, ...]
    shares: NDArray[np.float64]
    covariates: tuple[Covariate, ...]
    states: NDArray[np.float64]
    outcomes: tuple[Outcome, ...]
    scores: NDArray[np.float64]
    run_ids: tuple[str, ...]
    pool_ids: tuple[str, ...] | None
    assignment: tuple[str, ...] | None
    provenance: Mapping[str, tuple[str, ...]]
    natural: NDArray[np.float64] | None
    natural_label: str
    default_outcome: str
    description: str
    issues: tuple[Issue, ...]
    sha256: str

    @property
    def n_runs(self) -> int:
        """Number of runs n."""
        return len(self.run_ids)

    @property
    def covariate_columns(self) -> tuple[str, ...]:
        """The d covariate columns in order."""
        return tuple(c.column for c in self.covariates)

    @property
    def covariates_are_per_domain(self) -> bool:
        """True when every domain has the same set of own covariates (at least one)."""
        own = {d: {c.name for c in self.covariates if c.domain == d} for d in self.domains}
        first = own[self.domains[0]]
        return bool(first) and all(names == first for names in own.values())

    def groups(self) -> NDArray[np.int64]:
        """(n,) pool number of each run; runs of one pool never straddle a fold."""
        if self.pool_ids is None:
            return np.arange(self.n_runs)
        return np.unique(np.asarray(self.pool_ids), return_inverse=True)[1].astype(np.int64)

    def outcome(self, name: str) -> Outcome:
        """Description of one outcome; ``mean`` is the plain mean of all, higher is better."""
        from causalmix_core.errors import ConfigError

        for found in self.outcomes:
            if found.name == name:
                return found
        if name == MEAN_OUTCOME:
            units = {o.unit for o in self.outcomes}
            return Outcome(MEAN_OUTCOME, True, units.pop() if len(units) == 1 else "")
        known = ", ".join(o.name for o in self.outcomes)
        raise ConfigError(f"There is no outcome {name!r} in {self.name}; choose one of {known}, or mean.")

    def score(self, name: str) -> NDArray[np.float64]:
        """(n,) one outcome, higher is better; ``mean`` averages all columns."""
        wanted = self.outcome(name)
        for j, found in enumerate(self.outcomes):
            if found.name == wanted.name:
                return self.scores[:, j]
        return self.scores.mean(axis=1)

    def with_rows(self, keep: NDArray[np.bool_]) -> RunsTable:
        """The same table with only the rows where ``keep`` (n,) is true; its hash is new."""
        from causalmix_core.evidence.canonical import content_hash

        index = np.flatnonzero(keep)

        def pick(values: tuple[str, ...] | None) -> tuple[str, ...] | None:
            return None if values is None else tuple(values[i] for i in index)

        smaller = dataclasses.replace(
            self,
            shares=self.shares[index],
            states=self.states[index],
            scores=self.scores[index],
            run_ids=tuple(self.run_ids[i] for i in index),
            pool_ids=pick(self.pool_ids),
            assignment=pick(self.assignment),
            provenance={k: tuple(v[i] for i in index) for k, v in self.provenance.items()},
            sha256="",
        )
        return dataclasses.replace(smaller, sha256=content_hash(smaller))
