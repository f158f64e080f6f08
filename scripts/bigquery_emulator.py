"""Start an emulator of BigQuery on this machine. See `--help` for what it does and takes."""

import sys

from tiltaksstatistikk.engines.bigquery_emulator import main

if __name__ == "__main__":
    sys.exit(main())
