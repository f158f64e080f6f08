"""The rules of the statistics, against an independent reading of the specification, and over several runs."""
