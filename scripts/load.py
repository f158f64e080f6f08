"""Load an extract, and put its clean tables on another engine. What it does and takes: `--help`."""

import sys

from tiltaksstatistikk.engines.deliver import main

if __name__ == "__main__":
    sys.exit(main())
