"""Labels in the yearly report."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import as_service
from proxeny.labels.models import Award, Checkup, Decision, Submission
from proxeny.partnerships.amounts import tell_amount
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.report import Chapter, Figure


def find_chapters(partnership: Partnership, first: date, until: date) -> Iterator[Chapter]:
    """Yield a year's applications, decisions, awards and achievements. Four queries.

    Counted in the service role: all readers of the report see the same figures.
    """
    with as_service("All readers of the report get the same figures, and nothing but figures."):
        chapter = _count(partnership, (first, until))
    if chapter is not None:
        yield chapter


def _count(partnership: Partnership, within: tuple[date, date]) -> Chapter | None:
    applied = Submission.objects.filter(
        partnership=partnership, withdrawn_at=None, submitted_at__date__range=within
    ).count()
    decided = Decision.objects.filter(
        partnership=partnership,
        kind=Decision.Kind.ROUND,
        waits=False,
        decided_at__date__range=within,
    ).count()
    given = Q(issued_at__date__range=within)
    awards = (
        Award.objects.filter(partnership=partnership)
        .exclude(why=Award.Why.NAME)
        .aggregate(
            given=Count("pk", filter=given),
            renewed=Count("pk", filter=given & Q(why=Award.Why.RENEWAL)),
            revoked=Count("pk", filter=Q(revoked_at__date__range=within, replaced_by=None)),
        )
    )
    achieved = _achieved(partnership, within)
    if not (applied or decided or achieved or any(awards.values())):
        return None
    figures = [
        Figure(_("Applications for labels"), number_format(applied)),
        Figure(
            _("Awards issued"),
            number_format(awards["given"]),
            _("%(count)s of which were renewals") % {"count": number_format(awards["renewed"])}
            if awards["renewed"]
            else "",
        ),
    ]
    if decided:
        figures.append(Figure(_("Rounds decided"), number_format(decided)))
    if awards["revoked"]:
        figures.append(Figure(_("Awards revoked"), number_format(awards["revoked"])))
    return Chapter(
        _("Labels"),
        _("What you judged and awarded together, and what came of it."),
        (*figures, *achieved),
        tiles=(figures[1],) if awards["given"] else (),
    )


def _achieved(partnership: Partnership, within: tuple[date, date]) -> list[Figure]:
    """Return the achievements of awarded projects in the year, one figure a kind. One query."""
    found = Checkup.objects.filter(
        partnership=partnership, answered_at__date__range=within
    ).exclude(kind="")
    rows = (
        found.values("kind", "currency")
        .annotate(projects=Count("award", distinct=True), total=Sum("amount"))
        .order_by("kind", "currency")
    )
    totals: dict[str, list[str]] = defaultdict(list)
    projects: dict[str, int] = defaultdict(int)
    for row in rows:
        projects[row["kind"]] += row["projects"]
        if row["total"] is not None:
            totals[row["kind"]].append(_tell(row["total"], row["currency"]))
    return [
        Figure(
            Checkup.Kind(kind).label,
            join_items(totals[kind]) or number_format(count),
            ngettext("reported by %(count)d project", "reported by %(count)d projects", count)
            % {"count": count},
        )
        for kind, count in projects.items()
    ]


def _tell(total: Decimal, currency: str) -> str:
    if currency:
        return tell_amount(total, currency)
    return str(number_format(total, 0 if total == total.to_integral_value() else 2))
