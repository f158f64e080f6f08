"""Copy the database, check a copy, or put one back. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.deliver.backup import main

if __name__ == "__main__":
    sys.exit(main())
