"""Start an emulator of BigQuery on this machine. What it does and takes: `--help`."""

import sys

from tiltaksstatistikk.engines.bigquery_emulator import main

if __name__ == "__main__":
    sys.exit(main())
