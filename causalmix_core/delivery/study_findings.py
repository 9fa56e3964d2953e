"""What a study found on pools that no run had seen: plain values, and the few sentences that pages say of them."""

from __future__ import annotations

from dataclasses import dataclass

from causalmix_core.delivery.numbers import level_percent, plain, signed, thousands

UNIT = "thousandths of a bit per byte"
_THAN = {
    "beats": "beat",
    "loses": "lost to",
    "no difference": "did not differ from",
    "cannot be told": "could not be told from",
}
HEADER = (
    "Method",
    "What it does",
    "Mean gain",
    "Standard error",
    "Interval",
    "Better in",
    "Worst pool",
    "Verdict",
)


@dataclass(frozen=True)
class MethodGain:
    """One method's gain over the anchor on one group of new pools, in bits per byte, higher is better.

    Attributes
    ----------
    method, title, words : its name in the plan and in sentences, and what it does. kind : own, privileged or rival.
    pools : on how many pools. mean, error : over pools, each the mean of its orders of text, and its standard error.
    low, high : interval of the mean. wins : pools above 0. worst : the lowest pool's gain.
    verdict : of the mean against 0.
    """

    method: str
    title: str
    words: str
    kind: str
    pools: int
    mean: float
    error: float
    low: float
    high: float
    wins: int
    worst: float
    verdict: str


@dataclass(frozen=True)
class GroupGains:
    """All methods on one group of new pools, in the plan's order; ``rivals``: the headline method over each other one."""

    group: str
    pools: int
    methods: tuple[MethodGain, ...]
    rivals: tuple[MethodGain, ...]

    def of(self, method: str) -> MethodGain | None:
        """One method's gain over the anchor, or None where it was not run."""
        return next((found for found in self.methods if found.method == method), None)


@dataclass(frozen=True)
class Promise:
    """Gains that a method foretold of its own choices before training, beside what training brought, in bits per byte.

    Attributes
    ----------
    predicted, realised : means over ``pools`` pools. slope, slope_error : of realised on predicted, 1 is perfect.
    held : share of the predicted intervals that held the realised gain, its own noise added; ``level`` : what they claim.
    """

    method: str
    pools: int
    predicted: float
    realised: float
    slope: float
    slope_error: float
    held: float
    level: float


@dataclass(frozen=True)
class Findings:
    """A study in short.

    Attributes
    ----------
    title, question, outcome : as its plan has them. plan_sha256 : of the plan, fixed before the first run.
    runs, run_pools : the study's own runs, and how many pools they are on.
    anchor, anchor_title : name in the plan and in sentences of the method that gains are counted from.
    headline : name of the method that the study is about; "" without a verification.
    trained, orders : verification runs, and orders of text for each mixture on each pool.
    groups : of new pools, the headline's first; empty where the verification was not run.
    promises : of every method that foretells its own gain.
    level : of all intervals of means.
    """

    title: str
    question: str
    outcome: str
    plan_sha256: str
    runs: int
    run_pools: int
    anchor: str
    anchor_title: str
    headline: str
    trained: int
    orders: int
    groups: tuple[GroupGains, ...]
    promises: tuple[Promise, ...]
    level: float

    def group(self, name: str) -> GroupGains | None:
        """One group, or None where there is no such."""
        return next((found for found in self.groups if found.group == name), None)

    @property
    def main(self) -> GroupGains | None:
        """The group that the headline is about, the first; None without a verification."""
        return self.groups[0] if self.groups else None


def milli(value: float) -> str:
    """A gain in thousandths, signed."""
    return signed(1000.0 * value, 1)


def between(found: MethodGain) -> str:
    """``"+6.2 to +26.1"``; "" with one pool, which has no interval."""
    return "" if found.low != found.low else f"{milli(found.low)} to {milli(found.high)}"


def headline_sentence(found: Findings) -> str:
    """What was found, in one computed sentence."""
    group = found.main
    gain = None if group is None else group.of(found.headline)
    if group is None or gain is None:
        return (
            f"{thousands(found.runs)} runs on {thousands(found.run_pools)} pools are shipped; what they recommend was not "
            "trained on new pools yet."
        )
    return (
        f"On {group.pools} {group.group} pools that no run had seen, each trained in {found.orders} orders of text, the "
        f"recommended mixture ({gain.method}) {_THAN[gain.verdict]} {found.anchor_title}: {milli(gain.mean)} {UNIT} "
        f"({level_percent(found.level)} interval {between(gain)}), better in {gain.wins} of {gain.pools} pools."
    )


def elsewhere_sentence(found: Findings) -> str:
    """The headline method on the other groups of pools, losses as plainly as wins; "" where there are none."""
    said = []
    for group in found.groups[1:]:
        gain = group.of(found.headline)
        if gain is not None:
            said.append(
                f"on {group.group} pools it {_THAN[gain.verdict]} them ({milli(gain.mean)}, better in {gain.wins} of {gain.pools})"
            )
    return f"Elsewhere: {'; '.join(said)}." if said else ""


def rivals_sentence(found: Findings) -> str:
    """The headline method beside the rivals that have a name of their own; "" without a verification."""
    group = found.main
    named = () if group is None else tuple(one for one in group.rivals if one.title != one.method)
    said = [
        f"it {_THAN[one.verdict]} {one.title} ({milli(one.mean)}, standard error {plain(1000.0 * one.error, 1)})"
        for one in named
    ]
    return f"On the same pools {' and '.join(said)}." if said else ""


def gain_rows(group: GroupGains) -> list[tuple[str, ...]]:
    """A table row a method, below :data:`HEADER`, gains in thousandths."""
    return [
        (
            one.method,
            one.words,
            milli(one.mean),
            plain(1000.0 * one.error, 1) if one.error == one.error else "",
            between(one),
            f"{one.wins} of {one.pools}",
            milli(one.worst),
            one.verdict,
        )
        for one in group.methods
    ]


PROMISE_HEADER = ("Method", "Foretold", "Realised", "Slope", "Intervals that held", "Stated")


def promise_rows(found: Findings) -> list[tuple[str, ...]]:
    """A table row a method that foretells its own gain, below :data:`PROMISE_HEADER`."""
    return [
        (
            one.method,
            milli(one.predicted),
            milli(one.realised),
            f"{plain(one.slope, 2)} \N{PLUS-MINUS SIGN} {plain(one.slope_error, 2)}",
            f"{plain(100.0 * one.held, 0)} %",
            level_percent(one.level),
        )
        for one in found.promises
    ]
