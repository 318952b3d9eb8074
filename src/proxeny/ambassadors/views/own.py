"""Introductions and answers for people of a member, or of a company abroad."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
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
from proxeny.kernel.actions import perform
from proxeny.kernel.calendar import answer_calendar
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, page_links, page_of

DEFAULT_ZONE = "Europe/Paris"


@require_GET
@for_people
def show_list(request: Request) -> HttpResponse:
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


def _zone_of(request: Request) -> str:
    return request.reader.time_zone or DEFAULT_ZONE


@require_GET
@for_people
def show(request: Request, introduction_id: int) -> HttpResponse:
    """Show one introduction, and what there is to answer."""
    return _show(request, _get(request, introduction_id))


def _get(request: Request, introduction_id: int) -> OwnCase:
    return queries.get_own(request.reader, introduction_id, now=timezone.now())


def _show(request: Request, row: OwnCase, *, status: int = 200, **forms: Any) -> HttpResponse:
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
def answer_wish(request: Request, introduction_id: int) -> HttpResponse:
    """Say whether to meet."""
    form = WishForm(request.POST)
    if not form.is_valid():
        return _show(request, _get(request, introduction_id), status=422, wish_form=form)
    return perform(
        request,
        partial(
            wishes.answer_wish,
            introduction_id=introduction_id,
            wants=form.cleaned_data["wants"],
            why=form.cleaned_data["why"],
        ),
        done=lambda case: _thank(case.state),
        to=reverse("ambassadors:own-case", args=[introduction_id]),
    )


def _thank(state: str) -> str:
    """Say what comes of an answer."""
    if state == Introduction.State.CLOSED:
        return _("Thank you. The other side only learns that the meeting isn’t going ahead.")
    if state == Introduction.State.FINDING:
        return _("Thank you. You’d both like to meet, and you’ll get proposed times soon.")
    return _("Thank you. As soon as the other side says yes too, you’ll get proposed times.")


@require_POST
@for_people
def answer_times(request: Request, introduction_id: int) -> HttpResponse:
    """Say which times suit, propose another, or say that none does."""
    row = _get(request, introduction_id)
    zone = _zone_of(request)
    form = TimesForm(request.POST, options=row.options, role=row.own.role, zone=zone)
    if form.is_valid():
        try:
            case = booking.answer_times(
                actor=request.reader,
                introduction_id=introduction_id,
                suits=form.chosen(),
                proposal=form.proposal(),
                time_zone=zone,
                now=timezone.now(),
            )
        except InvalidInput as error:
            form.refuse(error)
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("ambassadors:own-case", introduction_id)
        else:
            is_new = case.meeting_id and case.meeting_id != row.case.meeting_id
            messages.success(
                request,
                _("Meeting booked. You’ll get the invitation by email.")
                if is_new
                else _("Thank you. As soon as a time suits everyone, you’ll get an invitation."),
            )
            return redirect("ambassadors:own-case", introduction_id)
    return _show(request, row, status=422, times_form=form)


@require_POST
@for_people
def decline(request: Request, introduction_id: int) -> HttpResponse:
    """Cannot come, or would rather not meet."""
    row = _get(request, introduction_id)
    form = DeclineForm(request.POST, is_booked=row.is_booked)
    if form.is_valid():
        try:
            booking.cancel_own(
                actor=request.reader,
                introduction_id=introduction_id,
                why=form.cleaned_data["why"],
                for_good=form.is_for_good,
                now=timezone.now(),
            )
        except InvalidInput as error:
            form.refuse(error)
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("ambassadors:own-case", introduction_id)
        else:
            messages.success(
                request,
                _("The ambassador has been notified. The other side doesn’t see your reason."),
            )
            return redirect("ambassadors:own-case", introduction_id)
    return _show(request, row, status=422, decline_form=form)


@require_GET
@for_people
def show_meeting(request: Request, introduction_id: int) -> HttpResponse:
    """Give the booked meeting as a calendar file."""
    row = _get(request, introduction_id)
    if row.meeting is None:
        raise Http404
    return answer_calendar(queries.write_meeting(row), "meeting.ics")
