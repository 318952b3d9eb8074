"""The history page that every kind of record shares."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proxeny.accounts import trail
from proxeny.accounts.forms import TrailFilter
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, for_people, page_links, page_of

#: So many rows stand on the record's own page when its history is unfolded there.
SHORT = 8


@require_GET
@for_people
def show_history(request: Request, kind: str, pk: int) -> HttpResponse:
    """Show the history of one record: as a page, as a part of the record's page, or as a file."""
    record, address = trail.find_record(kind, pk)
    verb = request.GET.get("what", "")
    entries = trail.find_happenings(kind, record, verb=verb)
    if request.GET.get("export"):
        return _export(trail.tell_happenings(kind, list(entries)), request.GET["export"])
    if request.htmx and "part" in request.GET:
        short = list(entries[: SHORT + 1])
        part = {
            "items": trail.tell_happenings(kind, short[:SHORT]),
            "more_url": request.path if len(short) > SHORT else "",
        }
        return render(request, "accounts/parts/history.html", part)
    page = page_of(entries, request)
    context = {
        "record": record,
        "address": address,
        "items": trail.tell_happenings(kind, list(page)),
        "filter": TrailFilter(request.GET, verbs=trail.told_verbs(kind, record)),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "accounts/history.html", context)


def _export(items: list[trail.Happening], form: str) -> HttpResponse:
    head = [_("When"), _("What"), _("About"), _("By"), _("Reason"), _("Changed")]
    rows = (
        (
            item.at.isoformat(timespec="seconds"),
            item.sentence,
            item.what,
            item.by,
            item.why,
            "; ".join(f"{one.label}: {one.before} → {one.after}" for one in item.changes),
        )
        for item in items
    )
    return answer_table("history", form=form, header=head, rows=rows)
