"""The store for data packages: a folder of this installation, or an S3-compatible store.

A reader with a checksum can read its file here; access to checksums is decided by the rows that
name them.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from proxeny.engine.package import FolderStore, S3Store, Store
from proxeny.kernel.errors import NotFound


def get_store() -> Store:
    """Return the store that this installation's settings name."""
    return _open(Path(settings.HOME) / "packages", tuple(sorted(settings.PACKAGES.items())))


def open_bytes(sha256: str) -> BinaryIO:
    """Return a file of the store to read and seek in; `NotFound` where its bytes are gone."""
    with _telling_gone():
        return get_store().open(sha256)


def read_bytes(sha256: str, start: int, length: int) -> Iterator[bytes]:
    """Return a part of a file of the store, in pieces; `NotFound` where its bytes are gone."""
    with _telling_gone():
        return get_store().read(sha256, start, length)


@contextmanager
def _telling_gone() -> Iterator[None]:
    try:
        yield
    except KeyError:
        raise NotFound(
            _("We couldn’t find this file in storage. Contact whoever runs this site.")
        ) from None


def is_folder() -> bool:
    """Whether packages lie in a folder of this host, and go into its backups."""
    return not settings.PACKAGES


@functools.lru_cache(maxsize=4)
def _open(folder: Path, bucket: tuple[tuple[str, str], ...]) -> Store:
    # Kept: a client of S3 takes a while to be made, and holds its connections.
    return S3Store(**dict(bucket)) if bucket else FolderStore(folder)
