"""The page of one's own browsers; it runs in the gate's role, which sees sessions."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from proxeny.accounts import operations, sessions
from proxeny.kernel.answers import answering


@require_GET
def list_sessions(request: HttpRequest) -> HttpResponse:
    """Show where the account is signed in."""
    key, address = request.session.session_key, get_adapter(request).get_client_ip(request)
    now = timezone.now()
    if not sessions.is_noted(key):
        agent = request.META.get("HTTP_USER_AGENT", "")
        operations.note_visit(
            account_id=request.user.pk, key=key, address=address, agent=agent, now=now
        )
    places = sessions.list_places(request.user, key=key, address=address, now=now)
    context = {"places": places, "has_others": any(not place.is_here for place in places)}
    return render(request, "accounts/sessions.html", context)


@require_POST
@answering
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign one browser out; this one too, if it is the one."""
    key = operations.end_session(actor=request.reader, account_id=request.user.pk, place_id=pk)
    if key == request.session.session_key:
        logout(request)
        return redirect("home")
    messages.success(request, _("That browser is signed out."))
    return redirect("sessions:list")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign all other browsers out."""
    count = operations.end_other_sessions(
        actor=request.reader, account_id=request.user.pk, key=request.session.session_key
    )
    told = ngettext(
        "%(count)d other browser is signed out.", "%(count)d other browsers are signed out.", count
    )
    messages.success(request, told % {"count": count})
    return redirect("sessions:list")
