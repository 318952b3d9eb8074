"""The joint register of risks, and their acceptance by all parties."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.actions import return_to
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.operations.risks import ask_acceptance
from proxeny.partnerships.record_forms import IMPACTS, LIKELIHOODS
from proxeny.partnerships.risk_queries import LEVELS, RISKS, read_register
from proxeny.partnerships.room_queries import list_put_away
from proxeny.partnerships.sides import others_in
from proxeny.partnerships.views.frame import enter_frame, show_page, telling_refusal, to_number
from proxeny.partnerships.views.records import page_url


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the risks as a matrix and a list, the gravest first."""
    frame = enter_frame(request, pk)
    register = read_register(frame.partnership, frame.parties, today=timezone.localdate())
    if (file := RISKS.export(request, register.open)) is not None:
        return file
    context = {
        "register": register,
        "shown": RISKS.show(request, register.open),
        "rows": zip(_words(LIKELIHOODS)[::-1], register.matrix, strict=True),
        "impacts": _words(IMPACTS),
        "levels": LEVELS[::-1],
        "to_sign": {one.record.pk for one in register.open if one.waits_for(frame.mine)},
        "put_away": list_put_away(["risk"], pk),
    }
    return show_page(request, frame, "risks", context)


def _words(scale: Mapping[int, Any]) -> list[tuple[str, str]]:
    """Return the steps of a scale as number and word: “5 · almost certain”."""
    parts = (str(label).partition(" · ") for label in scale.values())
    return [(number, word) for number, _dot, word in parts]


@require_POST
@for_people
def accept(request: Request, pk: int, risk_id: int) -> HttpResponse:
    """Accept a risk for the reader's side, and ask the others to."""
    with telling_refusal(request):
        ask_acceptance(
            actor=request.reader,
            partnership_id=pk,
            risk_id=risk_id,
            version=to_number(request.POST.get("version", "")),
            now=timezone.localtime(),
        )
        messages.success(
            request,
            ngettext(
                "Accepted for your side. The other side has been asked to sign.",
                "Accepted for your side. The other sides have been asked to sign.",
                others_in(pk),
            ),
        )
    return return_to(request, page_url(KINDS["risk"], pk, risk_id))
