"""Page behind a link in a mail, for answering without an account.

Opening it changes nothing: programs that read mails open every link. The address is the secret,
so no page of it is kept by a cache, found by a search engine, or named to another site.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from proxeny.accounts.guests import show_closed, speak_to
from proxeny.ambassadors.limits import may_renew
from proxeny.ambassadors.models import Introduction
from proxeny.ambassadors.operations.links import renew_link
from proxeny.ambassadors.queries.link_pages import write_calendar
from proxeny.ambassadors.queries.links import Opened, open_link
from proxeny.ambassadors.views.link_actions import answer_visit
from proxeny.ambassadors.views.link_content import Visit, empty_forms, show_page
from proxeny.kernel.calendar import answer_calendar
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import secretly


@login_not_required
@secretly
@sensitive_post_parameters()
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, token: str) -> HttpResponse:
    """Show what a link opens, and take the answer.

    An unknown, altered, closed or expired link gets one and the same page, which names nobody.
    """
    now = timezone.now()
    if request.POST.get("deed") == "renew":
        return _renew(request, token)
    try:
        visit = Visit(request, token, open_link(token, now=now), now)
    except NotFound:
        return show_closed(request, "ambassadors/link_closed.html")
    _speak_to(request, visit.opened)
    if request.method != "POST":
        page = show_page(visit)
        return render(request, "ambassadors/link.html", {"page": page, **empty_forms(visit, page)})
    try:
        return answer_visit(visit)
    except NotFound:
        # Somebody closed it while the page was open.
        return show_closed(request, "ambassadors/link_closed.html")


@login_not_required
@secretly
@sensitive_variables("token")
@require_safe
def show_calendar(request: Request, token: str) -> HttpResponse:
    """Answer the booked meeting as a calendar file; before and after, the page itself."""
    try:
        opened = open_link(token, now=timezone.now())
    except NotFound:
        return show_closed(request, "ambassadors/link_closed.html")
    if opened.case.state != Introduction.State.BOOKED or opened.case.meeting is None:
        return redirect("ambassadors:link", token)
    _speak_to(request, opened)
    return answer_calendar(write_calendar(opened), "meeting.ics")


def _speak_to(request: Request, opened: Opened) -> None:
    side = opened.side
    speak_to(request, side.person.language if side.person else side.language)


def _renew(request: Request, token: str) -> HttpResponse:
    """Send a new link if there is one to send; the answer is the same in any case."""
    if may_renew(request, token):
        renew_link(token=token, now=timezone.now())
    return render(request, "ambassadors/link_closed.html", {"is_asked": True})
