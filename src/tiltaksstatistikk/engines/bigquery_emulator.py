"""An emulator of BigQuery on this machine, on 127.0.0.1: for trying the project and for its tests.

    uv run --group bigquery python scripts/bigquery_emulator.py -- COMMAND

starts it, runs the command with its address in TILTAK_BIGQUERY_EMULATOR, and stops it. Without a command it stands
until Ctrl-C. Its contents are gone when it stops, unless it is given a file.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tiltaksstatistikk.engines.listening import HOST, free_ports, wait_for

# An environment of its own, which uv makes: it is built for another version of DuckDB than the project's.
EMULATOR = "crucible-emulator[server]==0.1.0a2"


@contextlib.contextmanager
def emulator(log: Path, port: int | None = None, database: Path | None = None) -> Iterator[str]:
    """Start an emulator, give its address, and stop it.

    Args:
        log: a file for what it says.
        port: where it listens, None for any.
        database: the file that it keeps everything in, None for the memory.

    Raises:
        SystemExit: it has ended, or does not listen within two minutes.
    """
    port = port or free_ports(1)[0]
    arguments = ["uv", "tool", "run", "--from", EMULATOR, "crucible", "serve", "--dialect", "bigquery"]
    arguments += ["--host", HOST, "--port", str(port), *(["--database", str(database)] if database else [])]
    # It is sent no key, and need not have it.
    environment = {name: value for name, value in os.environ.items() if name != "PSEUDONYM_NOKKEL"}
    with log.open("wb") as file:
        process = subprocess.Popen(
            arguments, stdout=file, stderr=subprocess.STDOUT, env=environment, start_new_session=True
        )
    try:
        wait_for(port, process, log)
        yield f"http://{HOST}:{port}"
    finally:
        # uv and the emulator that it has started are a process group of their own.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def main(arguments: list[str] | None = None) -> int:
    """Start an emulator, run a command, and return what the command returned."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, help="where it listens (any port)")
    parser.add_argument("--database", type=Path, help="a file that keeps what is in it")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="what to run while it stands")
    options = parser.parse_args(arguments)
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    # So that what stops the script also stops the emulator.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with (
        tempfile.TemporaryDirectory() as folder,
        emulator(Path(folder) / "emulator.log", options.port, options.database) as address,
    ):
        if command:
            return subprocess.run(command, env={**os.environ, "TILTAK_BIGQUERY_EMULATOR": address}).returncode
        print(f"TILTAK_BIGQUERY_EMULATOR={address}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.pause()
    return 0
