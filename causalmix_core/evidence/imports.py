"""Tables that others publish: RegMix's pair of CSVs and olmix's pair, as one runs table each.

Both come as a table of mixtures and a table of scores with one run id in common. Joined by that id
and renamed to the contract, they go through the same validation as any other table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from causalmix_core.evidence.identity import texts
from causalmix_core.evidence.issues import IssueLog, listed, refusal, shown
from causalmix_core.evidence.limits import MAX_BYTES_OF_A_PATH
from causalmix_core.evidence.meta import TableMeta
from causalmix_core.evidence.numbers import parse_numbers, report_cells
from causalmix_core.evidence.reading import read_frame
from causalmix_core.evidence.table import MEAN_OUTCOME
from causalmix_core.evidence.validation import build_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from causalmix_core.evidence.table import Issue, RunsTable

REGMIX_LOSS = re.compile(r"^metric/(?:the_pile_)?(?P<domain>.+?)(?:_val)?_loss$")
REGMIX_MAIN_OUTCOME = "pile_cc_loss"
OLMIX_ID = "run"
OLMIX_LABELS = ("name", "index")


def import_regmix(
    mixtures: bytes,
    losses: bytes,
    *,
    params: float | None = None,
    tokens: float | None = None,
    max_bytes: int = MAX_BYTES_OF_A_PATH,
) -> RunsTable:
    """RegMix's mixture and loss tables, joined on their first column.

    ``train_the_pile_arxiv`` becomes the domain ``arxiv``, ``metric/the_pile_arxiv_val_loss`` the
    outcome ``arxiv_loss`` (nats per token, lower is better). ``params`` and ``tokens`` say of which size
    all these runs are. Source: github.com/sail-sg/regmix, folder ``data``.

    Raises
    ------
    TableError : not such tables, run ids that do not match, or anything a runs table is refused for.
    """
    left, found = _table(mixtures, "the mixture table", max_bytes)
    right, more = _table(losses, "the loss table", max_bytes)
    joined = _join(left, right, str(left.columns[0]), str(right.columns[0]))
    shares = [str(column) for column in left.columns[1:]]
    named = {str(column): REGMIX_LOSS.match(str(column)) for column in right.columns[1:]}
    outcomes = {column: f"{match['domain']}_loss" for column, match in named.items() if match}
    if not outcomes:
        raise refusal(
            "not-regmix",
            f"No column of the loss table is called metric/..._loss; it has {listed(list(named))}.",
            "Give the mixture table first and the loss table second, as RegMix publishes them",
        )
    frame = _frame(joined, {c: f"share_{_without(c, 'train_', 'the_pile_')}" for c in shares}, outcomes)
    frame = _with_sizes(frame, params, tokens)
    names = list(outcomes.values())
    meta = TableMeta(
        title="RegMix runs",
        description=f"{len(frame):,} proxy runs imported from RegMix's mixture and loss tables.",
        default_outcome=REGMIX_MAIN_OUTCOME if REGMIX_MAIN_OUTCOME in names else MEAN_OUTCOME,
        outcomes=dict.fromkeys(names, ("lower", "nats per token")),
    )
    return build_table(frame, "RegMix runs", meta, found=(*found, *more))


def import_olmix(
    ratios: bytes,
    metrics: bytes,
    priors: bytes | None = None,
    *,
    params: float | None = None,
    tokens: float | None = None,
    max_bytes: int = MAX_BYTES_OF_A_PATH,
) -> RunsTable:
    """Olmix's ``ratios.csv`` and ``metrics.csv``, joined on ``run``; ``priors`` gives natural shares.

    ``params`` and ``tokens`` say of which size all these runs are.

    Every metric column becomes an outcome of the same name (bits per byte, lower is better). The
    priors table has the columns swarm, domain and prior; the swarm with the same domains is taken.
    Source: github.com/allenai/olmix.

    Raises
    ------
    TableError : not such tables, run ids that do not match, no fitting swarm, or anything a runs
        table is refused for.
    """
    left, found = _table(ratios, "the ratios table", max_bytes)
    right, more = _table(metrics, "the metrics table", max_bytes)
    for frame, what in ((left, "ratios"), (right, "metrics")):
        if OLMIX_ID not in frame.columns:
            raise refusal(
                "not-olmix",
                f"The {what} table has no column run; it has {listed([str(c) for c in frame.columns])}.",
                "Give olmix's ratios.csv first and its metrics.csv second",
            )
    labels = (OLMIX_ID, *OLMIX_LABELS)
    domains = [str(column) for column in left.columns if column not in labels]
    outcomes = {str(column): str(column) for column in right.columns if column not in labels}
    joined = _join(left, right, OLMIX_ID, OLMIX_ID)
    frame = _frame(joined, {domain: f"share_{domain}" for domain in domains}, outcomes)
    kept = [column for column in OLMIX_LABELS if column in left.columns]
    frame = _with_sizes(pd.concat([frame, joined.left[kept]], axis=1), params, tokens)
    natural, swarm = (None, "") if priors is None else _natural(priors, domains, max_bytes)
    meta = TableMeta(
        title="olmix runs",
        description=f"{len(frame):,} proxy runs imported from olmix's ratios and metrics tables.",
        default_outcome=MEAN_OUTCOME,
        outcomes=dict.fromkeys(outcomes.values(), ("lower", "bits per byte")),
        natural=natural,
        natural_label=f"olmix priors of the swarm {swarm}" if swarm else "",
    )
    return build_table(frame, "olmix runs", meta, found=(*found, *more))


@dataclass(frozen=True, eq=False)
class _Joined:
    """Two tables whose rows belong together, in the order of the first."""

    ids: tuple[str, ...]
    left: pd.DataFrame
    right: pd.DataFrame


def _table(data: bytes, what: str, max_bytes: int) -> tuple[pd.DataFrame, tuple[Issue, ...]]:
    frame, found = read_frame(data, f"{what}.csv", max_bytes=max_bytes)
    if len(frame.columns) < 2:
        raise refusal(
            "too-few-columns", f"There is only one column in {what}.", "Give the table as published"
        )
    return frame, found


def _join(left: pd.DataFrame, right: pd.DataFrame, left_id: str, right_id: str) -> _Joined:
    """Match rows by id; every run must stand in both tables, once."""
    place: list[dict[str, int]] = []
    for frame, column in ((left, left_id), (right, right_id)):
        ids = [name.strip() for name in texts(frame[column])]
        rows: dict[str, int] = {}
        for i, name in enumerate(ids):
            if name in rows:
                raise refusal(
                    "duplicate-run-id",
                    f"The run id {shown(name)!r} of row {i + 1:,}, column {shown(column)}, stands in"
                    f" row {rows[name] + 1:,} already.",
                    "Give every run its own id",
                    row=i + 1,
                    column=column,
                )
            rows[name] = i
        place.append(rows)
    first, second = place
    for having, lacking, order in (
        (first, second, ("first", "second")),
        (second, first, ("second", "first")),
    ):
        alone = [name for name in having if name not in lacking]
        if alone:
            raise refusal(
                "ids-do-not-match",
                f"{len(alone):,} of {len(having):,} runs of the {order[0]} table are not in the {order[1]}:"
                f" {listed(alone, 4)}.",
                "Give the two tables of the same runs",
            )
    matching = right.iloc[[second[name] for name in first]].reset_index(drop=True)
    return _Joined(tuple(first), left, matching)


def _frame(joined: _Joined, shares: Mapping[str, str], outcomes: Mapping[str, str]) -> pd.DataFrame:
    """The contract's columns: run_id, share_*, y_*."""
    return pd.concat(
        [
            pd.DataFrame({"run_id": list(joined.ids)}),
            joined.left[list(shares)].rename(columns=dict(shares)),
            joined.right[list(outcomes)].rename(columns={c: f"y_{name}" for c, name in outcomes.items()}),
        ],
        axis=1,
    )


