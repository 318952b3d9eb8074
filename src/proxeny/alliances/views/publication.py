"""Publication of a page: preview, signatures, versions, and withdrawal."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.alliances.content import from_json
from proxeny.alliances.forms import WithdrawPageForm
from proxeny.alliances.models import PageVersion
from proxeny.alliances.operations import publishing
from proxeny.alliances.presenters import tell_differences
from proxeny.alliances.queries import pages as queries
from proxeny.alliances.rules import joined
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships.sides import say_signed
from proxeny.partnerships.views.frame import Frame, enter_frame, telling_refusal


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the preview of a room's public page, and its published versions."""
    return _show(request, enter_frame(request, pk))


def _show(
    request: Request, frame: Frame, *, form: WithdrawPageForm | None = None, status: int = 200
) -> HttpResponse:
    partnership = frame.partnership
    versions = queries.list_versions(partnership.pk)
    # The version last published, withdrawn or not; and the one that waits, or was not signed.
    newest = next((one for one in versions if one.published_at), None)
    waiting = next((one for one in versions if not one.published_at), None)
    text = queries.text_of(partnership, waiting or newest)
    is_waiting = waiting is not None and queries.is_waiting(text)
    context: dict[str, Any] = {
        **frame.context("alliance"),
        "page": queries.get_page(partnership.pk),
        "newest": newest,
        "waiting": waiting if is_waiting else None,
        "text": text if is_waiting or (newest and not waiting) else None,
        "refused": text.agreement if waiting and text and not is_waiting else None,
        "versions": versions,
        "is_public": newest is not None and newest.withdrawn_at is None,
        "form": form or (WithdrawPageForm() if frame.may_steer else None),
    }
    context |= _preview(frame, context["page"], versions, newest, waiting if is_waiting else None)
    return render(request, "alliances/publication.html", context, status=status)


def _preview(
    frame: Frame,
    page: Any,
    versions: list[PageVersion],
    newest: PageVersion | None,
    waiting: PageVersion | None,
) -> dict[str, Any]:
    """Return the preview: the version that waits for signatures, else the current draft."""
    before = from_json(newest.content) if newest else None
    if waiting is not None:
        said, contact, prepared = from_json(waiting.content), waiting.contact, None
    else:
        prepared = publishing.prepare_page(
            page, frame.partnership, frame.parties, versions, today=timezone.localdate()
        )
        said, contact = prepared.content, prepared.contact
    is_same = bool(
        newest
        and before
        and not newest.withdrawn_at
        and prepared
        and publishing.checksum_of(before, newest.contact) == prepared.checksum
    )
    return {
        "said": said,
        "contact": contact,
        "prepared": prepared,
        "differences": tell_differences(before, said) if before and not is_same else [],
        "is_same": is_same,
        "is_outdated": bool(
            newest
            and before
            and not newest.withdrawn_at
            and before.parties != {one.pk for one in joined(frame.parties)}
        ),
    }


@require_POST
@for_people
def ask(request: Request, pk: int) -> HttpResponse:
    """Sign the page for the reader's own side, and send it to the others for signature."""
    enter_frame(request, pk)
    with telling_refusal(request):
        made = publishing.ask_page(
            actor=request.reader,
            partnership_id=pk,
            seen=request.POST.get("seen", "")[:64],
            now=timezone.localtime(),
        )
        if made.completed_at:
            messages.success(request, _("Published. Everyone can now read it."))
        else:
            messages.success(request, say_signed(pk))
    return redirect("alliances:publication", pk)


@require_POST
@for_people
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Withdraw the page from the world, with a reason."""
    frame = enter_frame(request, pk)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters can withdraw it."))
    form = WithdrawPageForm(request.POST)
    if form.is_valid():
        try:
            publishing.withdraw_page(
                actor=request.reader,
                partnership_id=pk,
                reason=form.cleaned_data["reason"],
                now=timezone.localtime(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, _("Withdrawn. The public page now says so and gives the reason.")
            )
            return redirect("alliances:publication", pk)
    return _show(request, frame, form=form, status=422)
