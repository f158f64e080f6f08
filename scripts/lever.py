"""Deliver what the last run has made. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.deliver.command import main

if __name__ == "__main__":
    sys.exit(main())
