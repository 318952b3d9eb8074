"""The tour's page and buttons; each is a plain form, and works without JavaScript."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.web.tour import walking
from proxeny.web.tour.planning import plan_tour
from proxeny.web.tour.stations import TEXTS


@require_GET
@for_people
def show(request: Request) -> HttpResponse:
    """Show where the tour leads, to begin it or to go straight to one of its places."""
    stops = plan_tour(request.reader, now=timezone.now())
    rows = [
        {"url": one.url, "title": TEXTS[one.code][0], "text": TEXTS[one.code][1]} for one in stops
    ]
    return render(request, "web/tour.html", {"rows": rows})


@require_POST
@for_people
def begin(request: Request) -> HttpResponse:
    """Begin at the first station."""
    return redirect(walking.begin(request.session, plan_tour(request.reader, now=timezone.now())))


@require_POST
@for_people
def go(request: Request, number: int) -> HttpResponse:
    """Go to a station; to the tour's page if there is none under way."""
    return redirect(walking.go_to(request.session, number) or "tour")


@require_POST
@for_people
def leave(request: Request) -> HttpResponse:
    """Leave the tour, and stay on the page; or decline the offer of one."""
    walking.leave(request.session)
    messages.info(request, _("You’ll find the tour again in your menu, at the top of every page."))
    back = request.POST.get("next", "")
    is_safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_safe else "home")
