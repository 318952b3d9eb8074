"""A label's way out of the room: what would be published, signatures, versions, and withdrawal."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.labels.content import SchemeText, read_scheme
from proxeny.labels.forms.schemes import ChooseLanguageForm, WithdrawLabelForm
from proxeny.labels.models import SchemeVersion
from proxeny.labels.operations import publishing
from proxeny.labels.presenters import tell_differences
from proxeny.labels.queries import schemes as queries
from proxeny.labels.scheme_presenters import show_scheme
from proxeny.labels.views.frame import SchemeFrame, enter_scheme, show_scheme_tab
from proxeny.labels.views.schemes import places


@require_GET
@for_people
def show(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Show the draft publication of a label, and its published versions."""
    return _show(request, enter_scheme(request, pk, scheme_id))


def _show(
    request: Request,
    frame: SchemeFrame,
    *,
    form: WithdrawLabelForm | None = None,
    status: int = 200,
) -> HttpResponse:
    scheme, room = frame.scheme, frame.room
    versions = list(queries.versions_of(scheme))
    # What the world has seen last, withdrawn or not; and what waits, or was not signed.
    newest = next((one for one in versions if one.published_at), None)
    unsigned = next((one for one in versions if not one.published_at), None)
    text = queries.text_of(room.partnership, scheme)
    is_waiting = unsigned is not None and queries.is_waiting(text)
    prepared = publishing.prepare(queries.read_parts(scheme), room.parties, versions)
    is_public = newest is not None and newest.withdrawn_at is None
    context: dict[str, Any] = {
        "newest": newest,
        "waiting": unsigned if is_waiting else None,
        "text": text,
        "refused": text.agreement if unsigned and text and not is_waiting else None,
        "versions": versions,
        "is_public": is_public,
        "form": form or (WithdrawLabelForm() if frame.may_steer and is_public else None),
        "prepared": prepared,
        "missing": places(room.partnership.pk, scheme, list(prepared.missing)),
        "remarks": places(room.partnership.pk, scheme, list(prepared.remarks)),
        "is_same": bool(is_public and newest and publishing.is_same(prepared, newest)),
        # The draft went on while a version waits: that is another one then.
        "is_ahead": bool(is_waiting and unsigned and not publishing.is_same(prepared, unsigned)),
        **_preview(request, prepared, newest, unsigned if is_waiting else None),
    }
    return show_scheme_tab(request, frame, "publication", "publication", context, status=status)


def _preview(
    request: Request,
    prepared: publishing.Prepared,
    newest: SchemeVersion | None,
    waiting: SchemeVersion | None,
) -> dict[str, Any]:
    """Return the draft publication: the one waiting for signatures, else of the current draft."""
    said = read_scheme(waiting.content) if waiting else prepared.text
    before = read_scheme(newest.content) if newest else None
    return {
        **in_language(request, said),
        "contact": waiting.contact if waiting else prepared.contact,
        "differences": tell_differences(before, said) if before else [],
    }


def in_language(request: Request, said: SchemeText) -> dict[str, Any]:
    """Return a scheme in the chosen language, and the form to choose another.

    The default is the reader's language, if the scheme has it.
    """
    own = get_language() or ""
    first = own if own in said.languages else said.language
    choice = ChooseLanguageForm(request.GET, languages=said.languages, first=first)
    return {"shown": show_scheme(said, choice.chosen), "choice": choice}


@require_GET
@for_people
def show_version(request: Request, pk: int, scheme_id: int, number: int) -> HttpResponse:
    """Show a version of a label, as it was signed or waits."""
    frame = enter_scheme(request, pk, scheme_id)
    version = queries.get_version(frame.scheme, number)
    said = read_scheme(version.content)
    context = {"version": version, "contact": version.contact, **in_language(request, said)}
    return show_scheme_tab(request, frame, "publication", "scheme_version", context)


@require_POST
@for_people
def ask(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Sign the draft publication for the reader's own side, and send it to the others to sign."""
    enter_scheme(request, pk, scheme_id)
    seen = request.POST.get("seen", "")[:64]
    return perform(
        request,
        partial(publishing.ask_scheme, partnership_id=pk, scheme_id=scheme_id, seen=seen),
        done=lambda made: (
            _("Published. Everyone can now read it.")
            if made.completed_at
            else _("Signed for your side. The other side has been asked to sign.")
        ),
        to=reverse("labels:publication", args=[pk, scheme_id]),
    )


@require_POST
@for_people
def withdraw(request: Request, pk: int, scheme_id: int) -> HttpResponse:
    """Withdraw a label from the world, with a reason."""
    frame = enter_scheme(request, pk, scheme_id)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters can withdraw it."))
    form = WithdrawLabelForm(request.POST)
    saved = submit_form(
        request,
        form,
        partial(publishing.withdraw_scheme, partnership_id=pk, scheme_id=scheme_id),
        done=_("Withdrawn. The public page now says so and gives the reason."),
        to=reverse("labels:publication", args=[pk, scheme_id]),
    )
    return saved or _show(request, frame, form=form, status=422)
