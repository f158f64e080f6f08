# The weekly run in a container (docs/operations.md). It writes to /data and /tmp alone, so the root may be read-only.
# BASE is any image with Python 3.11 and nothing else of ours.
ARG BASE=python:3.11-slim

FROM ${BASE} AS build
ARG GROUPS="--group sky --group hent"
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN python3 -m venv /uv && /uv/bin/pip install --no-cache-dir uv
WORKDIR /app
# What changes seldom comes first, so that a new version of the project does not install everything again.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN /uv/bin/uv sync --locked --no-dev --no-install-project --no-cache ${GROUPS}
COPY dbt_project.yml profiles.yml ./
COPY macros macros
COPY models models
COPY page/template.html page/template.html
COPY scripts scripts
COPY seeds seeds
COPY snapshots snapshots
COPY src src
COPY tests/dbt tests/dbt
RUN /uv/bin/uv sync --locked --no-dev --no-cache ${GROUPS}

FROM ${BASE}
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH \
    HOME=/tmp \
    DBT_LOG_PATH=/tmp/logs \
    DBT_TARGET_PATH=/tmp/target \
    DBT_SEND_ANONYMOUS_USAGE_STATS=false \
    PYTHONDONTWRITEBYTECODE=1 \
    TILTAK_DUCKDB=/data/tiltak.duckdb \
    TILTAK_EKSPORT=/data/eksport
# A number and no name, so that Kubernetes can see that it is not root.
USER 1069:1069
CMD ["dbt", "build", "--exclude-resource-type", "unit_test"]
