"""What every deed in a data package begins with: the locked package, or a file that may be changed."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.research.models import Package, PackageFile
from proxeny.research.operations.entering import CHANGED, Entered, enter_study
from proxeny.research.queries.packages import get_file, get_package


@dataclass(frozen=True, slots=True)
class EnteredPackage:
    """A locked package in a study that was entered."""

    entered: Entered
    package: Package


def enter_package(actor: Reader, partnership_id: int, package_id: int) -> EnteredPackage:
    """Return a package in whose study the actor may write, locked until the transaction ends.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_study`; the package is put away.
    """
    package = get_package(partnership_id, package_id)
    entered = enter_study(actor, partnership_id, package.study_id)
    package = Package.objects.select_for_update().get(pk=package_id)
    if package.dropped_at is not None:
        raise Conflict(_("This data package was put away. Bring it back first."))
    return EnteredPackage(entered, package)


def enter_draft_file(
    actor: Reader, partnership_id: int, file_id: int, *, revision: int | None = None
) -> tuple[EnteredPackage, PackageFile]:
    """Return a file that may be changed, locked, with its package.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_package`; its version is released; it is another one than the actor has seen.
    """
    found = get_file(partnership_id, file_id)
    within = enter_package(actor, partnership_id, found.version.package_id)
    file = (
        PackageFile.objects.select_for_update(of=("self",)).select_related("version")
        .filter(pk=file_id).first()
    )  # fmt: skip
    if file is None:
        raise NotFound(_("There is no such file."))
    if file.version.released_at is not None:
        raise Conflict(_("What was released stays as it is. Begin a new version to change it."))
    if revision is not None and revision != file.revision:
        raise Conflict(CHANGED)
    return within, file
