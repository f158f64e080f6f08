"""Where dbt finds what belongs to the adapter."""

import os

PACKAGE_PATH = os.path.dirname(__file__)
