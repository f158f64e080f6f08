"""Measure the project's runs, and what they are measured against. What it does and takes: `--help`."""

import sys

from tiltaksstatistikk.benchmark.compare import main

if __name__ == "__main__":
    sys.exit(main())
