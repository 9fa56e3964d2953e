"""Roles are guessed from prefixes and can be corrected."""

from __future__ import annotations

import pytest

from causalmix_core.errors import TableError
from causalmix_core.evidence import Covariate, guess_roles, inspect_runs, parse_runs


def test_roles_by_prefix():
    columns = [
        "run_id",
        "Pool_ID",
        "assignment",
        "share_web",
        "SHARE_Code",
        "x_age",
        "y_loss",
        "seed",
        "yield",
    ]
    assert list(guess_roles(columns).values()) == [
        "run_id", "pool_id", "assignment", "share", "share", "covariate", "outcome", "provenance", "provenance",
    ]  # fmt: skip


def test_columns_without_prefix_get_roles(make_frame, csv_of):
    frame = make_frame().rename(
        columns={
            "run_id": "name", "share_web": "web", "x_web__duplicate_rate": "web__duplicate_rate",
            "x_age": "age", "y_accuracy": "accuracy",
        }
    )  # fmt: skip
    roles = {
        "name": "run_id", "web": "share", "web__duplicate_rate": "covariate", "age": "covariate",
        "accuracy": "outcome", "seed": "ignore",
    }  # fmt: skip
    table = parse_runs(csv_of(frame), "runs.csv", roles=roles)
    assert table.sha256 == parse_runs(csv_of(make_frame()), "runs.csv").sha256
    assert table.domains[0] == "web"
    assert Covariate("x_web__duplicate_rate", "duplicate_rate", "web") in table.covariates
    assert Covariate("x_age", "age", None) in table.covariates
    assert dict(table.provenance) == {}


def test_a_covariate_can_be_put_aside(make_frame, csv_of):
    table = parse_runs(csv_of(make_frame()), "runs.csv", roles={"x_age": "provenance"})
    assert "x_age" not in table.covariate_columns
    assert "x_age" in table.provenance


def test_own_covariates_go_to_the_longest_matching_domain(make_frame, csv_of):
    table = parse_runs(csv_of(make_frame(domains=("web", "web__old", "code"))), "runs.csv")
    own = {covariate.column: (covariate.domain, covariate.name) for covariate in table.covariates}
    assert own["x_web__duplicate_rate"] == ("web", "duplicate_rate")
    assert own["x_web__old__duplicate_rate"] == ("web__old", "duplicate_rate")


@pytest.mark.parametrize(
    ("roles", "told"),
    [
        ({"sed": "ignore"}, "A role is given to the column 'sed', which the table does not have"),
        ({"seed": "run_id"}, "both have the role run_id"),
        ({"seed": "share"}, "The shares of row 1 sum to"),
    ],
)
def test_wrong_corrections(make_frame, csv_of, roles, told):
    with pytest.raises(TableError, match=told):
        parse_runs(csv_of(make_frame()), "runs.csv", roles=roles)


def test_a_covariate_given_twice(make_frame, csv_of):
    frame = make_frame().assign(age=1.0)
    with pytest.raises(TableError, match="'x_age' and 'age' name the same covariate"):
        parse_runs(csv_of(frame), "runs.csv", roles={"age": "covariate"})


def test_a_share_without_a_name():
    with pytest.raises(TableError, match="gives its domain no name"):
        parse_runs(b"share_,share_b,y_loss\n.5,.5,1\n", "runs.csv")


def test_inspection_describes_every_column(make_frame, csv_of):
    inspection = inspect_runs(csv_of(make_frame().assign(note="abc")), "runs.csv")
    assert inspection.table is not None
    columns = {column.column: column for column in inspection.columns}
    own = columns["x_code__duplicate_rate"]
    assert (own.role, own.dtype, own.domain, own.name) == ("covariate", "number", "code", "duplicate_rate")
    assert (columns["share_web"].domain, columns["share_web"].name) == ("web", None)
    assert (columns["y_val_loss"].domain, columns["y_val_loss"].name) == (None, "val_loss")
    assert (columns["note"].role, columns["note"].dtype, columns["note"].example) == (
        "provenance",
        "text",
        "abc",
    )
    assert inspection.roles["seed"] == "provenance"


def test_inspection_of_a_faulty_table_still_shows_its_columns(make_frame, csv_of):
    inspection = inspect_runs(csv_of(make_frame(n=3)), "runs.csv")
    assert inspection.table is None
    assert len(inspection.columns) == 11
    assert inspection.issues[0].code == "too-few-runs"


def test_assignment_words(make_frame, csv_of):
    frame = make_frame()
    frame["assignment"] = ["Random", "designed", "chosen", "random"] * 10
    frame["pool_id"] = [f"p{i // 2}" for i in range(40)]
    table = parse_runs(csv_of(frame), "runs.csv")
    assert table.assignment is not None
    assert table.assignment[:3] == ("random", "designed", "chosen")
    assert table.groups().tolist()[:4] == [0, 0, 1, 1]


def test_other_assignment_words_are_kept_as_text(make_frame, csv_of):
    frame = make_frame().assign(assignment="A")
    table = parse_runs(csv_of(frame), "runs.csv")
    assert table.assignment is None
    assert table.provenance["assignment"][0] == "A"
    [issue] = [issue for issue in table.issues if issue.code == "unknown-assignment"]
    assert (issue.row, issue.column, issue.value) == (1, "assignment", "a")


def test_empty_pool_id(make_frame, csv_of):
    frame = make_frame().assign(pool_id="p")
    frame.loc[4, "pool_id"] = ""
    with pytest.raises(TableError, match="Row 5 has no pool id"):
        parse_runs(csv_of(frame), "runs.csv")
