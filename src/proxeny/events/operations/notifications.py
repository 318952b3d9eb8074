"""Notifications to a participant's contacts, and to the managers of the other sides of an event."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from proxeny.accounts.models import Person, Role
from proxeny.accounts.queries import live_seats, written_by
from proxeny.events.models import Event, Participation
from proxeny.events.operations.guests import link_address
from proxeny.events.queries.partnerships import Contact
from proxeny.events.steps import Step, name_step
from proxeny.kernel.mail import queue_mail
from proxeny.kernel.mail_senders import PROXENY, Sender
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.notices.operations import tell
from proxeny.partnerships import rules
from proxeny.partnerships.models import Agreement, Party
from proxeny.partnerships.operations.signers import Side
from proxeny.partnerships.queries import parties_joined


def tell_contact(
    contact: Contact,
    *,
    participation: Participation,
    now: datetime,
    key: str,
    template: str,
    context: Mapping[str, Any],
    path: str = "",
    topic: str = "events",
    days: int = 0,
    calendar: str = "",
    calendar_method: str = "",
    sender: Sender = PROXENY,
) -> bool:
    """Notify a contact of an event; return whether the message is new and reaches somebody.

    Who signs in is led to the page; a contact address gets its own link to the event instead.

    Parameters
    ----------
    contact : Contact
        With the number 0 it is an address without a known person: it gets the mail.
    participation : Participation
        What it is about, with its event and organisation.
    path : str
        The target of the notification, from the slash on.
    days : int
        How long a link holds from now at least.
    sender : Sender
        On whose behalf the mail is written.
    """
    person = None
    if contact.person_id:
        # Whom one invites one need not see: they are told, and shown to nobody.
        with as_service("People who are invited are only told; their inviter may not see them."):
            person = Person.objects.filter(pk=contact.person_id, erased_at=None).first()
    values = {
        **context,
        "about": {
            "event": participation.event,
            "own": participation.organisation.name,
            "organiser": sender.organisation,
            "answers": (sender.person or sender.organisation) if sender.reply_to else "",
            "by_link": person is None,
        },
    }
    if person is not None:
        return tell(
            person,
            topic=topic,
            key=key,
            template=template,
            context={**values, "action_url": settings.BASE_URL + path},
            path=path,
            calendar=calendar,
            calendar_method=calendar_method,
            sender=sender,
        )
    if not contact.email or contact.person_id:
        return False
    mail = queue_mail(
        key=key,
        recipient=contact.email,
        template=template,
        context={**values, "action_url": link_address(participation, contact, now=now, days=days)},
        language=contact.language,
        calendar=calendar,
        calendar_method=calendar_method,
        sender=sender,
    )
    return mail is not None


def tell_step(
    kind: str,
    *,
    actor: Reader,
    event: Event,
    step: str,
    agreement: Agreement,
    mine: Side,
    today: date,
) -> None:
    """Notify the managers of the other sides about a step that all must agree to.

    Parameters
    ----------
    kind : str
        `asked`, `agreed` or `closed`, as `signing.Tell` has it.
    """
    with as_service("Whether others have signed decides on the words for them."):
        signed = list(agreement.sign_offs.values_list("party_id", "delegation_id"))
    itself = {party for party, delegation in signed if delegation is None}
    if kind == "asked" and len(itself) > 1:
        return  # all were told when it was proposed
    told = {
        "asked": "proposed",
        "agreed": "agreed" if len(itself) > 1 else "delegated",
        "closed": "withdrawn" if mine.pk in itself else "declined",
    }[kind]
    _tell_sides(
        told,
        actor=actor,
        event=event,
        mine=mine,
        today=today,
        step=step,
        key=f"{agreement.pk}:{mine.pk}",
        why=agreement.closed_why,
    )


def tell_change(
    kind: str, *, actor: Reader, event: Event, today: date, key: str = "", why: str = ""
) -> None:
    """Notify managers and ambassadors of the other sides of a change that one side made alone.

    Parameters
    ----------
    kind : str
        `reopened`, `provisional` or `repaired`.
    key : str
        What tells one change of a kind from the next, where the version of the event does not.
    """
    parties = parties_joined(event.partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is not None:
        _tell_sides(
            kind,
            actor=actor,
            event=event,
            mine=mine,
            today=today,
            key=key or f"{event.version}",
            why=why,
            roles=(Role.MANAGER, Role.AMBASSADOR),
        )


def _tell_sides(
    kind: str,
    *,
    actor: Reader,
    event: Event,
    mine: Side,
    today: date,
    key: str,
    step: str = "",
    why: str = "",
    roles: tuple[Role, ...] = (Role.MANAGER,),
) -> None:
    with as_service("People of the other sides are found for their notices alone."):
        others = Party.objects.filter(
            partnership_id=event.partnership_id, state=Party.State.JOINED
        ).exclude(pk=mine.pk or 0)
        seats = live_seats(today=today).filter(
            organisation_id__in=list(others.values_list("organisation_id", flat=True)),
            role__in=roles,
        )
        told = list(
            Person.objects.filter(pk__in=seats.values("person_id"), erased_at=None).order_by("pk")
        )
        cluster = mine.organisation.name
    sender = written_by(actor, cluster)
    # What one side has done alone is read by ambassadors too, who set up nothing.
    page = "agenda" if step == Step.PUBLISH else "setup-opening" if step else "detail"
    for person in told:
        if person.pk == actor.person:
            continue
        with override(person.language):
            what = name_step(step, event.title) if step else event.title
        tell(
            person,
            topic="events",
            key=f"event-step:{event.pk}:{kind}:{step}:{key}:{person.pk}",
            template="events/mail/step",
            context={
                "kind": kind,
                "name": person.name,
                "actor": actor.name,
                "cluster": cluster,
                "what": what,
                "why": why,
                "action_url": settings.BASE_URL + reverse(f"events:{page}", args=[event.pk]),
            },
            sender=sender,
        )
