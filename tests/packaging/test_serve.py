"""The starter, with real servers of small scripts."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tools import serve


@pytest.fixture
def hello(tmp_path) -> Path:
    """A script that Streamlit can run."""
    script = tmp_path / "hello.py"
    script.write_text("import streamlit as st\nst.title('hello')\n")
    return script


def test_running_app_is_ready_then_gone(hello):
    port = serve.free_port()
    with serve.running_app(port, hello) as server:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=10) as answer:
            assert answer.read() == b"ok"
        assert server.poll() is None
    assert server.poll() is not None
    serve.refuse_taken(port)


def test_script_that_fails_is_reported(tmp_path, capfd):
    broken = tmp_path / "broken.py"
    broken.write_text("raise ValueError('the cupboard is bare')\n")
    raised = pytest.raises(serve.StartError, match="raised an error while starting")
    with raised, serve.running_app(serve.free_port(), broken):
        pytest.fail("a broken script was called ready")
    assert "the cupboard is bare" in "".join(capfd.readouterr())


def test_server_that_ends_early_is_reported(tmp_path):
    raised = pytest.raises(serve.StartError, match="stopped with status")
    with raised, serve.running_app(serve.free_port(), tmp_path / "missing.py"):
        pytest.fail("a missing script was called ready")


def test_taken_port_is_refused_in_one_sentence(capsys):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert serve.main(["--port", str(port)]) == 2
    assert capsys.readouterr().err == (
        f"Port {port} on 127.0.0.1 cannot be used (Address already in use): "
        f"stop what uses it, or choose another with: make run PORT={port + 1}\n"
    )


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_app_prints_its_address_once_and_stops_cleanly(hello, signal_number):
    port = serve.free_port()
    code = (
        f"import tools.serve as s, pathlib; s.APP = pathlib.Path({str(hello)!r}); raise SystemExit(s.main())"
    )
    starter = subprocess.Popen(
        [sys.executable, "-c", code, "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    line = starter.stdout.readline()
    assert line == f"CausalMix is ready at http://127.0.0.1:{port}  (Ctrl-C stops it)\n"
    os.killpg(starter.pid, signal_number)  # as a terminal does: the whole group at once
    rest, _ = starter.communicate(timeout=20)
    assert starter.returncode == 0
    assert "http://" not in rest
    assert "Traceback" not in rest
    serve.refuse_taken(port)
