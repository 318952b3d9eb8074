"""Stores for the tests: a folder, and a bucket in an S3 server of its own process."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from botocore.session import Session

from proxeny.engine.package import FolderStore, S3Store, Store

KEYS = {"access_key": "tests", "secret_key": "tests"}


@pytest.fixture(scope="session")
def s3_address() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/moto-api/", timeout=1).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise RuntimeError("the S3 server does not answer")
        yield address
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def s3_store(s3_address: str, request: pytest.FixtureRequest) -> Store:
    client = Session().create_client(
        "s3",
        endpoint_url=s3_address,
        aws_access_key_id="tests",
        aws_secret_access_key="tests",
        region_name="us-east-1",
    )
    bucket = f"b{abs(hash(request.node.nodeid))}"
    client.create_bucket(Bucket=bucket)
    return S3Store(bucket, endpoint=s3_address, prefix="tests/", **KEYS)


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "folder":
        return FolderStore(request.getfixturevalue("tmp_path") / "store")
    return request.getfixturevalue("s3_store")
