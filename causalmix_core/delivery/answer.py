"""What a decision comes to, in words: recommend, keep, or not enough; and who wins and who loses.

All wording lives here and is tested as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.delivery.numbers import decimals_for, level_percent, plain, signed, thousands

if TYPE_CHECKING:
    from causalmix_core.decision.objective import Floor, Objective
    from causalmix_core.decision.result import Decision
    from causalmix_core.decision.verdict import VerdictKind
    from causalmix_core.evidence.table import Outcome

TITLES: dict[VerdictKind, str] = {
    "recommend": "Recommended",
    "keep": "Keep the anchor",
    "not_enough": "Not enough evidence",
}
# Past this many further runs a number says no more than "far too few".
MOST_RUNS = 100_000


def answer_title(decision: Decision) -> str:
    """Two or three words; "" where no verdict was asked for."""
    return TITLES[decision.verdict.kind] if decision.verdict else ""


def answer_sentences(outcome: Outcome, decision: Decision) -> tuple[str, ...]:
    """The verdict in a sentence or two, what would settle it among them; empty where none was asked for."""
    if decision.verdict is None:
        return ()
    if decision.verdict.kind == "recommend":
        return (_recommend(decision),)
    if decision.verdict.kind == "keep":
        return (_keep(outcome, decision),)
    return _not_enough(outcome, decision)


def _recommend(decision: Decision) -> str:
    where = "at every pool asked for" if decision.objective.kind == "maximin" else "at this pool"
    return (
        f"Recommended: {where} the {level_percent(decision.level)} interval of the gain over the reference "
        "lies above 0."
    )


def _keep(outcome: Outcome, decision: Decision) -> str:
    verdict, level = decision.verdict, level_percent(decision.level)
    if verdict is None or verdict.best_upper > verdict.worth or verdict.worth <= 0.0:
        return (
            f"Keep the anchor: no mixture in this region is better with {level} confidence, and none is "
            "expected to be."
        )
    worth = plain(verdict.worth, decimals_for(verdict.worth))
    return (
        f"Keep the anchor: with {level} confidence even the best mixture in this region gains less than "
        f"{worth}{_unit(outcome)}, the least worth having."
    )


def _not_enough(outcome: Outcome, decision: Decision) -> tuple[str, ...]:
    verdict = decision.verdict
    if verdict is None:
        return ()
    level = level_percent(decision.level)
    unseen = ", ".join(name for name, _ in decision.region.unseen)
    sentences = [
        f"Not enough evidence: the {level} interval of this mixture's gain includes 0, so the gain may be none."
    ]
    if verdict.surest > 0.0:
        surest = signed(verdict.surest, decimals_for(verdict.surest))
        sentences.append(
            f"A mixture in this region is sure to gain at least {surest}{_unit(outcome)} with that confidence: "
            "take the lower bound as the objective to see it."
        )
    if decision.region.holds_unseen(decision.shares):
        sentences.append(
            f"Runs with changing shares of {unseen}, which no run has seen, would narrow it most."
        )
    elif verdict.more_runs is not None:
        sentences.append(_runs(verdict.more_runs, level))
    elif verdict.surest <= 0.0:
        sentences.append(
            "How many further runs would settle it cannot be said, since the gain expected is 0."
        )
    return tuple(sentences)


def _runs(more: int, level: str) -> str:
    if more > MOST_RUNS:
        return (
            f"More than {thousands(MOST_RUNS)} further runs like these would be needed to settle it: "
            "seek other designs, or a larger radius."
        )
    word = "run" if more == 1 else "runs"
    return (
        f"Roughly {thousands(more)} further {word} like these would settle it: if the gain is what is estimated, "
        f"its {level} interval would then lie above 0."
    )


def objective_phrase(objective: Objective, outcome: Outcome) -> str:
    """What the mixture is the best for, e.g. ``"the highest lower end of the gain's interval"``."""
    if objective.wanted is not None:
        wanted = signed(objective.wanted, decimals_for(objective.wanted))
        return f"the least change for a gain of {wanted}{_unit(outcome)}"
    return {
        "mean_gain": "the highest expected gain",
        "lower_bound": "the highest lower end of the gain's interval",
        "maximin": "the highest gain at the worst of several pools",
    }[objective.kind]


def floor_phrase(floor: Floor) -> str:
    """What a floor asks for, e.g. ``"at least 0, surely"``."""
    least = "0" if floor.least == 0.0 else signed(floor.least, decimals_for(floor.least))
    return f"at least {least}, surely" if floor.sure else f"at least {least}"


OUTCOME_COLUMNS = ("outcome", "gain", "lower", "upper", "verdict", "floor")
FUTURE_COLUMNS = ("pool", "gain", "lower", "upper")


def outcome_rows(decision: Decision) -> list[tuple[str, ...]]:
    """Rows of ``OUTCOME_COLUMNS``, higher is better; "" where an outcome has no floor."""
    return [
        (
            found.outcome,
            *_gains(found.gain, *found.interval),
            found.verdict,
            "" if found.floor is None else floor_phrase(found.floor),
        )
        for found in decision.outcomes
    ]


def future_rows(decision: Decision, names: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Rows of ``FUTURE_COLUMNS``: this pool first, then the further ones by the names given."""
    here: tuple[str, ...] = ("this pool", *_gains(decision.gain, *decision.interval))
    rows = [here]
    rows += [
        (name, *_gains(found.gain, *found.interval))
        for name, found in zip(names, decision.futures, strict=True)
    ]
    return rows


def _gains(gain: float, lower: float, upper: float) -> tuple[str, str, str]:
    decimals = decimals_for(gain, lower, upper)
    return signed(gain, decimals), signed(lower, decimals), signed(upper, decimals)


def outcomes_sentence(decision: Decision) -> str:
    """``"2 outcomes win, 1 loses, 1 is unsure."``; "" without any."""
    if not decision.outcomes:
        return ""
    counts = [
        (sum(found.verdict == word for found in decision.outcomes), word)
        for word in ("wins", "loses", "unsure")
    ]
    forms = {"wins": ("wins", "win"), "loses": ("loses", "lose"), "unsure": ("is unsure", "are unsure")}
    parts = [f"{count} {forms[word][0 if count == 1 else 1]}" for count, word in counts if count]
    if len(decision.outcomes) == 1:
        return f"At the {level_percent(decision.level)} level, the one outcome asked for {parts[0].split(' ', 1)[1]}."
    return f"Of {thousands(len(decision.outcomes))} outcomes at the {level_percent(decision.level)} level: {', '.join(parts)}."


def _unit(outcome: Outcome) -> str:
    return f" {outcome.unit}" if outcome.unit else ""
