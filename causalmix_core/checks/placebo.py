"""How large a gain does the same method find where there is none to find?

The mixtures are handed to other runs at random, after what the effects say of the outcome (out of
fold) is taken away: what is found then is noise and optimism. Without taking it away, the effects
that are really there would count as noise, and the placebo of a good table would look large
(Freedman and Lane 1983).
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.checks.check import Check, Detail, at_most, figure
from causalmix_core.checks.words import compact
from causalmix_core.effects.refit import refit

if TYPE_CHECKING:
    from causalmix_core.checks.examined import Examined

ID, TITLE = "placebo", "Placebo mixtures"
REFITS = 5  # on a table of pure noise the real gain is beyond all five in one case of six
SEED = 30
# Half the gain from nothing means that noise may be half of what is shown.
NOISE_FLOOR, ALL_NOISE = 0.5, 1.0


def placebo_check(examined: Examined) -> Check:
    """Largest gain found with permuted mixtures, over the gain found with the real ones."""
    gains = [placebo_gain(examined, number) for number in range(REFITS)]
    real = examined.gain
    ratio = max(gains) / real if real > 0.0 else np.inf
    status = at_most(ratio, NOISE_FLOOR, ALL_NOISE)
    unit = f" {examined.fit.outcome.unit}" if examined.fit.outcome.unit else ""
    said = (
        f"With the mixtures handed to other runs at random, the largest of {REFITS} expected gains is "
        f"{compact(max(gains))}; with the real mixtures it is {compact(real)}{unit}."
    )
    remedy = {
        "PASS": "Nothing to do.",
        "REVIEW": "Take the gain as uncertain by the placebo's size; add runs or repeat noisy ones.",
        "FAIL": "Do not recommend a mixture on this: as much is found where there is nothing to find.",
    }[status]
    details = [Detail("real mixtures", figure(real), "PASS")]
    details += [
        Detail(f"placebo {number + 1}", figure(gain), at_most(gain, NOISE_FLOOR * real, ALL_NOISE * real))
        for number, gain in enumerate(gains)
    ]
    return Check(
        ID,
        TITLE,
        status,
        figure(ratio),
        NOISE_FLOOR,
        "placebo gain over real gain",
        said,
        remedy,
        tuple(details),
    )


def placebo_gain(examined: Examined, number: int) -> float:
    """Mean expected gain of the recommendations after a refit on permuted mixtures."""
    from causalmix_core.evidence.canonical import content_hash

    table, oof = examined.table, examined.oof
    order = np.random.default_rng(SEED + number).permutation(table.n_runs)
    permuted = dataclasses.replace(
        table,
        shares=table.shares[order],
        outcomes=(examined.fit.outcome,),
        scores=(oof.observed - oof.effect)[:, None],
        sha256="",
    )
    refitted = refit(examined.fit, dataclasses.replace(permuted, sha256=content_hash(permuted)))
    return examined.mean_gain(refitted, examined.best(refitted))
