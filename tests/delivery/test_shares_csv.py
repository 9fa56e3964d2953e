"""CSV that a spreadsheet cannot be made to run."""

from __future__ import annotations

import csv
import io

import pytest

from causalmix_core.delivery.shares_csv import csv_bytes, safe_cell, shares_csv


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_formulas_are_made_text(text):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["web", "a=b", "", "é"])
def test_other_text_stays(text):
    assert safe_cell(text) == text


def test_numbers_are_not_text_and_keep_every_bit():
    assert csv_bytes(("a", "b"), [(-0.1, -3)]) == b"a,b\n-0.1,-3\n"


def test_hostile_domain_names_read_back():
    document = {
        "mixture": {"=cmd|' /C calc'!A0": 0.3, 'a,"b"\nc': 0.7},
        "reference": {"=cmd|' /C calc'!A0": 0.5, 'a,"b"\nc': 0.5},
    }
    rows = list(csv.reader(io.StringIO(shares_csv(document).decode())))
    assert rows == [
        ["domain", "share", "reference", "change"],
        ["'=cmd|' /C calc'!A0", "0.3", "0.5", "-0.2"],
        ['a,"b"\nc', "0.7", "0.5", "0.19999999999999996"],
    ]
