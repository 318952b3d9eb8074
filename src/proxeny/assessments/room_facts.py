"""Assessments on the overview of a partnership's room: figures, dates, and open tasks."""

from collections.abc import Iterator
from datetime import date

from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.assessments.models import Engagement
from proxeny.assessments.queries.engagements import is_late
from proxeny.assessments.queries.outcomes import count_along
from proxeny.assessments.rules import OPEN
from proxeny.kernel.kinds import Kind
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.overview import AHEAD, MOST_ITEMS, Date, Item, Tile, dates_of

State = Engagement.State


def find_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield the numbers of open assessments and of outcomes of reports. One query."""
    chain, told = count_along(
        Engagement.objects.filter(partnership=partnership),
        open=Q(state__in=OPEN),
        new=Q(state=State.ASKED),
        late=Q(state__in=OPEN) & is_late(today),
    )
    notes = []
    if told["new"]:
        notes.append(
            ngettext("%(count)d not started", "%(count)d not started", told["new"])
            % {"count": told["new"]}
        )
    if told["late"]:
        notes.append(
            ngettext("%(count)d overdue", "%(count)d overdue", told["late"])
            % {"count": told["late"]}
        )
    value = ngettext("%(count)d open", "%(count)d open", told["open"]) % {"count": told["open"]}
    yield Tile(
        _("Assessments"),
        value if chain.asked else "",
        " · ".join(notes),
        reverse("assessments:list", args=[partnership.pk]),
    )
    count, note = chain.reported, ""
    value = ngettext("%(count)d report", "%(count)d reports", count) % {"count": count}
    if chain.told_half:
        note = _("%(part)d of %(all)d used") % {"part": chain.used, "all": chain.told_half}
    yield Tile(
        _("Outcomes of assessments"),
        value if count else "",
        note,
        reverse("assessments:outcomes", args=[partnership.pk]),
    )


def find_dates(reader: Reader, partnership: Partnership, today: date) -> Iterator[Kind[Date]]:
    """Yield by when reports are due."""
    found = Engagement.objects.filter(
        partnership=partnership, state=State.WORKING, due_on__lte=today + AHEAD
    )
    yield dates_of(
        found,
        "due_on",
        lambda pk: reverse("assessments:engagement", args=[partnership.pk, pk]),
        _("Assessment report"),
        today=today,
    )


def find_items(partnership: Partnership, today: date) -> Iterator[Item]:
    """Yield open assessments, with the day on which their report is due. One query."""
    found = Engagement.objects.filter(partnership=partnership, state__in=OPEN)
    for one in found.order_by(F("due_on").asc(nulls_last=True), "-pk")[:MOST_ITEMS]:
        is_late = bool(one.due_on and one.due_on < today)
        yield Item(
            one.title,
            reverse("assessments:engagement", args=[partnership.pk, one.pk]),
            date_format(one.due_on) if one.due_on else "",
            one.get_state_display(),
            "warn" if is_late else "info",
        )
