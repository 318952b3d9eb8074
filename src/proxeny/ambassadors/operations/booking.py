"""Three people find a time: proposed, answered, settled, moved and called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from proxeny.ambassadors import rules
from proxeny.ambassadors.models import Introduction, Link, Side, TimeOption
from proxeny.ambassadors.operations import mails
from proxeny.ambassadors.operations.guards import (
    SETTLED,
    hold_case,
    lock_case,
    note_deed,
    refuse_ended,
    side,
    withdraw_times,
    write_case,
)
from proxeny.ambassadors.operations.introductions import end_case
from proxeny.ambassadors.operations.links import close_links, make_link, using
from proxeny.ambassadors.queries.cases import options_of
from proxeny.ambassadors.queries.link_pages import is_put_to
from proxeny.ambassadors.queries.own import get_own_side
from proxeny.kernel.calendar import make_uid
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import STRANGER, Reader, as_service
from proxeny.kernel.zones import load_zone
from proxeny.meetings.models import Meeting, MeetingParty
from proxeny.meetings.operations import NewMeeting, NewParty, cancel_meetings, plan_meetings

State, By, Purpose = Introduction.State, TimeOption.By, Link.Purpose
#: A time lies at most so far ahead.
_FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A time that somebody proposes; without an end, as long as the introduction says."""

    starts_at: datetime
    ends_at: datetime | None = None
    note: str = ""


@transaction.atomic
def offer_times(
    *,
    actor: Reader,
    introduction_id: int,
    proposals: Sequence[Proposal],
    time_zone: str,
    now: datetime,
    place: str = "",
) -> Introduction:
    """Propose times to both sides; those that were proposed before stay open.

    While a meeting is booked this proposes to move it: it stays where it is until a new time suits
    all three.

    Side effects: a mail with a link to each side; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; of another desk; the two have not both said yes, or have met.
    InvalidInput
        No time, too many, one in the past or too far, or one that does not exist.
    """
    case = lock_case(actor, introduction_id, *rules.TIMED)
    load_zone(time_zone)
    _refuse_count(case, proposals)
    place = place.strip()[:200] or case.place
    made = [_add(case, one, by=By.DESK, zone=time_zone, place=place, now=now) for one in proposals]
    write_case(case, now, place=place)
    note_deed(
        actor, "offer_times", case, changes={"times": [one.starts_at.isoformat() for one in made]}
    )
    _ask_all(case, now)
    return case


def _refuse_count(case: Introduction, proposals: Sequence[Proposal]) -> None:
    if not proposals:
        raise InvalidInput(_("Propose at least one time."), field="times")
    if len(proposals) + len(options_of(case)) > rules.MOST_TIMES:
        raise InvalidInput(
            _("You can have up to %(count)d open times. Withdraw some first.")
            % {"count": rules.MOST_TIMES},
            field="times",
        )


def _add(
    case: Introduction, proposal: Proposal, *, by: str, zone: str, place: str, now: datetime
) -> TimeOption:
    starts_at = proposal.starts_at
    ends_at = proposal.ends_at or starts_at + timedelta(minutes=case.duration_min)
    if starts_at <= now:
        raise InvalidInput(_("This time has already passed."), field="times")
    if starts_at > now + _FARTHEST:
        raise InvalidInput(_("Propose a time within the next year."), field="times")
    if not timedelta(0) < ends_at - starts_at <= timedelta(hours=8):
        raise InvalidInput(_("A meeting can last up to eight hours."), field="times")
    try:
        with transaction.atomic(), as_service("A side may propose times, but may not write them."):
            return TimeOption.objects.create(
                introduction=case,
                partnership_id=case.partnership_id,
                cluster_id=case.cluster_id,
                starts_at=starts_at,
                ends_at=ends_at,
                time_zone=zone,
                place=place,
                proposed_by=by,
                note=proposal.note.strip()[:300],
                proposed_at=now,
                **{by: True},
            )
    except IntegrityError as error:
        raise Conflict(_("This time has already been proposed."), field="times") from error


