"""What `proxeny import` does: a member list from a file, as a manager of the cluster."""

from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from proxeny.accounts.queries import get_reader_of_person, managers_of
from proxeny.directory import operations, queries
from proxeny.directory.memberlist.check import Options
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.tenancy import GATE, SERVICE, WEB, Reader, acting_as


def import_from_command_line(
    *, path: Path, cluster_name: str, manager_email: str, options: Options | None = None
) -> str:
    """Import a member list at once and return a sentence with the counts.

    Parameters
    ----------
    path : Path
        A CSV file or an XLSX workbook.
    cluster_name, manager_email : str
        The cluster whose members these are, and the address of one of its managers: the import
        runs with that person's rights and stands in the audit trail under that name.
    options : Options, optional
        What to do with gaps; as at the cluster's last import, or strict, when None.

    Raises
    ------
    NotFound, NotAllowed
        There is no such cluster, or the address is not one of its managers'.
    InvalidInput
        The file cannot be read, or rows of it have to be corrected; nothing was imported.
    """
    with acting_as(SERVICE):
        cluster_id = queries.find_cluster(cluster_name).pk
    reader = _get_manager(cluster_id, manager_email)
    with acting_as(WEB, reader):
        brought = operations.import_file(
            actor=reader, cluster_id=cluster_id, path=path, options=options, now=timezone.now()
        )
    return _(
        "%(rows)s rows read: %(added)s members added, %(changed)s entries changed, "
        "%(unchanged)s unchanged, %(left_out)s rows left out."
    ) % {
        name: getattr(brought, name)
        for name in ("rows", "added", "changed", "unchanged", "left_out")
    }


def _get_manager(cluster_id: int, email: str) -> Reader:
    today = timezone.now().date()
    with acting_as(SERVICE):
        found = [
            person
            for person in managers_of([cluster_id], today=today)
            if person.email.lower() == email.strip().lower()
        ]
    if not found:
        raise NotAllowed(
            _("%(email)s is not the address of a manager of this cluster.") % {"email": email}
        )
    with acting_as(GATE):
        return get_reader_of_person(found[0].pk, today=today)
