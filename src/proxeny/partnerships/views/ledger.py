"""The ledger: what each side shares, what was read of it, what is over."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from proxeny.kernel.models import AuditEntry
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, for_people, page_links, page_of
from proxeny.partnerships import ledger, queries, rules
from proxeny.partnerships.forms import ReadingFilter
from proxeny.partnerships.models import Partnership


@require_GET
@for_people
def show_ledger(request: Request, pk: int) -> HttpResponse:
    """Show the three parts; with `?export=` give what was read as a file."""
    partnership = ledger.open_ledger(request.reader, pk)
    parties = queries.parties_of(partnership)
    of = queries.organisation_on(partnership, request.GET.get("of")) or None
    found = ledger.READINGS.fit(
        ledger.find_readings(partnership, verb=request.GET.get("what", ""), of=of), request
    )
    if request.GET.get("export"):
        return _export(request, partnership, found)
    page = page_of(found, request)
    items = ledger.list_items(request.reader, partnership, today=timezone.now().date())
    ended = request.GET.get("ended", "")
    context = {
        "partnership": partnership,
        "may_share": rules.can_share(request.reader, partnership, parties),
        "live": [one for one in items if one.is_live],
        "over": [one for one in items if not one.is_live],
        "ended": next(
            (one for one in items if str(one.grant.pk) == ended and not one.is_live), None
        ),
        "readings": ledger.tell_readings(partnership, list(page)),
        "filter": ReadingFilter(
            request.GET, sides=[(party.side, party.organisation.name) for party in parties]
        ),
        "is_filtered": bool(request.GET.get("of") or request.GET.get("what")),
        "total": page.paginator.count,
        "heads": ledger.READINGS.heads(request),
        "sort": ledger.READINGS.sort_of(request),
        "export_url": address_with(request, export="csv", page=None, ended=None),
        "export_xlsx_url": address_with(request, export="xlsx", page=None, ended=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "partnerships/ledger.html", context)


def _export(
    request: Request, partnership: Partnership, found: QuerySet[AuditEntry]
) -> HttpResponse:
    head, rows = ledger.table_of_readings(partnership, found)
    return answer_table("sharing-ledger", form=request.GET["export"], header=head, rows=rows)