def _ask_all(case: Introduction, now: datetime, *, but: Side | None = None) -> None:
    for one in case.sides.all():
        if but is None or one.pk != but.pk:
            _ask(case, one, now)


def _ask(case: Introduction, one: Side, now: datetime) -> None:
    one.asked_at, one.reminded = now, 0
    with as_service("The case was locked for its own desk, which may ask its sides for a time."):
        one.save(update_fields=["asked_at", "reminded"])
    mails.ask(case, one, purpose=Purpose.TIME, url=make_link(one, Purpose.TIME, now), now=now)


@transaction.atomic
def answer_times(
    *,
    actor: Reader,
    introduction_id: int,
    suits: Sequence[int],
    now: datetime,
    proposal: Proposal | None = None,
    time_zone: str = "",
) -> Introduction:
    """Record for an organisation which times suit it, or propose another.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        As `answer_times_by_link`; `NotAllowed` for people of neither side.
    """
    own = get_own_side(actor, introduction_id)
    case = hold_case(introduction_id, *rules.TIMED)
    _take(case, own.role, suits, proposal, zone=time_zone or actor.time_zone, actor=actor, now=now)
    return case


@transaction.atomic
def answer_times_by_link(
    *,
    token: str,
    suits: Sequence[int],
    now: datetime,
    proposal: Proposal | None = None,
    time_zone: str = "",
) -> Introduction:
    """Say which of the times suit, or propose another, by the link in a mail.

    Parameters
    ----------
    suits : sequence of int
        The numbers of all options that suit; the others do not.

    Side effects: an audit row; a receipt; the desk hears of a proposal, and where none suits. The
    earliest time that suits all three is booked at once, or a booked meeting moved to it.

    Raises
    ------
    NotFound, InvalidInput, Conflict
        No such link, or not for this; a time in the past, or that does not exist; settled already.
    """
    with using(token, Purpose.TIME, now=now) as opened:
        if opened.case.state not in rules.TIMED:
            raise Conflict(SETTLED)
        zone = time_zone or opened.side.time_zone
        _take(opened.case, opened.side.role, suits, proposal, zone=zone, actor=STRANGER, now=now)
        return opened.case


@transaction.atomic
def answer_for_desk(
    *, actor: Reader, introduction_id: int, option_id: int, suits: bool, now: datetime
) -> Introduction:
    """Say for the desk whether a time that a side proposed suits; then the other side is asked.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        Not seen; of another desk; no such time; past finding one.
    """
    case = lock_case(actor, introduction_id, *rules.TIMED)
    option = _option(case, option_id)
    if not suits:
        _set(option, By.DESK, value=False)
        note_deed(actor, "refuse_time", case, changes={"time": option.starts_at.isoformat()})
        return case
    if option.starts_at <= now:
        raise Conflict(_("This time has already passed."))
    _set(option, By.DESK, value=True)
    note_deed(actor, "accept_time", case, changes={"time": option.starts_at.isoformat()})
    if not settle(case, actor=actor, now=now):
        for one in case.sides.all():
            if getattr(option, one.role) is None:
                _ask(case, one, now)
    return case


@transaction.atomic
def withdraw_time(
    *, actor: Reader, introduction_id: int, option_id: int, now: datetime
) -> Introduction:
    """Withdraw a proposed time. No notifications: links show the open times.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        As `answer_for_desk`.
    """
    case = lock_case(actor, introduction_id, *rules.TIMED)
    option = _option(case, option_id)
    withdraw_times(case, now, pk=option.pk)
    note_deed(actor, "withdraw_time", case, changes={"time": option.starts_at.isoformat()})
    return case


def _option(case: Introduction, option_id: int) -> TimeOption:
    option = next((one for one in options_of(case) if one.pk == option_id), None)
    if option is None:
        raise InvalidInput(_("This time has been withdrawn or was never proposed."), field="times")
    return option


