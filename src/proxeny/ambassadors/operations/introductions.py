"""Cases of the desk: noted, changed, put aside, given to somebody else."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from proxeny.accounts.models import Role as AccountRole
from proxeny.accounts.queries import live_seats
from proxeny.ambassadors import rules
from proxeny.ambassadors.models import Introduction, Note, Side
from proxeny.ambassadors.operations import mails
from proxeny.ambassadors.operations.guards import (
    CHANGED,
    Desk,
    enter_desk,
    lock_case,
    note_deed,
    side,
    withdraw_times,
    write_case,
)
from proxeny.ambassadors.operations.links import close_links
from proxeny.ambassadors.queries.cases import Contact, people_at_desk
from proxeny.ambassadors.queries.own_mandates import standing_mandates
from proxeny.directory.models import Organisation
from proxeny.directory.queries.memberships import members_in
from proxeny.directory.queries.organisations import get_organisation
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import load_zone, zone_of_country
from proxeny.meetings.operations import cancel_meetings

State, Role, Answer = Introduction.State, Side.Role, Side.Answer
MOST_MINUTES = 480


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of a case set by the desk. `None` leaves a contact as it is."""

    reason: str
    next_step: str = ""
    next_on: date | None = None
    duration_min: int = 45
    place: str = ""
    needs_interpreter: bool = False
    interpreter: str = ""
    bring: str = ""
    in_charge_id: int | None = None
    member_contact: Contact | None = None
    stakeholder_contact: Contact | None = None

    def columns(self) -> dict[str, Any]:
        """Return the values for the case itself."""
        return {
            "reason": self.reason.strip(),
            "next_step": self.next_step.strip(),
            "next_on": self.next_on,
            "duration_min": self.duration_min,
            "place": self.place.strip(),
            "needs_interpreter": self.needs_interpreter,
            "interpreter": self.interpreter.strip(),
            "bring": self.bring.strip(),
            "in_charge_id": self.in_charge_id,
        }


@dataclass(frozen=True, slots=True)
class Origin:
    """Origin of an introduction; `reasons` are those of matching, as data."""

    source: str = Introduction.Source.HAND
    mandate_id: int | None = None
    score: float | None = None
    reasons: Sequence[Any] = field(default_factory=list)


@transaction.atomic
def note_introduction(
    *,
    actor: Reader,
    partnership_id: int,
    member_id: int,
    stakeholder_id: int,
    facts: Facts,
    now: datetime,
    origin: Origin | None = None,
) -> Introduction:
    """Note that a member and a stakeholder should meet. Nobody is asked by that.

    Parameters
    ----------
    actor : Reader
        Ambassador or manager of the member's cluster.

    Side effects: an audit row of the desk's cluster.

    Raises
    ------
    NotFound, NotAllowed
        An organisation that the actor does not see; not at a desk of the partnership.
    InvalidInput
        Not a member of the cluster, the same organisation twice, nothing said why, a contact
        without an address, a number out of range.
    Conflict
        A mandate of the member names it among those not to approach; the two are being introduced
        already; the partnership has ended.
    """
    desk = enter_desk(actor, partnership_id)
    member, stakeholder = get_organisation(member_id), get_organisation(stakeholder_id)
    _refuse_pair(desk, member, stakeholder, today=now.date())
    _refuse_bad(desk, facts, today=now.date())
    origin = origin or Origin()
    if facts.in_charge_id is None:
        facts = replace(facts, in_charge_id=actor.person)
    with _once():
        case = Introduction.objects.create(
            partnership=desk.partnership,
            cluster_id=desk.cluster_id,
            member=member,
            stakeholder=stakeholder,
            source=origin.source,
            mandate_id=origin.mandate_id,
            score=origin.score,
            reasons=list(origin.reasons),
            opened_at=now,
            changed_at=now,
            **facts.columns(),
        )
    contacts = {Role.MEMBER: facts.member_contact, Role.STAKEHOLDER: facts.stakeholder_contact}
    for role, organisation in ((Role.MEMBER, member), (Role.STAKEHOLDER, stakeholder)):
        one = Side(
            introduction=case,
            partnership=desk.partnership,
            cluster_id=desk.cluster_id,
            role=role,
            organisation=organisation,
            time_zone=zone_of_country(organisation.country),
        )
        _set_contact(one, contacts[role], actor, today=now.date())
        one.save()
    note_deed(actor, "note_introduction", case)
    return case


