"""What a folder does, a bucket does: the same tests, on a local S3 over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from tests.deliver.conftest import database  # noqa: F401
from tests.deliver.test_place import *  # noqa: F403
from tiltaksstatistikk.deliver.place import Place


@pytest.fixture(scope="module")
def s3() -> Iterator[None]:
    """Start it, and let the clients find it as they find Amazon's."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "for-trying")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        yield
    server.stop()


@pytest.fixture
def place(s3: None) -> Place:
    """Give a folder of an empty bucket."""
    bucket = f"b{uuid4().hex}"
    fsspec.filesystem("s3").mkdir(bucket)
    return Place(f"s3://{bucket}/tiltak/kopier")
