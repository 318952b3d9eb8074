"""A page's way out of the room: what the world would see, signatures, versions, and withdrawal."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.alliances.content import from_json
from proxeny.alliances.forms import WithdrawPageForm
from proxeny.alliances.models import PageVersion
from proxeny.alliances.operations import publishing
from proxeny.alliances.queries import pages as queries
from proxeny.alliances.rules import joined
from proxeny.alliances.telling import tell_differences
from proxeny.kernel.answers import for_people, show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.partnerships.views.frame import Frame, enter_frame, telling_refusal


@require_GET
@for_people
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the world would see of a room, and what stands of it already."""
    return _show(request, enter_frame(request, pk))


def _show(
    request: HttpRequest, frame: Frame, *, form: WithdrawPageForm | None = None, status: int = 200
) -> HttpResponse:
    partnership = frame.partnership
    versions = queries.list_versions(partnership.pk)
    # What the world has seen last, withdrawn or not; and what waits, or was not signed.
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
    frame: Frame, page: Any, versions: list[PageVersion], newest: PageVersion | None,
    waiting: PageVersion | None,
) -> dict[str, Any]:  # fmt: skip
    """Return what would be published: as it waits for signatures, else as the draft stands."""
    before = from_json(newest.content) if newest else None
    if waiting is not None:
        said, contact, prepared = from_json(waiting.content), waiting.contact, None
    else:
        prepared = publishing.prepare_page(
            page, frame.partnership, frame.parties, versions, today=timezone.localdate()
        )
        said, contact = prepared.content, prepared.contact
    is_same = bool(
        newest and before and not newest.withdrawn_at and prepared
        and publishing.checksum_of(before, newest.contact) == prepared.checksum
    )  # fmt: skip
    return {
        "said": said,
        "contact": contact,
        "prepared": prepared,
        "differences": tell_differences(before, said) if before and not is_same else [],
        "is_same": is_same,
        "is_outdated": bool(
            newest and before and not newest.withdrawn_at
            and before.parties != {one.pk for one in joined(frame.parties)}
        ),
    }  # fmt: skip


@require_POST
@for_people
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign what the world would see for one's own side, and put it before the others."""
    enter_frame(request, pk)
    with telling_refusal(request):
        made = publishing.ask_page(
            actor=request.reader, partnership_id=pk, seen=request.POST.get("seen", "")[:64],
            now=timezone.localtime(),
        )  # fmt: skip
        if made.completed_at:
            messages.success(request, _("It is published: everybody can read it."))
        else:
            messages.success(request, _("Signed for your side. The other side is asked to sign."))
    return redirect("alliances:publication", pk)


@require_POST
@for_people
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw the page from the world, with a reason."""
    frame = enter_frame(request, pk)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters may withdraw it."))
    form = WithdrawPageForm(request.POST)
    if form.is_valid():
        try:
            publishing.withdraw_page(
                actor=request.reader, partnership_id=pk, reason=form.cleaned_data["reason"],
                now=timezone.localtime(),
            )  # fmt: skip
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("It is withdrawn. Its address says so, and why."))
            return redirect("alliances:publication", pk)
    return _show(request, frame, form=form, status=422)
