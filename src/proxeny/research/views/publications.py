"""A study's way out of the room: what the world would see, signatures, versions, and withdrawal."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.partnerships.views.frame import telling_refusal
from proxeny.research.differing import tell_differences
from proxeny.research.forms.publications import WithdrawForm
from proxeny.research.models import Publication
from proxeny.research.operations import publishing
from proxeny.research.operations.crates import take_crate
from proxeny.research.queries.publications import list_publications, text_of
from proxeny.research.serving import answer_crate
from proxeny.research.shown import show_content
from proxeny.research.views.frame import StudyFrame, enter_study, show_tab


@require_GET
@for_people
def show(request: HttpRequest, pk: int, study_id: int) -> HttpResponse:
    """Show what the world would see of a study, and what stands of it already."""
    return _show(request, enter_study(request, pk, study_id))


def _show(
    request: HttpRequest, frame: StudyFrame, *, form: WithdrawForm | None = None, status: int = 200
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
    """Return what would be published: as it waits for signatures, else as the study stands."""
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
            newest and prepared and not newest.withdrawn_at
            and publishing.checksum_of({**newest.content, "version": prepared.content["version"]})
            == prepared.checksum
        ),
    }  # fmt: skip


@require_POST
@for_people
def ask(request: HttpRequest, pk: int, study_id: int) -> HttpResponse:
    """Sign what the world would see for one's own side, and put it before the others."""
    enter_study(request, pk, study_id)
    with telling_refusal(request):
        made = publishing.ask_publication(
            actor=request.reader, partnership_id=pk, study_id=study_id,
            seen=request.POST.get("seen", "")[:64], now=timezone.localtime(),
        )  # fmt: skip
        if made.completed_at:
            messages.success(request, _("It is published: everybody can read it."))
        else:
            messages.success(request, _("Signed for your side. The other side is asked to sign."))
    return redirect("research:publication", pk, study_id)


@require_http_methods(["POST"])
@for_people
def withdraw(request: HttpRequest, pk: int, study_id: int) -> HttpResponse:
    """Withdraw a study from the world, with a reason."""
    frame = enter_study(request, pk, study_id)
    if not frame.room.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters may withdraw it."))
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            publishing.withdraw_publication(
                actor=request.reader, partnership_id=pk, study_id=study_id,
                reason=form.cleaned_data["reason"], now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, _("It is withdrawn. Its page says so, and why; its files come no more.")
            )
            return redirect("research:publication", pk, study_id)
    return _show(request, frame, form=form, status=422)


@require_GET
@for_people
def give_crate(request: HttpRequest, pk: int, study_id: int) -> HttpResponseBase:
    """Give the whole study as an RO-Crate, with all files that were released."""
    frame = enter_study(request, pk, study_id)
    with telling_refusal(request):
        pieces = take_crate(actor=request.reader, study=frame.study, now=timezone.now())
        return answer_crate(pieces, f"study-{frame.study.pk}.crate.zip")
    return redirect("research:publication", pk, study_id)
