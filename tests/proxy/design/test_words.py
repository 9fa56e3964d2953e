"""What is said of a design."""

from __future__ import annotations

import dataclasses

from causalmix_core.proxy.design.estimate import estimate
from causalmix_core.proxy.design.states import Keep, damaged, healthy
from causalmix_core.proxy.design.words import cost_sentence, design_sentence, law_sentences, state_sentence
from tests.proxy.design.pools import DOMAINS
from tests.proxy.design.test_storage import drafted

DESIGN = drafted(runs=5, pools=0, replicates=1).design


def on(state):
    return dataclasses.replace(DESIGN, pools={"p000": {**healthy(DOMAINS), "code": state}})


def test_runs_and_laws_are_counted():
    assert design_sentence(DESIGN) == (
        "6 runs of 50 windows of 256 tokens on 1 pool, 1 of them a repeat in another order of text."
    )
    assert law_sentences(DESIGN) == ("6 runs random: Dirichlet with concentration 1; density known for 6.",)


def test_pools_are_told():
    assert state_sentence(DESIGN) == "Nothing was done to the pool before mixing."
    assert state_sentence(on(damaged(0.4, "dup"))) == (
        "Of 3 domains in all pools 1 are damaged (dup 1); undamaged on average 80.0 %."
    )
    kept = dataclasses.replace(damaged(1.0, "dup"), damage=None, keep=Keep("length", 0.5))
    assert state_sentence(on(kept)) == "Of 3 domains in all pools 1 are filtered or tilted, none is damaged."


def test_costs_are_told_with_and_without_a_speed():
    cost = estimate(DESIGN, 1e5, tokens_per_second=10.0)
    assert cost_sentence(cost, 1e5, 10.0, 1) == (
        "Cost: 76,800 tokens, 4.61e+10 FLOP with 100,000 parameters; 2.1 hours at 10 tokens a second on 1 slot."
    )
    assert cost_sentence(estimate(DESIGN, 1e5), 1e5, None, 1).endswith("hours are not known without a speed.")
