"""Reckon what a weekly run would scan on BigQuery. What it does and takes: `--help`."""

from tiltaksstatistikk.benchmark.bigquery_bytes import main

if __name__ == "__main__":
    main()
