"""All that is held about a person: a page's worth, a file, or a job that makes the file."""

import json
import re
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.accounts import privacy, queries
from proxeny.accounts.models import DataFile
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.personal_data.reading import Kind, count_rows, read_kinds
from proxeny.kernel.personal_data.words import describe_term
from proxeny.kernel.tenancy import Reader, as_service

FORMAT = "proxeny-person-data"
VERSION = 1
#: A file with more rows than this is made by a job.
LARGE = 2000

#: Links that grant access to any holder; the file may be stored where others find it.
_SECRET_LINK = re.compile(
    r"(https?://[^\s\"<>]{0,300}?/(?:invitations|accounts|calendar)/)[^\s\"<>]*"
)


def read_own_kinds(*, actor: Reader, limit: int) -> list[Kind]:
    """Return the data held about the actor, at most so many rows of each kind.

    The service reads, for exactly this person's rows: the actor's own policies leave out what the
    product shows nobody, such as mails.
    """
    person = queries.get_profile(actor)
    with as_service("People learn all that is held about them, even what no policy shows."):
        return [_sealed(kind) for kind in read_kinds(privacy.find_person(person.pk), limit=limit)]


@transaction.atomic
def download_data(*, actor: Reader, now: datetime) -> str | None:
    """Return the file with all that is held about the actor; None where a job has to make it.

    Side effects: an audit row.
    """
    person = queries.get_profile(actor)
    with as_service("The file holds all that is kept about the actor, even what no policy shows."):
        kept = DataFile.objects.filter(person=person, made_at__isnull=False).first()
        if kept is not None:
            content: str | None = kept.content
        elif count_rows(privacy.find_person(person.pk)) > LARGE:
            return None
        else:
            content = _write(person.pk, now)
        audit.record(actor, "download_data", person)
    return content


@transaction.atomic
def prepare_data(*, actor: Reader, now: datetime) -> DataFile:
    """Queue the making of the actor's file; a former one is thrown away.

    Raises
    ------
    Conflict
        It is being made.
    """
    person = queries.get_profile(actor)
    with as_service("People may have their file made, but only the product writes it."):
        waiting = DataFile.objects.select_for_update().filter(person=person).first()
        if waiting is not None and waiting.made_at is None:
            raise Conflict(_("Your file is being prepared."))
        file, _made = DataFile.objects.update_or_create(
            person=person, defaults={"content": "", "asked_at": now, "made_at": None}
        )
        enqueue(
            "accounts.collect-data",
            actor=actor,
            key=f"accounts.collect-data:{file.pk}:{now:%Y%m%d%H%M%S%f}",
            arguments={"file": file.pk},
        )
    return file


def collect_data(*, file_id: int, now: datetime) -> int:
    """Write a person's file; return its length. In the service's role; does nothing twice."""
    file = DataFile.objects.select_for_update().filter(pk=file_id, made_at=None).first()
    if file is None:
        return 0
    file.content, file.made_at = _write(file.person_id, now), now
    file.save(update_fields=["content", "made_at"])
    return len(file.content)


def _write(person_id: int, now: datetime) -> str:
    kinds = [_sealed(kind) for kind in read_kinds(privacy.find_person(person_id))]
    document = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": now,
        "person": person_id,
        "kinds": [_describe(kind) for kind in kinds],
    }
    return json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _describe(kind: Kind) -> dict[str, Any]:
    activity = kind.holding.activity
    assert activity is not None  # noqa: S101 - `all_holdings` yields no other
    return {
        "kind": kind.label,
        "what": str(kind.holding.what),
        "activity": activity.key,
        "purpose": str(activity.purpose),
        "legal_basis": str(activity.basis.value),
        "recipients": str(activity.recipients),
        "kept": describe_term(kind.holding),
        "count": kind.count,
        "rows": kind.rows,
    }


def _sealed(kind: Kind) -> Kind:
    """Return the rows of mails without the secret part of their links."""
    if kind.label != "kernel.mail":
        return kind
    rows = [
        {
            name: _SECRET_LINK.sub(r"\1…", value) if isinstance(value, str) else value
            for name, value in row.items()
        }
        for row in kind.rows
    ]
    return Kind(kind.label, kind.holding, kind.count, rows)
