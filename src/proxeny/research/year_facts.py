"""Studies in the yearly report."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from proxeny.partnerships.models import Partnership, Recommendation
from proxeny.partnerships.report import Chapter, Figure
from proxeny.research.models import AdviceReview, Study
from proxeny.research.queries.fates import find_due

State = Recommendation.State


def find_chapters(partnership: Partnership, first: date, until: date) -> Iterator[Chapter]:
    """Yield a year's results of studies, and the outcomes of recommendations. Four queries."""
    within = (first, until)
    studies = Study.objects.filter(partnership=partnership, dropped_at=None).aggregate(
        begun=Count("pk", filter=Q(begun_on__range=within)),
        concluded=Count("pk", filter=Q(concluded_on__range=within)),
    )
    advice = (
        Recommendation.objects.filter(
            partnership=partnership, dropped_at=None, source=Recommendation.Source.STUDY
        )
        .exclude(state=State.DRAFT)
        .aggregate(
            written=Count("pk", filter=Q(created_at__date__range=within)),
            decided=Count("pk", filter=Q(decided_on__range=within)),
            adopted=Count("pk", filter=Q(adopted_on__range=within)),
        )
    )
    looks = AdviceReview.objects.filter(partnership=partnership, looked_on__range=within)
    looked = looks.values("recommendation").distinct().count()
    due = find_due(partnership.pk, today=min(until, timezone.localdate())).count()
    if not any((*studies.values(), *advice.values(), looked, due)):
        return
    figures = [
        Figure(
            _("Studies concluded"),
            number_format(studies["concluded"]),
            _("%(count)s started") % {"count": number_format(studies["begun"])},
        ),
        Figure(
            _("Study recommendations adopted"),
            number_format(advice["adopted"]),
            _("%(written)s written, %(decided)s decided in the year")
            % {
                "written": number_format(advice["written"]),
                "decided": number_format(advice["decided"]),
            },
        ),
        Figure(
            _("Recommendations followed up"),
            number_format(looked),
            _("%(count)s with no follow-up for a year") % {"count": number_format(due)}
            if due
            else "",
        ),
    ]
    yield Chapter(
        _("Studies"),
        _("What both sides explored together, what they recommend, and what came of it."),
        tuple(figures),
    )
