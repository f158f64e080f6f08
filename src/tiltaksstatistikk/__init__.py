"""The Python of the weekly statistics on arbeidsmarkedstiltak. uv installs it with the project."""
