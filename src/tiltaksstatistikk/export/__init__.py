"""What readers get: sets of Parquet files, open files for machines, and the page."""
