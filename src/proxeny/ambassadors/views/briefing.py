"""Briefings before a meeting: as a page, and as PDF in the reader's language."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_safe

from proxeny.accounts.limits import may_try
from proxeny.ambassadors.forms.missions import OnForm
from proxeny.ambassadors.models import Introduction, Link, Mission
from proxeny.ambassadors.operations.day_plan import ways_of_day
from proxeny.ambassadors.queries.briefing import (
    BRIEFED,
    Audience,
    Briefing,
    find_day,
    language_of,
    read_briefing,
    read_briefings,
)
from proxeny.ambassadors.queries.cases import get_case
from proxeny.ambassadors.queries.links import open_link
from proxeny.ambassadors.queries.missions import day_of, find_mission_of
from proxeny.ambassadors.queries.own import get_own
from proxeny.ambassadors.views.frame import DeskFrame, enter_desk_frame, show_page
from proxeny.kernel.downloads import file_name
from proxeny.kernel.errors import Conflict, NotFound
from proxeny.kernel.pdf import answer_pdf, write_pdf
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.view_helpers import address_with, for_people, secretly

DEFAULT_ZONE = "Europe/Paris"
_ONE, _DAY = "ambassadors/briefing_pdf.html", "ambassadors/briefing_day_pdf.html"


def _case_of_desk(
    request: Request, pk: int, introduction_id: int
) -> tuple[DeskFrame, Introduction]:
    frame = enter_desk_frame(request, pk)
    case = get_case(introduction_id, pk)
    if case.cluster_id != frame.cluster_id:
        raise NotFound(_("We couldn’t find this introduction."))
    return frame, case


def _audience(request: Request) -> Audience:
    asked = request.GET.get("for", "")
    return Audience(asked) if asked in list(Audience) else Audience.DESK


@require_GET
@for_people
def show(request: Request, pk: int, introduction_id: int) -> HttpResponse:
    """Show the desk what it should know, or what each side reads."""
    frame, case = _case_of_desk(request, pk, introduction_id)
    audience = _audience(request)
    is_booked = case.meeting is not None and case.state in BRIEFED
    context = {
        "case": case,
        "briefing": _read(case, audience, request.reader) if is_booked else None,
        "audiences": _choices(request, audience, case),
        "file_url": f"{reverse('ambassadors:briefing-file', args=[pk, case.pk])}?for={audience}",
    }
    return show_page(request, frame, "board", "briefing", context)


def _choices(request: Request, now: Audience, case: Introduction) -> list[dict[str, Any]]:
    labels = {
        Audience.DESK: _("For you"),
        Audience.MEMBER: case.member.name,
        Audience.STAKEHOLDER: case.stakeholder.name,
    }
    return [
        {"url": address_with(request, **{"for": one.value}), "label": label, "active": one == now}
        for one, label in labels.items()
    ]


def _read(case: Introduction, audience: Audience, reader: Reader) -> Briefing:
    return read_briefing(case, audience, reader, now=timezone.now())


@require_GET
@for_people
def take(request: Request, pk: int, introduction_id: int) -> HttpResponse:
    """Return a briefing as PDF, in its reader's language."""
    _frame, case = _case_of_desk(request, pk, introduction_id)
    if case.meeting is None or case.state not in BRIEFED:
        raise NotFound(_("No meeting is booked yet."))
    audience = _audience(request)
    back = f"{reverse('ambassadors:briefing', args=[pk, case.pk])}?for={audience}"
    return _file(request, case, audience, back)


def _file(request: Request, case: Introduction, audience: Audience, back: str) -> HttpResponse:
    reader = request.reader
    title = f"{case.member.name} · {case.stakeholder.name}"
    given = {"briefing": lambda: _read(case, audience, reader)}
    language = language_of(case, audience)
    return _answer(request, _ONE, given, title=title, language=language, back=back)


def _answer(
    request: Request,
    template: str,
    given: dict[str, Callable[[], Any]],
    *,
    title: str,
    language: str,
    back: str,
) -> HttpResponse:
    """Answer with a file, or lead back with a word on why there is none."""
    spoken = language if language in dict(settings.LANGUAGES) else get_language() or "en"
    context = {**given, "today": timezone.localdate()}
    try:
        content = write_pdf(template, context, title=title, languages=[spoken])
    except Conflict as error:
        messages.error(request, str(error))
        return redirect(back)
    return answer_pdf(file_name(title or "meeting"), content)


