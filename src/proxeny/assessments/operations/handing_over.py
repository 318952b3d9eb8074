"""The meeting in which a report is handed over: arranged, moved, called off, held."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments.models import Engagement, Later
from proxeny.assessments.operations import hand_over_mails as mails
from proxeny.assessments.operations.guards import (
    Entered,
    enter_as_team,
    note_deed,
    write_engagement,
)
from proxeny.assessments.operations.work import tidy
from proxeny.assessments.queries.hand_overs import Guest, find_guests
from proxeny.assessments.rules import State
from proxeny.kernel.calendar import make_uid
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import load_zone
from proxeny.meetings.models import Meeting, MeetingParty

Answer = MeetingParty.Answer
#: So many months after a handover the client is asked what came of it.
LATER_MONTHS = (6, 12)
SHORTEST_MIN, LONGEST_MIN = 15, 480
#: So long ahead a meeting can be planned, and so far back it can have been held.
FARTHEST = timedelta(days=730)
_SHOWN = ("starts_at", "ends_at", "time_zone", "place")


@dataclass(frozen=True, slots=True)
class HandOverFacts:
    """The time of a meeting, its time zone, its place or link, and its guests (people's ids)."""

    starts_at: datetime
    duration_min: int
    time_zone: str
    place: str
    guests: tuple[int, ...]


@transaction.atomic
def arrange_hand_over(
    *, actor: Reader, engagement_id: int, version: int, facts: HandOverFacts, now: datetime
) -> Meeting:
    """Invite to the handover meeting, or change its details.

    Side effects: the meeting with a row for each guest; an iCalendar invitation (REQUEST) to new
    guests, and to all if it moved; a cancellation to guests taken off the list; an audit row. A new
    time asks for a new answer. A cancelled meeting is arranged again under the same uid.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every action of the teams; no report is out, or it was handed over already.
    InvalidInput
        The time has passed; nobody of the company is invited, or a guest cannot be.
    """
    entered = enter_as_team(actor, engagement_id, State.REPORTED, version=version)
    engagement = entered.engagement
    guests = _check(engagement, facts, now)
    meeting = engagement.meeting
    if meeting is None:
        meeting = _make(entered, actor, facts, now)
        write_engagement(engagement, meeting=meeting)
        _set_guests(meeting, guests, actor=actor, is_anew=True)
        mails.invite(engagement, guests.keys(), actor=actor, kind="invited")
        note_deed(
            actor, "arrange_hand_over", entered, changes={"starts_at": facts.starts_at.isoformat()}
        )
        return meeting
    _change(entered, meeting, facts, guests, actor=actor, now=now)
    return meeting


def _check(engagement: Engagement, facts: HandOverFacts, now: datetime) -> dict[int, Guest]:
    load_zone(facts.time_zone)
    if not SHORTEST_MIN <= facts.duration_min <= LONGEST_MIN:
        raise InvalidInput(
            _("A meeting must last from %(least)d to %(most)d minutes.")
            % {"least": SHORTEST_MIN, "most": LONGEST_MIN},
            field="duration_min",
        )
    if facts.starts_at <= now:
        raise InvalidInput(
            _("This time has already passed. Choose a later one."), field="starts_at"
        )
    if facts.starts_at > now + FARTHEST:
        raise InvalidInput(
            _("This is more than two years away. Choose an earlier time."), field="starts_at"
        )
    if not facts.place.strip():
        raise InvalidInput(_("Enter where you’re meeting, or the video link."), field="place")
    known = {one.person.pk: one for one in find_guests(engagement, today=now.date())}
    if not set(facts.guests) <= known.keys():
        raise InvalidInput(
            _("Choose from the company’s people and those working on the report."), field="guests"
        )
    chosen = {pk: known[pk] for pk in dict.fromkeys(facts.guests)}
    for is_client, sentence in (
        (True, _("Choose at least one person from the company.")),
        (False, _("Choose at least one person from the teams.")),
    ):
        if not any(one.is_client is is_client for one in chosen.values()):
            raise InvalidInput(sentence, field="guests")
    return chosen


def _values(facts: HandOverFacts) -> dict[str, Any]:
    return {
        "starts_at": facts.starts_at,
        "time_zone": facts.time_zone,
        "ends_at": facts.starts_at + timedelta(minutes=facts.duration_min),
        "place": tidy(facts.place)[:200],
    }


def _make(entered: Entered, actor: Reader, facts: HandOverFacts, now: datetime) -> Meeting:
    engagement = entered.engagement
    with as_service("Anyone in the team may arrange it, though only managers write meetings."):
        return Meeting.objects.create(
            partnership=engagement.partnership,
            kind=Meeting.Kind.HAND_OVER,
            state=Meeting.State.CONFIRMED,
            arranged_by_id=actor.person,
            title=engagement.title,
            uid=make_uid("assessments", engagement.pk, "hand-over", now.isoformat()),
            created_at=now,
            updated_at=now,
            organisations=[],
            **_values(facts),
        )


def _change(
    entered: Entered,
    meeting: Meeting,
    facts: HandOverFacts,
    guests: Mapping[int, Guest],
    *,
    actor: Reader,
    now: datetime,
) -> None:
    engagement = entered.engagement
    wanted = _values(facts)
    changed = [name for name in _SHOWN if getattr(meeting, name) != wanted[name]]
    was_off = meeting.state == Meeting.State.CANCELLED
    is_anew = was_off or bool({"starts_at", "ends_at"} & set(changed))
    with as_service("All guests asked before count, whatever the actor may see of them."):
        asked = set() if was_off else {one.person_id for one in meeting.parties.all()}
    added, gone = set(guests) - asked, asked - set(guests)
    if not (changed or added or gone or was_off):
        return
    for name, value in wanted.items():
        setattr(meeting, name, value)
    meeting.state, meeting.cancel_reason = Meeting.State.CONFIRMED, ""
    _save(meeting, now)
    mails.tell_off(engagement, gone - {None}, actor=actor, kind="uninvited")
    _set_guests(meeting, guests, actor=actor, is_anew=is_anew)
    write_engagement(engagement)
    mails.invite(engagement, added, actor=actor, kind="invited")
    if changed:
        mails.invite(engagement, set(guests) - added, actor=actor, kind="changed")
    note_deed(actor, "change_hand_over", entered, changes={"changed": changed})


def _save(meeting: Meeting, now: datetime) -> None:
    meeting.sequence, meeting.updated_at = meeting.sequence + 1, now
    with as_service("Anyone in the team may change it, though only managers write meetings."):
        meeting.save()


def _set_guests(
    meeting: Meeting, guests: Mapping[int, Guest], *, actor: Reader, is_anew: bool
) -> None:
    """Give each guest a row; the organiser has accepted, others keep their answer to this time."""
    with as_service("Anyone in the team may choose guests, though only managers write meetings."):
        before = {one.person_id: one.answer for one in meeting.parties.all()}
        meeting.parties.all().delete()
        counts: dict[int, int] = {}
        rows = []
        for pk, one in guests.items():
            kept = None if is_anew else before.get(pk)
            usual = Answer.ACCEPTED if pk == actor.person else Answer.WAITING
            number = counts[one.organisation_id] = counts.get(one.organisation_id, -1) + 1
            rows.append(
                MeetingParty(
                    meeting=meeting,
                    organisation_id=one.organisation_id,
                    person=one.person,
                    name=one.person.name,
                    guest=number,
                    answer=kept or usual,
                )
            )
        MeetingParty.objects.bulk_create(rows)
        meeting.organisations = sorted(counts)
        meeting.save(update_fields=["organisations"])


@transaction.atomic
def call_off_hand_over(
    *, actor: Reader, engagement_id: int, seen: int, reason: str, now: datetime
) -> Meeting:
    """Call the meeting off; another can be arranged. All guests get a cancellation.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `arrange_hand_over`; none is arranged, or it is over.
    InvalidInput
        There is no reason.
    """
    entered = enter_as_team(actor, engagement_id, State.REPORTED, version=seen)
    meeting = _get_meeting(entered.engagement)
    if meeting.ends_at <= now:
        raise Conflict(_("This meeting has ended. Confirm whether it took place."))
    reason = tidy(reason)[:300]
    if not reason:
        raise InvalidInput(
            _("Give a reason in one sentence. The company will read it."), field="reason"
        )
    meeting.state, meeting.cancel_reason = Meeting.State.CANCELLED, reason
    _save(meeting, now)
    write_engagement(entered.engagement)
    mails.tell_off(entered.engagement, _asked(meeting), actor=actor, kind="off", why=reason)
    note_deed(actor, "call_off_hand_over", entered)
    return meeting


def _get_meeting(engagement: Engagement) -> Meeting:
    meeting = engagement.meeting
    if meeting is None or meeting.state != Meeting.State.CONFIRMED:
        raise Conflict(_("No handover meeting has been arranged."))
    return meeting


def _asked(meeting: Meeting) -> set[int]:
    with as_service("Every guest must hear that the meeting is off, no matter who calls it off."):
        rows = meeting.parties.exclude(answer=Answer.DECLINED).exclude(person=None)
        return {one.person_id for one in rows if one.person_id}


@transaction.atomic
def note_handed_over(
    *, actor: Reader, engagement_id: int, seen: int, held_on: date, now: datetime
) -> Engagement:
    """Note that the report was gone through with the company, in the meeting or another one.

    Side effects: the engagement is handed over; its meeting is held; the company is asked six and
    twelve months after that day; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `arrange_hand_over`.
    InvalidInput
        The day is still to come, or before the report was out.
    """
    entered = enter_as_team(actor, engagement_id, State.REPORTED, version=seen)
    engagement = entered.engagement
    if held_on > now.date():
        raise InvalidInput(_("This date is in the future. Choose an earlier one."), field="held_on")
    if engagement.reported_at and held_on < engagement.reported_at.date():
        raise InvalidInput(_("The report hadn’t been sent yet on this day."), field="held_on")
    meeting = engagement.meeting
    if meeting is not None and meeting.state == Meeting.State.CONFIRMED:
        _close_meeting(meeting, entered, actor=actor, held_on=held_on, now=now)
    _hand_over(entered, held_on, actor=actor, now=now)
    return engagement


def _close_meeting(
    meeting: Meeting, entered: Entered, *, actor: Reader, held_on: date, now: datetime
) -> None:
    """Mark the meeting as held; one that is still to come was held on another day: it is off."""
    if meeting.starts_at > now:
        meeting.cancel_reason = str(_("You’ve already met."))
        meeting.state = Meeting.State.CANCELLED
        _save(meeting, now)
        mails.tell_off(
            entered.engagement, _asked(meeting), actor=actor, kind="off", why=meeting.cancel_reason
        )
        return
    same_day = meeting.starts_at.astimezone(load_zone(meeting.time_zone)).date() == held_on
    meeting.state = Meeting.State.HELD if same_day else Meeting.State.MISSED
    meeting.updated_at = now
    with as_service("Anyone in the team may close it, though only managers write meetings."):
        meeting.save(update_fields=["state", "updated_at"])


@transaction.atomic
def hand_over_without_meeting(
    *, actor: Reader, engagement_id: int, seen: int, reason: str, now: datetime
) -> Engagement:
    """Hand the report over without a meeting; `reason` is read by both sides.

    Side effects: as `note_handed_over`, from today on; a meeting to come is called off.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        As `note_handed_over`; there is no reason.
    """
    entered = enter_as_team(actor, engagement_id, State.REPORTED, version=seen)
    reason = reason.strip()[:1000]
    if not reason:
        raise InvalidInput(_("Explain in one sentence why you aren’t meeting."), field="reason")
    meeting = entered.engagement.meeting
    if meeting is not None and meeting.state == Meeting.State.CONFIRMED:
        is_ahead = meeting.ends_at > now
        meeting.state = Meeting.State.CANCELLED if is_ahead else Meeting.State.MISSED
        meeting.cancel_reason = reason[:300]
        _save(meeting, now)
        if is_ahead:
            mails.tell_off(entered.engagement, _asked(meeting), actor=actor, kind="off", why=reason)
    _hand_over(entered, now.date(), actor=actor, now=now, reason=reason)
    return entered.engagement


def _hand_over(
    entered: Entered, on: date, *, actor: Reader, now: datetime, reason: str = ""
) -> None:
    engagement = entered.engagement
    values: dict[str, Any] = {"reason": reason} if reason else {}
    moment = now if on == now.date() else datetime.combine(on, time(12), now.tzinfo)
    write_engagement(engagement, state=State.HANDED_OVER, handed_over_at=moment, **values)
    with as_service("Handing over, which any team member may do, sets up the later questions."):
        # What was handed over before, and taken up again, is asked about by its new day.
        Later.objects.bulk_create(
            _later(engagement, on),
            update_conflicts=True,
            update_fields=["due_on"],
            unique_fields=["engagement", "months"],
        )
    note_deed(
        actor,
        "hand_over_without_meeting" if reason else "note_handed_over",
        entered,
        changes={"on": on.isoformat(), "state": [State.REPORTED, State.HANDED_OVER]},
    )


def _later(engagement: Engagement, on: date) -> Iterable[Later]:
    return [
        Later(
            engagement=engagement,
            partnership=engagement.partnership,
            months=months,
            due_on=add_months(on, months),
        )
        for months in LATER_MONTHS
    ]


def add_months(day: date, months: int) -> date:
    """Return a day some months later; in a shorter month, its last day.

    Examples
    --------
    >>> add_months(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))
