"""Says where the project is. The package is installed from its folder, and reads its other files there."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
