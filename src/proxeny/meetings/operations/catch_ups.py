"""Catch-ups: planned, changed, called off, and answered."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.calendar import make_uid
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import CatchUp, CatchUpGuest, Meeting, MeetingParty
from proxeny.meetings.operations.catch_up_facts import (
    CatchUpFacts,
    apply_facts,
    catch_up_values,
    check_facts,
    meeting_values,
)
from proxeny.meetings.operations.guests import find_sides, set_guests
from proxeny.meetings.operations.invitations import invite, tell_called_off
from proxeny.meetings.queries.catch_ups import get_catch_up, title_of
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.operations.room import enter, own_side

Answer = MeetingParty.Answer
State = Meeting.State
#: Columns whose change is a move: every calendar has to be updated.
_MOVES = {"starts_at", "ends_at", "time_zone", "place", "video_url", "in_person", "title"}


@transaction.atomic
def plan_catch_up(
    *, actor: Reader, partnership_id: int, facts: CatchUpFacts, now: datetime
) -> CatchUp:
    """Plan a catch-up and invite people of both teams.

    Side effects: the meeting with its parties and guests; a mail with an iCalendar invitation to
    each guest, in their language, unless it is over already; an audit row. An organiser who is a
    guest has accepted.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every record of a room.
    InvalidInput
        A fact is invalid; the error names its field.
    """
    partnership, parties = enter(actor, partnership_id)
    facts = check_facts(facts, parties)
    sides = find_sides(facts.guests, parties, now)
    meeting = Meeting.objects.create(
        kind=Meeting.Kind.CATCH_UP,
        state=State.CONFIRMED,
        partnership=partnership,
        uid=_uid(actor, partnership, facts, now),
        created_at=now,
        updated_at=now,
        organisations=[],
        **meeting_values(facts),
    )
    made = CatchUp.objects.create(
        meeting=meeting, partnership=partnership, **catch_up_values(facts)
    )
    set_guests(made, sides, actor=actor)
    note(actor, parties, "plan_catch_up", made, {"guests": [[], sorted(sides)]})
    made = get_catch_up(partnership.pk, meeting.pk)
    if meeting.ends_at > now:
        invite(made, made.guests.all(), actor=actor, kind="invited")
    return made


@transaction.atomic
def change_catch_up(
    *,
    actor: Reader,
    partnership_id: int,
    catch_up_id: int,
    version: int,
    facts: CatchUpFacts,
    now: datetime,
) -> CatchUp:
    """Change the plan of a catch-up, or move it.

    Side effects: a change of time, place, link, title or guests raises the calendar's sequence.
    Guests who are new get an invitation, those who are asked no longer a cancellation, the others
    a new invitation if the catch-up moved; nobody if it is over. A new time asks for a new answer,
    of all but the actor. An audit row that names each changed fact.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput
        As `plan_catch_up`.
    Conflict
        Somebody changed it since `version`; it is closed, missed or called off.
    """
    one, parties = lock(actor, partnership_id, catch_up_id)
    refuse_version(one, version)
    refuse_over(one)
    facts = check_facts(facts, parties, kept=one)
    sides = find_sides(facts.guests, parties, now, kept=one)
    was_ahead = one.meeting.ends_at > now
    changes = apply_facts(one, facts)
    added, removed = set_guests(one, sides, actor=actor, is_anew="starts_at" in changes)
    if added or removed:
        changes["guests"] = [sorted(_before(sides, added, removed)), sorted(sides)]
    if not changes:
        return one
    is_moved = bool(_MOVES & changes.keys())
    _save(one, now, raises_sequence=is_moved or bool(added or removed))
    verb = "move_catch_up" if is_moved else "change_catch_up"
    note(actor, parties, verb, one, changes)
    one = get_catch_up(partnership_id, catch_up_id)
    if was_ahead or one.meeting.ends_at > now:
        _tell_change(one, actor, added=added, removed=removed, is_moved=is_moved)
    return one


@transaction.atomic
def call_off_catch_up(
    *, actor: Reader, partnership_id: int, catch_up_id: int, reason: str, now: datetime
) -> CatchUp:
    """Cancel a catch-up; cancelling it again changes nothing.

    Side effects: a mail with an iCalendar cancellation to each guest who has not declined, unless
    it is over; an audit row.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of a room.
    InvalidInput
        There is no reason.
    Conflict
        It took place, or was marked as missed.
    """
    one, parties = lock(actor, partnership_id, catch_up_id)
    if one.meeting.state == State.CANCELLED:
        return one
    refuse_over(one)
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise InvalidInput(
            _("Give a reason in one sentence. The other side will see it."), field="reason"
        )
    one.meeting.cancel_reason = reason
    set_state(one, State.CANCELLED, now)
    note(actor, parties, "call_off_catch_up", one, {}, why=reason)
    one = get_catch_up(partnership_id, catch_up_id)
    if one.meeting.ends_at > now:
        asked = [guest for guest in one.guests.all() if guest.answer != Answer.DECLINED]
        tell_called_off(one, asked, actor=actor, why=reason)
    return one


@transaction.atomic
def answer_catch_up(
    *, actor: Reader, partnership_id: int, catch_up_id: int, will_come: bool, now: datetime
) -> CatchUpGuest:
    """Say whether one comes; again to change it. Both teams see it; an audit row.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of a room; the actor is not asked to come.
    Conflict
        It is over, closed or called off.
    """
    one, parties, guest = lock_own(actor, partnership_id, catch_up_id, now)
    before = guest.answer
    guest.answer = Answer.ACCEPTED if will_come else Answer.DECLINED
    if guest.answer != before:
        guest.save(update_fields=["answer"])
        note(actor, parties, "answer_catch_up", one, {"answer": [before, guest.answer]})
    return guest


def lock(actor: Reader, partnership_id: int, catch_up_id: int) -> tuple[CatchUp, list[Party]]:
    """Return a catch-up that the actor may write, locked, with the parties of its room."""
    _partnership, parties = enter(actor, partnership_id)
    # Read after the lock is held: what was read before may have changed while waiting for it.
    CatchUp.objects.select_for_update().filter(pk=catch_up_id, partnership=partnership_id).first()
    return get_catch_up(partnership_id, catch_up_id), parties


def lock_own(
    actor: Reader, partnership_id: int, catch_up_id: int, now: datetime
) -> tuple[CatchUp, list[Party], CatchUpGuest]:
    """Return a catch-up as `lock` does, with the actor's own place, while it can be answered."""
    one, parties = lock(actor, partnership_id, catch_up_id)
    guest = CatchUpGuest.objects.filter(catch_up=one, person_id=actor.own_id).first()
    if guest is None or actor.person is None:
        raise NotAllowed(_("Only invitees can answer."))
    refuse_over(one)
    if one.meeting.ends_at <= now:
        raise Conflict(_("This catch-up has ended. Attendance is in the minutes."))
    return one, parties, guest


