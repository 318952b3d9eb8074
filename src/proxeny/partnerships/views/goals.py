"""Objectives of both sides, and their progress."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.actions import return_to
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships.goal_queries import GOALS, read_goals
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.operations import goals
from proxeny.partnerships.record_forms import MeasureForm
from proxeny.partnerships.room_queries import list_put_away
from proxeny.partnerships.sides import say_saved
from proxeny.partnerships.views.frame import Frame, enter_frame, show_page, telling_refusal
from proxeny.partnerships.views.records import page_url

_AWAY = ("objective", "key-result")


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the objectives with their key results, the open ones first."""
    return _show(request, enter_frame(request, pk))


def _show(
    request: Request, frame: Frame, *, refused: tuple[int, MeasureForm] | None = None
) -> HttpResponse:
    today, pk = timezone.localdate(), frame.partnership.pk
    found = read_goals(pk, today=today, is_mirrored=get_language_bidi())
    if refused is None and (file := GOALS.export(request, found.open)) is not None:
        return file
    context = {
        "goals": found,
        "shown": GOALS.show(request, found.open),
        "form": MeasureForm(initial={"measured_on": today}),
        "refused_id": refused[0] if refused else None,
        "refused_form": refused[1] if refused else None,
        "put_away": list_put_away(_AWAY, pk),
    }
    return show_page(request, frame, "goals", context, status=422 if refused else 200)


@require_POST
@for_people
def measure(request: Request, pk: int, result_id: int) -> HttpResponse:
    """Record the value of a key result."""
    frame = enter_frame(request, pk)
    form = MeasureForm(request.POST)
    if form.is_valid():
        try:
            goals.measure(
                actor=request.reader,
                partnership_id=pk,
                result_id=result_id,
                now=timezone.localtime(),
                **form.cleaned_data,
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, say_saved(pk))
            return return_to(request, page_url(KINDS["key-result"], pk, result_id))
    return _show(request, frame, refused=(result_id, form))


@require_POST
@for_people
def remove(request: Request, pk: int, measurement_id: int) -> HttpResponse:
    """Take a figure back."""
    url = reverse("partnerships:goals", args=[pk])
    with telling_refusal(request):
        result = goals.remove_measurement(
            actor=request.reader, partnership_id=pk, measurement_id=measurement_id
        )
        url = page_url(KINDS["key-result"], pk, result.pk)
        messages.success(request, _("Figure removed."))
    return return_to(request, url)
