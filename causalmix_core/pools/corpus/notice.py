"""The NOTICE beside a corpus: where each domain's text is from and what it may be used for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from causalmix_core.pools.corpus.recipes import Recipe

NOTICE_FILE = "NOTICE"
_HEAD = """\
This folder was built on this machine from the packages named below. Its text belongs to the
authors of those packages and of the works in them, and is under the licences named here, not
under the licence of the software that built it. Texts were cut to at most 8,000 characters;
wiki and french were cut to title and summary. Who passes text on keeps these notices, and for
CC-BY-SA text shares it under the same licence and names Wikipedia's authors.
"""


def notice(recipes: Sequence[Recipe]) -> str:
    """The whole text, ASCII, LF."""
    return "\n".join([_HEAD, *map(_about, recipes)])


def _about(recipe: Recipe) -> str:
    lines = [f"{recipe.name}", f"  text     {recipe.what}", f"  licence  {recipe.licence}"]
    for wheel in recipe.wheels:
        lines += [f"  package  {wheel.pin}", f"           {wheel.file}", f"           sha256 {wheel.sha256}"]
    return "\n".join(lines) + "\n"
