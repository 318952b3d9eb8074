"""The list of notes of an engagement, with filters and files."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proxeny.assessments import rules
from proxeny.assessments.forms.notes import NoteFilter, WorkNoteForm
from proxeny.assessments.models import Note
from proxeny.assessments.queries import notes as reads
from proxeny.assessments.views.frame import (
    EngagementFrame,
    enter_engagement,
    show_tab,
)
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    for_people,
    page_links,
    page_of,
    read_number,
)

Kind = Note.Kind


def _may_note(frame: EngagementFrame) -> bool:
    return frame.may_write and frame.engagement.state in rules.NOTED_IN


@require_GET
@for_people
def show(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Show the notes: to look through, to compare, to take along."""
    frame = enter_engagement(request, pk, engagement_id)
    form = NoteFilter(request.GET)
    wanted = form.wanted(read_number(request.GET.get("note")))
    found = reads.find_notes(engagement_id, wanted)
    if request.GET.get("export"):
        header, rows = reads.table_of(found)
        return answer_table("notes", form=request.GET["export"], header=header, rows=rows)
    page = page_of(found, request)
    adds = request.GET.get("add", "")
    context = {
        "filter": form,
        "notes": page,
        "count": page.paginator.count,
        "is_table": form.is_table,
        "is_filtered": bool(wanted.q or wanted.kinds or wanted.number),
        "kinds": _kinds(request, engagement_id),
        "adds": adds if adds in Kind.values else "",
        "add_kinds": _adding(request, pk, engagement_id),
        "form": WorkNoteForm(kind=adds) if adds in Kind.values else None,
        "may_note": _may_note(frame),
        "put_away": reads.list_put_away(engagement_id),
        "views": _views(request, is_table=form.is_table),
        "csv_url": address_with(request, export="csv", page=None, add=None),
        "xlsx_url": address_with(request, export="xlsx", page=None, add=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_tab(request, frame, "work", "work_list", context)


def _kinds(request: Request, engagement_id: int) -> list[dict[str, Any]]:
    """Return the kinds of existing notes, each with their number and address."""
    counts, chosen = reads.count_kinds(engagement_id), request.GET.get("kind", "")
    rows = [("", _("All"), sum(counts.values()))]
    rows += [(one.value, str(one.label), counts[one]) for one in Kind if one in counts]
    return [
        {
            "url": address_with(request, kind=code, page=None, note=None, add=None, show=None),
            "label": label,
            "count": count,
            "active": code == chosen,
        }
        for code, label, count in rows
    ]


def _views(request: Request, *, is_table: bool) -> list[dict[str, Any]]:
    rows = (("", _("As a list"), not is_table), ("table", _("Side by side"), is_table))
    return [
        {
            "url": address_with(request, show=show, page=None, sort=None, note=None, add=None),
            "label": label,
            "active": active,
        }
        for show, label, active in rows
    ]


def _adding(request: Request, pk: int, engagement_id: int) -> list[dict[str, Any]]:
    """Return the kinds that can be added, each with the address of its form."""
    url, chosen = reverse("assessments:work", args=[pk, engagement_id]), request.GET.get("add", "")
    return [
        {"url": f"{url}?add={one.value}#add", "label": one.label, "active": one == chosen}
        for one in Kind
    ]
