"""Outcome figures of a custom range of days, counted on request."""

from datetime import date

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from proxeny.insight.operations.outcome_periods import Span, figures_of
from proxeny.insight.operations.outcomes import read_costs
from proxeny.insight.queries.outcome_counts import count_days
from proxeny.insight.queries.outcome_waits import read_waits
from proxeny.insight.queries.outcomes import RECENT, Outcomes, Period, period_of
from proxeny.kernel.errors import InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.outcome_days import Days, refuse_wrong_days
from proxeny.meetings.queries.outcome import shown_meetings
from proxeny.partnerships.models import Party
from proxeny.partnerships.queries import get_partnership, parties_of
from proxeny.partnerships.rules import party_joined

#: So many meetings are counted while somebody waits; of more the figures that stand are told.
MOST_LIVE = 50_000


def count_own_days(
    *, actor: Reader, partnership_id: int, since: date | None, until: date | None, today: date
) -> Period:
    """Return the figures of some days, both included, as far as the actor's team reads them.

    Writes nothing.

    Raises
    ------
    NotFound
        Not of a side that takes part in a signed partnership.
    InvalidInput
        The last day comes before the first, a day no calendar has, or too many meetings.
    """
    partnership = get_partnership(partnership_id)
    parties = list(parties_of(partnership))
    mine = party_joined(actor, parties)
    if partnership.pk not in actor.rooms or mine is None:
        raise NotFound(_("We couldn’t find this partnership."))
    days = check_days(since, until)
    refuse_many(partnership_id, days)
    waits = read_waits(
        partnership_id,
        mine.organisation_id,
        [one.organisation_id for one in parties if one.state == Party.State.JOINED],
        days,
    )
    told = figures_of(
        Span(since, until),
        count_days(partnership_id, days),
        waits,
        read_costs(partnership),
        today=today,
    )
    return period_of("", told)


def pick_period(
    *,
    actor: Reader,
    partnership_id: int,
    outcomes: Outcomes,
    code: str,
    since: date | None,
    until: date | None,
    today: date,
) -> Period:
    """Return the figures of a stored period, or of a custom range if a day is given.

    Raises
    ------
    InvalidInput
        There is no such period; as `count_own_days`.
    """
    if since or until:
        return count_own_days(
            actor=actor, partnership_id=partnership_id, since=since, until=until, today=today
        )
    found = outcomes.period(code or RECENT)
    if found is None:
        raise InvalidInput(
            _(
                "We couldn’t find this period. Choose “recent”, “all”, a year such as 2026 or a "
                "quarter such as 2026-Q1."
            ),
            field="period",
        )
    return found


def check_days(since: date | None, until: date | None) -> Days:
    """Return some days, in the house's time zone as all figures; `InvalidInput` for what are none."""
    refuse_wrong_days(since, until)
    return Days(timezone.get_default_timezone(), since, until)


def refuse_many(partnership_id: int, days: Days) -> None:
    """Raise `InvalidInput` where more meetings would be counted than one waits for. One query."""
    meetings = shown_meetings(partnership_id).filter(days.holds("starts_at")).order_by()
    with as_service("The room's team reads all of its meetings; the policies would weigh each."):
        count = meetings.values("pk")[: MOST_LIVE + 1].count()
    if count > MOST_LIVE:
        raise InvalidInput(
            _(
                "There are more than %(count)s meetings in this period. Choose fewer days, or a "
                "single year or quarter."
            )
            % {"count": number_format(MOST_LIVE, force_grouping=True)},
            field="since",
        )
