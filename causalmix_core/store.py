"""Where projects live: one folder a runs table, named by the table's content.

A project is a validated runs table. Its folder ``<root>/<first 12 hex digits of the hash>/`` holds
the canonical ``runs.csv`` with its sidecar and a small ``project.json`` for listing. A folder is
written beside its place and renamed into it, so a reader sees a whole project or none; writers
take turns through a lock file. The shipped study is a project too, always first and never written.

Not covered: two machines writing to one root over a network file system without ``flock``.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from causalmix_core.errors import ProjectError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from causalmix_core.evidence.table import RunsTable
    from causalmix_core.scenarios.shelf import Shelf

ROOT_VARIABLE = "CAUSALMIX_PROJECTS"
ID_LENGTH = 12
_REPOSITORY = Path(__file__).resolve().parent.parent
_DEFAULT_ROOT = _REPOSITORY / "data" / "projects"
# The shipped study: the one place that says where it lies.
SAMPLE_RUNS = _REPOSITORY / "data" / "flagship" / "proxy_runs.csv"
_ID_PATTERN = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")
_CARD = "project.json"
_SETTINGS = "settings.json"


@dataclass(frozen=True)
class Project:
    """What a list of projects shows, without reading the tables.

    Attributes
    ----------
    id : first 12 hex digits of the table's hash; the name of its folder and of its links.
    name : short label for people.
    sha256 : the table's whole hash.
    n_runs, n_domains : its size.
    created_at : when it was added, ISO 8601 in UTC; "" for the shipped study.
    sample : True for the shipped study, which is read-only.
    """

    id: str
    name: str
    sha256: str
    n_runs: int
    n_domains: int
    created_at: str
    sample: bool = False


def project_id(table: RunsTable) -> str:
    """Id of the project that holds ``table``: equal content, equal id."""
    return table.sha256[:ID_LENGTH]


def describe(table: RunsTable, *, created_at: str = "", sample: bool = False) -> Project:
    """The card of a table."""
    return Project(
        id=project_id(table),
        name=table.name,
        sha256=table.sha256,
        n_runs=table.n_runs,
        n_domains=len(table.domains),
        created_at=created_at,
        sample=sample,
    )


class ProjectStore:
    """The projects under one root folder, and the shipped study.

    Parameters
    ----------
    root : folder of the projects; by default the environment's ``CAUSALMIX_PROJECTS``, else
        ``data/projects`` of the repository. Made when first written to.
    sample_runs : the shipped study's runs table; absent files mean no sample.
    """

    def __init__(self, root: Path | None = None, sample_runs: Path | None = None) -> None:
        self.root = root or Path(os.environ.get(ROOT_VARIABLE) or _DEFAULT_ROOT)
        self.sample_runs = sample_runs or SAMPLE_RUNS

    def sample(self) -> RunsTable | None:
        """The shipped study's table, or None where it is not shipped."""
        from causalmix_core.evidence import read_runs

        return read_runs(self.sample_runs) if self.sample_runs.is_file() else None

    def list(self) -> tuple[Project, ...]:
        """Projects that were added, newest first (the shipped study is not among them)."""
        if not self.root.is_dir():
            return ()
        cards = [self._card(folder) for folder in self.root.iterdir() if _ID_PATTERN.fullmatch(folder.name)]
        found = [card for card in cards if card is not None]
        return tuple(sorted(found, key=lambda p: (p.created_at, p.id), reverse=True))

    def add(self, table: RunsTable) -> Project:
        """Keep ``table`` as a project; adding the same content again changes nothing.

        Raises
        ------
        ProjectError : the root cannot be written.
        """
        from causalmix_core.evidence import write_runs

        with self._lock():
            target = self.root / project_id(table)
            known = self._card(target)
            if known is not None and known.sha256 == table.sha256:
                return known
            project = describe(table, created_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
            with _written_beside(target) as folder:
                write_runs(table, folder)
                text = json.dumps(asdict(project), indent=2, sort_keys=True, ensure_ascii=False)
                (folder / _CARD).write_text(text + "\n", encoding="utf-8")
        return project

    def open(self, identity: str) -> RunsTable:
        """The table of a project.

        Raises
        ------
        ProjectError : no such project, or its folder was changed after it was written.
        """
        from causalmix_core.evidence import read_runs

        folder = self._folder(identity)
        table = read_runs(folder / "runs.csv")
        if project_id(table) != identity:
            raise ProjectError(
                f"Project {identity} was changed on disk: its runs.csv no longer has the content it is named "
                "after. Remove the project and upload the table again."
            )
        return table

    def remove(self, identity: str) -> None:
        """Delete a project's folder; the shipped study cannot be removed.

        Raises
        ------
        ProjectError : no such project.
        """
        with self._lock():
            folder = self._folder(identity)
            doomed = Path(tempfile.mkdtemp(prefix=".removed-", dir=self.root))
            folder.rename(doomed / identity)
            shutil.rmtree(doomed)

    def settings(self, identity: str) -> dict[str, object]:
        """What was last kept beside a project (its fit settings); {} when nothing was."""
        if not _ID_PATTERN.fullmatch(identity):
            return {}
        try:
            kept = json.loads((self.root / identity / _SETTINGS).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def keep_settings(self, identity: str, settings: Mapping[str, object]) -> None:
        """Keep ``settings`` beside a project, so that a reload finds them.

        Raises
        ------
        ProjectError : no such project (the shipped study keeps none).
        """
        with self._lock():
            folder = self._folder(identity)
            fresh = folder / f".{_SETTINGS}"
            fresh.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n", encoding="utf-8")
            fresh.replace(folder / _SETTINGS)

    def shelf(self, project: Project) -> Shelf:
        """The project's kept scenarios; those of the shipped study lie under the root in a folder of their own."""
        from causalmix_core.scenarios.shelf import Shelf

        if project.sample:
            return Shelf(self.root / f"shipped-{project.id}", make=True)
        return Shelf(self._folder(project.id))

    def _folder(self, identity: str) -> Path:
        folder = self.root / identity
        if not _ID_PATTERN.fullmatch(identity) or self._card(folder) is None:
            raise ProjectError(
                f"There is no project {identity[:40]!r} here. It may have been removed, or the link comes from "
                "another machine; open a project from the list or upload its table."
            )
        return folder

    def _card(self, folder: Path) -> Project | None:
        """The project's description, or None for a folder that is not a whole project."""
        try:
            return Project(**json.loads((folder / _CARD).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = (self.root / ".lock").open("w")
        except OSError as reason:
            raise ProjectError(
                f"Projects cannot be kept in {self.root}: {reason.strerror}. Make the folder writable or name "
                f"another one in {ROOT_VARIABLE}."
            ) from reason
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@contextlib.contextmanager
def _written_beside(target: Path) -> Iterator[Path]:
    """A fresh folder that takes the place of ``target`` when the block ends without an error."""
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=target.parent))
    try:
        yield folder
        if target.exists():
            shutil.rmtree(target)
        folder.rename(target)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
