"""A party says what came of a meeting."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.meetings.rules import AGREED, VALUES_OF


@transaction.atomic
def rate_meeting(
    *, actor: Reader, meeting_id: int, phase: str, value: str, now: datetime, note: str = ""
) -> Rating:
    """Write, or change, one party's word on a meeting.

    Parameters
    ----------
    actor : Reader
        Somebody of an organisation that took part.
    phase : {"day", "later"}
    value : str
        One of the answers of that phase.

    Side effects
    ------------
    The meeting counts as held as soon as one party says anything but "did not take place", and
    as missed when nobody does. Nobody is told; the other party never reads it. An audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict, InvalidInput
        No such meeting; not one's own; not begun, not agreed, or a catch-up; no such answer.
    """
    party = _own_party(actor, meeting_id)
    meeting = party.meeting
    if value not in VALUES_OF.get(phase, ()):
        raise InvalidInput(_("Please choose one of the answers."), field="value")
    if meeting.kind == Meeting.Kind.CATCH_UP:
        raise Conflict(_("A catch-up has minutes instead of ratings."))
    if meeting.state not in AGREED:
        raise Conflict(_("This meeting was called off, so there is nothing to say about it."))
    if meeting.starts_at > now:
        raise Conflict(_("This meeting has not begun yet."))
    rating, _made = Rating.objects.update_or_create(
        party=party, phase=phase, defaults={"value": value, "note": note[:2000], "rated_at": now}
    )
    if phase == Rating.Phase.DAY:
        with as_service():
            _note_whether_held(party, value)
    audit.record(
        actor, "rate_meeting", rating, organisation_id=party.organisation_id,
        partnership_id=meeting.partnership_id, changes={"phase": phase},
    )  # fmt: skip
    return rating


def _own_party(actor: Reader, meeting_id: int) -> MeetingParty:
    parties = list(MeetingParty.objects.select_related("meeting").filter(meeting_id=meeting_id))
    if not parties:
        raise NotFound(_("There is no such meeting."))
    for party in parties:
        if party.organisation_id in actor.organisations:
            return party
    raise NotAllowed(_("Only those who met can say how it went."))


def _note_whether_held(party: MeetingParty, value: str) -> None:
    MeetingParty.objects.filter(pk=party.pk).update(attended=value != Rating.Value.NOT_HELD)
    words = Rating.objects.filter(party__meeting_id=party.meeting_id, phase=Rating.Phase.DAY)
    held = words.exclude(value=Rating.Value.NOT_HELD).exists()
    state = Meeting.State.HELD if held else Meeting.State.MISSED
    Meeting.objects.filter(pk=party.meeting_id).update(state=state)
