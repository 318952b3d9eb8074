"""Rows of a file in their surroundings: where the evidence of a recommendation leads."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import address_with, for_people
from proxeny.research.queries import advice as reads
from proxeny.research.rows import AROUND, MORE_AROUND
from proxeny.research.rules import read_place, tell_place
from proxeny.research.views.frame import enter_study, show_tab


@require_GET
@for_people
def show(request: Request, pk: int, study_id: int, file_id: int) -> HttpResponse:
    """Show the rows in the address, marked, with those around them and the evidence citing them."""
    frame = enter_study(request, pk, study_id)
    file = reads.get_file(pk, file_id, study_id)
    place = read_place(request.GET.urlencode()) if file.table else None
    is_wide = "around" in request.GET
    around = MORE_AROUND if is_wide else AROUND
    version = file.version
    context = {
        "file": file,
        "package": version.package,
        "version": version,
        "place": place,
        "told": tell_place(place) if place else "",
        "shown": reads.show_rows(file, place, around=around) if file.table else None,
        "more_url": "" if is_wide or place is None else address_with(request, around="more"),
        "citations": reads.list_citations(file, place),
        "package_url": reverse("research:package", args=[pk, study_id, version.package_id]),
    }
    return show_tab(request, frame, "advice", "rows", context)
