"""A study's way out of the room: what the world would see, signatures, versions, and withdrawal."""

from functools import partial
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.partnerships.sides import say_signed
from proxeny.partnerships.views.frame import telling_refusal
from proxeny.research.differing import tell_differences
from proxeny.research.forms.publications import WithdrawForm
from proxeny.research.models import Publication
from proxeny.research.operations import publishing
from proxeny.research.operations.crates import take_crate
from proxeny.research.presenters import show_content
from proxeny.research.queries.publications import list_publications, text_of
from proxeny.research.serving import answer_crate
from proxeny.research.views.frame import StudyFrame, enter_study, show_tab


@require_GET
@for_people
def show(request: Request, pk: int, study_id: int) -> HttpResponse:
    """Show the draft publication of a study, and its published versions."""
    return _show(request, enter_study(request, pk, study_id))


def _show(
    request: Request, frame: StudyFrame, *, form: WithdrawForm | None = None, status: int = 200
) -> HttpResponse:
    study, room = frame.study, frame.room
    versions = list_publications(study)
    # What the world has seen last, withdrawn or not; and what waits, or was not signed.
    newest = next((one for one in versions if one.published_at), None)
    waiting = next((one for one in versions if not one.published_at), None)
    text = text_of(room.partnership, waiting or newest)
    is_waiting = bool(
        waiting and text and not (text.agreement.completed_at or text.agreement.closed_at)
    )
    context: dict[str, Any] = {
        "newest": newest,
        "waiting": waiting if is_waiting else None,
        "text": text if is_waiting or (newest and not waiting) else None,
        "refused": text.agreement if waiting and text and not is_waiting else None,
        "versions": versions,
        "is_public": newest is not None and newest.withdrawn_at is None,
        "may_steer": frame.may_write and room.may_steer,
        # Also of a study that is put away.
        "form": form or (WithdrawForm() if room.may_steer else None),
        **_preview(frame, newest, waiting if is_waiting else None),
    }
    return show_tab(request, frame, "publication", "publication", context, status=status)


def _preview(
    frame: StudyFrame, newest: Publication | None, waiting: Publication | None
) -> dict[str, Any]:
    """Return the draft publication: the one waiting for signatures, else of the current study."""
    before = show_content(newest.content) if newest and newest.content else None
    if waiting is not None:
        shown = show_content(waiting.content)
        prepared = None
    else:
        prepared = publishing.prepare_publication(frame.study, today=timezone.localdate())
        shown = show_content(prepared.content)
    return {
        "shown": shown,
        "prepared": prepared,
        "differences": tell_differences(before, shown) if before else [],
        "is_same": bool(
            newest
            and prepared
            and not newest.withdrawn_at
            and publishing.checksum_of({**newest.content, "version": prepared.content["version"]})
            == prepared.checksum
        ),
    }


@require_POST
@for_people
def ask(request: Request, pk: int, study_id: int) -> HttpResponse:
    """Sign the draft publication for the reader's own side, and send it to the others to sign."""
    enter_study(request, pk, study_id)
    seen = request.POST.get("seen", "")[:64]
    return perform(
        request,
        partial(publishing.ask_publication, partnership_id=pk, study_id=study_id, seen=seen),
        done=lambda made: (
            _("Published. Everyone can now read it.") if made.completed_at else say_signed(pk)
        ),
        to=reverse("research:publication", args=[pk, study_id]),
    )


@require_http_methods(["POST"])
@for_people
def withdraw(request: Request, pk: int, study_id: int) -> HttpResponse:
    """Withdraw a study from the world, with a reason."""
    frame = enter_study(request, pk, study_id)
    if not frame.room.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters can withdraw it."))
    form = WithdrawForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(publishing.withdraw_publication, partnership_id=pk, study_id=study_id),
        done=_(
            "Study withdrawn. Its page says so and gives the reason; its files are no "
            "longer available."
        ),
        to=reverse("research:publication", args=[pk, study_id]),
    )
    return saved or _show(request, frame, form=form, status=422)


@require_GET
@for_people
def give_crate(request: Request, pk: int, study_id: int) -> HttpResponseBase:
    """Give the whole study as an RO-Crate, with all files that were released."""
    frame = enter_study(request, pk, study_id)
    with telling_refusal(request):
        pieces = take_crate(actor=request.reader, study=frame.study, now=timezone.now())
        return answer_crate(pieces, f"study-{frame.study.pk}.crate.zip")
    return redirect("research:publication", pk, study_id)
