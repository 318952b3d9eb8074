"""Requests for erasure, their withdrawal, and those that follow from the passing of time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.accounts import privacy, queries, rules
from proxeny.accounts.models import Erasure, Person
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, NotAllowed
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.lists import join_items
from proxeny.kernel.mail import queue_mail
from proxeny.kernel.tenancy import STRANGER, Reader, as_service

#: So long a person may take the wish back.
CHANGE_OF_MIND = timedelta(days=3)


def refuse_last_manager(organisations: list[str]) -> None:
    """Raise `Conflict`, with what to do, where an organisation would be left without a manager."""
    if organisations:
        message = ngettext(
            "You’re the last manager of %(names)s. Hand over your role or invite another "
            "manager, then request erasure again.",
            "You’re the last manager of these organisations: %(names)s. Hand over your roles or "
            "invite other managers, then request erasure again.",
            len(organisations),
        )
        raise Conflict(message % {"names": join_items(organisations)})


@transaction.atomic
def ask_erasure(*, actor: Reader, now: datetime, at_once: bool = False) -> Erasure:
    """Request the erasure of all data held about the actor, in three days or at once.

    Side effects: a wish that waits, a mail that tells how to take it back; with `at_once` a queued
    job, and no mail. An audit row.

    Raises
    ------
    NotFound
        The actor is a stranger.
    Conflict
        The actor is the last manager of an organisation, or has asked already.
    """
    person = queries.get_profile(actor)
    with as_service("People may ask to be erased, but only the product writes the request."):
        refuse_last_manager(privacy.find_sole_management(person.pk, today=now.date()))
        due_at = now if at_once else now + CHANGE_OF_MIND
        erasure = privacy.get_open_erasure(actor)
        if erasure is None:
            erasure = _make(
                person=person,
                reason=Erasure.Reason.SELF,
                asked_by=person,
                asked_at=now,
                due_at=due_at,
            )
        elif at_once:
            erasure.due_at = due_at
            erasure.save(update_fields=["due_at"])
        else:
            raise Conflict(_("You’ve already requested erasure."))
        audit.record(actor, "ask_erasure", erasure, changes={"due_at": due_at.isoformat()})
        if at_once:
            _start(erasure, actor)
        else:
            _tell(erasure, person, "erasure_asked")
    return erasure


def _make(**values: object) -> Erasure:
    try:
        with transaction.atomic():
            return Erasure.objects.create(**values)
    except IntegrityError:
        raise Conflict(_("You’ve already requested erasure.")) from None


@transaction.atomic
def withdraw_erasure(*, actor: Reader, now: datetime) -> None:
    """Withdraw a request for erasure.

    Raises
    ------
    Conflict
        There is none that waits: it was taken back, or carried out.
    """
    with as_service("People may withdraw their own request, but only the product writes it."):
        waiting = Erasure.objects.select_for_update().filter(
            person_id=actor.own_id, withdrawn_at=None, done_at=None
        )
        erasure = waiting.first()
        if erasure is None:
            raise Conflict(_("You have no pending erasure request."))
        erasure.withdrawn_at = now
        erasure.save(update_fields=["withdrawn_at"])
        audit.record(actor, "withdraw_erasure", erasure)


@transaction.atomic
def ask_contact_erasure(*, actor: Reader, organisation_id: int, now: datetime) -> Erasure:
    """Request the erasure of a contact without a sign-in from an organisation's entry.

    Carried out at once, by a job: name and address are removed from the entry, from events,
    meetings and mails, and from imported lists.

    Raises
    ------
    NotFound
        The actor does not see the entry.
    NotAllowed
        The actor manages neither the organisation nor the cluster that keeps it.
    Conflict
        The entry names nobody, or the contact signs in and must ask themselves.
    """
    contact = privacy.get_contact(organisation_id)
    if not rules.can_erase_contact(actor, organisation_id, steward_id=contact.steward_id):
        raise NotAllowed(
            _("Only a manager of the cluster that manages the entry can request this.")
        )
    if not (contact.name or contact.email):
        raise Conflict(_("This entry has no contact person."))
    with as_service("The right to the entry was checked; only the product sees who can sign in."):
        if privacy.signs_in(contact.email):
            raise Conflict(
                _(
                    "This person has a Proxeny account. Only they can request this, on the page "
                    "“Data held about you”."
                )
            )
        erasure = Erasure.objects.create(
            organisation_id=organisation_id,
            reason=Erasure.Reason.CONTACT,
            asked_by_id=actor.person,
            asked_at=now,
            due_at=now,
        )
        audit.record(actor, "ask_contact_erasure", erasure, organisation_id=contact.steward_id)
        _start(erasure, actor, organisation_id=contact.steward_id or organisation_id)
    return erasure


def start_due_erasures(*, now: datetime) -> int:
    """Queue a job for each erasure request that is due; return their number.

    In the service's role.
    """
    due = list(privacy.due_erasures(now=now))
    for erasure in due:
        _start(erasure, Reader(person=erasure.asked_by_id))
    return len(due)


def _start(erasure: Erasure, actor: Reader, *, organisation_id: int | None = None) -> None:
    enqueue(
        "accounts.erase-person",
        actor=actor,
        # One that was held up is due again another day.
        key=f"accounts.erase-person:{erasure.pk}:{erasure.due_at:%Y%m%d%H%M}",
        arguments={"erasure": erasure.pk},
        organisation_id=organisation_id,
    )


def announce_idle(*, now: datetime) -> int:
    """Notify inactive people that they will be erased; return their number.

    In the service's role. People who sign in or take a seat in the meantime are not erased.
    """
    idle = privacy.find_idle_people(now=now)
    for person in idle:
        erasure = Erasure.objects.create(
            person=person,
            reason=Erasure.Reason.IDLE,
            asked_at=now,
            due_at=now + privacy.IDLE_NOTICE,
        )
        audit.record(STRANGER, "announce_erasure", erasure)
        if person.email:
            _tell(erasure, person, "erasure_idle")
    return len(idle)


def tell_held_up(erasure: Erasure, person: Person, organisations: list[str]) -> None:
    """Write to a person whose erasure waits for a seat to be handed over."""
    _tell(erasure, person, "erasure_held_up", organisations=", ".join(organisations))


def _tell(erasure: Erasure, person: Person, template: str, **context: str) -> None:
    queue_mail(
        key=f"{template}:{erasure.pk}",
        recipient=person.email,
        template=f"accounts/mail/{template}",
        context={
            "name": person.name,
            "due_at": erasure.due_at,
            "action_url": settings.BASE_URL + reverse("privacy:mine"),
            **context,
        },
        language=person.language,
    )
