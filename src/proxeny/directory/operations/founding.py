"""Founding the first cluster of an installation, by the code that its operator reads at the start."""

import secrets
from base64 import b32encode
from datetime import datetime

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.accounts.operations import add_first_manager
from proxeny.directory.models import Kind, Organisation, Visibility
from proxeny.directory.operations.facts import Facts
from proxeny.directory.operations.organisations import create_cluster
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import STRANGER, as_service

_LOCK = 7011803
#: 16 letters and digits carry 80 bits.
_LETTERS = 16


def setup_code() -> str:
    """Return the code that opens the set-up of this installation, in groups of four.

    It follows from the secret key, so that every process and host of the installation knows it and
    none has to keep it. It opens nothing once there is a cluster.
    """
    digest = salted_hmac("proxeny.setup", "first cluster", algorithm="sha256").digest()
    code = b32encode(digest).decode().lower()[:_LETTERS]
    return "-".join(code[at : at + 4] for at in range(0, _LETTERS, 4))


def is_set_up() -> bool:
    """Whether this installation has a cluster of its own. One query."""
    with as_service("Whether there is a cluster at all is told to whoever opens the front page."):
        return Organisation.objects.filter(kind=Kind.CLUSTER, steward=None).exists()


def check_setup_code(code: str) -> None:
    """Raise `NotFound` unless a code opens the set-up; it never does once there is a cluster."""
    given, right = (one.replace("-", "").strip().lower() for one in (code, setup_code()))
    # Compared in constant time, and before the database is asked.
    fits = secrets.compare_digest(given.encode(), right.encode())
    if is_set_up() or not fits:
        raise NotFound(_("This code doesn’t open the set-up."))


@transaction.atomic
def set_up_installation(
    *,
    code: str,
    cluster: str,
    country: str,
    language: str,
    time_zone: str,
    person: str,
    email: str,
    password: str,
    now: datetime,
) -> Person:
    """Found the installation's first cluster with its manager, who can sign in at once.

    Parameters
    ----------
    code : str
        As `setup_code` gives it.
    time_zone : str
        The manager's; empty for that of the country.

    Raises
    ------
    NotFound
        Another code, or there is a cluster already.
    InvalidInput
        A name, the country or the password does not do; the error names the field.
    Conflict
        The address signs in here already.

    Notes
    -----
    Side effects: audit rows of the cluster and of the seat. No mail is sent.
    """
    with connection.cursor() as cursor:
        # The second of two who set up at the same moment waits here, and finds it done.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    check_setup_code(code)
    facts = Facts(name=cluster, country=country, language=language, visibility=Visibility.PUBLIC)
    with as_service("Nobody has a right to a cluster, or to a seat in it, before there is one."):
        founded = create_cluster(actor=STRANGER, facts=facts)
        return add_first_manager(
            organisation_id=founded.pk,
            organisation=founded.name,
            name=person,
            email=email,
            password=password,
            language=language,
            time_zone=time_zone,
            today=now.date(),
        )
