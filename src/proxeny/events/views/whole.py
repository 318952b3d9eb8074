"""The whole agenda of an event on one page, which the reader's browser may keep."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from proxeny.events.queries.agenda.board import get_event_for_staff
from proxeny.events.queries.agenda.whole import find_mark, read_days
from proxeny.events.views._agenda_pages import lead_participant, page_context
from proxeny.kernel.answers import for_people
from proxeny.kernel.unchanged import answer_unchanged, has_kept, let_keep, tag_of


@require_GET
@for_people
def show_whole(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show every meeting by day and time, to people of the two clusters.

    Who has the page already, and would see the same again, is told so without it: on the day of
    an event it is opened again and again.
    """
    mark = find_mark(event_id)
    tag = tag_of(request, mark) if mark else ""
    if has_kept(request, tag):
        return answer_unchanged(tag)
    if (elsewhere := lead_participant(request, event_id)) is not None:
        return elsewhere
    event = get_event_for_staff(request.reader, event_id)
    context = page_context(request, event, "whole", days=read_days(event))
    return let_keep(render(request, "events/agenda/whole.html", context), tag)
