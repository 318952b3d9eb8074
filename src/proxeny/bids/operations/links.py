"""Links for partners without a sign-in: made, used. Service role throughout."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse

from proxeny.accounts.queries import hash_token
from proxeny.bids.models import Link, Partner
from proxeny.bids.operations.partners import close_links, hold_partner
from proxeny.bids.queries.links import open_link
from proxeny.kernel.tenancy import as_service

#: So many days a link lets in.
DAYS = 30


def make_link(partner: Partner, *, now: datetime) -> str:
    """Create a link for a partner, close its older ones, and return its address.

    Only its hash is stored: the address appears only in the mail.
    """
    token = secrets.token_urlsafe(32)
    close_links(partner, now=now)
    with as_service("No reader may see or write links; the secret goes to the partner alone."):
        Link.objects.create(
            partner=partner,
            token_hash=hash_token(token),
            created_at=now,
            expires_at=now + timedelta(days=DAYS),
        )
    return f"{settings.BASE_URL}{reverse('bids:link', args=[token])}"


@contextmanager
def using(token: str, *states: str, now: datetime) -> Iterator[Partner]:
    """Do something by a link: in the service role, with its partner locked, all of it or nothing.

    Raises
    ------
    NotFound, Conflict
        As `open_link` and `hold_partner`.
    """
    with as_service("The holder of the link has no account: their part of the bid is theirs."):
        partner = hold_partner(open_link(token, now=now).partner_id, *states)
        # Data read before the lock may have changed during the wait.
        link = open_link(token, now=now)
        Link.objects.filter(pk=link.pk, used_at=None).update(used_at=now)
        yield partner
