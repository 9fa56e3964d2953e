"""Every way the cells of a table can be wrong: one clear sentence, and nothing half-loaded."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from causalmix_core.errors import TableError
from causalmix_core.evidence import parse_runs, read_runs


def test_no_share_columns_lists_what_is_there(refusal):
    sentence = refusal(b"web,code,y_loss\n.5,.5,1\n")
    assert "no column starts with share_ among web, code, y_loss" in sentence


def test_no_outcomes(refusal):
    assert "no column starts with y_" in refusal(b"share_web,share_code\n.5,.5\n")


def test_one_domain(refusal):
    assert "only one domain, 'web'" in refusal(b"share_web,y_loss\n1,2\n1,3\n")


@pytest.mark.parametrize(("factor", "total"), [(0.5, "0.5"), (7.0, "7")])
def test_shares_that_do_not_sum_to_one(refusal, make_frame, csv_of, factor, total):
    frame = make_frame()
    frame.loc[[11, 20], ["share_web", "share_code", "share_math"]] *= factor
    assert f"The shares of row 12 sum to {total}, not to 1 (2 such rows)" in refusal(csv_of(frame))


def test_negative_share(refusal, make_frame, csv_of):
    frame = make_frame()
    frame.loc[4, ["share_web", "share_code", "share_math"]] = [-0.2, 0.7, 0.5]
    assert "Row 5, column share_web holds the negative share -0.2" in refusal(csv_of(frame))


@pytest.mark.parametrize("column", ["share_web", "x_code__duplicate_rate", "x_age", "y_val_loss"])
@pytest.mark.parametrize(
    ("cell", "told"), [("", "is empty"), ("NaN", "holds NaN"), ("inf", "holds inf"), ("-inf", "holds -inf")]
)
def test_cells_without_a_finite_number(refusal, make_frame, csv_of, column, cell, told):
    frame = make_frame().astype(object)
    frame.loc[2, column] = cell
    sentence = refusal(csv_of(frame))
    assert f"Row 3, column {column} {told}" in sentence
    assert "--drop-incomplete" in sentence


def test_numbers_beyond_a_double_are_infinite(refusal, make_frame, csv_of):
    frame = make_frame().astype(object)
    frame.loc[2, "y_val_loss"] = "1e999"
    assert "Row 3, column y_val_loss holds 1e999" in refusal(csv_of(frame))


def test_incomplete_rows_are_dropped_on_request(make_frame, csv_of):
    frame = make_frame().astype(object)
    frame.loc[2, "share_web"] = ""
    frame.loc[9, "y_val_loss"] = "inf"
    table = parse_runs(csv_of(frame), "runs.csv", drop_incomplete=True)
    assert table.n_runs == 38
    assert table.run_ids[2] == "r3"
    dropped = next(issue for issue in table.issues if issue.code == "dropped-incomplete")
    assert dropped.message.startswith(
        "2 of 40 rows are incomplete and were left out, the first of them row 3"
    )


def test_rows_keep_their_numbers_when_others_are_dropped(refusal, make_frame, csv_of):
    frame = make_frame().astype(object)
    frame.loc[2, "share_web"] = ""
    frame.loc[9, "y_val_loss"] = "bad"
    assert "Row 10, column y_val_loss" in refusal(csv_of(frame), drop_incomplete=True)


def test_parquet_nan_and_null(make_frame, tmp_path):
    frame = make_frame()
    frame.loc[5, "x_age"] = np.nan
    frame.to_parquet(tmp_path / "runs.parquet")
    with pytest.raises(TableError, match="Row 6, column x_age holds nan"):
        read_runs(tmp_path / "runs.parquet")


def test_text_in_a_number_column(refusal, make_frame, csv_of):
    frame = make_frame().astype(object)
    frame.loc[6, "x_code__duplicate_rate"] = "high"
    assert "Row 7, column x_code__duplicate_rate holds 'high', which is not a number" in refusal(
        csv_of(frame)
    )


@pytest.mark.parametrize("cell", ["0,5", "1_000", "0x10", "5%", "1e5f", "True", "=1+1", "1.2.3"])
def test_almost_numbers_are_text(refusal, make_frame, csv_of, cell):
    frame = make_frame().astype(object)
    frame.loc[0, "x_age"] = cell
    assert f"Row 1, column x_age holds '{cell}', which is not a number" in refusal(csv_of(frame))


def test_a_plus_sign_and_blanks_around_a_number_are_fine(make_frame, csv_of):
    frame = make_frame().astype(object)
    frame.loc[0, "x_age"] = " +1.5e0 "
    table = parse_runs(csv_of(frame), "runs.csv")
    assert table.states[0, table.covariate_columns.index("x_age")] == 1.5


def test_many_bad_cells_make_a_short_list(make_frame, csv_of):
    frame = make_frame(n=2000).astype(object)
    frame["x_age"] = "bad"
    with pytest.raises(TableError, match="and 1,999 more problems") as caught:
        parse_runs(csv_of(frame), "runs.csv")
    assert len(caught.value.issues) == 21
    assert caught.value.issues[-1].message.startswith("1,980 more")


def test_duplicate_run_ids(refusal, make_frame, csv_of):
    frame = make_frame()
    frame.loc[8, "run_id"] = "r3"
    assert "The run id 'r3' of row 9 stands in row 4 already" in refusal(csv_of(frame))


def test_empty_run_id(refusal, make_frame, csv_of):
    frame = make_frame()
    frame.loc[8, "run_id"] = " "
    assert "Row 9 has no run id" in refusal(csv_of(frame))


def test_missing_run_ids_are_made(make_frame, csv_of):
    table = parse_runs(csv_of(make_frame().drop(columns="run_id")), "runs.csv")
    assert table.run_ids[:2] == ("run-00001", "run-00002")
    assert "run-ids-made" in {issue.code for issue in table.issues}


def test_constant_outcome_alone(refusal, make_frame, csv_of):
    frame = make_frame().drop(columns="y_accuracy")
    frame["y_val_loss"] = 2.5
    assert "The outcome y_val_loss is 2.5 in every run, so nothing can be learned" in refusal(csv_of(frame))


def test_constant_outcome_among_others_is_left_out(make_frame, csv_of):
    frame = make_frame()
    frame["y_val_loss"] = 2.5
    table = parse_runs(csv_of(frame), "runs.csv")
    assert [outcome.name for outcome in table.outcomes] == ["accuracy"]
    assert "constant-outcome" in {issue.code for issue in table.issues}


def test_constant_covariate_is_left_out(make_frame, csv_of):
    frame = make_frame()
    frame["x_age"] = 7
    table = parse_runs(csv_of(frame), "runs.csv")
    assert "x_age" not in table.covariate_columns
    [issue] = [issue for issue in table.issues if issue.code == "constant-covariate"]
    assert (issue.severity, issue.column, issue.value) == ("warning", "x_age", "7")


def test_covariate_that_follows_from_the_shares(make_frame, csv_of):
    frame = make_frame(n=200)
    frame["x_mixed"] = frame.filter(like="share_") @ [1.0, 5.0, 2.0]
    frame["x_log"] = np.log(frame["share_web"] + 0.01)
    issues = parse_runs(csv_of(frame), "runs.csv").issues
    found = {issue.column for issue in issues if issue.code == "descendant-of-treatment"}
    assert found == {"x_mixed", "x_log"}
    assert "descendant of the treatment" in next(i for i in issues if i.column == "x_mixed").message


def test_three_runs(refusal, make_frame, csv_of):
    sentence = refusal(csv_of(make_frame(n=3)))
    assert sentence.startswith("There are 3 runs for 3 domains, too few")
    assert "at least 9 runs, better 30" in sentence


def test_few_runs_warn(make_frame, csv_of):
    codes = {issue.code for issue in parse_runs(csv_of(make_frame(n=20)), "runs.csv").issues}
    assert "few-runs" in codes


def test_two_hundred_domains(refusal, make_frame, csv_of):
    frame = make_frame(n=50, domains=[f"d{i}" for i in range(200)])
    assert "There are 50 runs for 200 domains, too few" in refusal(csv_of(frame))


def test_two_hundred_domains_with_enough_runs(make_frame, csv_of):
    frame = make_frame(n=2000, domains=[f"d{i}" for i in range(200)])
    assert len(parse_runs(csv_of(frame), "runs.csv").domains) == 200


def test_too_many_domains(refusal, make_frame, csv_of):
    frame = make_frame(n=3, domains=[f"d{i}" for i in range(257)])
    assert "There are 257 domains, more than 256" in refusal(csv_of(frame))


def test_mixed_case_and_non_ascii_domains_are_kept(make_frame, csv_of):
    names = ("Wikipedia EN", "français", "数学", "C++")
    table = parse_runs(csv_of(make_frame(domains=names)), "runs.csv")
    assert table.domains == names
    assert table.covariates_are_per_domain


def test_names_in_another_unicode_form_are_the_same_name(make_frame, csv_of):
    frame = make_frame(domains=("web", "français")).rename(columns={"share_français": "share_français"})
    assert parse_runs(csv_of(frame), "runs.csv").domains == ("web", "français")


@pytest.mark.parametrize("other", ["Web", "w eb", "WEB "])
def test_domains_that_differ_by_case_or_blanks(refusal, make_frame, csv_of, other):
    frame = (
        make_frame().rename(columns={"share_code": f"share_{other}"}).drop(columns="x_code__duplicate_rate")
    )
    assert f"'share_web' and 'share_{other.strip()}' name the same domain" in refusal(csv_of(frame))


def test_covariate_of_an_unknown_domain(refusal, make_frame, csv_of):
    frame = make_frame().rename(columns={"x_code__duplicate_rate": "x_cod__duplicate_rate"})
    assert "column x_cod__duplicate_rate speaks of the domain 'cod', which has no share column" in refusal(
        csv_of(frame)
    )


def test_formulas_are_kept_as_text_and_reported(make_frame, csv_of):
    frame = make_frame()
    frame["note"] = "fine"
    frame.loc[3, "note"] = '=HYPERLINK("http://example.org")'
    frame.loc[7, "note"] = "@SUM(A1)"
    table = parse_runs(csv_of(frame), "runs.csv")
    [issue] = [issue for issue in table.issues if issue.code == "formula"]
    assert (issue.severity, issue.row, issue.column) == ("warning", 4, "note")
    assert "2 such cells are kept as plain text" in issue.message
    assert table.provenance["note"][3] == '=HYPERLINK("http://example.org")'


def test_negative_numbers_are_no_formulas(make_frame, csv_of):
    frame = make_frame()
    frame["learning_rate"] = "-1e-3"
    assert "formula" not in {issue.code for issue in parse_runs(csv_of(frame), "runs.csv").issues}


def test_refused_tables_leave_an_earlier_one_as_it_was(refusal, make_frame, csv_of):
    table = parse_runs(csv_of(make_frame()), "runs.csv")
    before = table.sha256
    refusal(b"nonsense")
    with pytest.raises(ValueError, match="read-only"):
        table.shares[0, 0] = 1.0
    assert table.sha256 == before


def test_all_faults_of_a_table_are_told_at_once(make_frame, csv_of):
    frame = make_frame().astype(object)
    frame.loc[1, "x_age"] = "bad"
    frame.loc[2, "y_val_loss"] = ""
    with pytest.raises(TableError, match=r"\(and 1 more problem\)") as caught:
        parse_runs(csv_of(frame), "runs.csv")
    assert [(issue.code, issue.row) for issue in caught.value.issues] == [
        ("not-a-number", 2),
        ("incomplete", 3),
    ]


def test_headers_are_told_before_cells(refusal):
    frame = pd.DataFrame({"share_a": ["x"], "y_loss": ["y"]})
    assert "only one domain" in refusal(frame.to_csv(index=False).encode())
