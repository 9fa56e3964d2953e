"""Mistakes a user can make, one class per kind.

Every message is one sentence or two that name what is wrong, where, and how to mend it.
The command line turns any of them into exit status 2; pages show them in one red line.
Anything that is not a :class:`CausalMixError` is a fault of this software (exit status 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from causalmix_core.evidence.table import Issue


class CausalMixError(Exception):
    """Base of all mistakes that the user can mend."""


class TableError(CausalMixError):
    """The runs table cannot be read or does not keep the contract of ``docs/RUNS_TABLE.md``.

    Attributes
    ----------
    issues : everything that was found, most important first; the message tells the first error.
    """

    def __init__(self, message: str, issues: tuple[Issue, ...] = ()) -> None:
        super().__init__(message)
        self.issues = issues


class ConfigError(CausalMixError):
    """A fit was asked for with settings that do not go together or with the table."""


class PoolError(CausalMixError):
    """A pool state lacks a covariate, names an unknown one, or holds something not a number."""


class UnseenDomainError(CausalMixError):
    """The table does not support an effect for a domain that no run has seen."""


class AnchorError(CausalMixError):
    """An anchor cannot be made: unknown name, missing domain, or shares that do not close."""


class InfeasibleRegion(CausalMixError):
    """No mixture keeps all bounds within the trust region; the message names the rows to change."""


class DocumentError(CausalMixError):
    """A mixture document is not JSON, breaks the schema, or its id does not fit its content."""


class ExportError(CausalMixError):
    """A mixture cannot be written in the format asked for."""


class FitDirectoryError(CausalMixError):
    """A fit directory is missing, incomplete, or was changed after it was written."""


class ProjectError(CausalMixError):
    """A project is unknown, was changed on disk, or cannot be kept."""


class ObjectiveError(CausalMixError):
    """An objective, a weight or a floor that cannot be worked with."""


class SupplyError(CausalMixError):
    """A training budget or an available amount that cannot be worked with."""


class ScenarioError(CausalMixError):
    """A scenario that cannot be read, kept or compared."""


class PlanError(CausalMixError):
    """Further runs that cannot be planned."""


class PoolSourceError(CausalMixError):
    """Text of a pool that cannot be read, or a pool folder that is not whole."""


class DesignError(CausalMixError):
    """A design of runs that cannot be drawn, read or filled from the pool."""


class ProxyError(CausalMixError):
    """Proxy runs that cannot be launched, trained or collected."""


class StudyError(CausalMixError):
    """A plan of a study cannot be read, or a step of it cannot be done."""
