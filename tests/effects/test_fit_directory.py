"""A fit on disk comes back the same, is refitted when it was changed, and is never unpickled."""

import json
import pickle

import numpy as np
import pytest

from benchmarks.worlds import make_world
from causalmix_core.effects.config import FitConfig
from causalmix_core.effects.fit import fit
from causalmix_core.effects.fit_directory import load_fit, may_be_overwritten, save_fit
from causalmix_core.errors import FitDirectoryError

OWN = make_world(4, 3, own=True, confounding=1.0, seed=1).table(160, 0)
POOLED = make_world(4, 3, own=False, confounding=1.0, seed=1).table(160, 0)


def written(tmp_path, table, config):
    """A fit of the table as it reads back from disk (its hash is the evidence room's)."""
    from causalmix_core.evidence import read_runs, write_runs

    fitted = fit(read_runs(write_runs(table, tmp_path / "table")), config)
    save_fit(fitted, tmp_path / "fit")
    return fitted, tmp_path / "fit"


@pytest.mark.parametrize(
    ("table", "config", "arrays"),
    [
        (OWN, FitConfig("score"), True),
        (OWN, FitConfig("score", covariates=False), True),
        (OWN, FitConfig("score", orthogonalise=False), True),
        (POOLED, FitConfig("score"), True),
        (POOLED, FitConfig("score", "hybrid", trees=40), False),
        (POOLED, FitConfig("score", "paper", trees=40), False),
        (POOLED, FitConfig("score", "paper", covariates=False), True),
    ],
)
def test_round_trip_gives_the_same_response(tmp_path, table, config, arrays):
    fitted, directory = written(tmp_path, table, config)
    assert (directory / "model.npz").exists() == arrays
    again = load_fit(directory)
    first, second = fitted.response(fitted.default_pool), again.response(again.default_pool)
    assert np.array_equal(first.coefficients, second.coefficients)
    assert np.array_equal(first.covariance, second.covariance)
    assert again.sha256 == fitted.sha256
    assert again.summary == fitted.summary
    assert again.notes == fitted.notes
    assert again.calibration == fitted.calibration


def test_changed_settings_lead_to_a_refit_and_a_note(tmp_path):
    _, directory = written(tmp_path, OWN, FitConfig("score"))
    config = json.loads((directory / "config.json").read_text())
    (directory / "config.json").write_text(json.dumps({**config, "covariates": False}))
    again = load_fit(directory)
    assert again.method == "average effects"
    assert "fitted anew" in again.notes[-1]


def test_changed_table_leads_to_a_refit(tmp_path):
    fitted, directory = written(tmp_path, OWN, FitConfig("score"))
    lines = (directory / "runs.csv").read_text().splitlines()
    (directory / "runs.csv").write_text("\n".join(lines[:-10]) + "\n")
    again = load_fit(directory)
    assert again.table.n_runs == fitted.table.n_runs - 10
    assert "fitted anew" in again.notes[-1]


class Bomb:
    def __reduce__(self):
        return (open, ("exploded", "w"))


def test_a_pickle_in_place_of_the_model_is_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fitted, directory = written(tmp_path, OWN, FitConfig("score"))
    data = pickle.dumps(Bomb())
    (directory / "model.npz").write_bytes(data)
    record = json.loads((directory / "fit.json").read_text())
    import hashlib

    (directory / "fit.json").write_text(
        json.dumps({**record, "model_sha256": hashlib.sha256(data).hexdigest()})
    )
    again = load_fit(directory)
    assert not (tmp_path / "exploded").exists()
    assert np.array_equal(
        again.response(again.default_pool).coefficients, fitted.response(fitted.default_pool).coefficients
    )


def test_a_calibration_of_another_kind_leads_to_a_refit(tmp_path):
    import hashlib

    fitted, directory = written(tmp_path, OWN, FitConfig("score"))
    with np.load(directory / "model.npz") as stored:
        arrays = {**stored, "calibration": stored["calibration"][:-1]}
    np.savez(directory / "model.npz", **arrays)
    sha256 = hashlib.sha256((directory / "model.npz").read_bytes()).hexdigest()
    record = json.loads((directory / "fit.json").read_text())
    (directory / "fit.json").write_text(json.dumps({**record, "model_sha256": sha256}))
    again = load_fit(directory)
    assert again.calibration == fitted.calibration


def test_a_folder_without_a_fit_is_named(tmp_path):
    with pytest.raises(FitDirectoryError, match="holds no fit"):
        load_fit(tmp_path)


def test_a_broken_record_is_named(tmp_path):
    _, directory = written(tmp_path, OWN, FitConfig("score"))
    (directory / "config.json").write_text("{")
    with pytest.raises(FitDirectoryError, match=r"config\.json cannot be read"):
        load_fit(directory)


def test_only_fits_may_be_overwritten(tmp_path):
    _, directory = written(tmp_path, OWN, FitConfig("score"))
    assert may_be_overwritten(directory)
    assert may_be_overwritten(tmp_path / "new")
    (directory / "fit.json").unlink()
    assert may_be_overwritten(directory)
    (directory / "thesis.tex").write_text("mine")
    assert not may_be_overwritten(directory)
