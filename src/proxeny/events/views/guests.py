"""The link of an organisation without a sign-in: it opens the participant's own pages.

Opening it changes nothing but a cookie: programs that read mails open every link. The pages
themselves carry no secret; `accounts.guests.for_guests` reads the cookie on those open to guests.
"""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from proxeny.accounts.guests import RENEWALS, for_guests, may_by_link, show_closed, speak_to
from proxeny.events.forms.guests import AddressForm
from proxeny.events.models import Event, GuestLink, Participation
from proxeny.events.operations.guests import ask_for_account, note_use, renew_links
from proxeny.events.queries.agenda.personal import read_my_calendar
from proxeny.events.queries.guests import COOKIE, open_guest_link, reader_of_link
from proxeny.events.queries.participants import get_own_participation
from proxeny.kernel.actions import perform
from proxeny.kernel.calendar import answer_calendar
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.kernel.view_helpers import secretly

#: A browser keeps a link so many seconds, a month: in a shared one it is not kept for ever.
_KEPT_S = 30 * 24 * 3600


@login_not_required
@secretly
@sensitive_variables("token")
@require_safe
def open_link(request: Request, token: str) -> HttpResponse:
    """Keep the link in the browser, and lead to the page that is next for its owner.

    An unknown, altered, renewed or expired link gets one and the same page, which names nobody.
    """
    now = timezone.now()
    try:
        link = open_guest_link(token, now=now)
    except NotFound:
        return show_closed(request, "events/link_closed.html")
    note_use(link, now=now)
    response = redirect(_next_page(link))
    left = int((link.expires_at - now).total_seconds())
    response.set_cookie(
        COOKIE,
        token,
        max_age=min(left, _KEPT_S),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _next_page(link: GuestLink) -> str:
    own, event = link.participation, link.participation.event
    if event.state == Event.State.CANCELLED or own.state == Participation.State.WITHDRAWN:
        return reverse("events:detail", args=[event.pk])
    if own.state == Participation.State.INVITED:
        return reverse("events:register", args=[own.pk])
    if event.ends_on < timezone.localdate():
        return reverse("meetings:ratings")
    if event.state in (Event.State.PROVISIONAL, Event.State.PUBLISHED):
        return reverse("events:my-agenda", args=[event.pk])
    return reverse("events:requests", args=[own.pk])


@login_not_required
@secretly
@sensitive_variables("token")
@require_safe
def show_calendar(request: Request, token: str) -> HttpResponse:
    """Answer a calendar program with the meetings of a link: its address itself is the secret."""
    try:
        link = open_guest_link(token, now=timezone.now())
    except NotFound:
        return show_closed(request, "events/link_closed.html")
    speak_to(request, link.language)
    with acting_as(WEB, reader_of_link(link)):
        text = read_my_calendar(reader_of_link(link), link.participation.event_id)
    return answer_calendar(text, "meetings.ics", inline=True)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask_again(request: Request) -> HttpResponse:
    """Send new links to an address that had some; the answer is the same in any case."""
    form = AddressForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "events/link_again.html", {"form": form}, status=status)
    email = form.cleaned_data["email"]
    if may_by_link(request, email.lower(), app="proxeny.events", action="renew", rate=RENEWALS):
        renew_links(email=email, now=timezone.now())
    return render(request, "events/link_again.html", {"is_asked": True})


@require_POST
@for_guests
def make_account(request: Request, participation_id: int) -> HttpResponse:
    """Send the guest an invitation to sign in for their organisation."""
    found = get_own_participation(request.reader, participation_id)
    back = reverse("events:detail", args=[found.event_id])
    if not request.reader.is_guest:
        return redirect(back)
    return perform(
        request,
        lambda now, **_given: ask_for_account(token=request.COOKIES[COOKIE], now=now),
        done=_("Check your email: it has a link to create your account. Everything you did stays."),
        to=back,
    )
