"""Commands run in this process, and the fit and the mixture that most of them start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from causalmix_core.cli.main import main
from tests.cli.running import Finished
from tests.shipped import STUDY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Finished]:
    """Run a command in this process."""

    def run(*words: object) -> Finished:
        capsys.readouterr()
        status = main([str(word) for word in words])
        printed = capsys.readouterr()
        return Finished(status, printed.out, printed.err)

    return run


@pytest.fixture
def mistake(cli) -> Callable[..., str]:
    """Run a command that must end with status 2 and one sentence on stderr; the sentence."""

    def run(*words: object) -> str:
        finished = cli(*words)
        assert finished.status == 2
        complaint = [line for line in finished.err.splitlines() if not line.startswith("note: ")]
        assert len(complaint) == 1
        assert complaint[0].startswith("causalmix: ")
        return complaint[0]

    return run


@pytest.fixture(scope="session")
def fit_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped study, fitted on its own outcome."""
    out = tmp_path_factory.mktemp("fits") / "study"
    assert main(["fit", str(STUDY), "--outcome", "bpb_weighted", "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="session")
def mixture(fit_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mixture document decided on that fit."""
    out = tmp_path_factory.mktemp("mixtures") / "mixture.json"
    words = ["decide", str(fit_dir), "--radius", "0.15", "--anchor", "equal", "--out", str(out)]
    assert main(words) == 0
    return out
