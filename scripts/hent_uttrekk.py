"""Fetch an extract from where the sources are. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.fetch.hent import main

if __name__ == "__main__":
    sys.exit(main())
