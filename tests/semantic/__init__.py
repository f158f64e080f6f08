"""The semantic layer, asked as an analyst asks it (.ci/answers)."""
