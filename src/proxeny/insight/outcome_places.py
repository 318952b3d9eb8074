"""The sources of a figure's rows, and the number of rows hidden from the reader."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import ngettext

from proxeny.insight.outcome_figures import BALANCE, CHAIN, Figure
from proxeny.insight.queries.outcome_rows import Found, Place
from proxeny.insight.queries.outcomes import Period
from proxeny.meetings.outcome_days import Days
from proxeny.partnerships.models import Party


def place_of(mine: Party, parties: Iterable[Party], figure: Figure, period: Period) -> Place:
    """Return the source of a figure's rows."""
    zone = timezone.get_default_timezone()
    # Give and take is only counted over all time.
    days = Days(zone) if figure.section == BALANCE else Days(zone, period.since, period.until)
    clusters = tuple(one.organisation_id for one in parties if one.state == Party.State.JOINED)
    return Place(mine.partnership_id, mine.organisation_id, clusters, days)


def count_hidden(figure: Figure, found: Found) -> int:
    """Return the number of a figure's rows hidden from the reader. One query, or none."""
    if found.whole or figure.section not in (CHAIN, BALANCE):
        return 0
    counted = figure.of if figure.section == BALANCE else figure.value
    return max(0, round(counted or 0) - found.total())


def tell_hidden(figure: Figure, count: int) -> str:
    """Return one sentence on what the reader does not read; empty where that is nothing."""
    if not count:
        return ""
    if figure.section == BALANCE:
        told = ngettext(
            "Proxeny counted %(count)s more from activity: hosting, introductions, meetings, "
            "bids and memberships.",
            "Proxeny counted %(count)s more from activity: hosting, introductions, meetings, "
            "bids and memberships.",
            count,
        )
    else:
        told = ngettext(
            "%(count)s more that only the other side, or only managers, can read.",
            "%(count)s more that only the other side, or only managers, can read.",
            count,
        )
    return told % {"count": count}