def refuse_version(one: CatchUp, version: int) -> None:
    """Raise `Conflict` if somebody changed a catch-up since it was read."""
    if one.version != version:
        raise Conflict(
            _("Someone else has changed this since you opened it. What you wrote is kept here.")
        )


def refuse_over(one: CatchUp) -> None:
    """Raise `Conflict` unless a catch-up is open to changes."""
    told = {
        State.HELD: _("This catch-up is closed. Reopen it to change it."),
        State.MISSED: _("This catch-up is marked as missed. Reopen it to change it."),
        State.CANCELLED: _("This catch-up has been cancelled."),
    }
    if one.meeting.state in told:
        raise Conflict(told[State(one.meeting.state)])


def set_state(one: CatchUp, state: str, now: datetime) -> None:
    """Write another state, and raise the version of a locked catch-up."""
    one.meeting.state = state
    one.closed_at = now if state == State.HELD else None
    _save(one, now, raises_sequence=state == State.CANCELLED)


def _save(one: CatchUp, now: datetime, *, raises_sequence: bool) -> None:
    one.version += 1
    one.meeting.updated_at = now
    one.meeting.sequence += raises_sequence
    one.meeting.save()
    one.save()


def note(
    actor: Reader,
    parties: Sequence[Party],
    verb: str,
    one: CatchUp,
    changes: dict[str, Any],
    *,
    why: str = "",
) -> None:
    """Write the audit row of an action."""
    audit.record(
        actor,
        verb,
        one,
        organisation_id=own_side(actor, parties),
        partnership_id=one.partnership_id,
        changes={"title": title_of(one), **changes},
        why=why,
    )


def _uid(actor: Reader, partnership: Partnership, facts: CatchUpFacts, now: datetime) -> str:
    count = Meeting.objects.filter(partnership=partnership, kind=Meeting.Kind.CATCH_UP).count()
    parts = (partnership.pk, "catch-ups", count, actor.person, now.isoformat(), facts.starts_at)
    return make_uid(*parts)


def _before(now: dict[int, int], added: set[int], removed: Sequence[CatchUpGuest]) -> set[int]:
    return (set(now) - added) | {guest.person_id for guest in removed if guest.person_id}


def _tell_change(
    one: CatchUp, actor: Reader, *, added: set[int], removed: list[CatchUpGuest], is_moved: bool
) -> None:
    guests = list(one.guests.all())
    invite(one, [one for one in guests if one.person_id in added], actor=actor, kind="invited")
    if is_moved:
        stayed = [guest for guest in guests if guest.person_id not in added]
        invite(one, stayed, actor=actor, kind="changed")
    tell_called_off(one, removed, actor=actor, kind="uninvited")
