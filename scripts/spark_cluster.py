"""Start a Spark cluster on this machine. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.engines.spark_cluster import main

if __name__ == "__main__":
    sys.exit(main())
