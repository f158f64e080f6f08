"""Run with a database that is kept in a bucket. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.deliver.job import main

if __name__ == "__main__":
    sys.exit(main())
