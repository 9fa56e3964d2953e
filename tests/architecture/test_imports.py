"""Who may import what: the direction of dependency, and where heavy libraries may appear.

Imports for types only count for the direction (they tie rooms together all the same), not for
libraries (they load nothing).
"""

from __future__ import annotations

import pytest

from tests.architecture.sources import ROOT, Import, all_imports, imports_in

CORE = "causalmix_core."
ALL_BELOW_PAGES = {
    *("errors", "files", "evidence", "effects", "decision", "checks", "scenarios", "delivery", "store"),
    "planning",
    "pools",
    "proxy",
    "study",
}

# Room of the core -> what of the core it may import besides itself. A dotted name is one module only.
MAY_IMPORT: dict[str, set[str]] = {
    "__init__": set(),
    "errors": {"evidence.table"},  # for the type of the issues that a TableError carries
    "files": set(),
    "evidence": {"errors", "files"},
    "pools": {"errors", "files", "evidence"},
    "proxy": {"errors", "files", "evidence", "pools"},
    "effects": {"errors", "evidence", "files"},
    "decision": {"errors", "evidence", "effects.response"},
    "checks": {"errors", "files", "evidence", "effects", "decision"},
    "scenarios": {"errors", "files", "evidence", "effects", "decision"},
    "planning": {"errors", "evidence", "effects", "decision", "checks"},
    "delivery": {
        "errors",
        "files",
        "evidence",
        "effects",
        "decision",
        "checks",
        "scenarios",
        "planning",
        "pools",
        "proxy",
    },
    "study": {
        "errors",
        "files",
        "evidence",
        "effects",
        "decision",
        "checks",
        "scenarios",
        "planning",
        "pools",
        "proxy",
        "delivery",
        "figures.theme",
        "store.SAMPLE_RUNS",
    },
    "store": {
        "errors",
        "files",
        "evidence",
        "effects",
        "decision",
        "checks",
        "scenarios",
        "delivery",
        "planning",
    },
    "figures": {
        "errors",
        "evidence",
        "effects",
        "decision",
        "checks",
        "scenarios",
        "delivery",
        "planning",
        "proxy",
    },
    "cli": ALL_BELOW_PAGES | {"figures"},
    "__main__": {"cli", "errors"},
}

# Library -> (files that may import it at all, whether it must stay out of module level).
LIBRARIES: dict[str, tuple[tuple[str, ...], bool]] = {
    "streamlit": (("app.py", "pages/"), False),
    "plotly": (("causalmix_core/figures/",), False),
    "econml": (("causalmix_core/effects/",), True),
    "shap": (("causalmix_core/effects/",), True),
    "sklearn": (("causalmix_core/effects/",), True),
    "lightgbm": (("causalmix_core/effects/",), True),
    "tokenizers": (("causalmix_core/pools/", "causalmix_core/proxy/"), True),
    "matplotlib": (("causalmix_core/study/report/",), True),
    "submitit": (("causalmix_core/proxy/engine/",), True),
    "torch": (("causalmix_core/pools/", "causalmix_core/proxy/"), True),
    "transformers": (("causalmix_core/pools/", "causalmix_core/proxy/"), True),
}


def room(file: str) -> str:
    """Room of a core file: its folder, or its own name at the top."""
    return file.removeprefix("causalmix_core/").split("/")[0].removesuffix(".py")


def allowed(found: Import) -> bool:
    """True when a core file may import this part of the core."""
    target = found.target.removeprefix(CORE)
    own = room(found.file)
    return target == "__version__" or any(
        f"{target}.".startswith(f"{may}.") for may in MAY_IMPORT[own] | {own}
    )


def core_imports() -> list[Import]:
    return [i for i in all_imports() if i.file.startswith("causalmix_core/")]


def test_every_room_has_a_place_in_the_order():
    rooms = {room(i.file) for i in core_imports()}
    assert rooms <= set(MAY_IMPORT)


def test_core_rooms_import_only_what_lies_below_them():
    within = [i for i in core_imports() if f"{i.target}.".startswith(CORE)]
    assert within
    assert [str(i) for i in within if not allowed(i)] == []


def test_the_core_never_imports_what_stands_on_it():
    above = ("app", "pages", "tools", "benchmarks", "tests")
    assert [str(i) for i in core_imports() if i.target.split(".")[0] in above] == []


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_library_is_imported_only_in_its_room(library: str):
    rooms, _ = LIBRARIES[library]
    strangers = [
        str(i)
        for i in all_imports()
        if i.target.split(".")[0] == library
        and i.when != "never"
        and not (rooms and i.file.startswith(rooms))
    ]
    assert strangers == []


@pytest.mark.parametrize("library", [name for name, (_, lazy) in LIBRARIES.items() if lazy])
def test_a_heavy_library_is_imported_only_inside_functions(library: str):
    assert [str(i) for i in all_imports() if i.target.split(".")[0] == library and i.when == "start"] == []


def test_reader_of_imports_sees_each_kind(tmp_path, monkeypatch):
    folder = tmp_path / "causalmix_core" / "effects"
    folder.mkdir(parents=True)
    file = folder / "example.py"
    file.write_text(
        "import shap.plots as p\n"
        "from ..evidence import table\n"
        "from . import response\n"
        "if TYPE_CHECKING:\n    import pandas\n"
        "def fit():\n    from econml.dml import CausalForestDML\n"
    )
    monkeypatch.setattr("tests.architecture.sources.ROOT", tmp_path)
    assert [(i.target, i.line, i.when) for i in imports_in(file)] == [
        ("shap.plots", 1, "start"),
        ("causalmix_core.evidence.table", 2, "start"),
        ("causalmix_core.effects.response", 3, "start"),
        ("pandas", 5, "never"),
        ("econml.dml.CausalForestDML", 7, "call"),
    ]


@pytest.mark.parametrize(
    ("file", "target", "expected"),
    [
        ("causalmix_core/decision/decide.py", "causalmix_core.effects.response.Response", True),
        ("causalmix_core/decision/decide.py", "causalmix_core.effects.fit", False),
        ("causalmix_core/decision/decide.py", "causalmix_core.decision.region", True),
        ("causalmix_core/effects/fit.py", "causalmix_core.decision.region", False),
        ("causalmix_core/evidence/table.py", "causalmix_core.errors.TableError", True),
        ("causalmix_core/delivery/document.py", "causalmix_core.__version__", True),
        ("causalmix_core/delivery/document.py", "causalmix_core.figures.theme", False),
    ],
)
def test_rule_of_direction(file: str, target: str, expected: bool):
    assert allowed(Import(file, target, 1, "start")) is expected


def test_rules_name_rooms_that_exist():
    for rooms, _ in LIBRARIES.values():
        assert [r for r in rooms if not (ROOT / r).exists()] == []
