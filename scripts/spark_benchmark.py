"""Measure the project on DuckDB and on Spark clusters of this machine. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.benchmark.spark import main

if __name__ == "__main__":
    sys.exit(main())
