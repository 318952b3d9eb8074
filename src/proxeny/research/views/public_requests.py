"""Data on request: asked for by anybody, and opened by a link that was sent by mail."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from proxeny.accounts.limits import may_try
from proxeny.kernel.errors import InvalidInput, NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import answering, secretly, show_refusal
from proxeny.research.forms.requests import AskForm
from proxeny.research.limits import may_ask, may_ask_as
from proxeny.research.models import DataRequest, Publication, Use
from proxeny.research.operations.giving import note_use
from proxeny.research.operations.requests import ask_data
from proxeny.research.presenter_parts import Data, Shown
from proxeny.research.queries.publications import get_standing_of
from proxeny.research.queries.requests import open_link
from proxeny.research.serving import answer_file, begins
from proxeny.research.views.public import read_publication
from proxeny.research.views.public_files import get_standing


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@answering
def ask(request: Request, slug: str, package: int) -> HttpResponse:
    """Show the terms of a package on request, and take a request for it."""
    one = get_standing(slug)
    shown = read_publication(one)
    data = shown.find_package(package)
    if data is None or not data.is_on_request:
        raise NotFound(_("This data can’t be requested here."))
    form = AskForm(request.POST or None, initial=_own(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if form.is_of_program:
                # It gets the same answer as everybody, and no mail is sent.
                return redirect(_asked_url(slug, package))
            if not may_ask(request):
                return render(request, "429.html", status=429)
            try:
                # Too often for one address gets the same answer as the first time: others may have asked for it.
                if may_ask_as(request, package, form.cleaned_data["email"]):
                    ask_data(
                        publication=one,
                        package_number=package,
                        asking=form.asking(),
                        language=(get_language() or "en")[:2],
                        now=timezone.now(),
                    )
            except InvalidInput as error:
                show_refusal(form, error)
            else:
                return redirect(_asked_url(slug, package))
    context = {
        "publication": one,
        "shown": shown,
        "data": data,
        "form": form,
        "is_asked": request.GET.get("asked") == "1",
    }
    return render(request, "research/public_request.html", context, status=status)


def _asked_url(slug: str, package: int) -> str:
    return f"{reverse('research:public-request', args=[slug, package])}?asked=1"


def _own(request: Request) -> dict[str, str]:
    reader = request.reader
    if reader.is_stranger:
        return {}
    return {
        "name": reader.name,
        "organisation": reader.seat[0] if reader.seat else "",
        "email": getattr(request.user, "email", ""),
    }


@login_not_required
@secretly
@require_safe
@sensitive_variables("token")
def show_link(request: Request, token: str) -> HttpResponse:
    """Show the files that a link opens; any link that opens nothing gets one and the same page."""
    try:
        asked, one, shown, data = _open(token)
    except NotFound:
        return _show_closed(request)
    context = {"asked": asked, "publication": one, "shown": shown, "data": data, "token": token}
    return render(request, "research/public_link.html", context)


@login_not_required
@secretly
@require_safe
@sensitive_variables("token")
def give_linked(request: Request, token: str, path: str) -> HttpResponseBase:
    """Give a file by a link, and note by whose."""
    try:
        asked, one, _shown, data = _open(token)
        file = next(file for file in data.files if file.name == path)
    except (NotFound, StopIteration):
        return _show_closed(request)
    try:
        response = answer_file(
            request, file.sha256, name=file.name, media_type=file.media_type, size=file.size or 0
        )
    except NotFound:
        return _show_closed(request)
    if begins(request, response):
        note_use(
            one,
            reader=request.reader,
            where=Use.Where.REQUEST,
            path=file.path,
            package=data.number,
            asked=asked,
        )
    return response


def _open(token: str) -> tuple[DataRequest, Publication, Shown, Data]:
    """Return the package that a link opens, of the study's current publication, and no other."""
    asked = open_link(token, now=timezone.now())
    one = get_standing_of(asked.package.study_id)
    shown = read_publication(one) if one else None
    data = shown.find_package(asked.package_id) if shown else None
    if one is None or shown is None or data is None:
        raise NotFound(_("This link isn’t valid or has expired."))
    return asked, one, shown, data


def _show_closed(request: Request) -> HttpResponse:
    if not may_try(request):
        return render(request, "429.html", status=429)
    return render(request, "research/public_link_closed.html", status=404)
