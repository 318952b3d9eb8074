"""The whole agenda of an event on one page, which the reader's browser may keep."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from proxeny.events.queries.agenda.board import get_event_for_staff
from proxeny.events.queries.agenda.whole import find_mark, read_days
from proxeny.events.views._agenda_pages import lead_participant, page_context
from proxeny.kernel.conditional_requests import answer_unchanged, has_kept, let_keep, tag_of
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people


@require_GET
@for_people
def show_whole(request: Request, event_id: int) -> HttpResponse:
    """Show every meeting by day and time, to people of the two clusters.

    A browser that has the same page already gets only a short "not modified" answer: on the day of
    an event the page is opened again and again.
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
