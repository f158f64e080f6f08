"""Export the open numbers of another engine. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.engines.export import main

if __name__ == "__main__":
    sys.exit(main())
