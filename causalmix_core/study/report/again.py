"""The commands that make the study again, from nothing or from its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from causalmix_core.study.report.markdown import code, paragraph, table
from causalmix_core.study.report.section import Section

if TYPE_CHECKING:
    from causalmix_core.study.report.source import StudyTables

STEPS = (
    ("run", "the study's own runs"),
    ("analyse", "tables and ablations of these runs"),
    ("verify", "predictions, their training on new pools, near-oracle, scale"),
    ("report", "this document, its figures and the datasheet"),
)


def commands(name: str) -> str:
    """The commands of a whole study, in order."""
    width = max(len(step) for step, _ in STEPS) + len(name) + 1
    return "\n".join(
        f"python -m causalmix_core study {f'{step} {name}':<{width}}  # {words}" for step, words in STEPS
    )


def again(tables: StudyTables) -> Section:
    """How to make it again, and the hashes of what it was made from."""
    name = tables.plan.name
    section = Section(tables.plan.name)
    section.add(
        "## Make it again",
        paragraph(
            "This document is written by a command from the tables alone, the same bytes every time; no number in it is typed."
        ),
        code(f"python -m causalmix_core study report {name} --check"),
        paragraph("The whole study, from nothing; what is done is found and not repeated:"),
        code(commands(name)),
        table(
            ["table", "SHA-256"], [[f"`{file}`", f"`{sha}`"] for file, sha in tables.files.items()], left=2
        ),
    )
    return section
