"""Mails about a bid to the managers of the other sides, each in their own language."""

from collections.abc import Callable, Iterable
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.accounts.queries import managers_of
from proxeny.bids.models import Bid
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.operations.mails import Letter, send, to_person
from proxeny.partnerships.models import Party


def tell_managers(
    bid: Bid,
    parties: Iterable[Party],
    write: Callable[[], Letter],
    *,
    actor: Reader,
    key: str,
    today: date,
    but: int | None = None,
) -> int:
    """Mail the managers of the participating parties; return the number of new mails.

    Parameters
    ----------
    write : callable
        Makes the letter, once the language of its reader is set.
    key : str
        What tells this mail of the bid from others.
    but : int, optional
        An organisation whose own managers are left out. The actor is always.
    """
    sides = [
        one.organisation_id
        for one in parties
        if one.state == Party.State.JOINED and one.organisation_id != but
    ]
    with as_service("Managers whom the partner may not see are notified of a partner's signature."):
        people = managers_of(sides, today=today)
    return sum(
        send(to_person(one, "bids"), write, key=f"bid:{bid.pk}:{key}:{one.pk}")
        for one in people
        if one.pk != actor.person
    )


def letter(
    bid: Bid, subject: str, *lines: str, quote: str = "", page: str = "bids:bid", label: str = ""
) -> Letter:
    """Return a letter that leads to a page of a bid."""
    path = reverse(page, args=[bid.partnership_id, bid.pk])
    return Letter(
        subject,
        tuple(filter(None, lines)),
        _("You’re receiving this email as a manager of a cluster that takes part in the bid."),
        quote=quote,
        label=label or _("Open the bid"),
        url=f"{settings.BASE_URL}{path}",
    )