@contextmanager
def _once() -> Iterator[None]:
    """Turn the database's word that a pair is open already into a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "introduced_once" not in str(error):
            raise
        raise Conflict(_("These two are already being introduced.")) from error


def _refuse_pair(desk: Desk, member: Organisation, stakeholder: Organisation, today: date) -> None:
    if member.pk == stakeholder.pk:
        raise InvalidInput(_("Choose two different organisations."), field="stakeholder_id")
    if (member.pk, desk.cluster_id) not in members_in([member.pk], [desk.cluster_id], today=today):
        raise InvalidInput(
            _("%(name)s is not a member of your cluster.") % {"name": member.name},
            field="member_id",
        )
    mandates = standing_mandates(member.pk, desk.partnership.pk, today=today)
    if rules.is_no_go(mandates, stakeholder.name):
        raise Conflict(
            _("%(member)s has asked not to be introduced to %(name)s.")
            % {"member": member.name, "name": stakeholder.name},
            field="stakeholder_id",
        )


def _refuse_bad(desk: Desk, facts: Facts, today: date) -> None:
    if not facts.reason.strip():
        raise InvalidInput(_("Explain why they should meet. Both will see it."), field="reason")
    if len(facts.reason) > 2000:
        raise InvalidInput(_("Use no more than 2,000 characters."), field="reason")
    if not 10 <= facts.duration_min <= MOST_MINUTES:
        raise InvalidInput(_("A meeting can last from 10 to 480 minutes."), field="duration_min")
    if facts.in_charge_id is not None:
        team = {one.pk for one in people_at_desk(desk.cluster_id, today=today)}
        if facts.in_charge_id not in team:
            raise InvalidInput(_("Choose someone who works at your desk."), field="in_charge_id")


def _set_contact(one: Side, contact: Contact | None, actor: Reader, *, today: date) -> None:
    """Save the contact of a side. For a person with a profile, the profile is read."""
    if contact is None:
        return
    email = contact.email.strip()
    if contact.person_id is None and email and "@" not in email.strip("@"):
        raise InvalidInput(
            _("Enter the full email address, such as anna@company.example."),
            field=f"{one.role}_email",
        )
    zone = load_zone(contact.time_zone or zone_of_country(one.organisation.country)).key
    if contact.person_id not in (None, one.person_id):
        _refuse_stranger(one, contact.person_id or 0, today)
    known = (one.person_id, one.email.lower())
    is_new = known != (contact.person_id, "" if contact.person_id else email.lower())
    # A person's own address is read where it is needed: here it would grow old.
    one.name, one.email = contact.name.strip()[:150], "" if contact.person_id else email
    one.language, one.time_zone = contact.language, zone
    one.person_id = contact.person_id
    if is_new:
        one.kept_by_id = actor.person if contact.person_id is None else None
        one.may_pass_on, one.bounced_at, one.reminded = None, None, 0


def _refuse_stranger(one: Side, person_id: int, today: date) -> None:
    """Refuse a person without a seat at a side, as a desk reads the busy times of contacts."""
    with as_service("A desk learns only yes or no about a seat that it may not see."):
        seats = live_seats(today=today).filter(
            person_id=person_id, organisation_id=one.organisation_id
        )
        if seats.exclude(role=AccountRole.JUROR).exists():
            return
    raise InvalidInput(
        _("Choose someone who has a role there, or enter a name and an email address."),
        field=f"{one.role}_contact",
    )


@transaction.atomic
def change_introduction(
    *, actor: Reader, introduction_id: int, version: int, facts: Facts, now: datetime
) -> Introduction:
    """Change the facts of a case. No notifications.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        As `note_introduction`; somebody saved in between, or it is closed.
    """
    case = lock_case(actor, introduction_id, *rules.OPEN, State.MET)
    if case.version != version:
        raise Conflict(CHANGED)
    desk = enter_desk(actor, case.partnership_id)
    _refuse_bad(desk, facts, today=now.date())
    values = facts.columns()
    before = {name: getattr(case, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    write_case(case, now, **changed)
    for role, contact in (
        (Role.MEMBER, facts.member_contact),
        (Role.STAKEHOLDER, facts.stakeholder_contact),
    ):
        if contact is not None:
            one = side(case, role)
            _set_contact(one, contact, actor, today=now.date())
            one.save()
    note_deed(
        actor,
        "change_introduction",
        case,
        changes={
            name: [str(before[name] or ""), str(value or "")] for name, value in changed.items()
        },
    )
    return case


@transaction.atomic
def close_introduction(
    *, actor: Reader, introduction_id: int, why: str, now: datetime
) -> Introduction:
    """Close a case; a booked meeting is cancelled.

    Side effects: the people asked are told that it will not go ahead, without the reason; calendars
    get the cancellation of a meeting; links stop working; an audit row.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        Not visible; of another desk; no reason; met or closed already.
    """
    case = lock_case(actor, introduction_id, *rules.OPEN)
    why = why.strip()[:1000]
    if not why:
        raise InvalidInput(
            _("Give a reason, for colleagues at your desk who read it later."), field="why"
        )
    end_case(case, actor=actor, by=Introduction.Closed.DESK, why=why, now=now)
    return case


def end_case(
    case: Introduction, *, actor: Reader, by: str, why: str, now: datetime, told: Side | None = None
) -> None:
    """Close a locked case for one of three parties; `told` is the side that did it: no mail."""
    before = case.state
    if case.meeting is not None and before == State.BOOKED:
        mails.call_off(case, now=now, why="", told=told)
        with as_service("A side's no calls the meeting off, which only the desk may cancel."):
            cancel_meetings(actor=actor, meeting_ids=[case.meeting.pk], reason=why, now=now)
    else:
        mails.tell_ended(case, now=now, told=told)
    write_case(case, now, state=State.CLOSED, closed_by=by, next_step="", next_on=None)
    if why:
        with as_service("A side's reason becomes a note, which only the desk may write."):
            Note.objects.create(
                introduction=case,
                partnership_id=case.partnership_id,
                cluster_id=case.cluster_id,
                text=why,
                person_id=actor.person,
                written_at=now,
                closes=True,
            )
    close_links(case, now)
    note_deed(actor, "close_introduction", case, changes={"state": [before, State.CLOSED]}, why=why)


@transaction.atomic
def reopen_introduction(*, actor: Reader, introduction_id: int, now: datetime) -> Introduction:
    """Reopen a closed case. The desk's next request asks again those who declined.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not visible; of another desk; not closed, or a new introduction of the two is open already.
    """
    case = lock_case(actor, introduction_id, State.CLOSED)
    for one in case.sides.all():
        if one.answer == Answer.NO or case.closed_by == Introduction.Closed.DESK:
            one.answer, one.answered_at, one.asked_at, one.reminded = Answer.WAITING, None, None, 0
            with as_service("The case was locked for its own desk, which may ask the sides again."):
                one.save(update_fields=["answer", "answered_at", "asked_at", "reminded"])
    withdraw_times(case, now)
    with _once():
        write_case(case, now, state=State.NOTED, closed_by="", agreed_at=None, meeting=None)
    note_deed(actor, "reopen_introduction", case, changes={"state": [State.CLOSED, State.NOTED]})
    return case


@transaction.atomic
def reassign_introductions(
    *, actor: Reader, introduction_ids: Sequence[int], person_id: int, why: str, now: datetime
) -> int:
    """Give cases to a colleague at the desk, with a reason; return the number of cases.

    Side effects: an audit row each; one mail to the new person in charge and, for booked cases,
    invitations.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        One is not visible; of another desk; nobody of the desk, or no reason; closed.
    """
    why = why.strip()[:300]
    if not why:
        raise InvalidInput(_("Give a reason. It will appear in the history."), field="why")
    moved = []
    for number in sorted(set(introduction_ids)):
        case = lock_case(actor, number, *rules.OPEN, State.MET)
        team = {one.pk: one for one in people_at_desk(case.cluster_id, today=now.date())}
        if person_id not in team:
            raise InvalidInput(_("Choose someone who works at your desk."), field="person_id")
        if case.in_charge_id == person_id:
            continue
        before = case.in_charge_id
        write_case(case, now, in_charge_id=person_id)
        note_deed(
            actor,
            "reassign_introduction",
            case,
            changes={"in_charge": [before, person_id]},
            why=why,
        )
        moved.append(case)
        mails.change_hands(case, before=before, now=now)
    if moved:
        mails.tell_reassigned(moved, person_id=person_id, actor=actor, why=why, now=now)
    return len(moved)


@transaction.atomic
def write_note(*, actor: Reader, introduction_id: int, text: str, now: datetime) -> Note:
    """Keep a note on a case, read by the desk's own team alone.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput
        Not seen; of another desk; empty or too long.
    """
    case = lock_case(actor, introduction_id)
    text = text.strip()
    if not text or len(text) > 4000:
        raise InvalidInput(_("Enter a note of up to 4,000 characters."), field="text")
    note = Note.objects.create(
        introduction=case,
        partnership_id=case.partnership_id,
        cluster_id=case.cluster_id,
        text=text,
        person_id=actor.person,
        written_at=now,
    )
    note_deed(actor, "write_note", case)
    return note


@transaction.atomic
def drop_note(*, actor: Reader, introduction_id: int, note_id: int, now: datetime) -> Note:
    """Archive a note, or restore an archived one. Anybody working at the desk may.

    Raises
    ------
    NotFound, NotAllowed
        Not visible; of another desk.
    """
    case = lock_case(actor, introduction_id)
    note = Note.objects.filter(introduction=case, pk=note_id).first()
    if note is None:
        raise InvalidInput(_("We couldn’t find this note."))
    note.dropped_at = None if note.dropped_at else now
    note.save(update_fields=["dropped_at"])
    note_deed(actor, "drop_note" if note.dropped_at else "restore_note", case)
    return note
