"""Incoming mail on the desk's invitations: answers, other times, and bounces.

A mail is weak proof of its author. So it does little: it records an answer or proposes a time, and
the desk is notified; it never moves, cancels or hands on anything. Service role throughout.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, Value, When
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person, Role
from proxeny.accounts.queries import live_seats
from proxeny.ambassadors.models import Introduction, Link, Side
from proxeny.ambassadors.operations import mails
from proxeny.ambassadors.operations.booking import Proposal, propose_for_side
from proxeny.ambassadors.operations.guards import SETTLED, hold_case, note_deed, side
from proxeny.ambassadors.operations.links import is_open_for, make_link
from proxeny.ambassadors.queries.cases import people_at_desk, with_names
from proxeny.kernel.errors import Conflict, NotAllowed, ProxenyError
from proxeny.kernel.inbox.calendars import Reply
from proxeny.kernel.inbox.messages import clean, plain_address
from proxeny.kernel.models import Mail
from proxeny.kernel.personal_data import ERASED_NAME
from proxeny.kernel.tenancy import STRANGER, Reader
from proxeny.meetings.models import Meeting, MeetingParty
from proxeny.meetings.operations.asked import Asked, Ear, Keeper, Way
from proxeny.meetings.operations.replies import reader_of

Answer = MeetingParty.Answer
#: `Asked.role` of the person in charge of a case; of the others, `Side.role`.
DESK = "desk"
#: The desk gets the same notice about a person this often, for one state of a meeting.
MOST_NEWS = 5
_NEWS = {"DECLINED": "declines", "TENTATIVE": "unsure", "DELEGATED": "delegated"}


def find_case(meeting: Meeting) -> Introduction | None:
    """Return the case of a meeting that a desk arranged, also of one that was called off."""
    found = Introduction.objects.filter(
        partnership=meeting.partnership_id,
        cluster=meeting.desk_id,
        member__in=meeting.organisations,
        stakeholder__in=meeting.organisations,
    )
    own = Case(When(meeting=meeting.pk, then=Value(0)), default=Value(1))
    return with_names(found).order_by(own, "-pk").first()


def hold_meeting(uid: str) -> None:
    """Lock the case of the meeting behind a UID, if a desk arranged it: as each change begins."""
    meeting = Meeting.objects.filter(uid=uid, desk__isnull=False).first()
    case = find_case(meeting) if meeting else None
    if case is not None:
        hold_case(case.pk)


def find_asked(meeting: Meeting, address: str) -> Asked | None:
    """Return the one of the three invited under an address, with a sign-in or without."""
    case, wanted = find_case(meeting), plain_address(address)
    people = _asked(case) if case else ()
    return next((one for one in people if one.email and plain_address(one.email) == wanted), None)


def _asked(case: Introduction) -> Iterable[Asked]:
    for one in case.sides.all():
        to = mails.to_side(one)
        yield Asked(one.person_id, to.name, to.email, to.language, to.zone, role=one.role)
    desk = case.in_charge
    if desk is not None and desk.erased_at is None:
        yield Asked(desk.pk, desk.name, desk.email, desk.language, desk.time_zone, role=DESK)


def hear(meeting: Meeting, now: datetime) -> Ear:
    """Return the people at the desk who are notified of a stranger's answer."""
    case = find_case(meeting)
    if case is None:
        return Ear(tuple(people_at_desk(meeting.desk_id or 0, today=now.date())))
    return Ear(tuple(mails.desk_of(case)), any(map(_is_erased, case.sides.all())))


def _is_erased(one: Side) -> bool:
    return one.name == ERASED_NAME or bool(one.person and one.person.erased_at)


def way_to_case(meeting: Meeting) -> Way:
    """Return where the desk reads of a meeting."""
    case = find_case(meeting)
    return Way(_("Open the introduction"), mails.url_of(case)) if case else Way()


def way_of(meeting: Meeting, asked: Asked, now: datetime) -> Way:
    """Return another way to answer for an invited person: a fresh link while one is needed.

    A person with a sign-in who no longer represents the organisation gets none.
    """
    if asked.role == DESK:
        return way_to_case(meeting)
    case = find_case(meeting)
    if case is None or not is_open_for(case, Link.Purpose.TIME):
        return Way()
    one = side(case, asked.role)
    if not _speaks(one, asked, reader_of(asked, now)):
        return Way()
    return Way(_("Answer here"), make_link(one, Link.Purpose.TIME, now))


def _speaks(one: Side, asked: Asked, reader: Reader) -> bool:
    return asked.person_id is None or one.organisation_id in reader.organisations


def apply_reply(meeting: Meeting, asked: Asked, reply: Reply, now: datetime) -> bool:
    """Record an answer or a proposal for a future meeting.

    Returns
    -------
    bool
        False where another time is proposed, and it cannot be read.

    Side effects: the answer of the own party, or a time proposed by the side; an audit row that
    the desk's cluster reads; a mail to the desk, with the words of a comment.

    Raises
    ------
    NotAllowed
        The person no longer represents the organisation; the desk is notified.
    Conflict, InvalidInput
        The case has gone another way; the time is in the past, too far, too long, the one that is
        booked, proposed already, or one too many; the person in charge of the case proposes by
        mail.
    """
    case = find_case(meeting)
    if case is None or case.meeting_id != meeting.pk:
        raise Conflict(SETTLED)
    actor = reader_of(asked, now)
    if asked.role == DESK:
        _take_of_desk(case, asked, reply, actor=actor, now=now)
        return True
    one = side(case, asked.role)
    if not _speaks(one, asked, actor):
        _tell(case, one, asked, kind="left", now=now)
        raise NotAllowed(_("You’re no longer taking part."))
    if reply.method == "COUNTER":
        return _propose(case, one, asked, reply, actor=actor, now=now)
    _answer(case, one, asked, reply, actor=actor, now=now)
    return True


