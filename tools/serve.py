"""Start the app and say its address once it is really ready.

``make run`` and the browser tests both start the app here. Ready means that the server has run
``app.py`` from top to bottom without an error: an open port alone is not enough, because until
then Streamlit serves a deep link by the file names in ``pages/`` instead of the declared pages.
"""

from __future__ import annotations

import argparse
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app.py"
ADDRESS = "127.0.0.1"
READY_WITHIN = 120.0  # s; a first start on a cold disk has been seen to take 20
STOP_WITHIN = 10.0  # s between asking the server to stop and killing it


class StartError(Exception):
    """The app cannot be started; the message says why and what to do."""


def free_port() -> int:
    """A port on 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port: int = probe.getsockname()[1]
        return port


def refuse_taken(port: int) -> None:
    """Raise StartError when something listens on the port already."""
    with socket.socket() as probe:
        # As servers do: a port whose last connections are still closing is not taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise StartError(
                f"Port {port} on {ADDRESS} cannot be used ({error.strerror}): "
                f"stop what uses it, or choose another with: make run PORT={port + 1}"
            ) from error


def script_health(port: int) -> str:
    """Body of the script health check ("ok", "error", "timeout"), or "" while nobody answers.

    Unknown paths answer 200 with a page, so only the body tells.
    """
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=READY_WITHIN)
    try:
        connection.request("GET", "/_stcore/script-health-check")
        return connection.getresponse().read(64).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()


def wait_until_ready(server: subprocess.Popen[bytes], port: int, within: float = READY_WITHIN) -> None:
    """Return once the app's script has run without an error; raise StartError when it cannot."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        body = script_health(port)
        if body == "ok":
            return
        if body == "error":
            raise StartError("The app raised an error while starting; its traceback stands above.")
        if server.poll() is not None:
            raise StartError(f"The server stopped with status {server.returncode} before it was ready.")
        time.sleep(0.1)
    raise StartError(f"The app was not ready within {within:.0f} s.")


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ask the server to stop, kill it if it does not, and wait until it is gone."""
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@contextmanager
def running_app(
    port: int, script: Path | None = None, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A ready server of ``script`` on 127.0.0.1:``port`` for the length of a ``with`` block.

    Parameters
    ----------
    port : free port.
    script : the Streamlit script, ``app.py`` when None; the settings are always those of this project.
    environment : variables added to those of this process.

    Raises
    ------
    StartError : the port is taken, the script fails, or it takes too long.
    """
    refuse_taken(port)
    options = (f"--server.port={port}", f"--server.address={ADDRESS}", "--logger.hideWelcomeMessage=true")
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script or APP), *options],
        cwd=ROOT,  # Streamlit reads .streamlit/config.toml from here
        stdin=subprocess.DEVNULL,
        env={"OMP_NUM_THREADS": "1"} | dict(os.environ) | dict(environment or {}),
    )
    try:
        wait_until_ready(server, port)
        yield server
    finally:
        stop(server)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: list[str] | None = None) -> int:
    """Serve the app until Ctrl-C; exit status 0 after Ctrl-C, 2 when it cannot be started."""
    parser = argparse.ArgumentParser(prog="python -m tools.serve", description="Start the CausalMix app.")
    parser.add_argument("--port", type=int, default=8501, help="port on 127.0.0.1 (default 8501)")
    port = parser.parse_args(arguments).port
    # Also where the shell started us in the background, with SIGINT ignored.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _interrupt)
    try:
        with running_app(port) as server:
            print(f"CausalMix is ready at http://{ADDRESS}:{port}  (Ctrl-C stops it)", flush=True)
            status = server.wait()
    except StartError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    # Ctrl-C reaches the whole process group: the server may have gone before our own signal came.
    return 0 if status in (0, -signal.SIGINT) else 1


if __name__ == "__main__":
    sys.exit(main())
