"""What studies tell the room of a partnership: figures, dates, and what waits."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.overview import AHEAD, DATES, Date, Tile, Waiting
from proxeny.research.models import DataRequest, Study
from proxeny.research.queries.fates import find_due
from proxeny.research.queries.studies import all_studies

State = Study.State


def find_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield how many studies are under way, and how many of their steps are late. One query."""
    found = all_studies(partnership.pk, today=today).filter(dropped_at=None)
    running = Q(state=State.RUNNING)
    told = found.aggregate(
        all=Count("pk"), running=Count("pk", filter=running), behind=Sum("late", filter=running)
    )
    count, late = told["running"], told["behind"] or 0
    value = ngettext("%(count)d under way", "%(count)d under way", count) % {"count": count}
    note = ngettext("%(count)d step late", "%(count)d steps late", late) % {"count": late}
    yield Tile(_("Studies"), value if told["all"] else "", note if late else "",
               reverse("research:studies", args=[partnership.pk]))  # fmt: skip


def find_dates(reader: Reader, partnership: Partnership, today: date) -> Iterator[Date]:
    """Yield by when studies under way are to be over. One query."""
    found = Study.objects.filter(
        partnership=partnership, dropped_at=None, state=State.RUNNING, ends_on__lte=today + AHEAD
    )
    for one in found.order_by("ends_on", "pk")[:DATES]:
        if one.ends_on:
            yield Date(one.ends_on, one.title,
                       reverse("research:study", args=[partnership.pk, one.pk]),
                       _("End of a study"), is_late=one.ends_on < today)  # fmt: skip


def find_waiting(reader: Reader, partnership: Partnership, today: date) -> Iterator[Waiting]:
    """Yield how many ask for data, and what nobody looked at again for a year. One query."""
    pk = partnership.pk
    asked = DataRequest.objects.filter(
        partnership=partnership, state=DataRequest.State.ASKED, package__dropped_at=None
    )
    due = find_due(pk, today=today)
    told = Partnership.objects.filter(pk=pk).values_list(_count(asked), _count(due))
    requests, looks = told.first() or (0, 0)
    if requests:
        text = ngettext("%(count)d request for data waits for your decision.",
                        "%(count)d requests for data wait for your decision.", requests)  # fmt: skip
        yield Waiting(text % {"count": requests}, reverse("research:requests", args=[pk]),
                      _("Decide"))  # fmt: skip
    if looks:
        text = ngettext("%(count)d recommendation of a study was not looked at for a year.",
                        "%(count)d recommendations of studies were not looked at for a year.",
                        looks)  # fmt: skip
        url = reverse("research:fates", args=[pk])
        yield Waiting(text % {"count": looks}, f"{url}#due", _("Look at them"))


def _count(rows: QuerySet[Any]) -> Coalesce:
    """Return how many rows there are, as part of another query."""
    number = rows.select_related(None).order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(number.annotate(n=Count("pk")).values("n")), 0)
