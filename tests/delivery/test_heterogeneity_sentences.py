"""What is said of pools that differ, or do not."""

from __future__ import annotations

import dataclasses

from causalmix_core.delivery.heterogeneity import asked_sentence, differ_sentence, p_words, slope_words
from causalmix_core.effects.heterogeneity import Heterogeneity

FOUND = Heterogeneity(0.9, 0.1, 0.94, 0.05, 1e-9, 0.62, 120)


def test_pools_that_differ():
    assert differ_sentence(FOUND) == (
        "Pools differ: in runs left out, what a pool adds to or takes from average effects came true (slope 0.94, 1 is "
        "perfect) and took 62 % of their error away."
    )


def test_what_was_asked():
    weak = dataclasses.replace(FOUND, slope=0.12, error=0.2, p=0.274, r_score=-0.031)
    assert asked_sentence(weak) == (
        "Asked of 120 pairs of runs on one pool, each left out of the fit that foretold it. To condition on the pool, p "
        "has to be at most 0.001 and the R-score above 0."
    )
    assert asked_sentence(dataclasses.replace(weak, pairs=0)).startswith("Asked of the runs, one by one,")
    assert slope_words(weak) == "0.12 ± 0.20"


def test_p_is_never_zero():
    assert [p_words(p) for p in (0.0, 0.0012, 0.02, 0.5)] == ["below 0.001", "0.001", "0.02", "0.50"]
