"""The project's Python files, and what each of them imports."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("app.py", "causalmix_core", "pages", "tools", "benchmarks", "tests")
When = Literal["start", "call", "never"]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Import:
    """One imported module or name.

    Attributes
    ----------
    file : path under the project's root, with forward slashes.
    target : dotted name in full; for ``from a.b import c`` that is ``a.b.c``.
    line : where.
    when : "start" (with the module), "call" (inside a function) or "never" (for types only).
    """

    file: str
    target: str
    line: int
    when: When

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.target}"


@cache
def python_files() -> tuple[Path, ...]:
    """All Python files of the project itself, sorted."""
    found: list[Path] = []
    for place in PLACES:
        path = ROOT / place
        found += [path] if path.is_file() else path.rglob("*.py")
    return tuple(sorted(found))


def relative(path: Path) -> str:
    """Path under the project's root, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


@cache
def parse(path: Path) -> ast.Module:
    """Syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _targets(node: ast.Import | ast.ImportFrom, path: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""
    if (
        node.level
    ):  # "from ..evidence import table" in causalmix_core/effects/fit.py -> causalmix_core.evidence
        package = path.relative_to(ROOT).parent.parts
        base = ".".join((*package[: len(package) - node.level + 1], *filter(None, [node.module])))
    return [f"{base}.{alias.name}" for alias in node.names]


def _for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def imports_in(path: Path) -> list[Import]:
    """Every import of one file, wherever it stands."""
    found: list[Import] = []

    def visit(node: ast.AST, when: When) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.extend(Import(relative(path), t, node.lineno, when) for t in _targets(node, path))
        if _for_types_only(node):
            when = "never"
        elif isinstance(node, Function) and when == "start":
            when = "call"
        for child in ast.iter_child_nodes(node):
            visit(child, when)

    visit(parse(path), "start")
    return found


@cache
def all_imports() -> tuple[Import, ...]:
    """Every import of the product (core, pages, app, tools; not tests or benchmarks)."""
    product = [p for p in python_files() if not relative(p).startswith(("tests/", "benchmarks/"))]
    return tuple(found for path in product for found in imports_in(path))
