"""Made-up comparisons with round numbers."""

from __future__ import annotations

from causalmix_core.effects.compared import Compared, Comparison, Figure
from causalmix_core.evidence.table import Outcome


def row(name, complexity: int, r2: float, behind: float, within_noise: bool) -> Compared:
    """Every interval reaches 0.05 to both sides; ``behind`` starts at 0 where it is within noise."""
    around = Figure(r2, r2 - 0.05, r2 + 0.05)
    lower = min(0.0, behind - 0.05) if within_noise else behind / 2
    return Compared(
        name=name,
        complexity=complexity,
        mixture_r2=around,
        behind=Figure(behind, lower, behind + 0.05),
        within_noise=within_noise,
        rank_correlation=around,
        r2=around,
        pairs_right=Figure(0.75, 0.7, 0.8),
        r_score=Figure(0.0, 0.0, 0.0),
        regret=Figure(0.002, 0.001, 0.003),
        seconds=0.2,
    )


def comparison(*rows: Compared, chosen, best, **more) -> Comparison:
    """On 80 runs in five folds."""
    settings = {
        "outcome": Outcome("bpb", higher_is_better=False, unit="bits per byte"),
        "n_runs": 80,
        "folds": 5,
        "islands": 40,
        "kept": "pools and mixtures",
        "within": "pools",
        "level": 0.9,
        "seed": 1,
        "estimators": rows,
        "refused": (),
        "best": best,
        "chosen": chosen,
        "recommended": "shared-slopes",
    }
    return Comparison(**{**settings, **more})


def within_noise() -> Comparison:
    """Averages are within noise of own-state slopes, the ridge is not."""
    rows = (
        row("constant", 1, 0.48, 0.02, True),
        row("shared-slopes", 3, 0.5, 0.0, True),
        row("ridge", 5, 0.2, 0.3, False),
    )
    return comparison(*rows, chosen="constant", best="shared-slopes")
