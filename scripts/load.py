"""Load an extract, and put its clean tables on another engine. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.engines.deliver import main

if __name__ == "__main__":
    sys.exit(main())
