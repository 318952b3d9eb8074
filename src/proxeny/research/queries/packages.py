"""Data packages: those of a study, one with its versions and files, differences, and downloads."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import Job
from proxeny.kernel.rows import Column, Rows
from proxeny.research.models import Package, PackageFile, PackageVersion, Study, Use


def list_packages(study: Study, *, away: bool = False) -> QuerySet[Package]:
    """Return a study's packages with their versions (`.told`), newest first, and numbers of files.

    Three queries, however many there are.
    """
    versions = PackageVersion.objects.order_by("-number").annotate(
        file_count=Count("files"),
        bytes=Sum("files__size"),
        faulty=Count("files", filter=Q(files__fit=PackageFile.Fit.FAULTY)),
        stopped=Count("files", filter=Q(files__fit=PackageFile.Fit.STOPPED)),
        waiting=Count("files", filter=Q(files__fit=PackageFile.Fit.WAITING)),
    )
    found = Package.objects.filter(study=study, dropped_at__isnull=not away)
    return found.prefetch_related(Prefetch("versions", versions, to_attr="told")).order_by(
        "title", "pk"
    )


def list_packages_of_room(partnership_id: int, study_id: int | None = None) -> QuerySet[Package]:
    """Return the packages of a partnership's studies, or of one of them, without archived ones."""
    found = Package.objects.filter(partnership_id=partnership_id, dropped_at=None)
    return found.filter(study_id=study_id) if study_id else found


def get_package(partnership_id: int, package_id: int, study_id: int | None = None) -> Package:
    """Return a package, archived or not; raise `NotFound` if none is visible to the reader."""
    found = Package.objects.select_related("study").filter(
        pk=package_id, partnership_id=partnership_id
    )
    if study_id is not None:
        found = found.filter(study_id=study_id)
    if (one := found.first()) is None:
        raise NotFound(_("We couldn’t find this data package."))
    return one


def versions_of(package: Package) -> list[PackageVersion]:
    """Return a package's versions, the newest first, with their files' number and size."""
    return list(
        package.versions.select_related("released_by")
        .annotate(file_count=Count("files"), bytes=Sum("files__size"))
        .order_by("-number")
    )


def get_version(package: Package, number: int) -> PackageVersion:
    """Return one version; `NotFound` if there is none."""
    found = package.versions.select_related("released_by").filter(number=number).first()
    if found is None:
        raise NotFound(_("We couldn’t find this version."))
    return found


def newest_versions() -> QuerySet[PackageVersion]:
    """Return of each package the version that was released last; narrow it before it is read."""
    released = PackageVersion.objects.filter(package=OuterRef("package"), released_at__isnull=False)
    return PackageVersion.objects.filter(pk=Subquery(released.order_by("-number").values("pk")[:1]))


def last_released(package: Package) -> PackageVersion | None:
    """Return the version that was released last."""
    return newest_versions().filter(package=package).first()


def files_of(version: PackageVersion) -> list[PackageFile]:
    """Return a version's files by name."""
    return list(version.files.order_by("path"))


def get_file(partnership_id: int, file_id: int, *, study_id: int | None = None) -> PackageFile:
    """Return a file with its version, package and study; `NotFound` if the reader sees none."""
    found = PackageFile.objects.select_related("version__package__study").filter(
        pk=file_id, partnership_id=partnership_id
    )
    if study_id is not None:
        found = found.filter(version__package__study_id=study_id)
    if (one := found.first()) is None:
        raise NotFound(_("We couldn’t find this file."))
    return one


def find_job(key: str) -> Job | None:
    """Return the check of a table by its name, if the reader may watch it."""
    return Job.objects.filter(key=key).first()


#: Who took which file, the newest first.
USES = Rows(
    "uses",
    (
        Column("who", gettext_lazy("Who"), lambda one: one.taker),
        Column("file", gettext_lazy("File"), lambda one: one.path, ("path", "-taken_at")),
        Column(
            "where",
            gettext_lazy("Where"),
            lambda one: one.get_where_display(),
            ("where", "-taken_at"),
        ),
        Column("when", gettext_lazy("When"), lambda one: one.taken_at, ("taken_at",)),
    ),
    sort="-when",
)


def uses_of(package: Package, *, q: str = "", where: str = "") -> QuerySet[Use]:
    """Return the downloads of a package's files, the newest first."""
    found = Use.objects.filter(package=package).select_related("person", "request")
    if where:
        found = found.filter(where=where)
    for word in q.split():
        found = found.filter(
            Q(path__icontains=word)
            | Q(person__name__icontains=word)
            | Q(request__name__icontains=word)
            | Q(request__organisation__icontains=word)
        )
    return found.order_by("-taken_at", "-pk")


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference of a file between two versions; either side may be missing.

    It is `added`, `gone`, `changed` or `told` (only the description differs).
    """

    path: str
    kind: str
    before: PackageFile | None
    after: PackageFile | None


def compare(before: Iterable[PackageFile], after: Iterable[PackageFile]) -> list[Difference]:
    """Return the differences between the files of two versions, by name and checksum."""
    was, now = {one.path: one for one in before}, {one.path: one for one in after}
    found = []
    for path in sorted(was.keys() | now.keys()):
        old, new = was.get(path), now.get(path)
        if old is None or new is None:
            found.append(Difference(path, "added" if old is None else "gone", old, new))
        elif old.sha256 != new.sha256:
            found.append(Difference(path, "changed", old, new))
        elif (old.table, old.title, old.details) != (new.table, new.title, new.details):
            found.append(Difference(path, "told", old, new))
    return found