def _set(option: TimeOption, who: str, *, value: bool) -> None:
    setattr(option, who, value)
    with as_service("A side says which times suit it, but only the desk may write times."):
        option.save(update_fields=[who])


def _take(
    case: Introduction,
    role: str,
    suits: Sequence[int],
    proposal: Proposal | None,
    *,
    zone: str,
    actor: Reader,
    now: datetime,
) -> None:
    one = side(case, role)
    refuse_ended(case)
    _refuse_begun(case, now)
    load_zone(zone)
    if zone != one.time_zone:
        one.time_zone = zone
        with as_service("A side tells its own time zone, but only the desk may write its row."):
            one.save(update_fields=["time_zone"])
    with as_service("The side was found by its seat or link, and sees only times put to it."):
        options = [option for option in options_of(case) if is_put_to(option, role)]
    # Past times suit nobody, even if ticked.
    wanted = {option.pk for option in options if option.starts_at > now} & set(suits)
    for option in options:
        _set(option, role, value=option.pk in wanted)
    if proposal is not None:
        _refuse_count(case, [proposal])
        _add(case, proposal, by=role, zone=zone, place=case.place, now=now)
    note_deed(
        actor,
        "answer_times",
        case,
        changes={
            role: [one.starts_at.isoformat() for one in options if one.pk in wanted],
            "proposed": proposal.starts_at.isoformat() if proposal else "",
        },
    )
    if settle(case, actor=actor, now=now):
        return
    if proposal is not None:
        _tell_proposed(case, one, proposal, now)
        return
    mails.confirm(case, one, kind="times", now=now)
    if not wanted and case.state == State.FINDING:
        mails.tell_desk(case, one, kind="none", now=now)


def _tell_proposed(case: Introduction, one: Side, proposal: Proposal, now: datetime) -> None:
    mails.confirm(case, one, kind="times", now=now)
    ends_at = proposal.ends_at or proposal.starts_at + timedelta(minutes=case.duration_min)
    kind = "proposed-booked" if case.state == State.BOOKED else "proposed"
    mails.tell_desk(
        case, one, kind=kind, now=now, word=proposal.note, moment=(proposal.starts_at, ends_at)
    )


def _refuse_begun(case: Introduction, now: datetime) -> None:
    """Nobody moves or declines what has begun: how it went is asked afterwards."""
    if case.state == State.BOOKED and case.meeting is not None and case.meeting.starts_at <= now:
        raise Conflict(
            _("The meeting has already started. You’ll be asked how it went afterwards.")
        )


def propose_for_side(
    case: Introduction, one: Side, proposal: Proposal, *, zone: str, actor: Reader, now: datetime
) -> None:
    """Propose another time for a side of a locked case, as an answer by mail does.

    The open times stay unanswered, and nothing is booked or moved. Side effects: an audit row; a
    receipt; a notification to the desk.

    Raises
    ------
    InvalidInput, Conflict
        In the past, too far or too long; proposed already, or enough times are open; the meeting
        has begun.
    """
    refuse_ended(case)
    _refuse_begun(case, now)
    with as_service("A proposal by mail comes without a sign-in, and every open time counts."):
        if len(options_of(case)) >= rules.MOST_TIMES:
            raise Conflict(_("Enough times have already been proposed. Choose one of them."))
    option = _add(case, proposal, by=one.role, zone=zone, place=case.place, now=now)
    note_deed(actor, "propose_time", case, changes={one.role: ["", option.starts_at.isoformat()]})
    _tell_proposed(case, one, proposal, now)


