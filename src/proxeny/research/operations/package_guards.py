"""Guards of the actions in a data package: the locked package, or a file that may be changed."""

from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.operations.room import CHANGED, Entered
from proxeny.research.models import Package, PackageFile
from proxeny.research.operations.guards import enter_study
from proxeny.research.queries.packages import get_file, get_package


def enter_package(actor: Reader, partnership_id: int, package_id: int) -> Entered[Package]:
    """Return a package in whose study the actor may write, locked until the transaction ends.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_study`; the package is archived.
    """
    package = get_package(partnership_id, package_id)
    entered = enter_study(actor, partnership_id, package.study_id)
    package = Package.objects.select_for_update().get(pk=package_id)
    if package.dropped_at is not None:
        raise Conflict(_("This data package is archived. Restore it first."))
    return Entered(package, entered.partnership, entered.parties, entered.organisation_id)


def enter_draft_file(
    actor: Reader, partnership_id: int, file_id: int, *, revision: int | None = None
) -> tuple[Entered[Package], PackageFile]:
    """Return a file that may be changed, locked, with its package.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_package`; its version is released; it is another one than the actor has seen.
    """
    found = get_file(partnership_id, file_id)
    within = enter_package(actor, partnership_id, found.version.package_id)
    file = (
        PackageFile.objects.select_for_update(of=("self",))
        .select_related("version")
        .filter(pk=file_id)
        .first()
    )
    if file is None:
        raise NotFound(_("We couldn’t find this file."))
    if file.version.released_at is not None:
        raise Conflict(
            _("A released version can’t be changed. Start a new version to make changes.")
        )
    if revision is not None and revision != file.revision:
        raise Conflict(CHANGED)
    return within, file
