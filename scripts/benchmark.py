"""Measure the project's runs, and what they are measured against. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.benchmark.compare import main

if __name__ == "__main__":
    sys.exit(main())
