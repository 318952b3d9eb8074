"""What people of a member, or of a company abroad, see of their introductions, and answer."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.ambassadors.forms.own import DeclineForm, FindOwnForm, TimesForm, WishForm
from proxeny.ambassadors.models import Introduction
from proxeny.ambassadors.operations import booking, wishes
from proxeny.ambassadors.queries import own as queries
from proxeny.ambassadors.queries import own_mandates
from proxeny.ambassadors.queries.link_pages import tell_other
from proxeny.ambassadors.queries.own import OwnCase, Step
from proxeny.kernel.answers import for_people, page_links, page_of
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.partnerships.views.frame import telling_refusal

DEFAULT_ZONE = "Europe/Paris"


@require_GET
@for_people
def show_list(request: HttpRequest) -> HttpResponse:
    """Show what waits, what is booked, what was, and what was asked of the ambassador."""
    now, reader = timezone.now(), request.reader
    form = FindOwnForm(request.GET)
    asked = form.asked()
    found = queries.OWN.fit(queries.find_own(reader, now=now, **asked), request)
    if request.GET.get("export") and (
        file := queries.OWN.export(request, queries.tell_own(found, now=now))
    ):
        return file
    page = page_of(found, request)
    coming = queries.next_own(reader, now=now)
    *rows, last = [*queries.tell_own([*page, *([coming] if coming else [])], now=now), None]
    following = rows.pop() if coming else last
    context = {
        "form": form,
        "is_narrowed": any(asked.values()),
        "rows": rows,
        "count": page.paginator.count,
        "coming": following,
        **queries.OWN.tools(request),
        "mandates": own_mandates.find_own_mandates(reader, today=timezone.localdate()),
        "may_ask": bool(own_mandates.members_of_reader(reader) and reader.circles),
        "zone": _zone_of(request),
        "today": timezone.localdate(),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "ambassadors/own.html", context)


def _zone_of(request: HttpRequest) -> str:
    return request.reader.time_zone or DEFAULT_ZONE


@require_GET
@for_people
def show(request: HttpRequest, introduction_id: int) -> HttpResponse:
    """Show one introduction, and what there is to answer."""
    return _show(request, _get(request, introduction_id))


def _get(request: HttpRequest, introduction_id: int) -> OwnCase:
    return queries.get_own(request.reader, introduction_id, now=timezone.now())


def _show(
    request: HttpRequest, row: OwnCase, *, status: int = 200, **forms: Any
) -> HttpResponse:  # fmt: skip
    zone = _zone_of(request)
    context = {
        "row": row,
        "step": row.step.value,
        "other": tell_other(row.other.organisation),
        "zone": zone,
        "wish_form": WishForm(),
        "times_form": TimesForm(options=row.options, role=row.own.role, zone=zone),
        "decline_form": DeclineForm(is_booked=row.is_booked),
        "may_answer_wish": row.step in (Step.WISH, Step.YES),
        "may_answer_times": row.is_timed and not row.has_begun(timezone.now()),
        **forms,
    }
    return render(request, "ambassadors/own_case.html", context, status=status)


@require_POST
@for_people
def answer_wish(request: HttpRequest, introduction_id: int) -> HttpResponse:
    """Say whether to meet."""
    form = WishForm(request.POST)
    if not form.is_valid():
        return _show(request, _get(request, introduction_id), status=422, wish_form=form)
    with telling_refusal(request):
        case = wishes.answer_wish(
            actor=request.reader, introduction_id=introduction_id,
            wants=form.cleaned_data["wants"], why=form.cleaned_data["why"], now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _thank(case.state))
    return redirect("ambassadors:own-case", introduction_id)


def _thank(state: str) -> str:
    """Say what comes of an answer."""
    if state == Introduction.State.CLOSED:
        return _("Thank you. The other side is told only that it does not come about.")
    if state == Introduction.State.FINDING:
        return _("Thank you. You both would like to meet: times are proposed to you soon.")
    return _("Thank you. As soon as the other side says yes, too, times are proposed to you.")


@require_POST
@for_people
def answer_times(request: HttpRequest, introduction_id: int) -> HttpResponse:
    """Say which times suit, propose another, or say that none does."""
    row = _get(request, introduction_id)
    zone = _zone_of(request)
    form = TimesForm(request.POST, options=row.options, role=row.own.role, zone=zone)
    if form.is_valid():
        try:
            case = booking.answer_times(
                actor=request.reader, introduction_id=introduction_id, suits=form.chosen(),
                proposal=form.proposal(), time_zone=zone, now=timezone.now(),
            )  # fmt: skip
        except InvalidInput as error:
            form.refuse(error)
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("ambassadors:own-case", introduction_id)
        else:
            is_new = case.meeting_id and case.meeting_id != row.case.meeting_id
            messages.success(
                request,
                _("It is booked. The invitation comes by mail.")
                if is_new
                else _("Thank you. As soon as a time suits everybody, you get an invitation."),
            )
            return redirect("ambassadors:own-case", introduction_id)
    return _show(request, row, status=422, times_form=form)


@require_POST
@for_people
def decline(request: HttpRequest, introduction_id: int) -> HttpResponse:
    """Cannot come, or would rather not meet."""
    row = _get(request, introduction_id)
    form = DeclineForm(request.POST, is_booked=row.is_booked)
    if form.is_valid():
        try:
            booking.cancel_own(
                actor=request.reader, introduction_id=introduction_id,
                why=form.cleaned_data["why"], for_good=form.is_for_good, now=timezone.now(),
            )  # fmt: skip
        except InvalidInput as error:
            form.refuse(error)
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("ambassadors:own-case", introduction_id)
        else:
            messages.success(request, _("The ambassador is told. The other side reads no reason."))
            return redirect("ambassadors:own-case", introduction_id)
    return _show(request, row, status=422, decline_form=form)


@require_GET
@for_people
def show_meeting(request: HttpRequest, introduction_id: int) -> HttpResponse:
    """Give the booked meeting as a file for one's calendar."""
    row = _get(request, introduction_id)
    if row.meeting is None:
        raise Http404
    text = queries.write_meeting(row)
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="meeting.ics"'
    return answer
