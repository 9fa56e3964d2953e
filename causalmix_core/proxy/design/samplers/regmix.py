"""RegMix's law: Dirichlet draws around the natural shares, at strengths from near corners to near the prior.

Liu et al. 2024, "RegMix: Data Mixture as Regression for Language Model Pre-training", arXiv 2407.01492, and the
sampler published with it: prior = natural shares to the power 0.5, closed again; strength drawn evenly among 15
values log-spaced from 0.1 to 5; mixture ~ Dirichlet(strength x prior); mixtures with a share above 15 times the
natural one are drawn again. RegMix then sets shares below 0.0002 to 0 and rounds to that unit; here largest
remainders round to whole examples instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.errors import DesignError
from causalmix_core.proxy.design.samplers.dirichlet import draw_parts, log_density
from causalmix_core.proxy.design.samplers.drawn import Drawn, floor_words, raised, raised_log_density

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

TEMPERATURE = 0.5
STRENGTHS = np.logspace(-1.0, np.log10(5.0), 15)
MOST_USE = 15.0  # times the natural share
MOST_ROUNDS, ROUND = 400, 512  # rounds of draws, and draws in a round


def regmix(runs: int, natural: Array, rng: np.random.Generator, *, min_share: float) -> Drawn:
    """Mixtures by RegMix's law.

    The density is the exact mixture of 15 Dirichlet densities, unless some domain's share is capped by its
    natural one: then draws are rejected, the normaliser is not known, and ``log_density`` is None.

    Parameters
    ----------
    natural : (K,) shares > 0 of the domains in the pool, sum 1.
    """
    prior = natural**TEMPERATURE / (natural**TEMPERATURE).sum()
    cap = MOST_USE * natural
    parts = _within(runs, prior, cap, rng)
    law = (
        f"RegMix: Dirichlet around natural shares to the power {TEMPERATURE:g}, strength 0.1 to 5, "
        f"at most {MOST_USE:g} times the natural share{floor_words(min_share)}"
    )
    density: tuple[float | None, ...] = (None,) * runs
    if bool((cap >= 1.0).all()):
        each = np.stack([log_density(parts, strength * prior) for strength in STRENGTHS])
        density = raised_log_density(_log_mean(each), len(natural), min_share)
    return Drawn(raised(parts, min_share), law, "random", density)


def _within(runs: int, prior: Array, cap: Array, rng: np.random.Generator) -> Array:
    kept = np.empty((0, len(prior)))
    for _ in range(MOST_ROUNDS):
        if len(kept) >= runs:
            return kept[:runs]
        strengths = rng.choice(STRENGTHS, size=max(runs, ROUND))
        parts = draw_parts(strengths[:, None] * prior, rng)
        # A Dirichlet this near its corners can underflow to a row of NaN.
        kept = np.concatenate([kept, parts[(parts <= cap).all(axis=1)]])
    raise DesignError(
        "RegMix's law finds no mixtures within 15 times the natural shares: a domain is too small for it; "
        "use the sampler dirichlet."
    )


def _log_mean(logs: Array) -> Array:
    """(n,) log of the mean over the first axis of exp(``logs``) (s, n)."""
    from scipy.special import logsumexp

    found: Array = logsumexp(logs, axis=0) - np.log(len(logs))
    return found
