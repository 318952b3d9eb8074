"""Studies on the overview of a partnership's room: figures, dates, and open tasks."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.kinds import Kind
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.overview import AHEAD, MOST_ITEMS, Date, Item, Tile, dates_of
from proxeny.research.models import Study
from proxeny.research.queries.studies import all_studies

State = Study.State


def find_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield the numbers of studies under way and of their late steps. One query."""
    found = all_studies(partnership.pk, today=today).filter(dropped_at=None)
    running = Q(state=State.RUNNING)
    told = found.aggregate(
        all=Count("pk"), running=Count("pk", filter=running), behind=Sum("late", filter=running)
    )
    count, late = told["running"], told["behind"] or 0
    value = ngettext("%(count)d under way", "%(count)d under way", count) % {"count": count}
    note = ngettext("%(count)d step overdue", "%(count)d steps overdue", late) % {"count": late}
    yield Tile(
        _("Studies"),
        value if told["all"] else "",
        note if late else "",
        reverse("research:studies", args=[partnership.pk]),
    )


def find_dates(reader: Reader, partnership: Partnership, today: date) -> Iterator[Kind[Date]]:
    """Yield by when studies under way are to be over."""
    found = Study.objects.filter(
        partnership=partnership, dropped_at=None, state=State.RUNNING, ends_on__lte=today + AHEAD
    )
    yield dates_of(
        found,
        "ends_on",
        lambda pk: reverse("research:study", args=[partnership.pk, pk]),
        _("End of a study"),
        today=today,
    )


def find_items(partnership: Partnership, today: date) -> Iterator[Item]:
    """Yield studies in preparation and under way. One query."""
    found = Study.objects.filter(
        partnership=partnership, dropped_at=None, state__in=(State.PLANNING, State.RUNNING)
    )
    for one in found.order_by("-state", "ends_on", "-pk")[:MOST_ITEMS]:
        yield Item(
            one.title,
            reverse("research:study", args=[partnership.pk, one.pk]),
            date_format(one.ends_on) if one.ends_on else "",
            one.get_state_display(),
            "info" if one.state == State.RUNNING else "",
        )
