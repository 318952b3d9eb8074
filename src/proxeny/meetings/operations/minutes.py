"""Minutes of a catch-up: discussion, decisions, attendance and actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import CatchUp, CatchUpGuest, Decision, Meeting
from proxeny.meetings.operations.catch_ups import (
    lock,
    note,
    refuse_over,
    refuse_version,
    set_state,
)
from proxeny.meetings.operations.guests import keep_parties, team_sides
from proxeny.meetings.operations.invitations import send_minutes
from proxeny.meetings.queries.catch_ups import get_catch_up, list_actions
from proxeny.partnerships.models import Action, Party
from proxeny.partnerships.operations.records import add_record

State = Meeting.State
#: People who meet early may write at once.
EARLY = timedelta(hours=1)
MOST_DECISIONS, LONGEST_DECISION, LONGEST_MINUTES = 100, 500, 20_000


@dataclass(frozen=True, slots=True)
class Minutes:
    """Minutes: the text, the decisions line by line, and the people present."""

    text: str = ""
    decisions: tuple[str, ...] = ()
    came: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NewAction:
    """Something that somebody took on; `party_id` empty: all together."""

    title: str
    due_on: date
    party_id: int | None = None
    person_id: int | None = None


@transaction.atomic
def write_minutes(
    *,
    actor: Reader,
    partnership_id: int,
    catch_up_id: int,
    version: int,
    minutes: Minutes,
    actions: Sequence[NewAction] = (),
    is_final: bool = False,
    now: datetime,
) -> CatchUp:
    """Write the minutes: discussion, decisions, actions and attendance.

    A person who came without an invitation becomes a guest. `actions` are added to the existing
    ones; each is a record of the room with the catch-up as its origin.

    Side effects: decisions and guests as given; new actions; an audit row that names the changes,
    and one for each action. With `is_final` as `close_catch_up`.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of a room.
    InvalidInput
        A text is too long, or a person or side is not of the room.
    Conflict
        Somebody changed it since `version`; it has not begun; it is closed, missed or called off.
    """
    one, parties = lock(actor, partnership_id, catch_up_id)
    refuse_version(one, version)
    refuse_unheld(one, now)
    changes = {
        **_write_text(one, minutes.text),
        **_write_decisions(one, minutes.decisions),
        **_write_guests(one, minutes.came, parties, now),
    }
    if changes:
        one.version += 1
        one.meeting.updated_at = now
        one.meeting.save(update_fields=["updated_at"])
        one.save()
        note(actor, parties, "write_minutes", one, changes)
    _add_actions(actor, one, actions, now)
    one = get_catch_up(partnership_id, catch_up_id)
    if is_final:
        _close(actor, parties, one, now)
    return one


@transaction.atomic
def close_catch_up(
    *, actor: Reader, partnership_id: int, catch_up_id: int, now: datetime
) -> CatchUp:
    """Close a catch-up as held, with its minutes final; closing it again changes nothing.

    Side effects: the meeting is held and counts for the rhythm; a mail with the minutes to each
    guest; an audit row.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of a room.
    InvalidInput
        Attendance is not recorded for two sides.
    Conflict
        It has not begun, was marked as missed, or called off.
    """
    one, parties = lock(actor, partnership_id, catch_up_id)
    if one.meeting.state == State.HELD:
        return one
    refuse_unheld(one, now)
    return _close(actor, parties, one, now)


@transaction.atomic
def reopen_catch_up(
    *, actor: Reader, partnership_id: int, catch_up_id: int, now: datetime
) -> CatchUp:
    """Open a closed or missed catch-up again, to put something right; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every record of a room; it was called off.
    """
    one, parties = lock(actor, partnership_id, catch_up_id)
    if one.meeting.state == State.CONFIRMED:
        return one
    if one.meeting.state == State.CANCELLED:
        raise Conflict(_("This catch-up has been cancelled. Plan a new one."))
    set_state(one, State.CONFIRMED, now)
    note(actor, parties, "reopen_catch_up", one, {})
    return one


@transaction.atomic
def miss_catch_up(
    *, actor: Reader, partnership_id: int, catch_up_id: int, now: datetime
) -> CatchUp:
    """Mark a catch-up as missed: it was not called off, and did not take place. An audit row.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of a room.
    Conflict
        It has not begun, is closed, or was called off.
    """
    one, parties = lock(actor, partnership_id, catch_up_id)
    if one.meeting.state == State.MISSED:
        return one
    refuse_unheld(one, now)
    CatchUpGuest.objects.filter(catch_up=one).update(came=None)
    set_state(one, State.MISSED, now)
    note(actor, parties, "miss_catch_up", one, {})
    return get_catch_up(partnership_id, catch_up_id)


def _close(actor: Reader, parties: Sequence[Party], one: CatchUp, now: datetime) -> CatchUp:
    sides = {guest.party_id for guest in one.guests.all() if guest.came}
    if len(sides) < 2:
        raise InvalidInput(
            _(
                "Enter who attended: someone from at least two sides. If no one did, mark it as "
                "missed."
            ),
            field="came",
        )
    set_state(one, State.HELD, now)
    note(actor, parties, "close_catch_up", one, {})
    send_minutes(one, list_actions(one), actor=actor)
    return one


def refuse_unheld(one: CatchUp, now: datetime) -> None:
    """Raise `Conflict` unless a catch-up is open and has begun."""
    refuse_over(one)
    if one.meeting.starts_at - EARLY > now:
        raise Conflict(_("This catch-up hasn’t started yet. Write the agenda in the meantime."))


def _write_text(one: CatchUp, text: str) -> dict[str, list[Any]]:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_MINUTES:
        raise InvalidInput(
            _("Use up to %(count)d characters here.") % {"count": LONGEST_MINUTES},
            field="minutes",
        )
    if text == one.minutes:
        return {}
    before, one.minutes = one.minutes, text
    return {"minutes": [before, text]}


def _write_decisions(one: CatchUp, decisions: Sequence[str]) -> dict[str, list[Any]]:
    wanted = [line for one_line in decisions if (line := " ".join(one_line.split()))]
    kept = [decision.text for decision in one.decisions.all()]
    if wanted == kept:
        return {}
    if len(wanted) > MOST_DECISIONS or any(len(line) > LONGEST_DECISION for line in wanted):
        raise InvalidInput(
            _("Enter up to %(most)d decisions of %(long)d characters each.")
            % {"most": MOST_DECISIONS, "long": LONGEST_DECISION},
            field="decisions",
        )
    Decision.objects.filter(catch_up=one).delete()
    Decision.objects.bulk_create(
        Decision(catch_up=one, partnership_id=one.partnership_id, text=line, order=number)
        for number, line in enumerate(wanted, 1)
    )
    return {"decisions": ["\n".join(kept), "\n".join(wanted)]}


def _write_guests(
    one: CatchUp, came: Sequence[int], parties: Sequence[Party], now: datetime
) -> dict[str, list[Any]]:
    guests = {guest.person_id: guest for guest in one.guests.all() if guest.person_id}
    strangers = set(came) - set(guests)
    if strangers:
        sides = team_sides(parties, now)
        if strangers - set(sides):
            raise InvalidInput(_("Choose people from the two teams."), field="came")
        CatchUpGuest.objects.bulk_create(
            CatchUpGuest(
                catch_up=one,
                partnership_id=one.partnership_id,
                person_id=person,
                party_id=sides[person],
                came=True,
            )
            for person in sorted(strangers)
        )
        keep_parties(one)
    before = sorted(person for person, guest in guests.items() if guest.came and person)
    is_first = all(guest.came is None for guest in guests.values())
    for person, guest in guests.items():
        guest.came = person in came
    CatchUpGuest.objects.bulk_update(guests.values(), ["came"])
    after = sorted(set(came))
    return {"came": [before, after]} if before != after or is_first else {}


def _add_actions(actor: Reader, one: CatchUp, actions: Sequence[NewAction], now: datetime) -> None:
    for number, action in enumerate(actions):
        values = {
            "title": action.title,
            "due_on": action.due_on,
            "party": action.party_id,
            "person": action.person_id,
            "origin": Action.Origin.CATCH_UP,
            "origin_id": one.pk,
        }
        try:
            add_record(
                actor=actor,
                kind="action",
                partnership_id=one.partnership_id,
                values=values,
                now=now,
            )
        except InvalidInput as error:
            raise InvalidInput(str(error), field=f"action_{number}_{error.field}") from error
