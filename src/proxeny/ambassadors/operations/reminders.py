"""Automatic actions of the desk: reminders until an answer, and questions after meetings."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from proxeny.ambassadors.models import Introduction, Link, Side, TimeOption
from proxeny.ambassadors.operations import mails
from proxeny.ambassadors.operations.guards import hold_case, note_deed, write_case
from proxeny.ambassadors.operations.links import make_link
from proxeny.kernel.tenancy import STRANGER
from proxeny.meetings.models import Meeting, Rating
from proxeny.meetings.rules import LATER_AFTER

State, Purpose, Answer = Introduction.State, Link.Purpose, Side.Answer
#: After so many days without an answer somebody is reminded, the first and the second time; then
#: the desk is told.
REMINDED_AFTER = (4, 9, 14)


def waiting_sides(now: datetime) -> list[int]:
    """Return the sides that are due to be reminded. Service role."""
    last = Link.objects.filter(side=OuterRef("pk"), closed_at=None)
    wishes = Q(introduction__state=State.ASKING, answer=Answer.WAITING, asked_at__isnull=False)
    open_times = TimeOption.objects.filter(
        introduction=OuterRef("introduction"), withdrawn_at=None, starts_at__gt=now, desk=True
    )
    times = Q(introduction__state=State.FINDING) & (
        Q(role=Side.Role.MEMBER) & Exists(open_times.filter(member=None))
        | Q(role=Side.Role.STAKEHOLDER) & Exists(open_times.filter(stakeholder=None))
    )
    found = Side.objects.filter(wishes | times, Exists(last), reminded__lt=len(REMINDED_AFTER))
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def remind_side(side_id: int, *, now: datetime) -> bool:
    """Remind a contact of a request, or tell the desk that reminding does not help.

    Return whether a mail was written. Service role.
    """
    one = Side.objects.filter(pk=side_id).first()
    if one is None:
        return False
    case = hold_case(one.introduction_id)
    one = next(two for two in case.sides.all() if two.pk == side_id)
    purpose = Purpose.WISH if case.state == State.ASKING else Purpose.TIME
    if one.asked_at is None or one.reminded >= len(REMINDED_AFTER):
        return False
    if now - one.asked_at < timedelta(days=REMINDED_AFTER[one.reminded]):
        return False
    one.reminded += 1
    one.save(update_fields=["reminded"])
    if one.reminded == len(REMINDED_AFTER):
        return bool(mails.tell_desk(case, one, kind="silent", now=now))
    return mails.ask(
        case, one, purpose=purpose, url=make_link(one, purpose, now), now=now, kind="reminded"
    )


def over_meetings(now: datetime) -> list[int]:
    """Return the cases whose meeting is over and that do not say so yet. Service role."""
    found = Introduction.objects.filter(state=State.BOOKED, meeting__ends_at__lte=now)
    found = found.exclude(meeting__state=Meeting.State.CANCELLED)
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def close_day(introduction_id: int, *, now: datetime) -> int:
    """Note that a meeting is over, and ask both sides how it went; return how many mails."""
    case = hold_case(introduction_id)
    if case.state != State.BOOKED or case.meeting is None or case.meeting.ends_at > now:
        return 0
    write_case(case, now, state=State.MET)
    note_deed(STRANGER, "meeting_over", case, changes={"state": [State.BOOKED, State.MET]})
    return sum(
        mails.ask(case, one, purpose=Purpose.DAY, url=make_link(one, Purpose.DAY, now), now=now)
        for one in _unrated(case, Rating.Phase.DAY)
    )


def ripe_cases(now: datetime) -> list[int]:
    """Return the cases that were held six months ago and not asked about since. Service role."""
    asked = Link.objects.filter(side__introduction=OuterRef("pk"), purpose=Purpose.LATER)
    found = Introduction.objects.filter(
        ~Exists(asked),
        state=State.MET,
        meeting__state=Meeting.State.HELD,
        meeting__ends_at__lte=now - LATER_AFTER,
        meeting__ends_at__gt=now - LATER_AFTER - timedelta(days=60),
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def ask_later(introduction_id: int, *, now: datetime) -> int:
    """Ask people without an account about the outcome of a meeting; `meetings` asks the others."""
    case = hold_case(introduction_id)
    return sum(
        mails.ask(case, one, purpose=Purpose.LATER, url=make_link(one, Purpose.LATER, now), now=now)
        for one in _unrated(case, Rating.Phase.LATER)
        if one.person_id is None
    )


def _unrated(case: Introduction, phase: str) -> Iterable[Side]:
    if case.meeting is None:
        return []
    rated = set(
        Rating.objects.filter(party__meeting=case.meeting, phase=phase).values_list(
            "party__organisation_id", flat=True
        )
    )
    return [one for one in case.sides.all() if one.organisation_id not in rated]


def unrated_links(now: datetime) -> list[int]:
    """Return the sides to remind once of how their meeting went. Service role."""
    said = Rating.objects.filter(
        party__meeting=OuterRef("side__introduction__meeting"),
        phase=Rating.Phase.DAY,
        party__organisation=OuterRef("side__organisation"),
    )
    found = Link.objects.filter(
        ~Exists(said),
        purpose=Purpose.DAY,
        closed_at=None,
        created_at__lte=now - timedelta(days=4),
        created_at__gt=now - timedelta(days=30),
    )
    once = Link.objects.filter(side=OuterRef("side"), purpose=Purpose.DAY).exclude(
        pk=OuterRef("pk")
    )
    return list(found.filter(~Exists(once)).order_by("pk").values_list("side_id", flat=True))


@transaction.atomic
def remind_to_rate(side_id: int, *, now: datetime) -> bool:
    """Ask once more how a meeting went."""
    side = Side.objects.get(pk=side_id)
    case = hold_case(side.introduction_id)
    one = next(two for two in case.sides.all() if two.pk == side_id)
    return mails.ask(
        case,
        one,
        purpose=Purpose.DAY,
        url=make_link(one, Purpose.DAY, now),
        now=now,
        kind="reminded",
    )
