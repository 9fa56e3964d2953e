"""The real tables: the shipped study, and the published ones where they are on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from causalmix_core.evidence import import_olmix, import_regmix, read_runs
from causalmix_core.store import SAMPLE_RUNS

if TYPE_CHECKING:
    from causalmix_core.evidence.table import RunsTable

ROOT = Path(__file__).resolve().parents[1]
STUDY = SAMPLE_RUNS
OUTCOME = "bpb_weighted"


def study() -> RunsTable:
    """The shipped study without its repeats, whose pairs differ by nothing but the order of the text."""
    table = read_runs(STUDY)
    return table.with_rows(np.array([number == "0" for number in table.provenance["replicate"]]))


def published(name: str) -> Path | None:
    """Folder of a published table, under CAUSALMIX_REAL_DATA (default ../shared/data); None where absent."""
    here = Path(os.environ.get("CAUSALMIX_REAL_DATA") or ROOT.parent / "shared" / "data") / name
    return here if here.is_dir() else None


def regmix(folder: Path, part: str, size: str) -> RunsTable:
    """One of RegMix's tables: ("train" | "test", "1m" | "60m")."""
    mixtures, losses = f"{part}_mixture_{size}.csv", f"{part}_pile_loss_{size}.csv"
    return import_regmix((folder / mixtures).read_bytes(), (folder / losses).read_bytes())


def olmix(folder: Path) -> RunsTable:
    """olmix's 127 runs with natural shares."""
    names = ("dclm_ratios.csv", "dclm_metrics.csv", "priors_token_counts.csv")
    return import_olmix(*((folder / name).read_bytes() for name in names))
