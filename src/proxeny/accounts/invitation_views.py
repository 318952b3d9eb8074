"""The page behind an invitation's link; it runs in the gate's role, which sees accounts only."""

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from proxeny.accounts import operations, queries
from proxeny.accounts.forms import AcceptForm
from proxeny.accounts.models import Invitation
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.view_helpers import show_refusal


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation and accept it.

    An unknown, used, withdrawn or expired link gets one and the same page, which names nobody.
    """
    try:
        invitation = queries.find_invitation(token, now=timezone.now())
    except NotFound:
        return render(request, "accounts/invitation_closed.html", status=404)
    mode = _find_mode(request, invitation)
    initial = {"name": invitation.name, "language": invitation.language}
    form = AcceptForm(request.POST or None, initial=initial) if mode == "new" else None
    if request.method == "POST" and mode in {"new", "join"}:
        response = _accept(request, token, form)
        if response is not None:
            return response
    context = {"invitation": invitation, "mode": mode, "form": form, "token": token}
    status = 422 if form is not None and form.errors else 200
    return render(request, "accounts/invitation.html", context, status=status)


def _find_mode(request: HttpRequest, invitation: Invitation) -> str:
    """Return the visitor's next step: `new`, `sign-in`, `join`, or `other` (another's sign-in)."""
    if request.user.is_authenticated:
        mine = queries.owns_address(request.user.pk, invitation.email)
        return "join" if mine else "other"
    return "sign-in" if queries.has_sign_in(invitation.email) else "new"


def _accept(request: HttpRequest, token: str, form: AcceptForm | None) -> HttpResponse | None:
    if form is not None and not form.is_valid():
        return None
    account_id = None if form is not None else request.user.pk
    given = form.cleaned_data if form is not None else {}
    try:
        arrival = operations.accept_invitation(
            token=token, now=timezone.now(), account_id=account_id, **given
        )
    except InvalidInput as error:
        if form is not None:
            show_refusal(form, error)
        return None
    except (NotFound, NotAllowed, Conflict):
        # Somebody used the link a moment ago: opening it again shows what to do now.
        return redirect(request.path)
    if arrival.is_new:
        answer: HttpResponse = perform_login(request, arrival.account, redirect_url=reverse("home"))
        return answer
    return redirect("home")
