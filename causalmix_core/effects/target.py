"""The model size and token budget that a fit is meant for, and how far they lie from the runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.errors import ConfigError
from causalmix_core.evidence.sizes import SIZE_WORDS, run_sizes, size_words, target_states

if TYPE_CHECKING:
    from causalmix_core.effects.config import FitConfig
    from causalmix_core.evidence.table import RunsTable

WITHIN = 1.001  # a factor nearer to 1 than this is rounding


def target_sizes(table: RunsTable, config: FitConfig) -> dict[str, float]:
    """Size covariate -> its value at the target; empty where the settings name no target.

    Raises
    ------
    ConfigError : a target for a size that does not vary over the runs, or beside switched off covariates.
    """
    sizes = target_states(table, config.target_params, config.target_tokens)
    if sizes and not config.covariates:
        raise ConfigError(
            "A target size was given and covariates are switched off, so it would change nothing; switch them on, "
            "or leave the target out."
        )
    return sizes


def target_notes(table: RunsTable, config: FitConfig) -> list[str]:
    """What a reader should know of the size that effects are for; empty for a table of one size."""
    if not config.covariates:
        return []
    asked = {"params": config.target_params, "tokens": config.target_tokens}
    notes = []
    for name, sizes in run_sizes(table).items():
        target, words = asked[name], SIZE_WORDS[name]
        low, high = float(sizes.min()), float(sizes.max())
        if target is None:
            middle = 10.0 ** float(table.states[:, table.covariate_columns.index(f"x_log10_{name}")].mean())
            notes.append(
                f"The runs have {size_words(low)} to {size_words(high)} {words}; without a target, effects are for the "
                f"runs' average, {size_words(middle)} {words} (set --target-{name})."
            )
            continue
        factor = max(target / high, low / target)
        if factor > WITHIN:
            edge = f"the largest of the runs ({size_words(high)})"
            if target < low:
                edge = f"the smallest of the runs ({size_words(low)})"
            notes.append(
                f"The target of {size_words(target)} {words} lies a factor of {factor:.3g} beyond {edge}: effects there "
                "are extrapolated."
            )
    return notes