def settle(case: Introduction, *, actor: Reader, now: datetime) -> bool:
    """Book the earliest open time that suits all three, or move a booked meeting to it.

    Return whether there was one. A booked meeting is moved to another time alone.
    """
    with as_service("Whether all three agree takes every answer, whichever of them comes last."):
        options = options_of(case)
    agreed = [
        one
        for one in options
        if one.desk and one.member and one.stakeholder and one.starts_at > now
    ]
    if not agreed:
        return False
    chosen = agreed[0]
    if case.state == State.BOOKED and case.meeting is not None:
        _move(case, chosen, actor=actor, now=now)
    else:
        _book(case, chosen, actor=actor, now=now)
    with as_service("The last yes may come from a side, but only the desk may write times."):
        TimeOption.objects.filter(introduction=case, withdrawn_at=None).update(withdrawn_at=now)
    return True


def _book(case: Introduction, option: TimeOption, *, actor: Reader, now: datetime) -> None:
    plan = NewMeeting(
        partnership_id=case.partnership_id,
        title=f"{case.member.name} · {case.stakeholder.name}",
        starts_at=option.starts_at,
        ends_at=option.ends_at,
        time_zone=option.time_zone,
        place=option.place,
        uid=make_uid("desk", case.pk, now.isoformat()),
        parties=tuple(
            NewParty(one.organisation_id, mails.name_of(one), one.person_id)
            for one in case.sides.all()
        ),
        state=Meeting.State.CONFIRMED,
    )
    with as_service("The last yes books the meeting, and a side may not arrange meetings itself."):
        (meeting,) = plan_meetings(plans=[plan])
        Meeting.objects.filter(pk=meeting.pk).update(
            desk_id=case.cluster_id, arranged_by_id=case.in_charge_id, updated_at=now
        )
        meeting.parties.update(answer=MeetingParty.Answer.ACCEPTED)
        meeting.refresh_from_db()
    write_case(case, now, state=State.BOOKED, meeting=meeting, place=option.place)
    note_deed(actor, "book_meeting", case, changes={"starts_at": option.starts_at.isoformat()})
    mails.invite(case, kind="booked", now=now)


def _move(case: Introduction, option: TimeOption, *, actor: Reader, now: datetime) -> None:
    meeting = case.meeting
    assert meeting is not None  # noqa: S101
    before = meeting.starts_at
    meeting.starts_at, meeting.ends_at = option.starts_at, option.ends_at
    meeting.time_zone, meeting.place = option.time_zone, option.place
    meeting.sequence, meeting.updated_at = meeting.sequence + 1, now
    with as_service("The last yes may come from a side, which may not move a meeting itself."):
        meeting.save(
            update_fields=["starts_at", "ends_at", "time_zone", "place", "sequence", "updated_at"]
        )
        # All three said yes to this time, whatever one answered by mail to the one before.
        meeting.parties.update(answer=MeetingParty.Answer.ACCEPTED)
    write_case(case, now, place=option.place)
    note_deed(
        actor,
        "move_booking",
        case,
        changes={"starts_at": [before.isoformat(), option.starts_at.isoformat()]},
    )
    mails.invite(case, kind="moved", now=now)


@transaction.atomic
def book_directly(
    *,
    actor: Reader,
    introduction_id: int,
    starts_at: datetime,
    time_zone: str,
    why: str,
    now: datetime,
    place: str = "",
) -> Introduction:
    """Book a time that was agreed by phone or in person; both have said yes to meeting before.

    Side effects: invitations to all three; an audit row that says how it was agreed.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        As `offer_times`; nothing said of when and how it was agreed.
    """
    case = lock_case(actor, introduction_id, *rules.TIMED)
    load_zone(time_zone)
    why = why.strip()[:300]
    if not why:
        raise InvalidInput(_("Explain when and how they told you."), field="why")
    withdraw_times(case, now)
    option = _add(
        case,
        Proposal(starts_at),
        by=By.DESK,
        zone=time_zone,
        place=place.strip()[:200] or case.place,
        now=now,
    )
    option.member = option.stakeholder = True
    with as_service("The case was locked for its own desk, which notes what both sides told it."):
        option.save(update_fields=["member", "stakeholder"])
    note_deed(actor, "note_time", case, changes={"time": starts_at.isoformat()}, why=why)
    settle(case, actor=actor, now=now)
    return case


