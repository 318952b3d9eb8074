"""Labels on the overview of a partnership's room: figures, dates, and open tasks."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.kinds import Kind
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import load_zone
from proxeny.labels.models import Award, Round
from proxeny.labels.rules import TONES
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.overview import AHEAD, MOST_DATES, MOST_ITEMS, Date, Item, Tile, dates_of

State = Round.State


def find_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield the numbers of valid awards and of rounds under way. Two queries."""
    now = timezone.now()
    held = Award.objects.filter(
        partnership=partnership, issued_at__isnull=False, revoked_at=None, valid_until__gt=now
    ).count()
    rounds = Round.objects.filter(partnership=partnership, dropped_at=None).aggregate(
        all=Count("pk"),
        underway=Count("pk", filter=~Q(state__in=(State.PLANNED, State.DECIDED))),
    )
    value = ngettext("%(count)d valid award", "%(count)d valid awards", held) % {"count": held}
    underway = rounds["underway"]
    note = ngettext("%(count)d round in progress", "%(count)d rounds in progress", underway)
    yield Tile(
        _("Labels"),
        value if rounds["all"] or held else "",
        note % {"count": underway} if underway else "",
        reverse("labels:list", args=[partnership.pk]),
    )


def find_dates(reader: Reader, partnership: Partnership, today: date) -> Iterator[Kind[Date]]:
    """Yield the closing and decision dates of rounds, and the end of awards."""
    pk, until = partnership.pk, today + AHEAD
    end = datetime.combine(until, time.max, timezone.get_current_timezone())

    def url(number: int) -> str:
        return reverse("labels:round", args=[pk, number])

    def tell_closing(pk: int, title: str, closes: str, zone: str) -> Date | None:
        day = datetime.fromisoformat(closes).astimezone(load_zone(zone)).date()
        late = day < today
        return Date(day, title, url(pk), _("Round closes"), late) if day <= until else None

    def tell_award(pk: int, title: str, scheme: int, ends: str) -> Date:
        day = timezone.localtime(datetime.fromisoformat(ends)).date()
        page = reverse("labels:award-room", args=[partnership.pk, scheme, pk])
        return Date(day, title, page, _("Award expires"))

    rounds = Round.objects.filter(
        partnership=partnership, dropped_at=None, published_at__isnull=False
    )
    # By the clocks of the round its day may be an earlier one.
    closing = rounds.filter(state=State.OPEN, closes_at__lte=end + timedelta(days=1))
    columns = {"title": "title", "closes": "closes_at", "zone": "zone"}
    yield Kind(closing.order_by("closes_at", "pk"), tell_closing, columns, most=MOST_DATES)
    decided = rounds.filter(decides_on__lte=until).exclude(state=State.DECIDED)
    yield dates_of(decided, "decides_on", url, _("Decision planned"), today=today)
    awards = Award.objects.filter(
        partnership=partnership,
        issued_at__isnull=False,
        revoked_at=None,
        replaced_by=None,
        valid_until__range=(timezone.now(), end),
    )
    columns = {"title": "title", "scheme": "scheme_id", "ends": "valid_until"}
    yield Kind(awards.order_by("valid_until", "pk"), tell_award, columns, most=MOST_DATES)


def find_items(partnership: Partnership, today: date) -> Iterator[Item]:
    """Yield rounds that are not decided, with the day on which they close. One query."""
    found = Round.objects.filter(partnership=partnership, dropped_at=None)
    for one in found.exclude(state=State.DECIDED).order_by("closes_at", "pk")[:MOST_ITEMS]:
        yield Item(
            one.title,
            reverse("labels:round", args=[partnership.pk, one.pk]),
            date_format(one.closes_at.astimezone(load_zone(one.zone)).date()),
            one.get_state_display(),
            TONES[State(one.state)],
        )
