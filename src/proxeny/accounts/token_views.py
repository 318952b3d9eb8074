"""Pages of programs: which act for the reader or the reader's organisations, and a new one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.accounts import queries, rules, token_queries
from proxeny.accounts.operations.tokens import NewToken, create_token, revoke_token
from proxeny.accounts.proof import ask_for_proof
from proxeny.accounts.token_forms import TokenForm, describe_scopes, state_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal


@require_GET
@for_people
def list_tokens(request: Request) -> HttpResponse:
    """Show the reader's programs, and those acting for organisations the reader manages."""
    now = timezone.now()
    tokens: list[Any] = list(token_queries.list_tokens(request.reader, now=now)[:200])
    seats = queries.live_seats(today=now.date()).filter(pk__in={one.seat_id for one in tokens})
    live = set(seats.values_list("pk", flat=True))
    for token in tokens:
        token.label, token.tone = state_of(token, now=now, live_seats=live)
        token.parts = describe_scopes(token.scopes)
        token.is_dead = token.revoked_at is not None or token.expires_at <= now
        token.may_revoke = not token.is_dead and rules.can_revoke_token(request.reader, token)
    mine = [one for one in tokens if one.person_id == request.reader.person]
    context = {
        "mine": mine,
        "others": [one for one in tokens if one not in mine],
        "manages": bool(request.reader.managed),
        "may_make": bool(request.reader.organisations),
        "api_url": request.build_absolute_uri("/api/v1/"),
    }
    return render(request, "accounts/tokens.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def make_token(request: Request) -> HttpResponse:
    """Let a program in, and show its secret, this once."""
    now = timezone.now()
    seats = list(token_queries.list_own_seats(request.reader, today=now.date()))
    if not seats:
        raise NotAllowed(_("A program acts for a role, and you don’t have one."))
    if proof := ask_for_proof(request, back=_address_back(request)):
        return proof
    form = TokenForm(request.POST or None, seats=seats, initial=_typed_before(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = create_token(actor=request.reader, now=now, **form.to_values())
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            return render(request, "accounts/token_made.html", _made(request, made))
    status = 422 if form.errors else 200
    return render(request, "accounts/token_new.html", {"form": form}, status=status)


def _made(request: Request, made: NewToken) -> dict[str, object]:
    return {
        "token": made.token,
        "secret": made.secret,
        "parts": describe_scopes(made.token.scopes),
        "api_url": request.build_absolute_uri("/api/v1/people/me"),
    }


def _address_back(request: Request) -> str:
    # Typed values are kept in the form.
    typed = request.POST.copy() if request.method == "POST" else request.GET.copy()
    typed.pop("csrfmiddlewaretoken", None)
    query = typed.urlencode()
    return reverse("people:token-new") + (f"?{query}" if query else "")


def _typed_before(request: Request) -> dict[str, str]:
    known = TokenForm.known()
    return {name: request.GET[name] for name in request.GET if name in known}


@require_http_methods(["GET", "POST"])
@for_people
def revoke(request: Request, pk: int) -> HttpResponse:
    """Ask first, then shut a program out."""
    if request.method == "GET":
        token = token_queries.get_token(pk)
        if not rules.can_revoke_token(request.reader, token):
            raise NotAllowed(_("Only its holder or a manager of the organisation can revoke this."))
        return render(request, "accounts/token_revoke.html", {"token": token})
    token = revoke_token(actor=request.reader, token_id=pk, now=timezone.now())
    messages.success(request, _("“%(name)s” no longer has access.") % {"name": token.name})
    return redirect("people:tokens")
