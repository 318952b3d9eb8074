"""The store in any S3-compatible service.

An upload's bytes lie as objects named by their offset, each made only if there is none yet
(`If-None-Match: *`): of two writers at one place the service lets one win, without a lock that
could be left behind. A finished upload is read once, and then assembled inside the service.
"""

import contextlib
import hashlib
import io
import json
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, BinaryIO, cast

from proxeny.engine.package.problems import Refused
from proxeny.engine.package.store import (
    PIECE,
    Readable,
    Upload,
    UploadConflict,
    UploadUnknown,
    check_announced,
    check_content,
    check_digest,
    check_key,
    check_range,
    too_long,
)

__all__ = ["S3Store"]

#: The service takes no smaller part of a file, except for the last one.
_LEAST_PART = 5 << 20
#: And no more parts than this.
_MOST_PARTS = 10_000
_USUAL_PART = 8 << 20
_WINDOW = 1 << 20


class S3Store:
    """Files in a bucket.

    Parameters
    ----------
    bucket : str
        It must exist.
    endpoint : str
        The service's address.
    access_key, secret_key : str
        The credentials for the service.
    region : str
        As the service requires it; most ignore it.
    prefix : str
        Put before all names, e.g. `proxeny/`.

    Raises
    ------
    ImportError
        botocore (extra `s3`) is not installed.
    """

    def __init__(
        self,
        bucket: str,
        *,
        endpoint: str,
        access_key: str,
        secret_key: str,
        region: str = "us-east-1",
        prefix: str = "",
    ) -> None:
        from botocore.config import Config
        from botocore.session import Session

        self._bucket = bucket
        self._prefix = prefix
        self._client: Any = Session().create_client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            region_name=region,
            config=Config(
                connect_timeout=10,
                read_timeout=60,
                retries={"max_attempts": 4, "mode": "standard"},
                s3={"addressing_style": "path"},
                # Not every service knows the newer checksums; our own is checked at the end.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def begin(self, size: int, *, sha256: str | None = None, name: str = "") -> str:
        """Begin an upload and return its key."""
        check_announced(size, sha256)
        key = secrets.token_hex(16)
        record = json.dumps({"name": name, "size": size, "sha256": sha256}).encode()
        self._client.put_object(Bucket=self._bucket, Key=self._record(key), Body=record)
        return key

    def append(self, key: str, offset: int, stream: Readable) -> Upload:
        """Take bytes from a stream until it ends, and return how far the upload is."""
        upload = self.state(key)
        if offset != upload.received:
            raise UploadConflict(upload.received)
        part = _part_size(upload.size)
        while upload.received < upload.size:
            piece, broken = _fill(stream, min(part, upload.size - upload.received))
            if piece:
                self._put_part(upload, piece)
                upload = replace(upload, received=upload.received + len(piece))
            if broken:
                raise broken
            if not piece:
                return upload
        if stream.read(1):
            self.abort(key)
            raise too_long(upload)
        return upload

    def state(self, key: str) -> Upload:
        """Return how far an upload is."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=self._record(check_key(key)))
        except self._client.exceptions.NoSuchKey:
            raise UploadUnknown(key) from None
        record = json.loads(answer["Body"].read())
        received = sum(size for _, size in self._parts(key))
        return Upload(key, record["name"], record["size"], record["sha256"], received)

    def finish(self, key: str) -> str:
        """Check a whole upload, keep its file, and return its checksum."""
        upload = self.state(key)
        if upload.received != upload.size:
            raise UploadConflict(upload.received)
        parts = self._parts(key)
        digest = hashlib.sha256()
        for name, _ in parts:
            for piece in self._stream(name):
                digest.update(piece)
        found = digest.hexdigest()
        try:
            check_content(upload, found)
        except Refused:
            self.abort(key)
            raise
        if self.size(found) is None:
            self._assemble(parts, self._file(found))
        self.abort(key)
        return found

    def abort(self, key: str) -> None:
        """Give an upload up."""
        check_key(key)
        # The record first: without it the upload is gone for everybody.
        self._drop(self._record(key))
        for name, _ in self._parts(key):
            self._drop(name)

    def size(self, sha256: str) -> int | None:
        """Return how long a file is, or None if it is not kept."""
        from botocore.exceptions import ClientError

        try:
            answer = self._client.head_object(Bucket=self._bucket, Key=self._file(sha256))
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise
        return int(answer["ContentLength"])

    def read(self, sha256: str, offset: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Return an iterator over a part of a file in pieces."""
        check_range(offset, length)
        size = self.size(sha256)
        if size is None:
            raise KeyError(sha256)
        end = size if length is None else min(size, offset + length)
        return self._stream(self._file(sha256), offset, end) if offset < end else iter(())

    def open(self, sha256: str) -> BinaryIO:
        """Return a file to read and seek in, a window at a time."""
        size = self.size(sha256)
        if size is None:
            raise KeyError(sha256)
        window = _Window(self, sha256, size)
        return cast("BinaryIO", io.BufferedReader(window, _WINDOW))

    def delete(self, sha256: str) -> None:
        """Drop a file."""
        self._drop(self._file(sha256))

    def clean(self, before: datetime) -> int:
        """Give up all uploads that got no bytes since a moment; return how many."""
        latest: dict[str, datetime] = {}
        for item in self._listed(f"{self._prefix}uploads/"):
            key = item["Key"].removeprefix(f"{self._prefix}uploads/").partition("/")[0]
            latest[key] = max(latest.get(key, item["LastModified"]), item["LastModified"])
        stale = [key for key, moment in latest.items() if moment < before]
        for key in stale:
            with contextlib.suppress(UploadUnknown):
                self.abort(key)
        return len(stale)

    def kept(self, before: datetime) -> Iterator[str]:
        """Yield the checksums of all files that were kept before a moment."""
        for item in self._listed(f"{self._prefix}files/"):
            if item["LastModified"] < before:
                yield item["Key"].rpartition("/")[2]

    def _file(self, sha256: str) -> str:
        return f"{self._prefix}files/{check_digest(sha256)[:2]}/{sha256}"

    def _record(self, key: str) -> str:
        return f"{self._prefix}uploads/{key}/record.json"

    def _parts(self, key: str) -> list[tuple[str, int]]:
        """Return an upload's pieces in their order, with their sizes."""
        folder = f"{self._prefix}uploads/{key}/parts/"
        return [(item["Key"], item["Size"]) for item in self._listed(folder)]

    def _listed(self, folder: str) -> Iterator[Any]:
        pages = self._client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=folder):
            yield from page.get("Contents", ())

    def _put_part(self, upload: Upload, piece: bytes) -> None:
        from botocore.exceptions import ClientError

        name = f"{self._prefix}uploads/{upload.key}/parts/{upload.received:020d}"
        try:
            self._client.put_object(Bucket=self._bucket, Key=name, Body=piece, IfNoneMatch="*")
        except ClientError as error:
            # 412: it is there already; 409: somebody else is just making it.
            if error.response["ResponseMetadata"]["HTTPStatusCode"] in (409, 412):
                raise UploadConflict(self.state(upload.key).received) from None
            raise

    def _drop(self, name: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=name)

    def _stream(self, name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        asked = (
            {}
            if start == 0 and end is None
            else {"Range": f"bytes={start}-{end - 1 if end else ''}"}
        )
        body = self._client.get_object(Bucket=self._bucket, Key=name, **asked)["Body"]
        with contextlib.closing(body):
            yield from body.iter_chunks(PIECE)

    def _assemble(self, parts: list[tuple[str, int]], target: str) -> None:
        """Put an upload's pieces together under the file's own name, all or nothing."""
        if sum(size for _, size in parts) < _LEAST_PART:
            body = b"".join(piece for name, _ in parts for piece in self._stream(name))
            self._client.put_object(Bucket=self._bucket, Key=target, Body=body)
            return
        where = {"Bucket": self._bucket, "Key": target}
        where["UploadId"] = self._client.create_multipart_upload(**where)["UploadId"]
        try:
            done = [
                {"PartNumber": number, "ETag": self._join(where, number, run)}
                for number, run in enumerate(_runs(parts), 1)
            ]
            self._client.complete_multipart_upload(**where, MultipartUpload={"Parts": done})
        except BaseException:
            self._client.abort_multipart_upload(**where)
            raise

    def _join(self, where: dict[str, str], number: int, run: list[str]) -> str:
        """Make one part of a file of one or more pieces of its upload; return its tag."""
        if len(run) == 1:
            source = {"Bucket": self._bucket, "Key": run[0]}
            answer = self._client.upload_part_copy(**where, PartNumber=number, CopySource=source)
            return str(answer["CopyPartResult"]["ETag"])
        body = b"".join(piece for name in run for piece in self._stream(name))
        return str(self._client.upload_part(**where, PartNumber=number, Body=body)["ETag"])


class _Window(io.RawIOBase):
    """A file in the service as something to seek in; each read asks for a range."""

    def __init__(self, store: S3Store, sha256: str, size: int) -> None:
        self._store = store
        self._sha256 = sha256
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        taken = 0
        for piece in self._store.read(self._sha256, self._at, len(view)):
            view[taken : taken + len(piece)] = piece
            taken += len(piece)
        self._at += taken
        return taken


def _part_size(size: int) -> int:
    """Return how long an upload's pieces are, so that their number stays within the limit."""
    return max(_USUAL_PART, -(-size // (_MOST_PARTS - 1)))


def _runs(parts: list[tuple[str, int]]) -> Iterator[list[str]]:
    """Yield pieces in runs that are long enough to be a part of a file."""
    least = max(_LEAST_PART, -(-sum(size for _, size in parts) // (_MOST_PARTS - 1)))
    run: list[str] = []
    length = 0
    for name, size in parts:
        run.append(name)
        length += size
        if length >= least:
            yield run
            run, length = [], 0
    if run:
        yield run


def _fill(stream: Readable, most: int) -> tuple[bytes, Exception | None]:
    """Read until a piece is full or the stream ends; a network gives bytes as they come.

    Where the stream breaks, what came before is returned with the reason.
    """
    pieces: list[bytes] = []
    try:
        while most:
            piece = stream.read(min(PIECE, most))
            if not piece:
                break
            pieces.append(piece)
            most -= len(piece)
    except Exception as error:
        return b"".join(pieces), error
    return b"".join(pieces), None
