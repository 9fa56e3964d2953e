"""A table whose pools do not differ: the commands say so, with what was asked."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.worlds import make_world
from causalmix_core.delivery.certainty import interval_help, width_sentence
from causalmix_core.effects.fit_directory import load_fit
from causalmix_core.evidence import table_csv


def runs(folder, *, differ: bool):
    world = make_world(3, 1, True, 0.0, 1)
    if not differ:
        world = replace(world, worth=0.0 * world.worth, harm=0.0 * world.harm)
    path = folder / "runs.csv"
    path.write_bytes(table_csv(world.table(120, seed=3)))
    return path


def test_averages_are_said_and_asked_for(cli, tmp_path):
    said = cli("fit", runs(tmp_path, differ=False), "--out", tmp_path / "fit").out
    assert "Asked of 60 pairs of runs on one pool" in said
    assert "Here p is 0." in said
    assert "note: In runs left out, effects that differ between pools did not come true" in said
    kept = load_fit(tmp_path / "fit")
    assert width_sentence(kept.calibration) in said
    shown = cli("effects", tmp_path / "fit", "--level", "0.8").out
    assert "is replaced by the domain, an average over pools." in shown
    assert shown.endswith(f"{interval_help(kept, 0.8)}\n")


def test_pools_that_differ_are_said_in_one_line(cli, tmp_path):
    said = cli("fit", runs(tmp_path, differ=True), "--out", tmp_path / "fit").out
    assert said.count("Pools differ: ") == 1
    assert "at this pool." in cli("effects", tmp_path / "fit").out
