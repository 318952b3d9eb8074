"""Mails of the desk: to the two sides, and to the person in charge of the case."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from django.conf import settings
from django.urls import reverse

from proxeny.accounts.models import Person
from proxeny.accounts.queries import hash_token, written_by
from proxeny.ambassadors.models import Introduction, Link, Mandate, Side
from proxeny.ambassadors.operations import wording
from proxeny.ambassadors.queries.cases import options_of, people_at_desk
from proxeny.kernel.calendar import Attendee, write_invitation
from proxeny.kernel.mail_senders import PROXENY, Sender
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.models import Meeting, MeetingParty
from proxeny.meetings.operations.invitations import Moment
from proxeny.meetings.operations.mails import Letter, To, moments_of, send, to_person
from proxeny.meetings.queries.calendar import make_appointment
from proxeny.meetings.queries.meetings import get_meeting

Purpose = Link.Purpose


def name_of(side: Side) -> str:
    """Return how somebody is addressed: by name, or by their organisation."""
    return (side.person.name if side.person else side.name) or side.organisation.name


def address_of(side: Side) -> str:
    """Return where a side gets its mail; empty if nobody knows."""
    if side.person_id is None:
        return side.email
    with as_service("A contact is written to, also by people who may not see the address."):
        found = Person.objects.filter(pk=side.person_id, erased_at=None)
        return found.values_list("email", flat=True).first() or ""


def to_side(side: Side) -> To:
    """Return a side as the recipient of a mail."""
    one = side.person
    if one is None:
        return To(name_of(side), address_of(side), side.language, side.time_zone)
    address = address_of(side)
    if address and address == one.email:
        # The mail's address is a secret that answers without a sign-in; the notice leads to the page.
        return To(
            one.name,
            address,
            one.language,
            one.time_zone,
            one,
            "introductions",
            reverse("ambassadors:own"),
        )
    return To(one.name, address, one.language, one.time_zone)


def desk_of(case: Introduction) -> list[Person]:
    """Return the recipients of news on a case: the person in charge, else everybody at the desk."""
    with as_service("The two sides may not see who is at the desk: its people are only told."):
        if case.in_charge_id:
            found = list(Person.objects.filter(pk=case.in_charge_id, erased_at=None))
            if found:
                return found
        return people_at_desk(case.cluster_id, today=case.changed_at.date())


def url_of(case: Introduction) -> str:
    """Return the whole address of a case's page at the desk."""
    path = reverse("ambassadors:case", args=[case.partnership_id, case.pk])
    return f"{settings.BASE_URL}{path}"


def _url_for(case: Introduction, side: Side | None) -> str:
    """Return the page of a case for a person; empty for one without a sign-in."""
    if side is None:
        return url_of(case)
    path = reverse("ambassadors:own-case", args=[case.pk])
    return f"{settings.BASE_URL}{path}" if side.person_id else ""


def _times(case: Introduction, zone: str) -> tuple[Moment, ...]:
    return tuple(Moment(zone, one.starts_at, one.ends_at) for one in options_of(case))


def _desk(case: Introduction) -> Sender:
    """Return who looks after a case as a sender; each of its mails shows their address."""
    one = case.in_charge
    return Sender(case.cluster.name, one.name, one.email) if one else Sender(case.cluster.name)


def _words(case: Introduction, side: Side) -> wording.Words:
    other = next(one for one in case.sides.all() if one.pk != side.pk)
    return wording.Words(
        own=side.organisation.name,
        other=other.organisation.name,
        cluster=case.cluster.name,
        desk=case.in_charge.name if case.in_charge else case.cluster.name,
        reason=case.reason,
        partnership=case.partnership.title,
        minutes=case.duration_min,
        address=case.in_charge.email if case.in_charge else "",
    )


def ask(
    case: Introduction,
    side: Side,
    *,
    purpose: str,
    url: str,
    now: datetime,
    kind: str = "",
    who: str = "",
    word: str = "",
) -> bool:
    """Ask a side something by a link.

    Parameters
    ----------
    purpose : str
        One of `Link.Purpose`.
    kind : {"", "reminded", "renewed", "handed"}
        The reason for asking again: no answer came, the link had expired, or `who` handed it on
        with a `word`.
    """
    to = to_side(side)

    def write() -> Letter:
        words = _words(case, side)
        moments: tuple[Moment, ...] = ()
        if purpose == Purpose.TIME:
            with as_service("The letter tells a side its open times, no matter who causes it."):
                moments = _times(case, to.zone)
        elif purpose in (Purpose.DAY, Purpose.LATER) and case.meeting:
            moments = moments_of(case.meeting, to.zone)[:1]
        return wording.asked(
            words,
            purpose=purpose,
            kind=kind,
            who=who,
            word=word,
            moments=moments,
            place=case.place,
            url=url,
        )

    return send(
        to,
        write,
        key=f"{_key(case, f'{purpose}-{kind or "asked"}', side, now)}:{hash_token(url)[:16]}",
    )


