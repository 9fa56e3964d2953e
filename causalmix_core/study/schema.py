"""The shape of a plan as a JSON Schema: what may be declared, and in which ranges."""

from __future__ import annotations

from typing import Any

PLAN_SCHEMA = "causalmix/study-plan@1"


def _closed(required: str, optional: str = "", **properties: Any) -> dict[str, Any]:
    """An object with these keys and no others; ``required`` and ``optional`` are checked against ``properties``."""
    if set(properties) != {*required.split(), *optional.split()}:
        raise ValueError(f"keys and properties differ: {sorted(properties)}")
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": properties,
    }


def _whole(least: int, most: int = 1_000_000_000) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


def _number(above: float, most: float) -> dict[str, Any]:
    return {"type": "number", "exclusiveMinimum": above, "maximum": most}


TEXT = {"type": "string", "minLength": 1, "maxLength": 2_000}
NAME = {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9_. -]{0,63}$"}
NAMES = {"type": "array", "items": NAME, "uniqueItems": True}
SEED = _whole(0, 2**32 - 1)
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
WEIGHTS = {
    "type": "object",
    "minProperties": 2,
    "propertyNames": NAME,
    "additionalProperties": {"type": "number", "minimum": 0, "maximum": 1_000},
}
DAMAGE = {**WEIGHTS, "minProperties": 1}
MODEL = _closed("size tokens seed", size=NAME, tokens=_whole(1_024), seed=SEED)
# The text: the default corpus of so many megabytes a domain, or a pool of one's own text by its hash.
TEXT_SOURCE: dict[str, Any] = {
    "if": {"type": "object", "required": ["sha256"]},
    "then": _closed("sha256", sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"}),
    "else": _closed("megabytes", megabytes=_number(0, 1_000)),
}
TASKS = {**WEIGHTS, "minProperties": 1}  # task -> weight of the questions it leaves unanswered
QUESTIONS = {"type": "object", "propertyNames": NAME, "additionalProperties": _whole(1, 100_000)}
TINY_RUNS = _closed(
    "windows seq set_aside batch peak",
    "worker stack",
    worker={"enum": ["tiny", "sft"]},
    windows=_whole(1),
    seq=_whole(1),
    set_aside=_whole(1),
    batch=_whole(1),
    peak=_number(0, 1),
    stack=_whole(1, 4_096),
)
SFT_RUNS = _closed(
    "worker documents set_aside batch peak held_out",
    "checkpoint max_length packing accumulate epochs tasks",
    worker={"const": "sft"},
    documents=_whole(1),
    set_aside=_whole(1),
    batch=_whole(1),
    peak=_number(0, 1),
    held_out=_whole(1, 100_000),
    checkpoint=TEXT,
    max_length=_whole(8),
    packing={"type": "boolean"},
    accumulate=_whole(1),
    epochs=_number(0, 100),
    tasks=QUESTIONS,
)
RUNS: dict[str, Any] = {
    "if": {"type": "object", "properties": {"worker": {"const": "sft"}}, "required": ["worker"]},
    "then": SFT_RUNS,
    "else": TINY_RUNS,
}
# Group of pools -> how many of its first pools.
SOME_POOLS = {"type": "object", "minProperties": 1, "propertyNames": NAME, "additionalProperties": _whole(1)}
GROUP = _closed(
    "pools",
    "quality broken damage",
    pools=_whole(1, 10_000),
    quality={"type": "array", "items": SHARE, "minItems": 2, "maxItems": 2},
    broken=_whole(1, 1_000),
    damage=DAMAGE,
)
CASE = _closed(
    "pools orders",
    "windows size base_tokens domains weights",
    pools=SOME_POOLS,
    orders=_whole(1, 100),
    windows=_whole(1),
    size=NAME,
    base_tokens=_whole(1_024),
    domains={**NAMES, "minItems": 2},
    weights=WEIGHTS,
)
SCHEMA: dict[str, Any] = _closed(
    "schema name title question text covariates runs outcome pools mixtures replicates exclude fit verification",
    "base scorer oracle scale analysis",
    schema={"const": PLAN_SCHEMA},
    name={"type": "string", "pattern": r"^[a-z0-9][a-z0-9-]{0,39}$"},
    title=TEXT,
    question=TEXT,
    text=TEXT_SOURCE,
    base=MODEL,
    scorer=MODEL,
    covariates={**NAMES, "minItems": 1},
    runs=RUNS,
    outcome=_closed("name weights", "tasks", name=NAME, weights=WEIGHTS, tasks=TASKS),
    pools=_closed(
        "count seed damage",
        "orders",
        count=_whole(2, 100_000),
        seed=SEED,
        damage=DAMAGE,
        orders=_whole(1, 100_000),
    ),
    mixtures=_closed(
        "per_pool samplers concentration favoured fallback",
        "sharpness",
        sharpness=_number(0, 10_000),
        per_pool=_whole(1, 1_000),
        samplers={**NAMES, "minItems": 1},
        concentration=_number(0, 1_000),
        favoured=NAMES,
        fallback=NAMES,
    ),
    replicates=_whole(0, 100_000),
    exclude={"type": "array", "items": {"enum": ["failed"]}, "uniqueItems": True},
    fit=_closed("estimator seed", estimator=NAME, seed=SEED),
    verification=_closed(
        "seed orders radii groups methods predictor",
        "held_out_domain",
        seed=SEED,
        orders=_whole(1, 100),
        radii={"type": "array", "items": _number(0, 1), "minItems": 1, "uniqueItems": True},
        groups={"type": "object", "minProperties": 1, "propertyNames": NAME, "additionalProperties": GROUP},
        methods={**NAMES, "minItems": 2},
        predictor=NAME,
        held_out_domain=NAME,
    ),
    oracle=_closed(
        "pools rounds candidates seed",
        pools=SOME_POOLS,
        rounds=_whole(1, 100),
        candidates=_whole(2, 1_000),
        seed=SEED,
    ),
    scale=_closed(
        "methods cases",
        methods={**NAMES, "minItems": 2},
        cases={"type": "object", "minProperties": 1, "propertyNames": NAME, "additionalProperties": CASE},
    ),
    analysis=_closed(
        "seed estimators curve held_out_runs tree_depth",
        seed=SEED,
        estimators={**NAMES, "minItems": 1},
        curve={"type": "array", "items": _whole(16), "minItems": 1, "uniqueItems": True},
        held_out_runs=_whole(8),
        tree_depth=_whole(1, 4),
    ),
)