@require_GET
@for_people
def show_own(request: Request, introduction_id: int) -> HttpResponse:
    """Show a participant the briefing before the meeting."""
    row = get_own(request.reader, introduction_id, now=timezone.now())
    if row.meeting is None:
        raise NotFound(_("No meeting is booked yet."))
    briefing = _read(row.case, Audience(row.own.role), request.reader)
    return render(request, "ambassadors/briefing_own.html", {"briefing": briefing, "row": row})


@require_GET
@for_people
def take_own(request: Request, introduction_id: int) -> HttpResponse:
    """Return a participant's briefing as PDF."""
    row = get_own(request.reader, introduction_id, now=timezone.now())
    if row.meeting is None:
        raise NotFound(_("No meeting is booked yet."))
    back = reverse("ambassadors:own-briefing", args=[introduction_id])
    return _file(request, row.case, Audience(row.own.role), back)


@login_not_required
@secretly
@sensitive_variables("token")
@require_safe
def take_by_link(request: Request, token: str) -> HttpResponse:
    """Return the briefing to the holder of a link for times; before a booking, the page itself."""
    try:
        opened = open_link(token, now=timezone.now())
    except NotFound:
        if not may_try(request):
            return render(request, "429.html", status=429)
        return render(request, "ambassadors/link_closed.html", status=404)
    case = opened.case
    is_booked = case.meeting is not None and case.state in BRIEFED
    if opened.purpose != Link.Purpose.TIME or not is_booked:
        return redirect("ambassadors:link", token)
    back = reverse("ambassadors:link", args=[token])
    return _file(request, case, Audience(opened.side.role), back)


@require_GET
@for_people
def show_day(request: Request, pk: int) -> HttpResponse:
    """Show all meetings of somebody's day in order, each with its briefing, and the ways between."""
    frame = enter_desk_frame(request, pk)
    form = _on_form(request, frame)
    day = _Day(request, frame, form)
    on = form.cleaned_data.get("on")
    context = {
        "form": form,
        "day": day.read() if on else (),
        "on": on,
        "mission": day.mission,
        "file_url": f"{reverse('ambassadors:day-file', args=[pk])}{address_with(request)}",
    }
    return show_page(request, frame, "mission", "briefing_day", context, status=200 if on else 422)


@require_GET
@for_people
def take_day(request: Request, pk: int) -> HttpResponse:
    """Give a whole day as PDF."""
    frame = enter_desk_frame(request, pk)
    form = _on_form(request, frame)
    on = form.cleaned_data.get("on")
    back = f"{reverse('ambassadors:day', args=[pk])}{address_with(request)}"
    if on is None:
        return redirect(back)
    day = _Day(request, frame, form)
    given = {"day": day.read, "on": lambda: on}
    return _answer(request, _DAY, given, title=_title_of(on), language="", back=back)


def _title_of(on: date) -> str:
    return _("Meetings on %(day)s") % {"day": on.isoformat()}


def _on_form(request: Request, frame: DeskFrame) -> OnForm:
    form = OnForm(
        request.GET,
        team=frame.team(),
        today=timezone.localdate(),
        person=request.reader.person or 0,
    )
    form.is_valid()
    return form


class _Day:
    """Somebody's meetings of one day."""

    def __init__(self, request: Request, frame: DeskFrame, form: OnForm) -> None:
        self.reader, self.frame = request.reader, frame
        self.on, self.person = form.cleaned_data.get("on"), form.cleaned_data.get("who") or 0
        self.mission = self.on and find_mission_of(frame.cluster_id, self.person, self.on)

    def read(self) -> list[dict[str, Any]]:
        """Return each meeting with its briefing and the travel minutes before it."""
        if self.on is None:
            return []
        planned = self.mission
        zone = planned.time_zone if planned else self.reader.time_zone or DEFAULT_ZONE
        cases = find_day(self.frame.cluster_id, self.person, *day_of(self.on, zone))
        mode = planned.mode if planned else Mission.Mode.TRANSPORT
        ways = ways_of_day(cases, mode, planned.apart_min if planned else 20)
        told = read_briefings(cases, Audience.DESK, self.reader, now=timezone.now())
        return [
            {"briefing": one, "way_min": way, "anchor": str(one.case.pk)}
            for one, way in zip(told, ways, strict=True)
        ]
