"""Remarks beside a report, on the teams' page and on the company's: written, answered, settled."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from proxeny.assessments.forms.remarks import RemarkForm
from proxeny.assessments.models import Remark
from proxeny.assessments.operations.remarks import settle_remark, write_remark
from proxeny.assessments.views import own_reports, reports
from proxeny.assessments.views.frame import enter_engagement
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships.views.frame import telling_refusal


@require_POST
@for_people
def write(request: Request, pk: int, engagement_id: int) -> HttpResponse:
    """Write a remark or an answer for the teams."""
    frame = enter_engagement(request, pk, engagement_id, to_write=True)
    url = reverse("assessments:report", args=[pk, engagement_id])
    return _write(
        request,
        engagement_id,
        url,
        lambda form: reports.show_page(request, frame, remark=form, status=422),
    )


@require_POST
@for_people
def write_own(request: Request, engagement_id: int) -> HttpResponse:
    """Write a remark or an answer for the company."""
    engagement = own_reports.enter_own(request, engagement_id)
    url = reverse("assessments:own-report", args=[engagement_id])
    return _write(
        request,
        engagement_id,
        url,
        lambda form: own_reports.show_page(request, engagement, remark=form, status=422),
    )


def _write(
    request: Request,
    engagement_id: int,
    url: str,
    refuse: Callable[[RemarkForm], HttpResponse],
) -> HttpResponse:
    form = RemarkForm(request.POST)
    if form.is_valid():
        try:
            made = write_remark(
                actor=request.reader,
                engagement_id=engagement_id,
                now=timezone.localtime(),
                **form.cleaned_data,
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Remark saved. The other side is notified by email."))
            return redirect(_place(url, made, form.cleaned_data["number"]))
    return refuse(form)


def _place(url: str, remark: Remark, number: int) -> str:
    return f"{url}?version={number}#{remark.passage}"


@require_POST
@for_people
def settle(request: Request, pk: int, engagement_id: int, remark_id: int) -> HttpResponse:
    """Settle a remark for the teams, or open it again."""
    enter_engagement(request, pk, engagement_id, to_write=True)
    return _settle(
        request,
        engagement_id,
        remark_id,
        url=reverse("assessments:report", args=[pk, engagement_id]),
        again=reverse("assessments:remark-settle", args=[pk, engagement_id, remark_id]),
    )


@require_POST
@for_people
def settle_own(request: Request, engagement_id: int, remark_id: int) -> HttpResponse:
    """Settle a remark for the company, or open it again."""
    own_reports.enter_own(request, engagement_id)
    return _settle(
        request,
        engagement_id,
        remark_id,
        url=reverse("assessments:own-report", args=[engagement_id]),
        again=reverse("assessments:own-remark-settle", args=[engagement_id, remark_id]),
    )


def _settle(
    request: Request, engagement_id: int, remark_id: int, *, url: str, again: str
) -> HttpResponse:
    is_settled = request.POST.get("open") != "1" and request.GET.get("open") != "1"
    with telling_refusal(request):
        one = settle_remark(
            actor=request.reader,
            engagement_id=engagement_id,
            remark_id=remark_id,
            is_settled=is_settled,
            now=timezone.localtime(),
        )
        text = _("Remark resolved.") if is_settled else _("Remark reopened.")
        messages.success(request, text, extra_tags=f"undo:{again}?open=1" if is_settled else "")
        url = f"{url}#{one.passage}"
    return redirect(url)
