"""Ridge with blocks, its penalty chosen across groups, and folds that keep groups whole."""

import numpy as np
import pytest

from causalmix_core.effects.folds import group_folds, repeated_folds
from causalmix_core.effects.ridge import PENALTIES, column_scale, cross_validated_errors, fit_ridge, spectrum


def test_folds_never_split_a_group_and_cover_every_row_once():
    groups = np.random.default_rng(0).integers(0, 37, 200)
    splits = group_folds(groups, 5, seed=3)
    assert np.array_equal(np.sort(np.concatenate([test for _, test in splits])), np.arange(200))
    for train, test in splits:
        assert not set(groups[train]) & set(groups[test])
    sizes = [len(test) for _, test in splits]
    assert max(sizes) - min(sizes) <= 12


def test_folds_depend_on_the_seed_alone():
    groups = np.arange(40) // 2
    same = [
        np.array_equal(a[1], b[1])
        for a, b in zip(group_folds(groups, 4, 1), group_folds(groups, 4, 1), strict=True)
    ]
    other = [
        np.array_equal(a[1], b[1])
        for a, b in zip(group_folds(groups, 4, 1), group_folds(groups, 4, 2), strict=True)
    ]
    assert all(same)
    assert not all(other)


def test_fewer_groups_than_folds_gives_a_fold_per_group():
    assert len(group_folds(np.array([0, 0, 1, 1, 2, 2]), 5, 0)) == 3


@pytest.mark.parametrize("shape", [(60, 12), (20, 45)])
def test_coefficients_are_the_textbook_ridge(shape):
    rng = np.random.default_rng(1)
    columns, weights = rng.normal(size=shape) * rng.uniform(0.1, 5, shape[1]), rng.uniform(0.2, 1, shape[1])
    target = columns[:, 0] - 2 * columns[:, 1] + rng.normal(size=shape[0])
    own = column_scale(columns, weights, np.arange(shape[1]))
    found = fit_ridge(columns, target, own, repeated_folds(np.arange(shape[0]), 5, 0))
    z = (columns - columns.mean(axis=0)) * weights / columns.std(axis=0)
    plain = np.linalg.solve(z.T @ z + found.penalty * np.eye(shape[1]), z.T @ (target - target.mean()))
    assert found.coefficients == pytest.approx(plain * weights / columns.std(axis=0), rel=1e-6, abs=1e-9)
    posterior = found.cv_error * np.linalg.inv(z.T @ z + found.penalty * np.eye(shape[1]))
    scale = weights / columns.std(axis=0)
    assert found.covariance == pytest.approx(posterior * np.outer(scale, scale), rel=1e-5, abs=1e-10)


def test_cross_validated_error_is_that_of_refitting_by_hand():
    rng = np.random.default_rng(2)
    columns, target = rng.normal(size=(50, 6)), rng.normal(size=50)
    splits = group_folds(np.arange(50), 5, 0)
    scale = column_scale(columns, np.ones(6), np.arange(6))
    errors = cross_validated_errors(columns, target, scale, splits)
    penalty, total = PENALTIES[12], 0.0
    for train, test in splits:
        z = (columns - columns[train].mean(axis=0)) * scale
        slope = np.linalg.solve(
            z[train].T @ z[train] + penalty * np.eye(6), z[train].T @ (target[train] - target[train].mean())
        )
        total += ((target[test] - target[train].mean() - z[test] @ slope) ** 2).sum()
    assert errors[12] == pytest.approx(total / 50)


def test_constant_column_gets_no_coefficient():
    rng = np.random.default_rng(3)
    columns = np.column_stack([rng.normal(size=40), np.full(40, 7.0)])
    scale = column_scale(columns, np.ones(2), np.zeros(2, dtype=int))
    found = fit_ridge(columns, columns[:, 0] * 3.0, scale, repeated_folds(np.arange(40), 5, 0))
    assert found.coefficients[1] == 0.0
    assert found.predict(columns) == pytest.approx(columns[:, 0] * 3.0, abs=1e-2)


@pytest.mark.parametrize("shape", [(30, 8), (8, 30)])
def test_spectrum_is_that_of_the_matrix(shape):
    columns = np.random.default_rng(4).normal(size=shape)
    values, right = spectrum(columns)
    assert np.sort(values) == pytest.approx(np.sort(np.linalg.svd(columns, compute_uv=False) ** 2))
    assert right.T * values @ right == pytest.approx(columns.T @ columns, abs=1e-8)


def test_columns_of_a_block_share_their_spread():
    rng = np.random.default_rng(5)
    columns = rng.normal(size=(5000, 4)) * [1.0, 3.0, 10.0, 0.0]
    scale = column_scale(columns, np.array([1.0, 1.0, 0.5, 1.0]), np.array([0, 0, 1, 1]))
    assert scale[0] == scale[1] == pytest.approx(1 / np.sqrt(5.0), rel=0.05)
    assert scale[2] == pytest.approx(0.5 / 10.0, rel=0.05)
    assert scale[3] == 0.0
