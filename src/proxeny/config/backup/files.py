"""Files of data packages in a backup: those that rows name, streamed in and out."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from proxeny.config.backup.archive import FILES, ArchiveWriter, Manifest
from proxeny.engine.package import keep
from proxeny.research.store import get_store, is_folder

Say = Callable[[str], None]

#: The files that rows need, as the backup's own view of the database has them.
_NEEDED = """
SELECT sha256 FROM research_packagefile
UNION SELECT sha256 FROM research_arrival WHERE state IN ('checking', 'shown')
ORDER BY 1
"""


def write_files(
    archive: ArchiveWriter, connection: "psycopg.Connection[tuple[object, ...]]", say: Say
) -> None:
    """Write the files of data packages, if they lie in a folder of this installation."""
    row = connection.execute("SELECT to_regclass('public.research_packagefile')").fetchone()
    if row is None or row[0] is None:
        return
    needed = [str(sha256) for (sha256,) in connection.execute(_NEEDED)]
    if not needed:
        return
    if not is_folder():
        say(
            f"Data package files ({len(needed):,}) are stored in a bucket, and aren't in this "
            "backup: keep the bucket too."
        )
        return
    say(f"Backing up data package files ({len(needed):,}) …")
    store, missing = get_store(), 0
    for sha256 in needed:
        try:
            archive.write_file(sha256, store.read(sha256))
        except KeyError:
            missing += 1
    if missing:
        say(f"Data package files missing from their folder: {missing:,}. Their rows are kept.")


@contextmanager
def restoring_files(path: Path, manifest: Manifest, say: Say) -> Iterator[None]:
    """Copy the files of a backup into this installation's store; existing ones are kept.

    If that fails, or what is done meanwhile, those that came go again.
    """
    added: list[str] = []
    try:
        if manifest.files:
            say(f"Restoring data package files ({len(manifest.files):,}) …")
            _restore(path, manifest, added)
        yield
    except BaseException:
        for sha256 in added:
            get_store().delete(sha256)
        raise


def _restore(path: Path, manifest: Manifest, added: list[str]) -> None:
    store = get_store()
    with zipfile.ZipFile(path) as archive:
        for sha256, size in manifest.files.items():
            if store.size(sha256) != size:
                with archive.open(f"{FILES}{sha256}") as file:
                    keep(store, file, size, sha256=sha256)
                added.append(sha256)