def _key(case: Introduction, kind: str, side: Side | None, now: datetime, person: int = 0) -> str:
    role = side.role if side else "desk"
    return f"desk:{case.pk}:{kind}:{role}:{person}:{now:%Y%m%d%H%M%S%f}.{case.version}"


def confirm(case: Introduction, side: Side, *, kind: str, now: datetime) -> bool:
    """Send a side a receipt of its answer, so that misuse of a link can be reported.

    `kind` is `yes`, `both` (both accepted), `no`, `times`, `rated`.
    """
    return send(
        to_side(side),
        lambda: wording.kept(_words(case, side), kind=kind),
        key=_key(case, f"kept-{kind}", side, now),
    )


def confirm_handed(
    case: Introduction, side: Side, *, name: str, email: str, language: str, now: datetime
) -> bool:
    """Tell the previous contact that somebody else answers now."""
    return send(
        To(name, email, language),
        lambda: wording.handed_over(_words(case, side), to=side.name),
        key=_key(case, "handed-from", side, now),
    )


def tell_covered(case: Introduction, side: Side, *, now: datetime) -> bool:
    """Tell a member that the desk asks somebody under its mandate."""
    return send(
        to_side(side),
        lambda: wording.covered(_words(case, side)),
        key=_key(case, "covered", side, now),
    )


def _tell_end(case: Introduction, side: Side) -> Letter:
    return wording.ended(_words(case, side))


def tell_ended(case: Introduction, *, now: datetime, told: Side | None = None) -> int:
    """Tell the sides that were asked that it will not go ahead; `told` knows already."""
    written = 0
    for side in case.sides.all():
        if side.asked_at and (told is None or side.pk != told.pk):
            written += send(
                to_side(side),
                partial(_tell_end, case, side),
                key=_key(case, "ended", side, now),
            )
    return written


def tell_desk(
    case: Introduction,
    side: Side | None,
    *,
    kind: str,
    now: datetime,
    word: str = "",
    who: str = "",
    moment: tuple[datetime, datetime] | None = None,
    people: Sequence[Person] | None = None,
    key: str = "",
) -> int:
    """Notify the person in charge of a case about an action of a side.

    Parameters
    ----------
    kind : str
        `yes`, `no`, `both`, `proposed` (with a `moment`), `none` (no time suits), `handed` (by
        `who`), `late` (an old link was used), `silent`, `bounced`, `off`; by mail `declines`,
        `comes` (after all), `unsure`, `delegated` (to `who`), `left` (without a seat); of a
        colleague (`who`) `desk-declines`, `desk-bounced`.
    people : sequence of Person, optional
        The recipients; by default the person in charge of the case.
    key : str
        The prefix of the mails' keys, for news to be sent once.
    """
    written = 0
    member, stakeholder = (one.organisation.name for one in sorted(case.sides.all(), key=_order))
    for person in desk_of(case) if people is None else people:
        to = to_person(person, "introductions")
        moments = (Moment(to.zone, *moment),) if moment else ()

        def write(times: tuple[Moment, ...] = moments) -> Letter:
            return wording.news(
                kind=kind,
                member=member,
                stakeholder=stakeholder,
                word=word,
                moments=times,
                side=name_of(side) if side else "",
                who=who,
                organisation=side.organisation.name if side else "",
                url=url_of(case),
                partnership=case.partnership.title,
            )

        written += send(
            to,
            write,
            key=f"{key}:{person.pk}" if key else _key(case, f"news-{kind}", side, now, person.pk),
        )
    return written


def _order(side: Side) -> bool:
    return side.role != Side.Role.MEMBER


def invite(case: Introduction, *, kind: str, now: datetime) -> int:
    """Write the three their invitation (iCalendar REQUEST), each with their own address alone.

    `kind` is `booked` or `moved`.
    """
    meeting = _meeting(case)
    return _write_all(case, meeting, kind=kind, method="REQUEST", why="", now=now)


def call_off(
    case: Introduction, *, now: datetime, why: str, told: Side | None = None, again: bool = False
) -> int:
    """Send the three the cancellation of a meeting (iCalendar CANCEL).

    `told` cancelled it and gets the calendar alone. With `again`, another time is being looked for.
    """
    meeting = _meeting(case)
    meeting.state, meeting.sequence, meeting.updated_at = (
        Meeting.State.CANCELLED,
        meeting.sequence + 1,
        now,
    )
    return _write_all(
        case, meeting, kind="again" if again else "off", method="CANCEL", why=why, now=now
    )


def _meeting(case: Introduction) -> Meeting:
    with as_service("All three get the full invitation, no matter what the actor may see of it."):
        return get_meeting(case.meeting_id or 0)


def _write_all(
    case: Introduction, meeting: Meeting, *, kind: str, method: str, why: str, now: datetime
) -> int:
    written = 0
    for side in sorted(case.sides.all(), key=_order):
        written += _write(
            case, meeting, to_side(side), side, kind=kind, method=method, why=why, now=now
        )
    for person in desk_of(case) if case.in_charge_id else ():
        written += _write(
            case,
            meeting,
            to_person(person, "introductions"),
            None,
            kind=kind,
            method=method,
            why=why,
            now=now,
            person=person.pk,
        )
    return written


