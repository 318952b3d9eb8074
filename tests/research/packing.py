"""Shorthands of the tests of data packages: a package, files brought to it, what is left of them."""

import io
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings

from proxeny.kernel import jobs
from proxeny.kernel.models import Job
from proxeny.research.models import Package, PackageFile
from proxeny.research.operations import packages, tables, uploads
from tests.factories.research import PackageFactory, StudyFactory
from tests.factories.world import World
from tests.partnerships.rooms import do

TABLE = b"studio,wage\nA,1200\nB,1400\nC,1100\n"
WRONG = b"studio,wage\nA,1200\nB,many\nC,1100\n"


def pack(world: World, **values: Any) -> Package:
    """Make a package in a study of A and B."""
    return PackageFactory(study=StudyFactory(partnership=world.partnership), **values)


def bring(person, package: Package, name: str = "wages.csv", content: bytes = TABLE, **given: Any):
    """Bring a file as a plain form does, and return what became of it."""
    return do(
        person,
        uploads.bring_small_file,
        partnership_id=package.partnership_id,
        package_id=package.pk,
        name=name,
        size=len(content),
        stream=io.BytesIO(content),
        **given,
    )


def check(file: PackageFile) -> PackageFile:
    """Run the check that waits for a table."""
    file.refresh_from_db()
    jobs.run(Job.objects.get(key=tables.check_key(file)).pk)
    file.refresh_from_db()
    return file


def release(person, package: Package, note: str = "New.", **given: Any):
    """Release the version that is worked on."""
    return do(
        person,
        packages.release_version,
        partnership_id=package.partnership_id,
        package_id=package.pk,
        note_=note,
        **given,
    )


def left() -> list[str]:
    """Return the names of all files that lie in the store's folder."""
    return sorted(
        path.name for path in (Path(settings.HOME) / "packages").rglob("*") if path.is_file()
    )


def archive(**files: bytes) -> bytes:
    """Return a ZIP of files; `__` in a name stands for a slash, `_DOT_` for a dot."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return target.getvalue()
