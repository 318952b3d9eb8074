"""How each page of data packages is tried."""

import io
from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from proxeny.engine.package import UploadUnknown, keep
from proxeny.research.models import PackageFile, PackageVersion, Upload
from proxeny.research.store import get_store
from tests.access.crowd import Crowd
from tests.access.places import room
from tests.access.research import ANSWERS, SHA256, at, file, package
from tests.access.routes._route import Route, by_matrix
from tests.factories.research import PackageFileFactory, PackageVersionFactory

TABLE = {"fields": [{"name": "studio", "type": "string"}, {"name": "wage", "type": "integer"}]}
DIALECT = {"delimiter": ",", "quoteChar": '"', "header": True, "encoding": "utf-8"}


def kept() -> PackageFile:
    """Return the file of the package's first version, whose bytes are there."""
    if get_store().size(SHA256) is None:
        keep(get_store(), io.BytesIO(ANSWERS), len(ANSWERS))
    return file()


def draft() -> PackageFile:
    """Return a table of the version that is worked on; the same each time."""
    kept()
    found = PackageFile.objects.filter(path="draft.csv", version__package=package()).first()
    if found is None:
        version = PackageVersion.objects.filter(package=package(), released_at=None).first()
        version = version or PackageVersionFactory(package=package(), number=2)
        found = PackageFileFactory(
            version=version,
            path="draft.csv",
            size=len(ANSWERS),
            sha256=SHA256,
            fit="fits",
            table=TABLE,
            dialect=DIALECT,
            report={"rows": 2, "counts": {}, "problems": []},
        )
    return found


def coming() -> Upload:
    """Return what A's ambassador is sending, of which the store knows."""
    one = Upload.objects.filter(name="on-its-way.csv").earliest("pk")
    try:
        get_store().state(one.key)
    except UploadUnknown:
        one.key = get_store().begin(one.size, name=one.name)
        one.save(update_fields=["key"])
    return one


def in_draft(**more: Callable[[], Any]) -> Callable[[Crowd], dict]:
    """Return what finds the package, which has a draft."""

    def arguments(crowd: Crowd) -> dict:
        draft()
        return at(**more)(crowd)

    return arguments


def upload(crowd: Crowd) -> dict:
    """Return what finds a file on its way in."""
    return at(package_id=package)(crowd) | {"key": coming().key}


def _history(crowd: Crowd) -> dict:
    return {"kind": "package", "pk": package().pk}


def _cite(crowd: Crowd) -> dict:
    return at(package_id=package)(crowd) | {"form": "datapackage"}


def _column(crowd: Crowd) -> dict:
    return {"revision": draft().revision, "c0-type": "string", "c1-type": "number"}


def _writing(crowd: Crowd) -> dict:
    return {"revision": draft().revision, "delimiter": ";", "encoding": "utf-8", "header": "on"}


def _small(crowd: Crowd) -> dict:
    return {"file": SimpleUploadedFile("notes.txt", b"Asked in May.\n")}


#: Answers to a request without the protocol's own header, and to a method that it does not have.
_NO_TUS, _NO_METHOD = (412,), (405,)

PACKAGES = by_matrix(
    {
        "research:packages": Route(at()),
        "research:package": Route(at(package_id=package)),
        "research:package-compare": Route(at(package_id=package)),
        "research:package-cite": Route(_cite),
        "research:package-uses": Route(at(package_id=package)),
        "history:show package": Route(_history),
        "research:file": Route(at(file_id=draft)),
        "research:file-bytes": Route(at(file_id=kept)),
        "research:file-check": Route(at(file_id=draft)),
        "research:file-report": Route(at(file_id=draft)),
        "research:package-open": Route(at(package_id=package), posts_only=True),
        "research:package-release": Route(
            in_draft(package_id=package), data=lambda _: {"note": "New."}, posts_only=True
        ),
        "research:package-discard": Route(in_draft(package_id=package), posts_only=True),
        "research:package-bring": Route(at(package_id=package), data=_small, posts_only=True),
        "research:file-remove": Route(at(file_id=draft), posts_only=True),
        "research:file-describe": Route(at(file_id=draft), data=lambda _: {"title": "Wages"}),
        "research:file-columns": Route(at(file_id=draft), data=_column),
        "research:file-writing": Route(at(file_id=draft), data=_writing),
        "research:file-again": Route(at(file_id=draft), posts_only=True),
        "research:file-stop": Route(at(file_id=draft), posts_only=True),
        "research:uploads": Route(at(package_id=package), posts_only=True, statuses=_NO_TUS),
        "research:upload": Route(upload, posts_only=True, statuses=_NO_METHOD),
        "research:arrival-uploads": Route(room, posts_only=True, statuses=_NO_TUS),
        "research:arrival-upload": Route(
            lambda crowd: room(crowd) | {"key": "0" * 32}, posts_only=True, statuses=_NO_METHOD
        ),
    }
)
