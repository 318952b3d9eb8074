"""Rounds: those of a label, and the first page of each."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from proxeny.kernel.answers import for_people
from proxeny.labels.queries.rounds import list_rounds
from proxeny.labels.views.frame import enter_round, enter_scheme, show_round_tab, show_scheme_tab
from proxeny.partnerships.room_queries import list_put_away


@require_GET
@for_people
def show_list(request: HttpRequest, pk: int, scheme_id: int) -> HttpResponse:
    """Show the rounds of a label."""
    frame = enter_scheme(request, pk, scheme_id)
    context = {
        "rows": list_rounds(frame.scheme),
        "put_away": list_put_away(("label-round",), pk),
    }
    return show_scheme_tab(request, frame, "rounds", "rounds", context)


@require_GET
@for_people
def show(request: HttpRequest, pk: int, round_id: int) -> HttpResponse:
    """Show one round: when one applies, and how far it is."""
    frame = enter_round(request, pk, round_id)
    return show_round_tab(request, frame, "round", "round", {})
