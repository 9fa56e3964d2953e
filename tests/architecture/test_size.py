"""Files and functions stay small enough to be read in one sitting."""

from __future__ import annotations

import ast

from tests.architecture.sources import Function, parse, python_files, relative

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 80


def test_no_file_is_longer_than_400_lines():
    lengths = {relative(p): len(p.read_text(encoding="utf-8").splitlines()) for p in python_files()}
    assert {name: n for name, n in lengths.items() if n > MAX_FILE_LINES} == {}


def test_no_function_is_longer_than_80_lines():
    long = [
        f"{relative(path)}:{node.lineno} {node.name}"
        for path in python_files()
        for node in ast.walk(parse(path))
        if isinstance(node, Function) and (node.end_lineno or 0) - node.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert long == []


def test_no_module_is_named_for_nothing():
    nameless = {"utils.py", "helpers.py", "misc.py", "common.py"}
    assert [relative(p) for p in python_files() if p.name in nameless] == []
