"""A Spark cluster on this machine: a master, workers and a Thrift server, all on 127.0.0.1.

    uv run --group spark python scripts/spark_cluster.py spark-klynge --workers 2 -- COMMAND

starts it, runs the command and stops it. Without a command it stands until Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from importlib import resources
from pathlib import Path

from tiltaksstatistikk.engines.listening import HOST, wait_for
from tiltaksstatistikk.engines.profile import settings_of

# A server needs the settings of the target `spark` that begin with these. The rest is of a session on one machine.
OF_THE_TABLES = ("spark.hadoop.", "spark.sql.extensions", "spark.sql.catalog.", "spark.sql.session.")


def iceberg_jar() -> Path:
    """Return the path of Iceberg's runtime for Spark."""
    folder = Path(str(resources.files("snowpark_connect_deps_iceberg"))) / "jars"
    return next(folder.glob("iceberg-spark-runtime-3.5_2.12-*.jar"))


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the command's arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where tables, metastore and logs are; made if need be")
    parser.add_argument("--workers", type=int, default=2, help="how many workers there are (2)")
    parser.add_argument("--cores", type=int, default=1, help="how many cores each worker has (1)")
    parser.add_argument("--memory", default="1g", help="how much memory each worker has (1g)")
    parser.add_argument("--master-port", type=int, default=7077)
    parser.add_argument("--thrift-port", type=int, default=10000)
    parser.add_argument("command", nargs="*", help="what to run while the cluster stands, after --")
    words = sys.argv[1:] if arguments is None else arguments
    end = words.index("--") if "--" in words else len(words)
    options = parser.parse_args(words[:end])
    options.command = words[end + 1 :]
    return options


class Cluster:
    """The processes of a cluster.

    Args:
        options: what `parse` returns.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        """Make the folders."""
        self.options = options
        self.folder = options.folder.resolve()
        self.logs = self.folder / "logger"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.home = Path(str(resources.files("pyspark")))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one of Spark's programs in a process group of its own, with its log in a file."""
        environment = {**os.environ, "SPARK_HOME": str(self.home), "SPARK_LOCAL_IP": HOST, "TZ": "UTC"}
        # The key is for the loader: no process of the cluster needs it.
        environment.pop("PSEUDONYM_NOKKEL", None)
        with (self.logs / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [str(self.home / "bin" / program), *arguments],
                env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, cwd=self.folder,
            )  # fmt: skip
        return self.processes[name]

    def up(self) -> None:
        """Start the master, the workers and the Thrift server, and wait until it can be asked."""
        master = f"spark://{HOST}:{self.options.master_port}"
        process = self.start(
            "master", "spark-class", "org.apache.spark.deploy.master.Master", "--host", HOST,
            "--port", str(self.options.master_port), "--webui-port", "0",
        )  # fmt: skip
        wait_for(self.options.master_port, process, self.logs / "master.log")
        for number in range(self.options.workers):
            self.start(
                f"worker_{number}", "spark-class", "org.apache.spark.deploy.worker.Worker", "--host", HOST,
                "--webui-port", "0", "--cores", str(self.options.cores), "--memory", self.options.memory,
                "--work-dir", str(self.folder / "arbeid"), master,
            )  # fmt: skip
        settings = {
            **{
                name: value
                for name, value in settings_of("spark")["server_side_parameters"].items()
                if name.startswith(OF_THE_TABLES)
            },
            "spark.sql.warehouse.dir": str(self.folder / "tabeller"),
            "spark.driver.extraClassPath": str(iceberg_jar()),
            "spark.executor.extraClassPath": str(iceberg_jar()),
            "spark.driver.host": HOST,
            "spark.driver.bindAddress": HOST,
            "spark.driver.memory": "1g",
            "spark.driver.extraJavaOptions": f"-Dderby.system.home={self.folder} -Duser.timezone=UTC",
            "spark.executor.extraJavaOptions": "-Duser.timezone=UTC",
            "spark.executor.memory": self.options.memory,
            "spark.ui.enabled": "false",
            "spark.sql.shuffle.partitions": str(2 * self.options.workers * self.options.cores),
        }
        process = self.start(
            "thrift", "spark-submit", "--master", master,
            "--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2",
            *(word for name, value in settings.items() for word in ("--conf", f"{name}={value}")), "spark-internal",
            "--hiveconf", f"hive.server2.thrift.port={self.options.thrift_port}",
            "--hiveconf", f"hive.server2.thrift.bind.host={HOST}",
        )  # fmt: skip
        wait_for(self.options.thrift_port, process, self.logs / "thrift.log")

    def down(self) -> None:
        """Stop what was started, the last first."""
        for process in reversed(self.processes.values()):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def main(arguments: list[str] | None = None) -> int:
    """Run a command while a cluster stands, and return its exit code."""
    options = parse(arguments)
    cluster = Cluster(options)
    started = time.monotonic()
    # So that what stops the script also stops the cluster.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        cluster.up()
        print(f"The cluster stands after {time.monotonic() - started:.0f} s.", flush=True)
        if options.command:
            environment = {**os.environ, "TILTAK_THRIFT_PORT": str(options.thrift_port)}
            return subprocess.run(options.command, env=environment, check=False).returncode
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        cluster.down()
    return 0
