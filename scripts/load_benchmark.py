"""Measure the loading of Komet's topic against a typed read of it. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.benchmark.door import main

if __name__ == "__main__":
    sys.exit(main())
