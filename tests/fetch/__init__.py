"""Tests of the fetch of an extract, against servers on this machine (docs/hent.md)."""