def _with_sizes(frame: pd.DataFrame, params: float | None, tokens: float | None) -> pd.DataFrame:
    """The frame with one size in every row, kept as text until tables of two sizes are combined."""
    given = {"params": params, "tokens": tokens}
    return frame.assign(**{name: f"{size:.17g}" for name, size in given.items() if size is not None})


def _without(name: str, *prefixes: str) -> str:
    for prefix in prefixes:
        name = name.removeprefix(prefix)
    return name


def _natural(priors: bytes, domains: list[str], max_bytes: int) -> tuple[dict[str, float], str]:
    """Prior share of each domain in the swarm that has exactly these domains."""
    frame, _ = _table(priors, "the priors table", max_bytes)
    lacking = [column for column in ("swarm", "domain", "prior") if column not in frame.columns]
    if lacking:
        raise refusal(
            "not-olmix",
            f"The priors table has no column {listed(lacking)}.",
            "Give olmix's table with swarm, domain and prior",
        )
    numbers, log = parse_numbers(frame, ["prior"]), IssueLog()
    report_cells(frame, ["prior"], numbers, log)
    if log.failed():
        raise log.refuse()
    swarms: dict[str, dict[str, float]] = {}
    rows = zip(texts(frame["swarm"]), texts(frame["domain"]), numbers.values[:, 0].tolist(), strict=True)
    for swarm, domain, prior in rows:
        swarms.setdefault(swarm.strip(), {})[domain.strip()] = prior
    for swarm, shares in swarms.items():
        total = sum(shares.values())
        if set(shares) == set(domains) and total > 0:
            return {domain: share / total for domain, share in shares.items()}, swarm
    raise refusal(
        "no-such-swarm",
        f"No swarm of the priors table has the domains of the ratios table; it has {listed(list(swarms))}.",
        "Give the priors of the same swarm, or leave them out",
    )
