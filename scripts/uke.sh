#!/bin/sh
# One Monday: this week's extract, how old it is, and the build. In the project's environment:
#
#     uv run -q --no-dev sh scripts/uke.sh
#
# UTTREKK_ROT has a folder for each week, named 2025-W32 by the week in Oslo. If this week's is not there, it is fetched
# from the sources in KILDER (docs/hent.md); without KILDER somebody else delivers it, and the run stops.
set -eu
UTTREKK_MAPPE="${UTTREKK_ROT:?is not set: the folder with a folder for each week}/$(TZ=Europe/Oslo date +%G-W%V)"
export UTTREKK_MAPPE
if [ ! -d "$UTTREKK_MAPPE" ]; then
    if [ -z "${KILDER:-}" ]; then
        echo "$UTTREKK_MAPPE is not there: this week's extract has not been delivered. Nothing was run." >&2
        exit 2
    fi
    python scripts/hent_uttrekk.py "$UTTREKK_MAPPE" --kilder "$KILDER"
fi
dbt --quiet source freshness
exec dbt ${STILLE:+--quiet} build --exclude-resource-type unit_test
