"""RegMix's published tables: fit on 512 runs at 1M, foretell 256 mixtures at 1M and at 60M.

The tables are read from the folder named by CAUSALMIX_REAL_DATA (default ../shared/data).
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from benchmarks.printing import print_table
from benchmarks.rivals import regmix_model
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.evidence import import_regmix

ROOT = Path(__file__).resolve().parents[1]


def folder() -> Path:
    """Where the published tables are looked for."""
    return Path(os.environ.get("CAUSALMIX_REAL_DATA", ROOT.parent / "shared" / "data")) / "regmix"


def run() -> None:
    """Print rank correlations and how often a domain's own share moves its own loss most."""
    from scipy.stats import spearmanr

    here = folder()
    if not here.is_dir():
        print(f"\n## RegMix's tables: not run, {here} is absent")
        return

    def read(part: str, size: str):
        mixtures, losses = f"{part}_mixture_{size}.csv", f"{part}_pile_loss_{size}.csv"
        return import_regmix((here / mixtures).read_bytes(), (here / losses).read_bytes())

    train, tests = read("train", "1m"), {size: read("test", size) for size in ("1m", "60m")}
    print(f"\n## RegMix's tables: {train.n_runs} runs at 1M, rank correlation on held-out mixtures")
    pile = next(o.name for o in train.outcomes if "pile_cc" in o.name)
    rows: list[list[object]] = []
    for outcome in (pile, "mean"):
        fitted, boosted = (
            fit(train, FitConfig(outcome)),
            regmix_model().fit(train.shares, train.score(outcome)),
        )
        for name, predict in (
            ("recommended", fitted.predict),
            ("RegMix", lambda t, _, b=boosted: b.predict(t)),
        ):
            found = [
                spearmanr(predict(t.shares, t.states), t.score(outcome)).statistic for t in tests.values()
            ]
            rows.append([outcome, name, *map(float, found)])
    print_table(["outcome", "estimator", "1M", "60M"], rows)
    print(
        f"\nOwn share moves own loss most (elasticity at the runs' mean): {own_effect_strongest(train)} domains"
    )


def own_effect_strongest(table) -> str:
    """How many outcomes have their own domain's elasticity as the largest of all."""
    right, total, anchor = 0, 0, table.shares.mean(axis=0)
    for outcome in table.outcomes:
        own = [k for k, domain in enumerate(table.domains) if outcome.name.startswith(domain)]
        if own:
            fitted = fit(table, FitConfig(outcome.name))
            elasticities = fitted.response(fitted.default_pool).elasticities(anchor)
            right, total = right + (int(np.argmax(elasticities)) in own), total + 1
    return f"{right} of {total}"
