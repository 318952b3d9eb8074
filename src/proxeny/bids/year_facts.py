"""Facts of bids for the annual report."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Stance
from proxeny.kernel.lists import join_items
from proxeny.partnerships.amounts import tell_amount
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.report import Chapter, Figure

State, GoesOn = Bid.State, Stance.GoesOn
#: Maximum length of a bid's lessons in the report.
LESSON = 400


def find_chapters(partnership: Partnership, first: date, until: date) -> Iterator[Chapter]:
    """Yield the year's bids, their lessons, and work that goes on without grants. Two queries."""
    within = (first, until)
    found = list(
        Bid.objects.filter(
            Q(created_at__date__range=within)
            | Q(submitted_at__date__range=within)
            | Q(decided_on__range=within),
            partnership=partnership,
            dropped_at=None,
        )
        .select_related("call")
        .defer("idea", "call__text")
        .order_by("pk")
    )
    if not found:
        return
    begun = [one for one in found if first <= timezone.localdate(one.created_at) <= until]
    sent = [
        one
        for one in found
        if one.submitted_at and first <= timezone.localdate(one.submitted_at) <= until
    ]
    decided = [one for one in found if one.decided_on and first <= one.decided_on <= until]
    won = [one for one in decided if one.state == State.WON]
    grants = _sum_up(won)
    goes_on, answered = _count_going_on(found)
    figures = [
        Figure(
            _("Bids submitted"),
            number_format(len(sent)),
            _("%(count)s started") % {"count": number_format(len(begun))},
        ),
        Figure(
            _("Bids won"),
            number_format(len(won)),
            _("%(count)s decided") % {"count": number_format(len(decided))},
        ),
    ]
    if grants:
        figures.append(Figure(_("Grants"), grants))
    if answered:
        figures.append(
            Figure(
                _("Would continue without the grant, at least in part"),
                _("%(part)d of %(all)d") % {"part": goes_on, "all": answered},
                _("Bids for which a side says so, out of those that a side has answered"),
            )
        )
    yield Chapter(
        _("Joint bids"),
        _("What you bid for together, what came of it and what you learned."),
        (*figures, *_lessons(decided)),
        tiles=(figures[0],) if sent else (),
    )


def _sum_up(won: Iterable[Bid]) -> str:
    """Return the grants, each currency by itself."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in won:
        if one.granted:
            sums[one.call.currency] += one.granted
    return join_items([tell_amount(total, currency) for currency, total in sorted(sums.items())])


def _count_going_on(bids: Iterable[Bid]) -> tuple[int, int]:
    """Return of how many bids a side would do something without the grant, and how many are answered."""
    rows = Stance.objects.filter(bid__in=list(bids)).values_list("bid_id", "goes_on")
    said: dict[int, set[str]] = defaultdict(set)
    for bid, goes_on in rows:
        said[bid].add(goes_on)
    return sum(bool(one - {GoesOn.NOTHING}) for one in said.values()), len(said)


def _lessons(decided: Iterable[Bid]) -> Iterator[Figure]:
    for one in decided:
        if one.learned:
            yield Figure(one.title, one.get_state_display(), Truncator(one.learned).chars(LESSON))
