"""Measures the project's runs against a hand-written floor, an empty dbt project, and a loop in pandas."""
