"""Make the page from the latest export. What it does and takes: `--help`."""

import sys

from tiltaksstatistikk.export.build_page import main

if __name__ == "__main__":
    sys.exit(main())
