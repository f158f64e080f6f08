"""Make synthetic extracts. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.generator.make_uttrekk import main

if __name__ == "__main__":
    sys.exit(main())
