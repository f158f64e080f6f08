"""Makes the files for readers: sets of Parquet files, open files for machines, and the page."""
