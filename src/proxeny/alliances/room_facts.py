"""What the public page tells the room of a partnership: that it is out of date."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.alliances.content import from_json
from proxeny.alliances.models import PageVersion
from proxeny.alliances.rules import joined
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.overview import Waiting
from proxeny.partnerships.queries import parties_of


def find_waiting(reader: Reader, partnership: Partnership, today: date) -> Iterator[Waiting]:
    """Yield that the page names others than those who take part now. One query."""
    seen = PageVersion.objects.filter(partnership=partnership, published_at__isnull=False)
    newest = seen.order_by("-number").first()
    if newest is None or newest.withdrawn_at is not None:
        return
    if from_json(newest.content).parties != {one.pk for one in joined(parties_of(partnership))}:
        yield Waiting(
            _("The public page names others than those who take part now."),
            reverse("alliances:publication", args=[partnership.pk]),
            _("Renew it"),
        )
