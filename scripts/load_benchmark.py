"""Measure the loading of Komet's topic against a typed read of it. What it does and takes: `--help`."""

import sys

from tiltaksstatistikk.benchmark.door import main

if __name__ == "__main__":
    sys.exit(main())
