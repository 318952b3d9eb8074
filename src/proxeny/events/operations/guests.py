"""Links for organisations without a sign-in: made with a mail, renewed, turned into an account."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.accounts.models import Invitation, Role
from proxeny.accounts.operations import invite_person
from proxeny.accounts.queries import hash_token
from proxeny.events.models import Event, GuestLink, Participation
from proxeny.events.operations.senders import organisers_of
from proxeny.events.queries.guests import contacts_by_link, open_guest_link, token_of
from proxeny.events.queries.partnerships import Contact
from proxeny.kernel.errors import NotFound
from proxeny.kernel.mail import queue_mail
from proxeny.kernel.tenancy import Reader, as_service

#: A link holds so many days after the event, to say how each meeting went.
DAYS_AFTER = 60
#: So many days from the question six months later, and from a renewal after the event.
DAYS_LATER, DAYS_RENEWED = 90, 30
#: So many days after the event a link may still be renewed.
_RENEWABLE = 365
_PAUSE = timedelta(minutes=10)
#: Most links that one wish renews: an address may stand for several events.
_MOST = 5


def link_address(
    participation: Participation, contact: Contact, *, now: datetime, days: int = 0
) -> str:
    """Return the address of a contact's own link for a participation; it is made if missing.

    Links of former contact addresses of the entry end. With `days`, it holds that long from now at
    least.
    """
    last = _end_of(participation.event)
    with as_service("No reader may see or write links; the secret goes to the address alone."):
        GuestLink.objects.filter(participation=participation, expires_at__gt=now).exclude(
            email=contact.email
        ).update(expires_at=now)
        link, _made = GuestLink.objects.select_for_update().get_or_create(
            participation=participation,
            email=contact.email,
            defaults={
                "language": contact.language,
                "expires_at": last,
                "token_hash": f"new:{participation.pk}:{now.timestamp()}",
            },
        )
        wanted = max(last, now + timedelta(days=days))
        link.language, link.expires_at = contact.language, max(wanted, link.expires_at)
        # Another key of the installation makes another secret.
        link.token_hash = hash_token(token_of(link))
        link.save(update_fields=["language", "expires_at", "token_hash"])
    return address_of(link)


def address_of(link: GuestLink) -> str:
    """Return the whole address that a link's mails carry."""
    return settings.BASE_URL + reverse("events:guest", args=[token_of(link)])


def _end_of(event: Event) -> datetime:
    return datetime.combine(event.ends_on + timedelta(days=DAYS_AFTER), time.max, UTC)


def note_use(link: GuestLink, *, now: datetime) -> None:
    """Keep when a link was first opened."""
    with as_service("No reader may see or write links."):
        GuestLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now)


@transaction.atomic
def renew_links(*, email: str, now: datetime) -> int:
    """Send new links to an address that had some; return how many. The old ones work no more.

    Only for events that are not over for long, and while the address is still the contact of the
    entry. The caller answers in the same words whatever comes of it.

    Side effects: one mail a link.
    """
    with as_service("Who asks for a link has no sign-in; only addresses known before get mail."):
        found = list(
            GuestLink.objects.select_for_update(of=("self",))
            .filter(
                email__iexact=email.strip(),
                participation__event__ends_on__gte=now.date() - timedelta(days=_RENEWABLE),
            )
            .exclude(participation__event__state=Event.State.CANCELLED)
            .select_related("participation__organisation", "participation__event")
            .order_by("-participation__event__starts_on", "pk")[:_MOST]
        )
        known = contacts_by_link([one.participation.organisation for one in found])
        return sum(
            _renew(one, contact, now) for one in found if (contact := _contact_of(one, known))
        )


def _contact_of(link: GuestLink, known: Mapping[int, Contact]) -> Contact | None:
    """Return whom a link was made for, while the entry still names them as its contact."""
    contact = known.get(link.participation.organisation_id)
    return contact if contact and contact.email.lower() == link.email.lower() else None


def _renew(link: GuestLink, contact: Contact, now: datetime) -> bool:
    if link.renewed_at is not None and now - link.renewed_at < _PAUSE:
        return False
    own = link.participation
    link.number += 1
    link.renewed_at = now
    link.expires_at = max(_end_of(own.event), now + timedelta(days=DAYS_RENEWED))
    link.token_hash = hash_token(token_of(link))
    link.save(update_fields=["number", "renewed_at", "expires_at", "token_hash"])
    sender = organisers_of(own.event, today=now.date()).of(own.organisation)
    queue_mail(
        key=f"event-link:{link.pk}:{link.number}",
        recipient=link.email,
        template="events/mail/link",
        context={
            "event": own.event,
            "organisation": own.organisation,
            "name": contact.name,
            "sender": sender,
            "action_url": address_of(link),
        },
        language=link.language,
        sender=sender,
    )
    return True


@transaction.atomic
def ask_for_account(*, token: str, now: datetime) -> Invitation:
    """Send the owner of a link an invitation to sign in as a representative of the organisation.

    All that was done by the link is the organisation's, and waits for them there. The link goes on
    working.

    Raises
    ------
    NotFound, Conflict
        No such link, or one of a former contact; the address was invited already, or signs in.
    """
    link = open_guest_link(token, now=now)
    own = link.participation
    with as_service("The owner of the address is invited to it alone, as their cluster would do."):
        contact = _contact_of(link, contacts_by_link([own.organisation]))
        if contact is None:
            raise NotFound(_("This link isn’t valid or has expired."))
        return invite_person(
            actor=Reader(managed=(own.organisation_id,)),
            organisation_id=own.organisation_id,
            role=Role.REPRESENTATIVE,
            name=own.contact or contact.name or own.organisation.name,
            email=link.email,
            language=link.language,
            now=now,
        )
