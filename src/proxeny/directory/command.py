"""The commands `proxeny found`, `import` and `vocabulary`: a first cluster, lists and terms."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from proxeny.accounts.operations import create_manager, password_link
from proxeny.accounts.queries import get_reader_of_person, managers_of
from proxeny.directory import operations, queries
from proxeny.directory.countries import read_country
from proxeny.directory.memberlist.lists import LISTS, SEPARATORS
from proxeny.directory.models import Visibility
from proxeny.directory.operations import Wanted
from proxeny.directory.operations.facts import Facts
from proxeny.directory.operations.reviewing import Progress
from proxeny.kernel.errors import InvalidInput, NotAllowed
from proxeny.kernel.tenancy import GATE, SERVICE, STRANGER, WEB, Reader, acting_as


def found_from_command_line(*, cluster_name: str, country: str, email: str, person: str) -> str:
    """Create a cluster with its first manager, both or neither, and return the next step.

    The manager's sign-in has no password yet: the link in the sentence leads to choosing one, and
    works for three days; after that, "Forgot your password?" sends another. Everyone else joins by
    invitation.

    Raises
    ------
    InvalidInput
        No such country, or not an email address.
    """
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput(
            _("%(email)s isn’t a valid email address.") % {"email": email}
        ) from error
    with transaction.atomic(), acting_as(SERVICE):
        facts = Facts(
            name=cluster_name, country=read_country(country) or "", visibility=Visibility.PUBLIC
        )
        cluster = operations.create_cluster(actor=STRANGER, facts=facts)
        create_manager(
            email=email, name=person, organisation_id=cluster.pk, today=timezone.now().date()
        )
        link = password_link(email)
    return _(
        "%(cluster)s is set up, with %(person)s as its manager. To continue, open this link and "
        "sign in with %(email)s: %(link)s"
    ) % {"cluster": cluster.name, "person": person, "email": email, "link": link}


def setup_lines() -> list[str]:
    """Return what an operator reads while the installation has no cluster; nothing once it has one."""
    if operations.is_set_up():
        return []
    code = operations.setup_code()
    link = f"{settings.BASE_URL}{reverse('set-up', kwargs={'token': code})}"
    return [
        _("This installation is not set up yet. To make its first cluster, open this link:"),
        _("%(link)s (code: %(code)s; it works once)") % {"link": link, "code": code},
    ]


def import_from_command_line(
    *,
    path: Path,
    cluster_name: str,
    manager_email: str,
    wanted: Wanted | None = None,
    separators: Sequence[str] = (),
    say: Callable[[str], object] = lambda text: None,
) -> str:
    """Import a list at once, whatever its size, and return a sentence with the counts.

    Parameters
    ----------
    path : Path
        CSV, also packed as ZIP or gzip, XLSX, or vCard.
    cluster_name, manager_email : str
        The cluster whose list this is, and the address of one of its managers: the import runs with
        that person's rights and appears in the audit trail under that name.
    wanted : Wanted, optional
        The kind of file and the handling of gaps; by default as at the cluster's last import of
        this kind, or strict.
    separators : sequence of str
        Separators of the values in a cell, such as `sectors=semicolon`.
    say : callable
        Called now and then with the progress.

    Raises
    ------
    NotFound, NotAllowed
        There is no such cluster, or the address is not one of its managers'.
    InvalidInput
        The file cannot be read, or rows of it have to be corrected; nothing was imported. Or the
        field does not take several values, or the separator is unknown.
    """
    wanted = wanted or Wanted()
    if separators:
        wanted = replace(
            wanted, options={**wanted.options, "separators": _read_separators(separators)}
        )
    with acting_as(SERVICE):
        cluster_id = queries.find_cluster(cluster_name).pk
    reader = _get_manager(cluster_id, manager_email)
    with acting_as(WEB, reader):
        brought = operations.import_file(
            actor=reader,
            cluster_id=cluster_id,
            path=path,
            wanted=wanted,
            now=timezone.now(),
            report=_every_few_seconds(say),
        )
    counts = {
        name: getattr(brought, name)
        for name in ("rows", "added", "changed", "unchanged", "left_out", "alike")
    }
    text = _(
        "%(rows)s rows read: %(added)s entries added, %(changed)s changed, %(unchanged)s "
        "unchanged, %(left_out)s rows skipped."
    )
    alike = _("%(alike)s look like existing entries: resolve them in the list of duplicates.")
    return " ".join(one % counts for one in (text, alike)[: 2 if brought.alike else 1])


def _read_separators(written: Sequence[str]) -> dict[str, str]:
    found = dict(one.partition("=")[::2] for one in written)
    if not found.keys() <= {*LISTS} or not SEPARATORS.keys() >= {*found.values()}:
        raise InvalidInput(
            _(
                "“%(value)s” isn’t a valid separator setting. Enter one of %(fields)s, then =, "
                "then one of %(signs)s."
            )
            % {
                "value": " ".join(written),
                "fields": ", ".join(LISTS),
                "signs": ", ".join(SEPARATORS),
            }
        )
    return found


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
    """Load a vocabulary's file and return sentences: the counts, then the rows left out."""
    with acting_as(SERVICE):
        loaded = operations.load_vocabulary(
            actor=STRANGER, scheme=scheme, path=path, language=language
        )
    counts = _("%(codes)s codes loaded, with labels in: %(languages)s.") % {
        "codes": loaded.codes,
        "languages": ", ".join(loaded.languages),
    }
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
            _("%(email)s isn’t the address of a manager of this cluster.") % {"email": email}
        )
    with acting_as(GATE):
        return get_reader_of_person(found[0].pk, today=today)
