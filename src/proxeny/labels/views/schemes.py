"""Labels: the list of a room, and the first page of each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from proxeny.kernel.answers import for_people
from proxeny.labels.queries.schemes import list_schemes, read_parts, versions_of
from proxeny.labels.views.frame import enter_scheme, show_scheme_tab
from proxeny.partnerships.room_queries import list_put_away
from proxeny.partnerships.views.frame import enter_frame


@require_GET
@for_people
def show_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the labels of a room."""
    frame = enter_frame(request, pk)
    context = {
        **frame.context("labels"),
        "rows": list_schemes(pk),
        "put_away": list_put_away(("scheme",), pk),
    }
    return render(request, "labels/list.html", context)


@require_GET
@for_people
def show(request: HttpRequest, pk: int, scheme_id: int) -> HttpResponse:
    """Show one label: what it asks for, as it is written now."""
    frame = enter_scheme(request, pk, scheme_id)
    context = {
        "parts": read_parts(frame.scheme),
        "versions": list(versions_of(frame.scheme)),
    }
    return show_scheme_tab(request, frame, "scheme", "scheme", context)
