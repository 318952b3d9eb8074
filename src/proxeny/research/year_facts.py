"""What studies tell of a year: in the report."""

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
    """Yield what studies yielded in a year, and what became of what they recommend. Four queries."""
    within = (first, until)
    studies = Study.objects.filter(partnership=partnership, dropped_at=None).aggregate(
        begun=Count("pk", filter=Q(begun_on__range=within)),
        concluded=Count("pk", filter=Q(concluded_on__range=within)),
    )
    advice = Recommendation.objects.filter(
        partnership=partnership, dropped_at=None, source=Recommendation.Source.STUDY
    ).exclude(state=State.DRAFT).aggregate(
        written=Count("pk", filter=Q(created_at__date__range=within)),
        decided=Count("pk", filter=Q(decided_on__range=within)),
        adopted=Count("pk", filter=Q(adopted_on__range=within)),
    )  # fmt: skip
    looks = AdviceReview.objects.filter(partnership=partnership, looked_on__range=within)
    looked = looks.values("recommendation").distinct().count()
    due = find_due(partnership.pk, today=min(until, timezone.localdate())).count()
    if not any((*studies.values(), *advice.values(), looked, due)):
        return
    figures = [
        Figure(_("Studies concluded"), number_format(studies["concluded"]),
               _("%(count)s begun") % {"count": number_format(studies["begun"])}),
        Figure(_("Recommendations of studies adopted"), number_format(advice["adopted"]),
               _("%(written)s written, %(decided)s decided in the year")
               % {"written": number_format(advice["written"]),
                  "decided": number_format(advice["decided"])}),
        Figure(_("Recommendations looked at again"), number_format(looked),
               _("%(count)s not looked at for a year") % {"count": number_format(due)}
               if due else ""),
    ]  # fmt: skip
    yield Chapter(
        _("Studies"),
        _("What both sides looked into together, what they recommend, and what became of it."),
        tuple(figures),
    )
