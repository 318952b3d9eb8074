"""Documents of an application: added to a draft, removed, and restored."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.files import CheckedFile, check_file
from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import Document
from proxeny.labels.operations.applying import enter_draft, note_own
from proxeny.labels.queries.own_applications import OwnApplication

#: So many documents an application holds, and so many bytes of them; so many it ever had.
MOST, MOST_BYTES, MOST_EVER = 40, 60 * 1024 * 1024, 400


@transaction.atomic
def bring_document(
    *,
    actor: Reader,
    application_id: int,
    indicator: str,
    name: str,
    content: bytes,
    now: datetime,
) -> Document:
    """Add a document to a draft, as evidence for an indicator or, without one, for all of it.

    Jurors get it by its number, not by its name.

    Side effects: an audit row that the clusters do not read.

    Raises
    ------
    NotFound, Conflict
        As of `enter_draft`; there are too many.
    InvalidInput
        The file is not taken, or is there already; its field is `file`.
    """
    try:
        checked = check_file(name, content)
    except InvalidInput as error:
        error.field = "file"
        raise
    own = enter_draft(actor, application_id, now=now)
    if indicator and own.scheme.indicator(indicator) is None:
        raise NotFound(_("We couldn’t find this indicator."))
    number = _refuse_too_many(own, checked, indicator)
    one = own.application
    made = Document.objects.create(
        partnership_id=one.partnership_id,
        application=one,
        indicator=indicator,
        number=number,
        name=checked.name,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=checked.sha256,
        content=checked.content,
        person_id=actor.person,
        brought_at=now,
    )
    note_own(actor, "bring_label_document", one, number=number, sha256=checked.sha256)
    return made


def _refuse_too_many(own: OwnApplication, checked: CheckedFile, indicator: str) -> int:
    """Return the number of one more document."""
    if any(one.sha256 == checked.sha256 and one.indicator == indicator for one in own.documents):
        raise InvalidInput(_("This exact document is already here."), field="file")
    _refuse_room(own, len(checked.content))
    number = max((one.number for one in (*own.documents, *own.dropped)), default=0) + 1
    if number > MOST_EVER:
        raise Conflict(
            _("The limit for uploads has been reached here. You can’t add more documents.")
        )
    return number


def _refuse_room(own: OwnApplication, size: int) -> None:
    if len(own.documents) >= MOST:
        raise Conflict(
            _("An application can have up to %(most)d documents. Remove one first.")
            % {"most": MOST}
        )
    if sum(one.size for one in own.documents) + size > MOST_BYTES:
        raise Conflict(
            _(
                "All documents together can have up to %(most)d MB. Remove one first, or upload "
                "a smaller one."
            )
            % {"most": MOST_BYTES // (1024 * 1024)}
        )


@transaction.atomic
def drop_document(*, actor: Reader, application_id: int, number: int, now: datetime) -> Document:
    """Remove a document from a draft; `restore_document` restores it.

    Side effects: an audit row that the clusters do not read.

    Raises
    ------
    NotFound, Conflict
        As of `enter_draft`; there is no such document in it.
    """
    own = enter_draft(actor, application_id, now=now)
    found = next((one for one in own.documents if one.number == number), None)
    return _move(actor, own, found, "drop_label_document", dropped_at=now)


@transaction.atomic
def restore_document(*, actor: Reader, application_id: int, number: int, now: datetime) -> Document:
    """Restore a document that was removed from a draft.

    Side effects: an audit row that the clusters do not read.

    Raises
    ------
    NotFound, Conflict
        As of `enter_draft`; there is no such document; there are too many.
    """
    own = enter_draft(actor, application_id, now=now)
    found = next((one for one in own.dropped if one.number == number), None)
    if found is not None:
        _refuse_room(own, found.size)
    return _move(actor, own, found, "restore_label_document", dropped_at=None)


def _move(
    actor: Reader,
    own: OwnApplication,
    found: Document | None,
    verb: str,
    *,
    dropped_at: datetime | None,
) -> Document:
    if found is None:
        raise NotFound(_("We couldn’t find this document."))
    found.dropped_at = dropped_at
    found.save(update_fields=["dropped_at"])
    note_own(actor, verb, own.application, number=found.number)
    return found
