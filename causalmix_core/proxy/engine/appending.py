"""Finished runs beside a runs table that is there: which of them are new, and both as one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.errors import ProxyError

if TYPE_CHECKING:
    from causalmix_core.evidence import RunsTable

# What makes two rows the same run: the design, the text it was trained on in its order, the start.
_SAME = ("design_sha256", "data_sha256", "model_sha256", "seed")


@dataclass(frozen=True)
class Appended:
    """A table with further runs.

    Attributes
    ----------
    table : the runs of both, those that were there first.
    new : runs that were added. known : runs that were there already and were left out.
    """

    table: RunsTable
    new: int
    known: int


def append_runs(table: RunsTable, collected: RunsTable, label: str = "study") -> Appended:
    """Put a study's runs behind those of a table; a run that the table has is not added again.

    Parameters
    ----------
    table : with the same domains, covariates and outcomes. collected : as ``collect`` made it.
    label : goes before the study's run ids, and the name of the table before the others, where ids of both are equal.

    Raises
    ------
    ProxyError : the table has all of them already.
    TableError : the two do not go together; the message says in what.
    """
    from causalmix_core.evidence import combine_runs

    alike = set(table.domains) == set(collected.domains)
    there = set(_identities(table)) if alike else set()
    fresh = [row for row, same in enumerate(_identities(collected)) if same is None or same not in there]
    known = collected.n_runs - len(fresh)
    if not fresh:
        raise ProxyError(f"{table.name} has all {known:,} finished runs of this study already.")
    name = label if label != table.name else f"{label}-{collected.sha256[:6]}"
    joined = combine_runs((table, collected), (table.name, name), (None, fresh))
    return Appended(joined, len(fresh), known)


def _identities(table: RunsTable) -> list[tuple[str, ...] | None]:
    """What each row is known by, or None where the table does not say."""
    if not all(name in table.provenance for name in _SAME):
        return [None] * table.n_runs
    columns = [table.provenance[name] for name in _SAME]
    return [values if values[1] else None for values in zip(*columns, strict=True)]
