"""Names that users choose among: laws of mixtures and kinds of damage."""

from __future__ import annotations

from typing import Literal, get_args

SamplerName = Literal["dirichlet", "sobol", "lattice", "centroid", "d-optimal", "regmix", "around", "chosen"]
SAMPLERS: tuple[SamplerName, ...] = get_args(SamplerName)

SHARPNESS = 10.0  # of the law around a mixture: at 10 about a fifth of the data moves, at 50 a tenth
# Kind of damage -> how often it is drawn.
KINDS: dict[str, float] = {
    "dup": 0.25,  # the same few rows of the domain again and again
    "garble": 0.20,  # characters replaced, dropped or doubled, as after bad OCR or decoding
    "shuffle": 0.15,  # words in random order
    "boiler": 0.15,  # menus, cookie notices, encoded blobs, tables of numbers
    "foreign": 0.15,  # clean text of the other domains, as after a failed language or topic filter
    "narrow": 0.10,  # neighbouring rows in the order of strata: of one, seldom two
}
# Kind of damage -> its usual amount: distinct rows, part of the characters, rows.
AMOUNTS: dict[str, float] = {"dup": 4, "garble": 0.2, "narrow": 40}
