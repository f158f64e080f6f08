"""Delivers what a run has made: pages and docs over HTTP, files and the database to a folder or a bucket."""
