"""The library of figures: many by a filter, one with its versions, and its citations."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from proxeny.assessments.models import Figure, FigureVersion, FindingSource
from proxeny.assessments.statistics.sources import office_name
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import AuditEntry

#: How a library is sorted, by what an address says; the version that was brought last comes first.
SORTS = {
    "brought": ("-brought_at", "-pk"),
    "-brought": ("brought_at", "pk"),
    "title": ("title", "pk"),
    "-title": ("-title", "-pk"),
    "source": ("source", "title", "pk"),
    "-source": ("-source", "title", "pk"),
    "cited": ("-citations", "title", "pk"),
    "-cited": ("citations", "title", "pk"),
}
#: What stands for an office where people brought the table themselves.
CSV = "csv"


def all_figures(partnership_id: int) -> QuerySet[Figure]:
    """Return a partnership’s figures, each with its last version’s number and day, and citations.

    Findings are counted that the reader sees: those of engagements without a conflict of interest.
    """
    last = FigureVersion.objects.filter(figure=OuterRef("pk")).order_by("-number")
    cited = (
        FindingSource.objects.filter(figure__figure=OuterRef("pk"), finding__dropped_at=None)
        .values("figure__figure")
        .annotate(count=Count("finding_id", distinct=True))
        .values("count")
    )
    return Figure.objects.filter(partnership_id=partnership_id).annotate(
        number=Subquery(last.values("number")[:1]),
        brought_at=Coalesce(Subquery(last.values("brought_at")[:1]), F("created_at")),
        citations=Coalesce(Subquery(cited), 0),
    )


def find_figures(
    partnership_id: int,
    *,
    q: str = "",
    office: str = "",
    unit: str = "",
    away: bool = False,
    sort: str = "brought",
) -> QuerySet[Figure]:
    """Return the figures that match a filter; archived ones only on request.

    Parameters
    ----------
    q : str
        Words that must all occur in the title, source, data set or key.
    office : str
        An office’s code, or `csv`.
    sort : str
        One of `SORTS`; any other value sorts by import.
    """
    found = all_figures(partnership_id).filter(dropped_at__isnull=not away)
    for word in q.split()[:8]:
        found = found.filter(
            Q(title__icontains=word)
            | Q(source__icontains=word)
            | Q(flow__icontains=word)
            | Q(key__icontains=word)
        )
    if office:
        found = found.filter(origin=CSV) if office == CSV else found.filter(agency=office)
    if unit:
        found = found.filter(unit=unit)
    return found.order_by(*SORTS.get(sort, SORTS["brought"]))


def units_of(partnership_id: int) -> list[str]:
    """Return the units of a partnership’s figures, in order."""
    found = Figure.objects.filter(partnership_id=partnership_id).exclude(unit="")
    return list(found.values_list("unit", flat=True).distinct().order_by("unit"))


def get_figure(figure_id: int, partnership_id: int | None = None) -> Figure:
    """Return a figure, archived or not; raise `NotFound` if the reader sees none."""
    found = Figure.objects.select_related("partnership").filter(pk=figure_id)
    if partnership_id is not None:
        found = found.filter(partnership_id=partnership_id)
    if (one := found.first()) is None:
        raise NotFound(_("We couldn’t find this figure."))
    return one


def get_listed(figure_id: int, partnership_id: int) -> Figure:
    """Return a figure with what `all_figures` tells along; `NotFound` if the reader sees none."""
    if (one := all_figures(partnership_id).filter(pk=figure_id).first()) is None:
        raise NotFound(_("We couldn’t find this figure."))
    return one


def versions_of(figure: Figure) -> QuerySet[FigureVersion]:
    """Return a figure’s versions, the newest first, without their values."""
    return figure.versions.defer("series").select_related("brought_by").order_by("-number")


def get_version(figure: Figure, number: int | None = None) -> FigureVersion:
    """Return a version with its values: the newest, or by number; `NotFound` if there is none."""
    found = figure.versions.select_related("brought_by").order_by("-number")
    if number is not None:
        found = found.filter(number=number)
    if (one := found.first()) is None:
        raise NotFound(_("We couldn’t find this version of the figure."))
    return one


def before(version: FigureVersion) -> FigureVersion | None:
    """Return the version before one, with its values; None for the first."""
    return (
        FigureVersion.objects.filter(figure_id=version.figure_id, number__lt=version.number)
        .order_by("-number")
        .first()
    )


def citations_of(figure: Figure) -> QuerySet[FindingSource]:
    """Return the citations of a figure, as far as the reader may see the engagement."""
    return (
        FindingSource.objects.filter(figure__figure=figure, finding__dropped_at=None)
        .select_related("finding", "engagement", "figure")
        .defer("figure__series", "figure__changes")
        .order_by("engagement_id", "finding__order", "finding_id", "pk")
    )


def last_checked(figure: Figure) -> datetime | None:
    """Return the time of the last check that found no newer values; None if never."""
    found = AuditEntry.objects.filter(
        target=Figure._meta.label_lower, target_id=figure.pk, verb="check_figure"
    )
    return found.order_by("-at").values_list("at", flat=True).first()


def tell_source(figure: Figure, version: FigureVersion) -> str:
    """Return the line below a figure: source, data set, date and licence."""
    day = date_format(localtime(version.brought_at), "DATE_FORMAT")
    values = {"source": figure.source, "flow": figure.flow, "day": day, "licence": figure.licence}
    if figure.origin == Figure.Origin.SDMX:
        values["source"] = office_name(figure.agency)
        return _("%(source)s, %(flow)s, fetched on %(day)s, %(licence)s") % values
    return _("%(source)s, uploaded on %(day)s, %(licence)s") % values


def tell_all(figure: Figure, version: FigureVersion) -> list[tuple[str, str]]:
    """Return the rows about a figure in its file: subject, source, dates and query."""
    day = date_format(localtime(version.brought_at), "DATETIME_FORMAT")
    query = [(_("Query"), version.query)] if version.query else [(_("Address"), figure.url)]
    return [
        (_("What it shows"), figure.title),
        (_("Unit"), figure.unit),
        (_("Source"), figure.source),
        (_("Licence"), figure.licence),
        *query,
        (_("Added on"), day),
        (_("Version"), str(version.number)),
    ]


def table_of(figures: QuerySet[Figure]) -> tuple[list[str], list[list[object]]]:
    """Return a library as a table: header and rows."""
    header = [
        _("What it shows"),
        _("Unit"),
        _("Source"),
        _("Licence"),
        _("Address"),
        _("Data set"),
        _("Key"),
        _("Version"),
        _("Added on"),
        _("Cited in findings"),
    ]
    rows: list[list[object]] = [
        [
            one.title,
            one.unit,
            one.source,
            one.licence,
            one.url,
            one.flow,
            one.key,
            one.number,
            f"{localtime(one.brought_at):%Y-%m-%d}",
            one.citations,
        ]
        for one in cast("Iterable[Any]", figures)
    ]
    return header, rows