@transaction.atomic
def call_off_booking(
    *, actor: Reader, introduction_id: int, why: str, now: datetime
) -> Introduction:
    """Call a booked meeting off, by the desk, and look for another time.

    Side effects: cancellations for all three calendars, with the reason; an audit row.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        Not seen; of another desk; no reason; nothing booked.
    """
    case = lock_case(actor, introduction_id, State.BOOKED)
    why = why.strip()[:300]
    if not why:
        raise InvalidInput(_("Give a reason in a sentence. Both sides will see it."), field="why")
    _call_off(case, actor=actor, why=why, now=now)
    return case


def _call_off(
    case: Introduction, *, actor: Reader, why: str, now: datetime, told: Side | None = None
) -> None:
    mails.call_off(case, now=now, why="" if told else why, told=told, again=True)
    with as_service("A side may call its meeting off, but only the desk may cancel it."):
        cancel_meetings(actor=actor, meeting_ids=[case.meeting_id or 0], reason=why, now=now)
        TimeOption.objects.filter(introduction=case, withdrawn_at=None).update(withdrawn_at=now)
    write_case(case, now, state=State.FINDING, meeting=None)
    note_deed(actor, "call_off_booking", case, why=why)


@transaction.atomic
def cancel_by_link(*, token: str, why: str, for_good: bool, now: datetime) -> Introduction:
    """Decline by a link for times: the booked meeting alone, or meeting at all (`for_good`).

    Side effects: as `call_off_booking`, or the case is closed; the desk reads the reason, the other
    side does not.

    Raises
    ------
    NotFound, InvalidInput, Conflict
        No such link, or not for this; no reason; settled already.
    """
    with using(token, Purpose.TIME, now=now) as opened:
        cancel_for_side(
            opened.case, opened.side, why=why, for_good=for_good, actor=STRANGER, now=now
        )
        return opened.case


@transaction.atomic
def cancel_own(
    *, actor: Reader, introduction_id: int, why: str, for_good: bool, now: datetime
) -> Introduction:
    """Decline for an organisation, as `cancel_by_link`; `NotAllowed` for people of neither side."""
    own = get_own_side(actor, introduction_id)
    case = hold_case(introduction_id, *rules.TIMED)
    cancel_for_side(case, side(case, own.role), why=why, for_good=for_good, actor=actor, now=now)
    return case


def cancel_for_side(
    case: Introduction, one: Side, *, why: str, for_good: bool, actor: Reader, now: datetime
) -> None:
    """Decline for a side of a locked case: by page, by link, or by an answer that came by mail.

    Declining a meeting that is no longer booked does not count as declining to meet.
    """
    if case.state not in rules.TIMED:
        raise Conflict(SETTLED)
    if case.state != State.BOOKED and not for_good:
        raise Conflict(_("This meeting is no longer booked. Check the latest version."))
    _refuse_begun(case, now)
    why = why.strip()[:300]
    if not why:
        raise InvalidInput(
            _("Give a reason in a sentence. Only the ambassador sees it."), field="why"
        )
    if case.state == State.BOOKED and not for_good:
        mails.tell_desk(case, one, kind="off", now=now, word=why)
        _call_off(case, actor=actor, why=why, now=now, told=one)
        close_links(case, now, Purpose.TIME)
        return
    one.answer, one.answered_at, one.why = Side.Answer.NO, now, why
    with as_service("A side declines for itself, but only the desk may write its row."):
        one.save(update_fields=["answer", "answered_at", "why"])
    mails.confirm(case, one, kind="no", now=now)
    mails.tell_desk(case, one, kind="no", now=now, word=why)
    end_case(case, actor=actor, by=Introduction.Closed(one.role), why=why, now=now, told=one)
