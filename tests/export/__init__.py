"""What a run leaves for those who run it."""
