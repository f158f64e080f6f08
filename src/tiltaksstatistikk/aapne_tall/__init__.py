"""Decides which numbers are suppressed, so that nothing that leaves the house gives anybody away."""
