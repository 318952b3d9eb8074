"""Copies that the world sees: published with the last signature, and withdrawn with a reason."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models.copies import SignedCopy


def publish(
    actor: Reader, verb: str, found: QuerySet[SignedCopy], *, organisation_id: int, now: datetime
) -> None:
    """Publish a copy once all have signed it."""
    with as_service("The last signature publishes the copy, whichever side it came from."):
        one = found.select_for_update(of=("self",)).get()
        one.published_at = now
        one.save(update_fields=["published_at"])
        audit.record(
            actor,
            verb,
            one,
            organisation_id=organisation_id,
            partnership_id=one.partnership_id,
            changes={"title": one.title, "number": one.number},
        )


def clean_reason(reason: str) -> str:
    """Return why something is withdrawn, as everybody reads it; `InvalidInput` if nothing is said."""
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise InvalidInput(
            _("Give a reason in one sentence. Everyone will be able to read it."), field="reason"
        )
    return reason


def withdraw[Copy: SignedCopy](
    copies: QuerySet[Copy], *, reason: str, now: datetime
) -> Copy | None:
    """Withdraw what is published of these, in all versions; return the newest, None if none was."""
    rows = copies.select_for_update().filter(published_at__isnull=False, withdrawn_at=None)
    found = list(rows.order_by("number"))
    for one in found:
        one.withdrawn_at, one.withdrawn_why = now, reason
        one.save(update_fields=["withdrawn_at", "withdrawn_why"])
    return found[-1] if found else None
