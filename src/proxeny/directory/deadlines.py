"""The days until which offers and needs are shown, for calendars."""

from collections.abc import Iterator
from datetime import date
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.directory.models import Listing
from proxeny.directory.queries.listings import belongs_to
from proxeny.kernel.tenancy import Reader
from proxeny.notices.deadlines import Deadline


def find_deadlines(reader: Reader, first: date, last: date) -> Iterator[Deadline]:
    """Yield when texts of the reader's members end; a cluster's team has its list. One query."""
    members = set(reader.organisations) - set(reader.clusters)
    if not members:
        return
    found = Listing.objects.filter(
        belongs_to(members), status=Listing.Status.PUBLISHED, expires_on__range=(first, last)
    )
    for one in found.order_by("expires_on", "pk"):
        yield Deadline(
            key=f"listing:{one.pk}",
            on=cast("date", one.expires_on),
            topic="offers",
            title=_("Expires today: %(title)s") % {"title": one.title},
            text=_("Renew it with one click if it’s still valid."),
            path=reverse("directory:listing", args=[one.pk]),
        )
