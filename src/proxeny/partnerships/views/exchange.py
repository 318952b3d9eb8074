"""Give and take, and the rhythm of catch-ups."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships import exchange
from proxeny.partnerships.exchange_forms import AnswerForm, RhythmForm
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Favour, Partnership
from proxeny.partnerships.operations import exchange as writing
from proxeny.partnerships.operations.balance import imbalance_of, is_uneven
from proxeny.partnerships.room_queries import get_record, list_rhythms
from proxeny.partnerships.sides import others_in, say_saved
from proxeny.partnerships.views.frame import Frame, enter_frame, show_page
from proxeny.partnerships.views.gate import is_from_gate


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show what each side gave, what waits to be confirmed, and how often they meet."""
    return _show(request, enter_frame(request, pk))


def _show(
    request: Request,
    frame: Frame,
    *,
    rhythm_form: RhythmForm | None = None,
    answer_form: AnswerForm | None = None,
    answered: int = 0,
    status: int = 200,
) -> HttpResponse:
    partnership = frame.partnership
    own = {one.pk for one in frame.parties if one.organisation_id in request.reader.organisations}
    found = exchange.list_favours(partnership)
    if request.method == "GET" and (file := exchange.FAVOURS.export(request, found)) is not None:
        return file
    favours = exchange.FAVOURS.show(request, found).with_rows(
        lambda one: _favour(request, frame, one, own)
    )
    context = {
        "rows": [
            {
                "row": row,
                "imbalance": (imbalance := imbalance_of(row)),
                "is_uneven": imbalance is not None and is_uneven(imbalance),
            }
            for row in exchange.weigh(partnership, frame.parties, today=timezone.localdate())
        ],
        "favours": favours,
        "rhythms": _rhythms(frame, partnership, rhythm_form),
        "answer_form": answer_form or AnswerForm(),
        "answered": answered,
    }
    return show_page(request, frame, "exchange", context, status=status)


def _favour(request: Request, frame: Frame, favour: Favour, own: set[int]) -> dict[str, Any]:
    is_ours = favour.noted_by_id in request.reader.organisations
    takes_part = bool({favour.giver_id, favour.receiver_id} & own)
    is_open = favour.confirmed_at is None and favour.contested_at is None
    return {
        "favour": favour,
        "may_answer": frame.may_keep and is_open and takes_part and not is_ours,
        "may_change": frame.may_keep and is_ours,
    }


def _rhythms(
    frame: Frame, partnership: Partnership, bound: RhythmForm | None
) -> list[dict[str, Any]]:
    kept = list_rhythms(partnership)
    shown = []
    for in_person in (False, True):
        rhythm = kept.get(in_person)
        form = RhythmForm(rhythm=rhythm, in_person=in_person) if frame.may_steer else None
        if bound is not None and bound.data.get("in_person") == str(in_person):
            form = bound
        shown.append({"in_person": in_person, "rhythm": rhythm, "form": form})
    return shown


@require_POST
@for_people
def set_rhythm(request: Request, pk: int) -> HttpResponse:
    """Agree how often to meet."""
    frame = enter_frame(request, pk)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters can change this."))
    form = RhythmForm(request.POST)
    if form.is_valid():
        try:
            writing.set_rhythm(
                actor=request.reader, partnership_id=pk, now=timezone.now(), **form.to_values()
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, say_saved(pk))
            return redirect(
                "partnerships:detail" if is_from_gate(request) else "partnerships:exchange", pk
            )
    return _show(request, frame, rhythm_form=form, status=422)


@require_POST
@for_people
def answer(request: Request, pk: int, favour_id: int) -> HttpResponse:
    """Confirm what the other side noted, or say why it is not so."""
    frame = enter_frame(request, pk)
    if get_record(KINDS["favour"], pk, favour_id).noted_by_id in request.reader.organisations:
        raise NotAllowed(_("Only the other side can confirm this."))
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            writing.answer_favour(
                actor=request.reader,
                partnership_id=pk,
                favour_id=favour_id,
                now=timezone.now(),
                **form.to_values(),
            )
        except InvalidInput as error:
            form.add_error("why", str(error))
        except Conflict as error:
            messages.warning(request, str(error))
            return redirect("partnerships:exchange", pk)
        else:
            messages.success(
                request,
                ngettext(
                    "Thank you. Both sides can see it.",
                    "Thank you. All sides can see it.",
                    others_in(pk),
                ),
            )
            return redirect("partnerships:exchange", pk)
    return _show(request, frame, answer_form=form, answered=favour_id, status=422)
