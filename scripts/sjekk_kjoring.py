"""Say what is not well with the statistics. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.export.alarm import main

if __name__ == "__main__":
    sys.exit(main())
