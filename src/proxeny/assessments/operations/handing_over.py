"""The meeting in which a report is handed over: arranged, moved, called off, held."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments.models import Engagement, Later
from proxeny.assessments.operations import hand_over_mails as mails
from proxeny.assessments.operations.entering import (
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
#: So many months after a hand-over the client is asked what came of it.
LATER_MONTHS = (6, 12)
SHORTEST_MIN, LONGEST_MIN = 15, 480
#: So long ahead a meeting can be planned, and so far back it can have been held.
FARTHEST = timedelta(days=730)
_SHOWN = ("starts_at", "ends_at", "time_zone", "place")


@dataclass(frozen=True, slots=True)
class HandOverFacts:
    """When it is, by which clocks, where or by which link, and who comes (people's numbers)."""

    starts_at: datetime
    duration_min: int
    time_zone: str
    place: str
    guests: tuple[int, ...]


@transaction.atomic
def arrange_hand_over(
    *, actor: Reader, engagement_id: int, version: int, facts: HandOverFacts, now: datetime
) -> Meeting:
    """Invite to the hand-over meeting, or change what is arranged.

    Side effects: the meeting with a row for each who comes; an iCalendar invitation (REQUEST) to
    those who are new, and to all if it moved; a cancellation to those asked no longer; an audit
    row. A new time asks for a new answer. What was called off is arranged anew under the same uid.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every deed of the teams; no report is out, or it was handed over already.
    InvalidInput
        A time that has passed; nobody of the company comes, or somebody who cannot be asked.
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
        note_deed(actor, "arrange_hand_over", entered,
                  changes={"starts_at": facts.starts_at.isoformat()})  # fmt: skip
        return meeting
    _change(entered, meeting, facts, guests, actor=actor, now=now)
    return meeting


def _check(engagement: Engagement, facts: HandOverFacts, now: datetime) -> dict[int, Guest]:
    load_zone(facts.time_zone)
    if not SHORTEST_MIN <= facts.duration_min <= LONGEST_MIN:
        raise InvalidInput(
            _("A meeting lasts from %(least)d to %(most)d minutes.")
            % {"least": SHORTEST_MIN, "most": LONGEST_MIN}, field="duration_min",
        )  # fmt: skip
    if facts.starts_at <= now:
        raise InvalidInput(
            _("This time has passed already. Choose one to come."), field="starts_at"
        )
    if facts.starts_at > now + FARTHEST:
        raise InvalidInput(_("This is more than two years ahead."), field="starts_at")
    if not facts.place.strip():
        raise InvalidInput(_("Say where you meet, or by which link."), field="place")
    known = {one.person.pk: one for one in find_guests(engagement, today=now.date())}
    if not set(facts.guests) <= known.keys():
        raise InvalidInput(
            _("Choose among the company’s people and those who work on the report."), field="guests"
        )
    chosen = {pk: known[pk] for pk in dict.fromkeys(facts.guests)}
    for is_client, sentence in (
        (True, _("Choose at least one person of the company.")),
        (False, _("Choose at least one person of the teams.")),
    ):
        if not any(one.is_client is is_client for one in chosen.values()):
            raise InvalidInput(sentence, field="guests")
    return chosen


def _values(facts: HandOverFacts) -> dict[str, Any]:
    return {
        "starts_at": facts.starts_at, "time_zone": facts.time_zone,
        "ends_at": facts.starts_at + timedelta(minutes=facts.duration_min),
        "place": tidy(facts.place)[:200],
    }  # fmt: skip


def _make(entered: Entered, actor: Reader, facts: HandOverFacts, now: datetime) -> Meeting:
    engagement = entered.engagement
    with as_service():
        return Meeting.objects.create(
            partnership=engagement.partnership, kind=Meeting.Kind.HAND_OVER,
            state=Meeting.State.CONFIRMED, arranged_by_id=actor.person, title=engagement.title,
            uid=make_uid("assessments", engagement.pk, "hand-over", now.isoformat()), created_at=now, updated_at=now,
            organisations=[], **_values(facts),
        )  # fmt: skip


def _change(
    entered: Entered, meeting: Meeting, facts: HandOverFacts, guests: Mapping[int, Guest], *,
    actor: Reader, now: datetime,
) -> None:  # fmt: skip
    engagement = entered.engagement
    wanted = _values(facts)
    changed = [name for name in _SHOWN if getattr(meeting, name) != wanted[name]]
    was_off = meeting.state == Meeting.State.CANCELLED
    is_anew = was_off or bool({"starts_at", "ends_at"} & set(changed))
    with as_service():
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
    with as_service():
        meeting.save()


def _set_guests(
    meeting: Meeting, guests: Mapping[int, Guest], *, actor: Reader, is_anew: bool
) -> None:
    """Give each who comes a row; who asks has accepted, the others keep their answer to this time."""
    with as_service():
        before = {one.person_id: one.answer for one in meeting.parties.all()}
        meeting.parties.all().delete()
        counts: dict[int, int] = {}
        rows = []
        for pk, one in guests.items():
            kept = None if is_anew else before.get(pk)
            usual = Answer.ACCEPTED if pk == actor.person else Answer.WAITING
            number = counts[one.organisation_id] = counts.get(one.organisation_id, -1) + 1
            rows.append(MeetingParty(
                meeting=meeting, organisation_id=one.organisation_id, person=one.person,
                name=one.person.name, guest=number, answer=kept or usual,
            ))  # fmt: skip
        MeetingParty.objects.bulk_create(rows)
        meeting.organisations = sorted(counts)
        meeting.save(update_fields=["organisations"])


@transaction.atomic
def call_off_hand_over(
    *, actor: Reader, engagement_id: int, seen: int, reason: str, now: datetime
) -> Meeting:
    """Call the meeting off; another can be arranged. All who were asked get a cancellation.

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
        raise Conflict(_("This meeting is over. Say whether it took place."))
    reason = tidy(reason)[:300]
    if not reason:
        raise InvalidInput(_("Say why, in a sentence that the company reads."), field="reason")
    meeting.state, meeting.cancel_reason = Meeting.State.CANCELLED, reason
    _save(meeting, now)
    write_engagement(entered.engagement)
    mails.tell_off(entered.engagement, _asked(meeting), actor=actor, kind="off", why=reason)
    note_deed(actor, "call_off_hand_over", entered)
    return meeting


def _get_meeting(engagement: Engagement) -> Meeting:
    meeting = engagement.meeting
    if meeting is None or meeting.state != Meeting.State.CONFIRMED:
        raise Conflict(_("No hand-over meeting is arranged."))
    return meeting


def _asked(meeting: Meeting) -> set[int]:
    with as_service():
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
        raise InvalidInput(_("This day is still to come."), field="held_on")
    if engagement.reported_at and held_on < engagement.reported_at.date():
        raise InvalidInput(_("On this day the report was not out yet."), field="held_on")
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
        meeting.cancel_reason = str(_("You have met already."))
        meeting.state = Meeting.State.CANCELLED
        _save(meeting, now)
        mails.tell_off(entered.engagement, _asked(meeting), actor=actor, kind="off",
                       why=meeting.cancel_reason)  # fmt: skip
        return
    same_day = meeting.starts_at.astimezone(load_zone(meeting.time_zone)).date() == held_on
    meeting.state = Meeting.State.HELD if same_day else Meeting.State.MISSED
    meeting.updated_at = now
    with as_service():
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
        raise InvalidInput(_("Say why you do not meet, in a sentence."), field="reason")
    meeting = entered.engagement.meeting
    if meeting is not None and meeting.state == Meeting.State.CONFIRMED:
        is_ahead = meeting.ends_at > now
        meeting.state = Meeting.State.CANCELLED if is_ahead else Meeting.State.MISSED
        meeting.cancel_reason = reason[:300]
        _save(meeting, now)
        if is_ahead:
            mails.tell_off(entered.engagement, _asked(meeting), actor=actor, kind="off",
                           why=reason)  # fmt: skip
    _hand_over(entered, now.date(), actor=actor, now=now, reason=reason)
    return entered.engagement


def _hand_over(
    entered: Entered, on: date, *, actor: Reader, now: datetime, reason: str = ""
) -> None:
    engagement = entered.engagement
    values: dict[str, Any] = {"reason": reason} if reason else {}
    moment = now if on == now.date() else datetime.combine(on, time(12), now.tzinfo)
    write_engagement(engagement, state=State.HANDED_OVER, handed_over_at=moment, **values)
    with as_service():
        # What was handed over before, and taken up again, is asked about by its new day.
        Later.objects.bulk_create(
            _later(engagement, on), update_conflicts=True, update_fields=["due_on"],
            unique_fields=["engagement", "months"],
        )  # fmt: skip
    note_deed(
        actor, "hand_over_without_meeting" if reason else "note_handed_over", entered,
        changes={"on": on.isoformat(), "state": [State.REPORTED, State.HANDED_OVER]},
    )  # fmt: skip


def _later(engagement: Engagement, on: date) -> Iterable[Later]:
    return [
        Later(engagement=engagement, partnership=engagement.partnership, months=months,
              due_on=add_months(on, months))
        for months in LATER_MONTHS
    ]  # fmt: skip


def add_months(day: date, months: int) -> date:
    """Return the day so many months later; the last of a month where it has no such day.

    Examples
    --------
    >>> add_months(date(2026, 8, 31), 6)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(day.day, last))
