"""Reckon what a weekly run would scan on BigQuery. See `--help` for what it does and takes."""

from tiltaksstatistikk.benchmark.bigquery_bytes import main

if __name__ == "__main__":
    main()
