"""High-entropy sum and rate, against the words that define them."""

import numpy as np
import pytest

from causalmix_core.pools.scoring.definitions import high_entropy_rate, high_entropy_sum


@pytest.mark.parametrize("n", [1, 2, 19, 20, 39, 40, 199, 200, 201, 202, 256, 400, 401, 402, 1000, 4096])
def test_the_sum_is_of_entropies_at_or_above_the_percentile(n):
    entropies = np.random.default_rng(n).gamma(3.0, 1.0, n)
    above = entropies[entropies >= np.percentile(entropies, 99.5)]
    assert high_entropy_sum(entropies) == pytest.approx(above.sum(), rel=1e-12)
    largest = np.sort(entropies)[::-1]
    assert high_entropy_rate(entropies) == pytest.approx(largest[: max(1, n // 20)].mean(), rel=1e-12)


def test_the_sum_grows_by_steps_and_the_rate_does_not():
    assert [round(high_entropy_sum(np.linspace(0, 1, n))) for n in (200, 202, 402, 602)] == [1, 2, 3, 4]
    assert high_entropy_rate(np.full(4000, 2.5)) == high_entropy_rate(np.full(7, 2.5)) == 2.5


def test_an_empty_response_has_none():
    assert high_entropy_sum(np.empty(0)) == high_entropy_rate(np.empty(0)) == 0.0


def test_ties_at_the_percentile_count_as_many_as_without():
    assert high_entropy_sum(np.full(256, 3.0)) == 6.0
