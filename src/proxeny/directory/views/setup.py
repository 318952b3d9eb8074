"""Set-up of an installation in the browser; it runs in the gate's role, before there is anybody."""

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from proxeny.accounts.limits import may_try
from proxeny.directory import operations
from proxeny.directory.setup_forms import SetupCodeForm, SetupForm
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import answering, secretly, show_refusal


@login_not_required
@require_http_methods(["GET", "POST"])
def ask_code(request: Request) -> HttpResponse:
    """Ask for the code that the operator has read, and lead on; 404 once there is a cluster."""
    if operations.is_set_up():
        raise Http404
    form = SetupCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.check_setup_code(form.cleaned_data["code"])
        except NotFound:
            if not may_try(request):
                return render(request, "429.html", status=429)
            form.add_error("code", _("This isn’t the code that Proxeny printed when it started."))
        else:
            return redirect("set-up", operations.setup_code())
    status = 422 if form.errors else 200
    return render(request, "directory/set_up.html", {"form": form}, status=status)


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@secretly
@answering
def set_up(request: Request, token: str) -> HttpResponse:
    """Make the first cluster and its manager, and sign them in.

    A wrong code and an installation that is set up get one and the same answer.
    """
    operations.check_setup_code(token)
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = operations.set_up_installation(
                code=token, now=timezone.now(), **form.cleaned_data
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            answer: HttpResponse = perform_login(
                request, person.account, redirect_url=reverse("home")
            )
            return answer
    status = 422 if form.errors else 200
    context = {"form": form, "is_open": True}
    return render(request, "directory/set_up.html", context, status=status)
