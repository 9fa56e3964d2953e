"""halves: what choosing the mixtures did to the effects, for people and as JSON."""

from __future__ import annotations

import json

from causalmix_core.delivery.canonical_json import canonical_json
from causalmix_core.evidence import table_csv
from causalmix_core.study.halves import halves_json, halves_of, halves_sentence
from tests.app.tables import runs_csv
from tests.study.test_halves import world


def test_text_and_json_hold_what_the_core_says(cli, tmp_path):
    path = tmp_path / "world.csv"
    path.write_bytes(table_csv(world()))
    found = halves_of(world())
    done = cli("halves", path)
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines()[-1] == halves_sentence(found)
    shown = json.loads(cli("halves", path, "--json").out)
    assert canonical_json(shown["rows"][0]) == canonical_json(halves_json(found)["rows"][0])


def test_a_table_that_does_not_say_how_is_a_mistake(mistake, tmp_path):
    path = tmp_path / "plain.csv"
    path.write_bytes(runs_csv())
    assert "cannot be halved" in mistake("halves", path)
