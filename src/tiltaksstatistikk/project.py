"""Where the project is: the package is installed from its folder, and reads code lists, sources and the page there."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
