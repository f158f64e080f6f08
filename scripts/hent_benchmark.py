"""Measure the fetch of Komet's topic against a client that only reads it. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.benchmark.fetch import main

if __name__ == "__main__":
    sys.exit(main())
