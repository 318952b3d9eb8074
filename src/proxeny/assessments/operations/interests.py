"""Advisers say before the first look whether they have a conflict of interest."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments import rules
from proxeny.assessments.models import Adviser, Engagement
from proxeny.assessments.operations import mails
from proxeny.assessments.operations.advisers import settle
from proxeny.assessments.operations.guards import Entered, enter_as_team, note_deed
from proxeny.assessments.queries.advisers import ASSESSMENT
from proxeny.kernel.errors import InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Interest

State = Engagement.State
#: In which states somebody declares.
DECLARING = (*rules.RUNNING, State.HANDED_OVER)


@transaction.atomic
def declare_interest(
    *, actor: Reader, engagement_id: int, conflicts: bool, reason: str, now: datetime
) -> Interest:
    """Declare, for oneself, to have or not to have a conflict of interest in an engagement.

    An adviser without a conflict may declare one later. Anyone with a conflict reads nothing of the
    engagement from then on, and does not work on it: no seat reopens it.

    Side effects: an audit row without the reason; with a conflict, a mail to the managers of the
    own side; once each side has a lead without a conflict, the brief can be written, and the
    advisers are told.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; not named as adviser; the engagement is over.
    InvalidInput
        A conflict without a reason.
    """
    entered = enter_as_team(actor, engagement_id, *DECLARING)
    adviser = _own(actor, engagement_id)
    reason = reason.strip()
    if conflicts and not reason:
        raise InvalidInput(_("Describe the conflict in a few words."), field="reason")
    if len(reason) > 500:
        raise InvalidInput(_("Use 500 characters or fewer."), field="reason")
    if conflicts:
        _leave(adviser, now)
    # As the person: a declaration is nobody else's to give.
    declared, _made = Interest.objects.update_or_create(
        person_id=actor.person or 0,
        subject=ASSESSMENT,
        subject_id=engagement_id,
        defaults={
            "partnership_id": entered.engagement.partnership_id,
            "conflicts": conflicts,
            "reason": reason if conflicts else "",
            "said_at": now,
        },
    )
    note_deed(actor, "declare_conflict" if conflicts else "declare_free", entered)
    if conflicts:
        _tell_conflict(actor, entered, adviser, now)
    else:
        settle(actor, entered)
    return declared


def _own(actor: Reader, engagement_id: int) -> Adviser:
    with as_service("Advisers declare for themselves: nobody finds any row but their own."):
        found = (
            Adviser.objects.filter(engagement_id=engagement_id, person=actor.person, left_at=None)
            .select_related("party__organisation")
            .first()
        )
    if found is None:
        raise NotAllowed(_("Only the person named as adviser can make this declaration."))
    return found


def _leave(adviser: Adviser, now: datetime) -> None:
    adviser.left_at = now
    with as_service("An adviser with a conflict leaves at once, without anyone's consent."):
        adviser.save(update_fields=["left_at"])


def _tell_conflict(actor: Reader, entered: Entered, adviser: Adviser, now: datetime) -> None:
    with as_service("After declaring a conflict, the actor no longer sees who leads."):
        has_lead = Adviser.objects.filter(
            engagement=entered.engagement, party=adviser.party, leads=True, left_at=None
        ).exists()
    mails.tell_conflict(
        entered.engagement, adviser.party, actor=actor, has_lead=has_lead, today=now.date()
    )
