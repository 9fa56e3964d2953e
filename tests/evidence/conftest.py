"""Small honest tables that keep the contract, to be spoilt by the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd
import pytest

from causalmix_core.errors import TableError
from causalmix_core.evidence import inspect_runs, parse_runs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class MakeFrame(Protocol):
    def __call__(self, n: int = ..., domains: Sequence[str] = ..., seed: int = ...) -> pd.DataFrame: ...


@pytest.fixture(scope="session")
def make_frame() -> MakeFrame:
    """Runs with a share per domain, one own covariate per domain, one pooled, and two outcomes."""

    def make(n: int = 40, domains: Sequence[str] = ("web", "code", "math"), seed: int = 0) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        shares = rng.dirichlet(np.ones(len(domains)), size=n)
        columns: dict[str, object] = {"run_id": [f"r{i}" for i in range(n)], "seed": rng.integers(0, 9, n)}
        columns |= {f"share_{domain}": shares[:, k] for k, domain in enumerate(domains)}
        columns |= {f"x_{domain}__duplicate_rate": rng.uniform(size=n) for domain in domains}
        columns["x_age"] = rng.normal(size=n)
        columns["y_val_loss"] = 3.0 + rng.normal(size=n)
        columns["y_accuracy"] = rng.uniform(size=n)
        return pd.DataFrame(columns)

    return make


@pytest.fixture(scope="session")
def csv_of() -> Callable[[pd.DataFrame], bytes]:
    def write(frame: pd.DataFrame) -> bytes:
        return frame.to_csv(index=False).encode()

    return write


@pytest.fixture(scope="session")
def refusal() -> Callable[..., str]:
    """The sentence a table is refused with; inspecting it must refuse it too, without raising."""

    def refuse(data: bytes, filename: str = "runs.csv", **options: object) -> str:
        with pytest.raises(TableError) as caught:
            parse_runs(data, filename, **options)
        assert caught.value.issues[0].severity == "error"
        inspection = inspect_runs(data, filename, **options)
        assert inspection.table is None
        assert inspection.issues == caught.value.issues
        assert str(inspection.error) == str(caught.value)
        sentence = str(caught.value)
        assert "\n" not in sentence
        assert sentence.endswith(".")
        return sentence

    return refuse
