"""Decisions made by hand, to test what is said and written about them."""

from __future__ import annotations

import numpy as np

from causalmix_core.decision.correction import Correction
from causalmix_core.decision.region import Region
from causalmix_core.decision.result import Decision

CORRECTION = Correction(0.8, 0.05)
DOMAINS = ("code", "web", "math")
ANCHOR = (0.2, 0.4, 0.4)


def decision(
    shares=(0.3, 0.3, 0.4),
    gain=0.0123,
    interval=(0.0021, 0.0225),
    active=(),
    radius=0.1,
    metric="tv",
    lower=(0.0, 0.0, 0.0),
    upper=(1.0, 1.0, 1.0),
) -> Decision:
    moved = 0.5 * float(np.abs(np.subtract(shares, ANCHOR)).sum())
    region = Region(DOMAINS, np.array(ANCHOR), radius, metric, np.array(lower), np.array(upper))
    return Decision(
        region=region,
        policy="analytic",
        shares=np.array(shares),
        gain=gain,
        estimated_gain=gain / CORRECTION.factor,
        correction=CORRECTION,
        se=0.006,
        level=0.9,
        interval=interval,
        p_positive=0.976,
        distance=moved,
        moved=moved,
        active=active,
        contributions=np.array([gain, 0.0, 0.0]),
    )


UNMOVED = {"shares": ANCHOR, "gain": 0.0, "interval": (0.0, 0.0)}
