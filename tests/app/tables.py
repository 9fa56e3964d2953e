"""Small runs tables made by a rule, to upload in tests."""

from __future__ import annotations

import numpy as np


def runs_csv(
    runs: int = 60, covariates: bool = True, seed: int = 0, outcome: str = "y_score", slope: float = 1.0
) -> bytes:
    """Three domains; the score rises with code's share, the more so the fewer its duplicates."""
    draw = np.random.default_rng(seed)
    shares = draw.dirichlet(np.ones(3), size=runs).round(4)
    states = draw.uniform(0.0, 0.6, size=(runs, 3)).round(4)
    score = slope * (shares[:, 1] * (1.0 - states[:, 1]) + 0.3 * np.log(shares[:, 0] + 0.1))
    score += 0.01 * draw.normal(size=runs)
    names = ("web", "code", "math")
    header = [f"share_{d}" for d in names]
    columns = [shares]
    if covariates:
        header += [f"x_{d}__duplicate_rate" for d in names]
        columns.append(states)
    header.append(outcome)
    columns.append(score[:, None].round(5))
    rows = np.hstack(columns)
    lines = [",".join(header), *(",".join(f"{value:g}" for value in row) for row in rows)]
    return ("\n".join(lines) + "\n").encode()
