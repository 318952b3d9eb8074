"""Where the bytes of data packages lie: a folder of this installation, or an S3-compatible store.

Whoever knows a checksum may read its file here; who may know it is decided by the rows that name it.
"""

import functools
from pathlib import Path

from django.conf import settings

from proxeny.engine.package import FolderStore, S3Store, Store


def get_store() -> Store:
    """Return the store that this installation's settings name."""
    return _open(Path(settings.HOME) / "packages", tuple(sorted(settings.PACKAGES.items())))


def is_folder() -> bool:
    """Whether packages lie in a folder of this host, and go into its backups."""
    return not settings.PACKAGES


@functools.lru_cache(maxsize=4)
def _open(folder: Path, bucket: tuple[tuple[str, str], ...]) -> Store:
    # Kept: a client of S3 takes a while to be made, and holds its connections.
    return S3Store(**dict(bucket)) if bucket else FolderStore(folder)
