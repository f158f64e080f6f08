"""The synthetic extracts."""
