"""Desk facts for a partnership's room: figures, dates, pending items, give and take, the year."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.ambassadors.models import Introduction
from proxeny.ambassadors.queries.totals import Totals, read_chains, read_totals
from proxeny.kernel.kinds import Kind
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.outcome_days import Days
from proxeny.partnerships.amounts import tell_rounded
from proxeny.partnerships.exchange import Given
from proxeny.partnerships.models import Favour, Partnership, Party
from proxeny.partnerships.overview import AHEAD, MOST_DATES, Date, Tile
from proxeny.partnerships.report import Chapter, Figure

State = Introduction.State


def _all(partnership: Partnership, today: date) -> list[Totals]:
    """Return what each desk did since it began, and has to do. One query."""
    always = Days(timezone.get_current_timezone())
    return read_totals(partnership.pk, always, today=today)


def find_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield how many introductions the own desk has in hand. One query."""
    own = [one for one in _all(partnership, today) if one.is_own]
    count, late = sum(one.open for one in own), sum(one.late for one in own)
    booked = sum(one.booked for one in own)
    notes = []
    if booked:
        notes.append(
            ngettext("%(count)d upcoming meeting", "%(count)d upcoming meetings", booked)
            % {"count": booked}
        )
    if late:
        notes.append(ngettext("%(count)d overdue", "%(count)d overdue", late) % {"count": late})
    value = ngettext("%(count)d open", "%(count)d open", count) % {"count": count}
    yield Tile(
        _("Introductions"),
        value if any(one.noted for one in own) else "",
        " · ".join(notes),
        reverse("ambassadors:board", args=[partnership.pk]),
    )


def find_dates(reader: Reader, partnership: Partnership, today: date) -> Iterator[Kind[Date]]:
    """Yield the booked meetings of the own desk that are to come."""

    def tell(pk: int, member: str, other: str, starts: str) -> Date:
        return Date(
            timezone.localdate(datetime.fromisoformat(starts)),
            f"{member} – {other}",
            reverse("ambassadors:case", args=[partnership.pk, pk]),
            _("Introduction"),
        )

    found = Introduction.objects.filter(
        partnership=partnership,
        cluster_id__in=reader.organisations,
        state=State.BOOKED,
        meeting__ends_at__date__gte=today,
        meeting__starts_at__date__lte=today + AHEAD,
    ).order_by("meeting__starts_at", "pk")
    columns = {
        "member": "member__name",
        "other": "stakeholder__name",
        "starts": "meeting__starts_at",
    }
    yield Kind(found, tell, columns, most=MOST_DATES)


def count_given(partnership: Partnership, parties: Sequence[Party]) -> Iterator[Given]:
    """Yield how many of each side's introductions both accepted. One query.

    In an alliance it is not recorded to which of the others a desk introduced: the first one is
    used.
    """
    sides = [one.organisation_id for one in parties]
    for one in _all(partnership, timezone.localdate()):
        others = [pk for pk in sides if pk != one.cluster_id]
        if one.agreed and one.cluster_id in sides and others:
            yield Given(Favour.Kind.INTRODUCTION, one.cluster_id, others[0], one.agreed)


def find_chapters(partnership: Partnership, first: date, until: date) -> Iterator[Chapter]:
    """Yield what the desks of both sides did in a year, each as a whole. Four queries."""
    days = Days(timezone.get_default_timezone(), first, until)
    totals = [one for one in read_totals(partnership.pk, days, today=until) if one.has_done]
    parties = Party.objects.filter(partnership=partnership).select_related("organisation")
    names = {one.organisation_id: one.organisation.name for one in parties}
    outcomes = read_chains(partnership.pk, days)
    figures = []
    for one in totals:
        chain, _terms = outcomes.of(one.cluster_id)
        figures += list(_figures(one, names[one.cluster_id], chain.held))
    if figures:
        yield Chapter(
            _("The ambassadors’ desks"),
            _("The introductions each desk made, as totals. Names are in each side’s own report."),
            tuple(figures),
        )


def _figures(one: Totals, name: str, held: int) -> Iterator[Figure]:
    days = "" if one.days_to_yes is None else tell_rounded(one.days_to_yes)
    yield Figure(
        _("Introductions by %(name)s") % {"name": name},
        number_format(one.noted),
        _("both said yes to %(agreed)s; %(held)s led to a meeting")
        % {"agreed": number_format(one.agreed), "held": number_format(held)},
    )
    if days:
        yield Figure(_("Median days from request to both saying yes"), days, name)
    if one.mandates:
        yield Figure(
            _("Mandates received by %(name)s") % {"name": name},
            number_format(one.mandates),
            _("%(count)s accepted") % {"count": number_format(one.accepted)},
        )
