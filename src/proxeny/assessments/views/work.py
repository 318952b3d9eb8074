"""The teams' work on one engagement: what they note while they find out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts.authors import authors_of
from proxeny.assessments import rules
from proxeny.assessments.forms.notes import NoteFilter, WorkNoteForm
from proxeny.assessments.models import Note
from proxeny.assessments.operations import notes as deeds
from proxeny.assessments.queries import notes as reads
from proxeny.assessments.views.frame import (
    EngagementFrame,
    bring_back,
    enter_engagement,
    put_away,
    show_tab,
)
from proxeny.kernel.answers import (
    address_with,
    for_people,
    page_links,
    page_of,
    read_number,
    show_refusal,
)
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.versions import edit_record, keeping

Kind = Note.Kind


def _may_note(frame: EngagementFrame) -> bool:
    return frame.may_write and frame.engagement.state in rules.NOTED_IN


@require_GET
@for_people
def show(request: HttpRequest, pk: int, engagement_id: int) -> HttpResponse:
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


def _kinds(request: HttpRequest, engagement_id: int) -> list[dict[str, Any]]:
    """Return the kinds there are notes of, each with how many, and the way to them."""
    counts, chosen = reads.count_kinds(engagement_id), request.GET.get("kind", "")
    rows = [("", _("All"), sum(counts.values()))]
    rows += [(one.value, str(one.label), counts[one]) for one in Kind if one in counts]
    return [
        {
            "url": address_with(request, kind=code, page=None, note=None, add=None, show=None),
            "label": label, "count": count, "active": code == chosen,
        }
        for code, label, count in rows
    ]  # fmt: skip


def _views(request: HttpRequest, *, is_table: bool) -> list[dict[str, Any]]:
    rows = (("", _("As a list"), not is_table), ("table", _("Side by side"), is_table))
    return [
        {
            "url": address_with(request, show=show, page=None, sort=None, note=None, add=None),
            "label": label, "active": active,
        }
        for show, label, active in rows
    ]  # fmt: skip


def _adding(request: HttpRequest, pk: int, engagement_id: int) -> list[dict[str, Any]]:
    """Return the kinds that can be added, each with the address at which its form stands."""
    url, chosen = reverse("assessments:work", args=[pk, engagement_id]), request.GET.get("add", "")
    return [
        {"url": f"{url}?add={one.value}#add", "label": one.label, "active": one == chosen}
        for one in Kind
    ]


@require_http_methods(["GET", "POST"])
@for_people
def add(request: HttpRequest, pk: int, engagement_id: int) -> HttpResponse:
    """Note something; the form asks for what its kind needs."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    form = WorkNoteForm(request.POST or None, kind=kind)
    if request.method == "POST" and form.is_valid():
        try:
            made = deeds.write_note(
                actor=request.reader, engagement_id=engagement_id, facts=form.facts(),
                now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("It is noted."))
            return redirect(f"{_list_url(pk, engagement_id)}?add={made.kind}#note-{made.pk}")
    return _show_form(request, frame, form, status=422 if form.errors else 200)


def _list_url(pk: int, engagement_id: int) -> str:
    return reverse("assessments:work", args=[pk, engagement_id])


def _show_form(
    request: HttpRequest, frame: EngagementFrame, form: WorkNoteForm, *, status: int,
    note: Note | None = None,
) -> HttpResponse:  # fmt: skip
    context = {"form": form, "note": note, "kind_label": _label_of(form)}
    return show_tab(request, frame, "work", "work_note", context, status=status)


def _label_of(form: WorkNoteForm) -> str:
    kind = form.initial.get("kind", "")
    return str(Kind(kind).label) if kind in Kind.values else ""


@require_http_methods(["GET", "POST"])
@for_people
@keeping(WorkNoteForm)
def edit(request: HttpRequest, pk: int, engagement_id: int, note_id: int) -> HttpResponse:
    """Change a note, whoever else changes it."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    edit = edit_record(
        request,
        load=lambda: reads.get_note(engagement_id, note_id),
        make=lambda note, data: WorkNoteForm(data, note=note),
        save=lambda form: deeds.change_note(
            actor=request.reader, engagement_id=engagement_id, note_id=note_id,
            version=form.number, facts=form.facts(), now=timezone.localtime(),
        ),
        authors=lambda note: authors_of(
            note, request.reader, whole=["change_note", "write_note"]
        ),
    )  # fmt: skip
    if edit.is_saved:
        edit.say(_("The note is saved."))
        return redirect(f"{_list_url(pk, engagement_id)}#note-{note_id}")
    return _show_form(request, frame, edit.form, note=edit.record, status=edit.status)


@require_POST
@for_people
def drop(request: HttpRequest, pk: int, engagement_id: int, note_id: int) -> HttpResponse:
    """Put a note away; the message offers to bring it back."""
    undo = reverse("assessments:note-restore", args=[pk, engagement_id, note_id])
    return put_away(
        request, pk, engagement_id, deeds.drop_note, note_id=note_id, undo=undo,
        to=_list_url(pk, engagement_id),
    )  # fmt: skip


@require_POST
@for_people
def restore(request: HttpRequest, pk: int, engagement_id: int, note_id: int) -> HttpResponse:
    """Bring a note back."""
    return bring_back(
        request, pk, engagement_id, deeds.restore_note, note_id=note_id,
        to=f"{_list_url(pk, engagement_id)}#note-{note_id}",
    )  # fmt: skip
