"""Columns that cannot be learned from: constants, and covariates that follow from the mixture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.evidence.issues import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from causalmix_core.evidence.issues import IssueLog

DESCENDANT_R2 = 0.98
# The regression only has to notice near-determinism; more rows than this make it no surer.
ROWS_ENOUGH = 5_000
# Small against shares that matter, so that log(T + eps) stays finite at 0.
LOG_OFFSET = 1e-3


def varies(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(c,) whether each column of (n, c) holds two different values."""
    return np.asarray((values != values[:1]).any(axis=0), dtype=np.bool_)


def keep_varying_covariates(
    states: NDArray[np.float64], columns: Sequence[str], log: IssueLog
) -> NDArray[np.bool_]:
    """(d,) which covariates to keep; constants are named."""
    keep = varies(states)
    for j in np.flatnonzero(~keep).tolist():
        log.add(
            "warning",
            "constant-covariate",
            f"The covariate {shown(columns[j])} is {states[0, j]:.6g} in every run and was left out.",
            "Nothing to do, unless pools should differ in it.",
            column=columns[j],
            value=f"{states[0, j]:.6g}",
        )
    return keep


def keep_varying_outcomes(
    scores: NDArray[np.float64], columns: Sequence[str], log: IssueLog
) -> NDArray[np.bool_]:
    """(m,) which outcomes to keep; when none varies that is an error."""
    keep = varies(scores)
    for j in np.flatnonzero(~keep).tolist():
        log.add(
            "warning" if keep.any() else "error",
            "constant-outcome",
            f"The outcome {shown(columns[j])} is {scores[0, j]:.6g} in every run"
            f"{' and was left out' if keep.any() else ', so nothing can be learned from it'}.",
            "Check that the scores were joined to their runs",
            column=columns[j],
            value=f"{scores[0, j]:.6g}",
        )
    return keep


def warn_of_descendants(
    shares: NDArray[np.float64], states: NDArray[np.float64], columns: Sequence[str], log: IssueLog
) -> None:
    """Name covariates that the mixture alone all but determines.

    A covariate measured on the *mixed* data follows from the mixture: it is a descendant of the
    treatment, and adjusting for it removes the very effect that is looked for. The test is the
    adjusted R2 of each covariate on [T, log(T + 0.001)] (on T alone where there are fewer than six
    runs a domain), which is high for any weighted mean over the mixture.
    """
    if states.shape[1] == 0:
        return
    r2 = r2_on_mixture(shares, states)
    for j in np.flatnonzero(r2 > DESCENDANT_R2).tolist():
        log.add(
            "warning",
            "descendant-of-treatment",
            f"The covariate {shown(columns[j])} follows almost wholly from the shares (R2 {r2[j]:.3f}):"
            " it seems to be measured on the mixed data, a descendant of the treatment.",
            "Measure it on each domain's pool before mixing, or give the column the role provenance",
            column=columns[j],
            value=f"{r2[j]:.3f}",
        )


def r2_on_mixture(shares: NDArray[np.float64], states: NDArray[np.float64]) -> NDArray[np.float64]:
    """(d,) adjusted R2 of states (n, d) on [T, log(T + 0.001)] of mixtures (n, K)."""
    rows = np.linspace(0, len(shares) - 1, min(len(shares), ROWS_ENOUGH)).astype(np.int64)
    shares, states = shares[rows], states[rows]
    n, n_domains = shares.shape
    features = [shares[:, :-1]]
    if n >= 6 * n_domains:
        features.append(np.log(shares + LOG_OFFSET))
    design = np.column_stack(features)
    basis, strength, _ = np.linalg.svd(design - design.mean(axis=0), full_matrices=False)
    basis = basis[:, strength > 1e-9 * max(strength[0], 1e-300)]
    # Scaled to 1 first, so that squares of very large or very small numbers stay numbers.
    largest = np.abs(states).max(axis=0)
    scaled = np.divide(states, largest, out=np.zeros_like(states), where=largest > 0)
    centred = scaled - scaled.mean(axis=0)
    spread = centred.std(axis=0)
    # A constant to within rounding has no share of variance to speak of.
    centred = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    left = 1.0 - ((basis.T @ centred) ** 2).sum(axis=0) / n
    return 1.0 - left * (n - 1) / max(n - 1 - basis.shape[1], 1)
