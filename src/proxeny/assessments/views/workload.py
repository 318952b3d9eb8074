"""The advisers' workload, and whether promised days were kept."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from proxeny.assessments.queries import workload as queries
from proxeny.assessments.views.frame import enter_assessments, show_page
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, for_people, sort_links


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the people of both sides, and the places of the services."""
    frame, sort = enter_assessments(request, pk), request.GET.get("sort", "-load")
    found = queries.read_workload(pk, frame.parties, today=timezone.localdate(), sort=sort)
    if request.GET.get("export"):
        header, rows = queries.table_of(found.people)
        return answer_table("workload", form=request.GET["export"], header=header, rows=rows)
    context = {
        "people": found.people,
        "places": found.places,
        "sorts": sort_links(request, queries.SORTS, now=sort),
        "csv_url": address_with(request, export="csv"),
        "xlsx_url": address_with(request, export="xlsx"),
    }
    return show_page(request, frame, "workload", "workload", context)
