"""Start a Spark cluster on this machine. What it does and takes: `--help`."""

import sys

from tiltaksstatistikk.engines.spark_cluster import main

if __name__ == "__main__":
    sys.exit(main())