def _write(
    case: Introduction,
    meeting: Meeting,
    to: To,
    side: Side | None,
    *,
    kind: str,
    method: str,
    why: str,
    now: datetime,
    person: int = 0,
) -> bool:
    own = [side.organisation_id] if side else []
    url = _url_for(case, side)

    def write() -> Letter:
        other = ", ".join(
            one.organisation.name for one in case.sides.all() if one.organisation_id not in own
        )
        return wording.booked(
            kind=kind,
            other=other,
            desk=case.in_charge.name if case.in_charge else "",
            cluster=case.cluster.name,
            moments=moments_of(meeting, to.zone),
            place=meeting.place,
            why=why,
            bring=case.bring,
            interpreter=case.interpreter,
            url=url,
            partnership=case.partnership.title,
            sender=_desk(case) if side else PROXENY,
        )

    def calendar() -> str:
        guest = Attendee(to.name, to.email, MeetingParty.Answer.ACCEPTED)
        appointment = make_appointment(meeting, own=own, attendee=guest, url=url)
        return write_invitation(appointment, method=method)

    return send(
        to, write, key=_key(case, kind, side, now, person), calendar=calendar, method=method
    )


def change_hands(case: Introduction, *, before: int | None, now: datetime) -> int:
    """Take a booked meeting out of one calendar at the desk and put it into the next one's."""
    if case.state != Introduction.State.BOOKED or case.meeting_id is None:
        return 0
    meeting, written = _meeting(case), 0
    with as_service("A former colleague may be hidden by now, but still gets the cancellation."):
        people = {one.pk: one for one in Person.objects.filter(pk__in=[before, case.in_charge_id])}
        case.in_charge = people.get(case.in_charge_id or 0)
    for number, kind, method in (
        (before, "off", "CANCEL"),
        (case.in_charge_id, "booked", "REQUEST"),
    ):
        person = people.get(number or 0)
        if person is None:
            continue
        if method == "CANCEL":
            meeting.state = Meeting.State.CANCELLED
        written += _write(
            case,
            meeting,
            to_person(person, "introductions"),
            None,
            kind=kind,
            method=method,
            why="",
            now=now,
            person=person.pk,
        )
        meeting.state = Meeting.State.CONFIRMED
    return written


def tell_reassigned(
    cases: Sequence[Introduction], *, person_id: int, actor: Reader, why: str, now: datetime
) -> bool:
    """Notify a person of the cases assigned to them, in one mail."""
    if person_id == actor.person:
        return False
    with as_service("A colleague is looked up only to be told of the cases that are now theirs."):
        person = Person.objects.filter(pk=person_id, erased_at=None).first()
    if person is None:
        return False
    first = cases[0]
    path = reverse("ambassadors:list", args=[first.partnership_id])
    return send(
        to_person(person, "introductions"),
        lambda: wording.reassigned(
            count=len(cases),
            actor=actor.name,
            why=why,
            partnership=first.partnership.title,
            url=f"{settings.BASE_URL}{path}?who=me",
        ),
        key=_key(first, "reassigned", None, now, person_id),
    )


def tell_mandate_asked(mandate: Mandate, *, actor: Reader, today: date) -> int:
    """Notify the desk of a mandate that a member asked, changed or withdrew."""
    path = reverse("ambassadors:mandate", args=[mandate.partnership_id, mandate.pk])
    with as_service("A member may not see the people at the desk, who are only told."):
        people = people_at_desk(mandate.cluster_id, today=today)
    written = 0
    for person in people:
        if person.pk == actor.person:
            continue
        written += send(
            to_person(person, "introductions"),
            lambda: wording.mandate_asked(
                member=mandate.member.name,
                actor=actor.name,
                state=mandate.state,
                seeks=mandate.seeks,
                partnership=mandate.partnership.title,
                url=f"{settings.BASE_URL}{path}",
            ),
            key=f"mandate:{mandate.pk}:{mandate.version}:{person.pk}",
        )
    return written


def tell_mandate_answered(mandate: Mandate, *, actor: Reader) -> bool:
    """Notify the author of a mandate of the desk's answer."""
    with as_service("The desk may not see the member's people, but its answer goes to the author."):
        person = Person.objects.filter(pk=mandate.asked_by_id or 0, erased_at=None).first()
    if person is None:
        return False
    path = reverse("ambassadors:own-mandate", args=[mandate.pk])
    sender = written_by(actor, mandate.cluster.name)
    return send(
        to_person(person, "introductions"),
        lambda: wording.mandate_answered(
            state=mandate.state,
            answer=mandate.answer,
            actor=actor.name,
            partnership=mandate.partnership.title,
            cluster=mandate.cluster.name,
            url=f"{settings.BASE_URL}{path}",
            sender=sender,
        ),
        key=f"mandate:{mandate.pk}:{mandate.version}:{person.pk}",
    )
