"""The command line as a process: statuses, help, pipes, faults."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from causalmix_core import __version__
from tests.cli.running import ROOT, process
from tests.shipped import STUDY

COMMANDS = ["validate", "import", "fit", "effects", "predict", "decide", "export", "corpus", "pool"]
HELP_WITHOUT_LIBRARIES = """
import sys
from causalmix_core.cli.main import main
status = main(sys.argv[1:])
print(sorted({"numpy", "pandas", "scipy", "jsonschema", "econml", "sklearn"} & set(sys.modules)), file=sys.stderr)
sys.exit(status)
"""
BROKEN_COMMAND = """
import sys
import causalmix_core.__main__, causalmix_core.cli.validate
causalmix_core.cli.validate.run = lambda arguments: 1 / 0
sys.argv = ["causalmix", "validate", "x"]
sys.exit(causalmix_core.__main__.main())
"""


def test_help_names_every_command_and_loads_no_library():
    done = process("--help", code=HELP_WITHOUT_LIBRARIES)
    assert done.returncode == 0
    assert done.stderr == "[]\n"
    for command in COMMANDS:
        assert f"\n    {command}" in done.stdout


@pytest.mark.parametrize(
    "command",
    [*COMMANDS, "import regmix", "import olmix", "corpus build", "pool read", "pool show", "pool tokenise"],
)
def test_every_command_has_help(cli, command):
    done = cli(*command.split(), "--help")
    assert done.status == 0
    assert done.out.startswith(f"usage: python -m causalmix_core {command}")


def test_version(cli):
    assert cli("--version").out == f"causalmix {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["bake"],
        ["fit"],
        ["fit", STUDY, "--out", "x", "--estimator", "oracle"],
        ["fit", STUDY, "--out", "x", "--epsilon", "small"],
        ["decide", "x", "--radius", "nan", "--out", "y"],
        ["effects", "x", "--level", "90"],
        ["fit", STUDY, "--out", "x", "--seed", "-1"],
        ["decide", "x", "--radius", "1", "--out", "y", "--seed", "4294967296"],
        ["export", "x", "--format", "llama-factory"],
        ["import", "doremi"],
    ],
    ids=lambda words: " ".join(map(str, words))[-30:] or "nothing",
)
def test_wrong_words_are_one_sentence(mistake, words):
    assert "--help" in mistake(*words)


def test_a_process_ends_with_the_status():
    assert process("validate", STUDY).returncode == 0
    wrong = process("validate", "absent.csv")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("causalmix: absent.csv")
    assert wrong.stderr.count("\n") == 1


def test_a_fault_of_ours_ends_with_1_and_a_traceback():
    done = process(code=BROKEN_COMMAND)
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("causalmix: this is a fault of the program")


def test_a_reader_that_stops_early_is_no_fault():
    command = [sys.executable, "-m", "causalmix_core", "validate", str(STUDY), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.close()
        complaint = running.stderr.read()
        assert running.wait(60) == 0
    assert complaint == b""


def test_a_terminal_without_letters_gets_their_codes(tmp_path):
    runs = tmp_path / "runs.csv"
    header, *rows = STUDY.read_text().splitlines()
    runs.write_text("\n".join([header.replace("french", "français"), *rows]), encoding="utf-8")
    done = process("validate", runs, env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "fran\\xe7ais" in done.stdout
