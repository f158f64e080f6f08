"""Measure the project on DuckDB and on Spark clusters of this machine. What it does and takes: `--help`."""

import sys

from tiltaksstatistikk.benchmark.spark import main

if __name__ == "__main__":
    sys.exit(main())
