"""Carrying out an erasure. One transaction, in the service's role: killed in it, nothing is done."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Q

from proxeny.accounts import privacy, queries
from proxeny.accounts.models import Erasure, Person, Seat
from proxeny.accounts.operations.privacy.asking import tell_held_up
from proxeny.kernel import audit
from proxeny.kernel.chain import REDACTION
from proxeny.kernel.personal_data.erasing import Erased, erase
from proxeny.kernel.personal_data.subject import Subject
from proxeny.kernel.tenancy import GATE, WEB, Reader, acting_as

#: A wish that is held up is looked at again so much later.
AGAIN_AFTER = timedelta(days=1)


def carry_out_erasure(*, erasure_id: int, now: datetime) -> dict[str, Any]:
    """Carry out an erasure request, if it is due; return the result in numbers.

    Runs in a transaction of the service's role. Running it again changes nothing.

    Side effects: everything listed for `holdings.erasing.erase`; sessions end, live seats end, the
    sign-in is deleted; the person's row stays as a number. One audit row with the verb
    `erase_person` names the blacked-out rows of the trail, and no person.
    """
    erasure = Erasure.objects.select_for_update().get(pk=erasure_id)
    if erasure.done_at or erasure.withdrawn_at or erasure.due_at > now:
        return {"state": "nothing to do"}
    if erasure.person_id is None:
        return _erase_contact(erasure, now)
    person = Person.objects.select_for_update().get(pk=erasure.person_id)
    if erasure.reason == Erasure.Reason.IDLE and not _is_still_idle(person, erasure):
        Erasure.objects.filter(pk=erasure.pk).update(withdrawn_at=now)
        return {"state": "takes part again"}
    alone = privacy.find_sole_management(person.pk, today=now.date())
    if alone:
        _hold_up(erasure, person, alone, now)
        return {"state": "held up"}
    return _erase_person(erasure, person, now)


def _is_still_idle(person: Person, erasure: Erasure) -> bool:
    return privacy.is_idle(person.pk, since=erasure.due_at - privacy.IDLE_AFTER)


def _hold_up(erasure: Erasure, person: Person, organisations: list[str], now: datetime) -> None:
    """Wait for another manager: look again tomorrow, and say so once."""
    Erasure.objects.filter(pk=erasure.pk).update(
        due_at=now + AGAIN_AFTER, held_up_at=erasure.held_up_at or now
    )
    if erasure.held_up_at is None:
        tell_held_up(erasure, person, organisations)


def _erase_person(erasure: Erasure, person: Person, now: datetime) -> dict[str, Any]:
    subject = privacy.find_person(person.pk)
    with acting_as(GATE):
        editor = queries.get_reader_of_person(person.pk, today=now.date())
    _end_sessions(subject)
    erased = erase(subject, editor=editor)
    _end_seats(subject, now)
    Person.objects.filter(pk__in=subject.people).update(erased_at=now)
    return _close(erasure, Reader(person=erasure.asked_by_id), erased, now)


def _erase_contact(erasure: Erasure, now: datetime) -> dict[str, Any]:
    with acting_as(GATE):
        asker = queries.get_reader_of_person(erasure.asked_by_id or 0, today=now.date())
    # Read as the requester: without access to the contact, they may not erase it either.
    with acting_as(WEB, asker):
        contact = privacy.get_contact(erasure.organisation_id or 0)
    subject = privacy.find_contact(contact)
    erased = erase(subject, editor=Reader())
    Person.objects.filter(pk__in=subject.people).update(erased_at=now)
    return _close(
        erasure, Reader(person=erasure.asked_by_id), erased, now, organisation_id=contact.steward_id
    )


def _close(
    erasure: Erasure,
    actor: Reader,
    erased: Erased,
    now: datetime,
    *,
    organisation_id: int | None = None,
) -> dict[str, Any]:
    Erasure.objects.filter(pk=erasure.pk).update(done_at=now)
    audit.record(
        actor,
        REDACTION,
        erasure,
        organisation_id=organisation_id,
        changes={"entries": sorted(erased.entries), "rows": erased.rows},
    )
    return {"state": "erased", "rows": erased.rows, "entries": len(erased.entries)}


def _end_seats(subject: Subject, now: datetime) -> None:
    yesterday = now.date() - timedelta(days=1)
    live = Seat.objects.filter(person__in=subject.people).filter(
        Q(ends_on=None) | Q(ends_on__gte=now.date())
    )
    live.filter(starts_on__gt=yesterday).update(starts_on=yesterday)
    live.update(ends_on=yesterday)


def _end_sessions(subject: Subject) -> None:
    """Remove every session of the person's sign-ins; what they say is sealed, so each is opened."""
    accounts = {
        str(one)
        for one in Person.objects.filter(pk__in=subject.people).values_list("account_id", flat=True)
        if one
    }
    mine: Callable[[Session], bool] = lambda row: row.get_decoded().get("_auth_user_id") in accounts  # noqa: E731
    keys = [row.session_key for row in Session.objects.iterator(chunk_size=1000) if mine(row)]
    Session.objects.filter(session_key__in=keys).delete()