def _propose(
    case: Introduction, one: Side, asked: Asked, reply: Reply, *, actor: Reader, now: datetime
) -> bool:
    meeting, is_no = case.meeting, reply.answer == "DECLINED"
    assert meeting is not None  # noqa: S101
    starts_at = reply.starts_at
    if starts_at is None:
        return False
    ends_at = reply.ends_at or starts_at + (meeting.ends_at - meeting.starts_at)
    try:
        if (starts_at, ends_at) == (meeting.starts_at, meeting.ends_at):
            raise Conflict(_("The meeting is already booked for this time."))
        # At the place of the meeting, times stay in the meeting's zone.
        propose_for_side(
            case,
            one,
            Proposal(starts_at, ends_at, clean(reply.comment)),
            zone=meeting.time_zone,
            actor=actor,
            now=now,
        )
    except ProxenyError:
        # A no to the current time counts, even with another proposal.
        if not is_no:
            raise
    if is_no:
        _answer(case, one, asked, reply, actor=actor, now=now)
    return True


def _answer(
    case: Introduction, one: Side, asked: Asked, reply: Reply, *, actor: Reader, now: datetime
) -> None:
    party = MeetingParty.objects.get(meeting=case.meeting_id, organisation=one.organisation_id)
    before, said = party.answer, reply.answer
    wanted = said if said in (Answer.ACCEPTED, Answer.DECLINED) else Answer.WAITING
    if said == "NEEDS-ACTION" or before == said:
        return
    MeetingParty.objects.filter(pk=party.pk).update(answer=wanted)
    why = clean(reply.comment)
    note_deed(actor, "answer_booking", case, changes={one.role: [before, said]}, why=why)
    kind = _NEWS.get(said) or ("comes" if before == Answer.DECLINED else "")
    if kind:
        _tell(case, one, asked, kind=kind, now=now, word=why, who=clean(reply.delegated_to))


def _tell(
    case: Introduction,
    one: Side | None,
    asked: Asked,
    *,
    kind: str,
    now: datetime,
    word: str = "",
    who: str = "",
) -> None:
    """Notify the desk, again if an answer changes, up to a limit."""
    people = mails.desk_of(case) if one else _colleagues(case, asked, now)
    meeting = case.meeting
    start = f"reply-desk:{case.meeting_id}:{meeting.sequence if meeting else 0}:{kind}:{asked.mark}"
    told = Mail.objects.filter(key__startswith=f"{start}:").count()
    if told < MOST_NEWS * len(people):
        mails.tell_desk(
            case, one, kind=kind, now=now, word=word, who=who, people=people, key=f"{start}:{told}"
        )


def _take_of_desk(
    case: Introduction, asked: Asked, reply: Reply, *, actor: Reader, now: datetime
) -> None:
    """Record the answer of the person in charge; tell their colleagues if they do not come."""
    if reply.method == "COUNTER":
        raise Conflict(_("You’re in charge of this meeting, so propose other times on its page."))
    if reply.answer in ("ACCEPTED", "NEEDS-ACTION"):
        return
    why = clean(reply.comment)
    note_deed(actor, "answer_booking", case, changes={DESK: ["", reply.answer]}, why=why)
    if reply.answer != "TENTATIVE":
        _tell(case, None, asked, kind="desk-declines", now=now, word=why, who=asked.name)


def _colleagues(case: Introduction, asked: Asked, now: datetime) -> list[Person]:
    team = people_at_desk(case.cluster_id, today=now.date())
    return [one for one in team if one.pk != asked.person_id]


def mark_bounce(mail: Mail, now: datetime) -> bool:
    """Record that a mail of the desk was not delivered; return whether somebody was notified.

    The first bounce from the address of a side marks the side, and the desk is notified; for a mail
    to a person at the desk, their managers are notified, once a day.
    """
    number, role, person = _read_key(mail.key)
    case = Introduction.objects.filter(pk=number).first()
    if case is None:
        return False
    case = hold_case(case.pk)
    if person:
        return _tell_managers(case, person, now)
    one = next((two for two in case.sides.all() if two.role == role), None)
    # A person who has been replaced is not asked any more.
    is_current = one and mails.address_of(one).lower() == mail.recipient.lower()
    if one is None or not is_current or one.bounced_at:
        return False
    one.bounced_at = now
    one.save(update_fields=["bounced_at"])
    note_deed(STRANGER, "mark_bounce", case, changes={"roles": ["", role]})
    return bool(mails.tell_desk(case, one, kind="bounced", now=now))


def _read_key(key: str) -> tuple[int, str, int]:
    """Return case, side and person of a mail's key, as `mails` writes it."""
    _word, number, _kind, role, person, *_rest = key.split(":")
    return int(number), role, int(person)


def _tell_managers(case: Introduction, person_id: int, now: datetime) -> bool:
    seats = live_seats(today=now.date()).filter(organisation=case.cluster_id, role=Role.MANAGER)
    found = seats.exclude(person=None).exclude(person=person_id).select_related("person")
    people = [seat.person for seat in found.order_by("pk") if seat.person]
    who = Person.objects.filter(pk=person_id).values_list("name", flat=True).first() or ""
    told = mails.tell_desk(
        case,
        None,
        kind="desk-bounced",
        now=now,
        who=who,
        people=people,
        key=f"desk-bounced:{person_id}:{now:%Y%m%d}",
    )
    return bool(told)


#: Handlers for mail that `meetings` receives for the desk's meetings.
KEEPER = Keeper(
    word="desk",
    hold=hold_meeting,
    find=find_asked,
    apply=apply_reply,
    way=way_of,
    ear=hear,
    told_of=way_to_case,
    bounced=mark_bounce,
)
