"""What is kept under version control holds nothing of one machine."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.architecture.sources import ROOT

# In pieces, so that this file does not find itself.
FORBIDDEN = {
    "a path of one machine": re.compile(r"(^|[^\w.])/" + r"(work|farm|root|home/\w+|Users/\w+)/"),
    "a package registry": re.compile(
        "|".join(
            ("index" + "-url", "pip" + r"[.]conf", "files[.]" + "pythonhosted", "pypi[.]" + "org/simple")
        )
    ),
    "a private key": re.compile("BEGIN [A-Z ]*PRIVATE" + " KEY"),
}


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every tracked text file by its path."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git working tree: nothing says which files are tracked")
    found = {}
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b""
        if b"\0" not in content:
            found[name] = content.decode("utf-8")
    return found


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_tracked_file_holds(what: str, texts: dict[str, str]):
    lines = [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), 1)
        if FORBIDDEN[what].search(line)
    ]
    assert lines == []


def test_no_tracked_file_is_large():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    sizes = {
        n: (ROOT / n).stat().st_size for n in listed.stdout.decode().split("\0") if n and (ROOT / n).is_file()
    }
    assert {name: size for name, size in sizes.items() if size > 2_000_000} == {}
