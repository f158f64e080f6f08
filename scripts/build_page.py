"""Make the page from the latest export. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.export.build_page import main

if __name__ == "__main__":
    sys.exit(main())
