"""Ports on this machine, for the servers that the commands and tests start."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

HOST = "127.0.0.1"
START_SECONDS = 120


def free_ports(number: int) -> list[int]:
    """Return ports that nothing listens on."""
    probes = [socket.create_server((HOST, 0)) for _ in range(number)]
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until something listens.

    Raises:
        SystemExit: the process has ended, or nothing listens within two minutes.
    """
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            # If nothing listens, and the port is one of those that connections are given, one may meet itself.
            if probe.connect_ex((HOST, port)) == 0 and probe.getsockname() != probe.getpeername():
                return
        time.sleep(0.2)
    raise SystemExit(f"Nothing listens on port {port}. Its log is {log}.")
