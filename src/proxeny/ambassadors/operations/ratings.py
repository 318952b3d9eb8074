"""Ratings of a meeting by a link."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.ambassadors.models import Link
from proxeny.ambassadors.operations import mails
from proxeny.ambassadors.operations.links import using
from proxeny.ambassadors.queries.links import Opened
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import STRANGER
from proxeny.meetings.models import MeetingParty, Rating
from proxeny.meetings.operations.rate import keep_rating


@transaction.atomic
def rate_by_link(
    *,
    token: str,
    value: str,
    now: datetime,
    note: str = "",
    agreed: str = "",
    worth: Decimal | None = None,
    currency: str = "",
) -> Rating:
    """Record how a meeting went, or its outcome, through the link in a mail; it can be changed by it.

    Side effects: as `keep_rating`; a receipt to the address the link was sent to.

    Raises
    ------
    NotFound, InvalidInput, Conflict
        No such link; no such answer; not for this, or as `keep_rating`.
    """
    with using(token, Link.Purpose.DAY, Link.Purpose.LATER, now=now) as opened:
        party = find_party(opened)
        rating = keep_rating(
            party=party,
            phase=opened.purpose,
            value=value,
            now=now,
            actor=STRANGER,
            note=note,
            agreed=agreed,
            worth=worth,
            currency=currency,
        )
        mails.confirm(opened.case, opened.side, kind="rated", now=now)
        return rating


def find_party(opened: Opened) -> MeetingParty:
    """Return the meeting's party for which a link speaks; `Conflict` if there is none."""
    parties = MeetingParty.objects.select_related("meeting").filter(
        meeting=opened.case.meeting, organisation_id=opened.side.organisation_id
    )
    party = parties.first()
    if party is None:
        raise Conflict(_("This meeting didn’t take place."))
    return party
