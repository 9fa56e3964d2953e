"""What this installation is made of: versions and the commit, for a document's provenance."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from causalmix_core import __version__

_PACKAGE = Path(__file__).resolve().parent.parent
_RECORDED = ("numpy", "scikit-learn", "econml", "lightgbm")


@dataclass(frozen=True)
class Installation:
    """Facts that are equal for every run of one installation.

    Attributes
    ----------
    package : version of CausalMix; ``python`` : version of the interpreter.
    versions : (distribution, version) pairs of the libraries that numbers come from.
    commit : 40 hex digits when the package is used from its own git checkout, else None.
    dirty : whether the package's files differ from that commit; None without a commit.
    """

    package: str
    python: str
    versions: tuple[tuple[str, str], ...]
    commit: str | None
    dirty: bool | None


@lru_cache(maxsize=1)
def installation() -> Installation:
    """The running installation; read once, since loaded code does not change afterwards."""
    commit = _git("rev-parse", "HEAD")
    # Only the package counts: a result written beside it must not make the next run "dirty".
    changes = _git("status", "--porcelain", "--", str(_PACKAGE)) if commit else None
    return Installation(
        package=__version__,
        python=platform.python_version(),
        versions=tuple((name, _version(name)) for name in _RECORDED),
        commit=commit,
        dirty=None if changes is None else bool(changes),
    )


def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _git(*arguments: str) -> str | None:
    """Output of a git command in the package's own checkout, or None where there is none."""
    # A package installed inside somebody else's repository must not report their commit.
    if not (_PACKAGE.parent / ".git").exists():
        return None
    command = ["git", "-C", str(_PACKAGE.parent), *arguments]
    try:
        # The words are fixed above and none comes from a user.
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
