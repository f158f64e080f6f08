"""Write marts as CSV that a Norwegian Excel opens. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.export.excel_csv import main

if __name__ == "__main__":
    sys.exit(main())
