"""Which columns hold what, and under which names: the header's part of validation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from causalmix_core.evidence.issues import listed, shown
from causalmix_core.evidence.limits import MAX_DOMAINS, MAX_NAME
from causalmix_core.evidence.roles import SINGLE_ROLES, guess_roles, name_in_role
from causalmix_core.evidence.table import Covariate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from causalmix_core.evidence.issues import IssueLog
    from causalmix_core.evidence.roles import Role


@dataclass(frozen=True)
class Layout:
    """Columns of the file by what they hold.

    Attributes
    ----------
    roles : every column's role, after the corrections.
    shares : (column, domain) pairs.
    covariates : (column, Covariate) pairs.
    outcomes : (column, outcome name) pairs.
    run_id, pool_id, assignment : column, or None.
    provenance : columns kept as text.
    """

    roles: Mapping[str, Role]
    shares: tuple[tuple[str, str], ...]
    covariates: tuple[tuple[str, Covariate], ...]
    outcomes: tuple[tuple[str, str], ...]
    run_id: str | None
    pool_id: str | None
    assignment: str | None
    provenance: tuple[str, ...]

    @property
    def number_columns(self) -> tuple[str, ...]:
        """Columns that must hold finite numbers: shares, covariates, outcomes."""
        return tuple(column for column, _ in (*self.shares, *self.covariates, *self.outcomes))


def lay_out(columns: Sequence[str], corrections: Mapping[str, Role], log: IssueLog) -> Layout:
    """Give every column its role and name; what does not fit goes to ``log``."""
    for column in corrections:
        if column not in columns:
            log.add(
                "error",
                "unknown-column",
                f"A role is given to the column {shown(column)!r}, which the table does not have.",
                f"Use a name from the header: {listed(list(columns))}",
                column=column,
            )
    roles: dict[str, Role] = {
        **guess_roles(columns),
        **{c: r for c, r in corrections.items() if c in columns},
    }
    shares = tuple((c, name_in_role(c, "share")) for c in columns if roles[c] == "share")
    domains = tuple(domain for _, domain in shares)
    outcomes = tuple((c, name_in_role(c, "outcome")) for c in columns if roles[c] == "outcome")
    covariates = tuple((c, _covariate(c, domains, log)) for c in columns if roles[c] == "covariate")
    _check_domains(columns, shares, log)
    _check_names("outcome", outcomes, log)
    _check_names("covariate", tuple((c, covariate.column) for c, covariate in covariates), log)
    if not outcomes and shares:
        log.add(
            "error",
            "no-outcomes",
            f"There is no outcome: no column starts with y_ among {listed(list(columns))}.",
            "Name the benchmark scores y_<outcome>, or give a column the role outcome",
        )
    single = {role: _single(columns, roles, role, log) for role in SINGLE_ROLES}
    return Layout(
        roles=roles,
        shares=shares,
        covariates=covariates,
        outcomes=outcomes,
        run_id=single["run_id"],
        pool_id=single["pool_id"],
        assignment=single["assignment"],
        provenance=tuple(c for c in columns if roles[c] == "provenance"),
    )


def _covariate(column: str, domains: Sequence[str], log: IssueLog) -> Covariate:
    """``<domain>__<name>`` where a domain fits (the longest wins), else a covariate of the whole pool."""
    name = name_in_role(column, "covariate")
    folded = name.casefold()
    own = [d for d in domains if folded.startswith(d.casefold() + "__") and len(name) > len(d) + 2]
    if own:
        domain = max(own, key=len)
        rest = name[len(domain) + 2 :].strip()
        return Covariate(f"x_{domain}__{rest}", rest, domain)
    if "__" in name:
        log.add(
            "error",
            "unknown-domain",
            f"The column {shown(column)} speaks of the domain {shown(name.split('__')[0])!r},"
            " which has no share column.",
            "Add its share_ column, or write one underscore for a covariate of the whole pool",
            column=column,
        )
    return Covariate(f"x_{name}", name, None)


def _check_domains(columns: Sequence[str], shares: tuple[tuple[str, str], ...], log: IssueLog) -> None:
    if not shares:
        log.add(
            "error",
            "no-shares",
            f"There are no mixture shares: no column starts with share_ among {listed(list(columns))}.",
            "Name them share_<domain>, or give columns the role share",
        )
    elif len(shares) == 1:
        log.add(
            "error",
            "one-domain",
            f"There is only one domain, {shown(shares[0][1])!r}; a mixture needs two.",
            "Add the share_ columns of the other domains",
            column=shares[0][0],
        )
    elif len(shares) > MAX_DOMAINS:
        log.add(
            "error",
            "too-many-domains",
            f"There are {len(shares):,} domains, more than {MAX_DOMAINS}.",
            "Join small domains into larger ones",
        )
    _check_names("domain", shares, log)


def _check_names(what: str, pairs: tuple[tuple[str, str], ...], log: IssueLog) -> None:
    """Names must be there, be short, and differ by more than case and blanks."""
    keys = Counter("".join(name.casefold().split()) for _, name in pairs)
    for column, name in pairs:
        bare = name[2:] if what == "covariate" else name
        if not bare or len(name) > MAX_NAME:
            log.add(
                "error",
                "bad-name",
                f"The column {shown(column)!r} gives its {what} no name, or one longer than {MAX_NAME} characters.",
                f"Rename the {what}",
                column=column,
            )
    for key, count in keys.items():
        if count > 1:
            same = [column for column, name in pairs if "".join(name.casefold().split()) == key]
            log.add(
                "error",
                "names-too-close",
                f"The columns {shown(same[0])!r} and {shown(same[1])!r} name the same {what}"
                " but for case and blanks.",
                "Rename or join them",
                column=same[1],
            )


def _single(columns: Sequence[str], roles: Mapping[str, Role], role: Role, log: IssueLog) -> str | None:
    found = [column for column in columns if roles[column] == role]
    if len(found) > 1:
        log.add(
            "error",
            "role-twice",
            f"The columns {shown(found[0])!r} and {shown(found[1])!r} both have the role {role}.",
            "Give one of them the role provenance",
            column=found[1],
        )
    return found[0] if found else None
