"""Servers of other engines on this machine, for trying the project and for its tests."""
