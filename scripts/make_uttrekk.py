"""Make synthetic extracts. What it does and takes: `--help`."""

import sys

from tiltaksstatistikk.generator.make_uttrekk import main

if __name__ == "__main__":
    sys.exit(main())
