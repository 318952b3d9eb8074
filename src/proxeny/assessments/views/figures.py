"""The library of figures: the list, one with its chart and versions, changes, archiving."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.assessments.figure_files import answer_version
from proxeny.assessments.forms.figures import BroughtForm, FindFiguresForm, change_form
from proxeny.assessments.models import FigureVersion
from proxeny.assessments.operations import figures as operations
from proxeny.assessments.queries import figures as queries
from proxeny.assessments.statistics.chart import make_chart, tell_number
from proxeny.assessments.statistics.diff import Difference, differences
from proxeny.assessments.statistics.naming import tell_name
from proxeny.assessments.statistics.sources import OFFICES
from proxeny.assessments.views.frame import enter_assessments, show_page
from proxeny.kernel.actions import return_to
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, for_people, page_links, page_of, sort_links
from proxeny.partnerships.views.frame import telling_refusal

#: So many differences stand on one page.
DIFFERENCES = 100


@require_GET
@for_people
def show_list(request: Request, pk: int) -> HttpResponse:
    """Show the figures as a table, to search, sort and export."""
    frame = enter_assessments(request, pk)
    form = FindFiguresForm(request.GET, units=queries.units_of(pk))
    asked = form.asked()
    found = queries.find_figures(pk, **asked)
    if request.GET.get("export"):
        header, rows = queries.table_of(found)
        return answer_table("figures", form=request.GET["export"], header=header, rows=rows)
    page = page_of(found, request)
    context = {
        "form": form,
        "figures": page,
        "count": page.paginator.count,
        "is_narrowed": form.is_narrowed,
        "is_away": bool(asked.get("away")),
        "sorts": sort_links(request, ("title", "source", "brought", "cited"), now=asked["sort"]),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_page(request, frame, "figures", "figure_list", context)


@require_GET
@for_people
def show(request: Request, pk: int, figure_id: int, number: int | None = None) -> HttpResponse:
    """Show a figure as it is, or as it was at one time: chart, table, source, versions, citations."""
    frame = enter_assessments(request, pk)
    figure = queries.get_figure(figure_id, pk)
    versions = list(queries.versions_of(figure))
    version = queries.get_version(figure, number)
    source = queries.tell_source(figure, version)
    context = {
        "figure": figure,
        "version": version,
        "versions": versions,
        "is_newest": version.number == versions[0].number,
        "chart": make_chart(
            version.series,
            key=figure.pk,
            title=figure.title,
            unit=figure.unit,
            shape=figure.shape,
            source=source,
        ),
        "source": source,
        "office": OFFICES.get(figure.agency),
        "checked_at": queries.last_checked(figure),
        "citations": list(queries.citations_of(figure)),
        **_difference(request, version),
    }
    return show_page(request, frame, "figures", "figure", context)


def _difference(request: Request, version: FigureVersion) -> dict[str, Any]:
    """Return a version's difference from the previous one, a page at a time."""
    last = queries.before(version) if version.number > 1 else None
    if last is None:
        return {}
    found = Paginator(list(differences(last.series, version.series)), DIFFERENCES)
    page = found.get_page(request.GET.get("page"))
    return {
        "before": last,
        "differences": [_tell(one, request.LANGUAGE_CODE) for one in page],
        "changed_count": version.changes.get("changed_count", 0),
        **page_links(request, page.number, has_next=page.has_next()),
    }


def _tell(one: Difference, language: str) -> dict[str, str]:
    return {
        "kind": one.kind,
        "name": tell_name(one.name, language),
        "period": one.period,
        "was": tell_number(one.was),
        "now": tell_number(one.now),
    }


@require_http_methods(["GET", "POST"])
@for_people
@keeping(BroughtForm)
def edit(request: Request, pk: int, figure_id: int) -> HttpResponse:
    """Change the description of a figure; concurrent changes are merged."""
    frame = enter_assessments(request, pk, to_write=True)
    edit = edit_record(
        request,
        load=lambda: queries.get_figure(figure_id, pk),
        make=change_form,
        save=lambda form: operations.change_figure(
            actor=request.reader,
            figure_id=figure_id,
            version=form.number,
            facts=form.facts(),
            now=timezone.localtime(),
        ),
        authors=lambda found: authors_of(found, request.reader, exact=["change_figure"]),
    )
    if edit.is_saved:
        edit.say(_("Saved. The other side can see it too."))
        return redirect("assessments:figure", pk, figure_id)
    context = {"figure": edit.record, "form": edit.form}
    return show_page(request, frame, "figures", "figure_form", context, status=edit.status)


@require_POST
@for_people
def drop(request: Request, pk: int, figure_id: int) -> HttpResponse:
    """Archive a figure; the message offers to restore it."""
    enter_assessments(request, pk, to_write=True)
    figure = queries.get_figure(figure_id, pk)
    with telling_refusal(request):
        operations.drop_figure(actor=request.reader, figure_id=figure_id, now=timezone.localtime())
        undo = reverse("assessments:figure-restore", args=[pk, figure_id])
        messages.success(
            request,
            _("“%(name)s” archived.") % {"name": figure.title},
            extra_tags=f"undo:{undo}",
        )
        return redirect("assessments:figures", pk)
    return redirect("assessments:figure", pk, figure_id)


@require_POST
@for_people
def restore(request: Request, pk: int, figure_id: int) -> HttpResponse:
    """Restore a figure."""
    enter_assessments(request, pk, to_write=True)
    figure = queries.get_figure(figure_id, pk)
    with telling_refusal(request):
        operations.restore_figure(
            actor=request.reader, figure_id=figure_id, now=timezone.localtime()
        )
        messages.success(request, _("“%(name)s” restored.") % {"name": figure.title})
    return return_to(request, reverse("assessments:figure", args=[pk, figure_id]))


@require_GET
@for_people
def export(request: Request, pk: int, figure_id: int, number: int) -> HttpResponse:
    """Give a version as a file, with source, licence, query and date in it."""
    enter_assessments(request, pk)
    figure = queries.get_figure(figure_id, pk)
    version = queries.get_version(figure, number)
    return answer_version(figure, version, form=request.GET.get("form", ""))
