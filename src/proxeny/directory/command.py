"""What `proxeny found`, `import` and `vocabulary` do: a first cluster, lists and terms from files."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from proxeny.accounts.operations import create_manager
from proxeny.accounts.queries import get_reader_of_person, managers_of
from proxeny.directory import operations, queries
from proxeny.directory.countries import read_country
from proxeny.directory.models import Visibility
from proxeny.directory.operations import Wanted
from proxeny.directory.operations.facts import Facts
from proxeny.directory.operations.reviewing import Progress
from proxeny.kernel.errors import InvalidInput, NotAllowed
from proxeny.kernel.tenancy import GATE, SERVICE, STRANGER, WEB, Reader, acting_as


def found_from_command_line(*, cluster_name: str, country: str, email: str, person: str) -> str:
    """Found a cluster with its first manager, both or neither, and say what to do next.

    The manager's sign-in has no password yet: "Forgot your password?" sends the link to choose
    one. Everybody else enters by invitation.

    Raises
    ------
    InvalidInput
        No such country, or not an e-mail address.
    """
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput(_("%(email)s is not an e-mail address.") % {"email": email}) from error
    with transaction.atomic(), acting_as(SERVICE):
        facts = Facts(
            name=cluster_name, country=read_country(country) or "", visibility=Visibility.PUBLIC
        )
        cluster = operations.create_cluster(actor=STRANGER, facts=facts)
        create_manager(
            email=email, name=person, organisation_id=cluster.pk, today=timezone.now().date()
        )
    return _(
        "%(cluster)s is set up, with %(person)s as its manager. Open the site, choose "
        "“Forgot your password?” and write %(email)s."
    ) % {"cluster": cluster.name, "person": person, "email": email}


def import_from_command_line(
    *, path: Path, cluster_name: str, manager_email: str, wanted: Wanted | None = None,
    say: Callable[[str], object] = lambda text: None,
) -> str:  # fmt: skip
    """Import a list at once, whatever its size, and return a sentence with the counts.

    Parameters
    ----------
    path : Path
        CSV, also packed as ZIP or gzip, XLSX, or vCard.
    cluster_name, manager_email : str
        The cluster whose list this is, and the address of one of its managers: the import runs with
        that person's rights and stands in the audit trail under that name.
    wanted : Wanted, optional
        What kind of file it is and what to do with gaps; as at the cluster's last import of this
        kind, or strict, where it says nothing.
    say : callable
        Is told now and then how far the work is.

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
            actor=reader, cluster_id=cluster_id, path=path, wanted=wanted or Wanted(), now=timezone.now(),
            report=_every_few_seconds(say),
        )  # fmt: skip
    counts = {
        name: getattr(brought, name)
        for name in ("rows", "added", "changed", "unchanged", "left_out", "alike")
    }
    text = _(
        "%(rows)s rows read: %(added)s entries added, %(changed)s changed, %(unchanged)s unchanged, "
        "%(left_out)s rows left out."
    )
    alike = _("%(alike)s look like entries that were there: decide in the list of duplicates.")
    return " ".join(one % counts for one in (text, alike)[: 2 if brought.alike else 1])


def _every_few_seconds(say: Callable[[str], object]) -> Progress:
    texts = {
        "check": _("%(done)s rows checked"),
        "compare": _("comparing with the directory"),
        "write": _("writing"),
    }
    last = [monotonic()]

    def report(step: str, done: int, total: int) -> None:
        if monotonic() - last[0] > 5 and step in texts:
            last[0] = monotonic()
            say(texts[step] % {"done": done, "total": total})

    return report


def load_vocabulary_from_command_line(*, scheme: str, path: Path, language: str) -> list[str]:
    """Take in a vocabulary's file and return sentences: the counts, then what was left out."""
    with acting_as(SERVICE):
        loaded = operations.load_vocabulary(
            actor=STRANGER, scheme=scheme, path=path, language=language
        )
    counts = _("%(codes)s codes loaded, with labels in: %(languages)s.") % {
        "codes": loaded.codes, "languages": ", ".join(loaded.languages)
    }  # fmt: skip
    return [counts, *loaded.left_out[:20]]


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
