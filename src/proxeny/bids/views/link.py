"""The page behind a link in a mail: a partner answers without an account.

Opening it changes nothing: programs that read mails open every link. The address is the secret,
so no page of it is kept by a cache, found by a search engine, or named to another site.
"""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from proxeny.accounts.guests import show_closed, speak_to
from proxeny.bids.limits import may_ask, may_renew
from proxeny.bids.operations.answering import ask_back_by_link, refuse_by_link, sign_by_link
from proxeny.bids.operations.asking import renew_link
from proxeny.bids.operations.leaving import leave_by_link
from proxeny.bids.queries.links import zone_in
from proxeny.bids.queries.own import OwnSheet, read_by_link
from proxeny.bids.views.answers import Way, answer, show_sheet
from proxeny.kernel.errors import Conflict, NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import secretly


@login_not_required
@secretly
@sensitive_post_parameters()
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Request, token: str) -> HttpResponse:
    """Show the page behind a link, and accept the answer.

    An unknown, altered, closed or expired link gets one and the same page, which names nobody.
    """
    if request.POST.get("deed") == "renew":
        return _renew(request, token)
    try:
        sheet = read_by_link(token, now=timezone.now())
        speak_to(request, sheet.partner.language)
        way = _way(request, token, sheet)
        return answer(way) if request.method == "POST" else show_sheet(way)
    except NotFound:
        return show_closed(request, "bids/link_closed.html")


def _way(request: Request, token: str, before: OwnSheet) -> Way:
    held: dict[str, Any] = {"token": token}

    def ask(**values: Any) -> None:
        if not may_ask(request, token):
            raise Conflict(_("You’ve asked a lot today. Wait for an answer first."))
        ask_back_by_link(**held, **values)

    def done(deed: str) -> HttpResponse:
        is_over = deed == "leave" or (deed == "refuse" and before.is_asked)
        if is_over:
            # The link is used up by it.
            return render(request, "bids/link_done.html", {"sheet": before, "deed": deed})
        return redirect("bids:link", token)

    return Way(
        request,
        read=lambda: read_by_link(token, now=timezone.now()),
        deeds={
            "sign": partial(sign_by_link, **held),
            "refuse": partial(refuse_by_link, **held),
            "ask": ask,
            "leave": partial(leave_by_link, **held),
        },
        by_name=True,
        done=done,
        zone=lambda sheet: zone_in(sheet.partner.country, sheet.bid.call.closes_at),
        show=lambda context, status: render(request, "bids/link.html", context, status=status),
    )


def _renew(request: Request, token: str) -> HttpResponse:
    """Send a new link if there is one to send; the response is always the same."""
    if may_renew(request, token):
        renew_link(token=token, now=timezone.now())
    return render(request, "bids/link_closed.html", {"is_asked": True})
