"""Reading programs' tokens; how a call finds its own is `queries.find_key`."""

from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import ApiToken, Seat
from proxeny.accounts.queries import live_seats
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader


def list_own_seats(reader: Reader, *, today: date) -> QuerySet[Seat]:
    """Return the reader's own live seats, for which a program of theirs may act."""
    found = live_seats(today=today).filter(person_id=reader.own_id)
    return found.select_related("organisation").order_by("organisation__name", "role")


def list_tokens(reader: Reader, *, now: datetime) -> QuerySet[ApiToken]:
    """Return the reader's tokens and those acting for organisations they manage.

    Those in force come first; what was revoked or ran out stays for thirty days.
    """
    recent = now - timedelta(days=30)
    return (
        ApiToken.objects.filter(
            Q(revoked_at=None) | Q(revoked_at__gt=recent), expires_at__gt=recent
        )
        .filter(Q(person_id=reader.own_id) | Q(seat__organisation_id__in=reader.managed))
        .select_related("person", "seat__organisation")
        .order_by("-revoked_at", "-created_at", "-id")
    )


def tokens_ending(reader: Reader, *, now: datetime) -> QuerySet[ApiToken]:
    """Return the reader's own tokens that run out within two weeks."""
    soon = Q(expires_at__gt=now, expires_at__lte=now + timedelta(days=14))
    return ApiToken.objects.filter(soon, person_id=reader.own_id, revoked_at=None).order_by(
        "expires_at"
    )


def count_live_tokens(person_id: int, *, now: datetime) -> int:
    """Return how many tokens of a person are in force."""
    return ApiToken.objects.filter(person_id=person_id, revoked_at=None, expires_at__gt=now).count()


def get_token(token_id: int) -> ApiToken:
    """Return a token with holder and seat; `NotFound` if the reader does not see it."""
    found = ApiToken.objects.select_related("person", "seat__organisation").filter(pk=token_id)
    for token in found:
        return token
    raise NotFound(_("We couldn’t find this program."))
