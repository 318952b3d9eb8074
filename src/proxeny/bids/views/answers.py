"""How a partner's own page takes its answers: the same by a sign-in and by a link."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from proxeny.bids.forms.partners import AskBackForm, LeaveForm, RefuseForm, SignForm
from proxeny.bids.operations.own import add_own
from proxeny.bids.queries.own import OwnSheet
from proxeny.bids.views.frame import deadline
from proxeny.kernel.answers import show_refusal
from proxeny.kernel.errors import Conflict, InvalidInput


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody came to a partner's page, and how it answers them.

    Attributes
    ----------
    read : callable
        Returns what stands there now.
    deeds : mapping of str to callable
        What can be done: `sign`, `refuse`, `ask`, `leave`; each takes what its form says.
    by_name : bool
        Whether a signature needs a name: whoever comes by a link is nobody to Proxeny.
    show : callable
        Answers with the page, from what its templates read and a status.
    done : callable
        Answers after a deed, by its name.
    """

    request: HttpRequest
    read: Callable[[], OwnSheet]
    deeds: dict[str, Callable[..., object]]
    by_name: bool
    show: Callable[[dict[str, Any], int], HttpResponse]
    done: Callable[[str], HttpResponse]
    zone: Callable[[OwnSheet], str]


def show_sheet(
    way: Way, *, status: int = 200, sentence: object = "", opened: str = "", **typed: forms.Form
) -> HttpResponse:
    """Answer with the page as it stands now, with what is wrong, and with what was typed."""
    sheet = way.read()
    to_sign = sheet.letter if sheet.is_asked else sheet.text if sheet.is_to_sign else None
    context = {
        "sheet": sheet,
        "partner": sheet.partner,
        "part": add_own(sheet),
        "to_sign": to_sign,
        "sign": SignForm(by_name=way.by_name, with_word=sheet.is_asked),
        "refuse": RefuseForm(),
        "ask": AskBackForm(),
        "leave": LeaveForm(),
        "sentence": sentence,
        "opened": opened,
        **deadline(sheet.bid, zone=way.zone(sheet), now=timezone.now()),
        **typed,
    }
    return way.show(context, status)


def answer(way: Way) -> HttpResponse:
    """Do what was sent, and answer; `NotFound` if the page was closed meanwhile."""
    deed = way.request.POST.get("deed", "")
    if deed not in way.deeds:
        return show_sheet(way, status=422, sentence=_("Choose what you want to do."))
    form = _form_of(way, deed)
    if not form.is_valid():
        stale = {"agreement", "text_hash"} & form.errors.keys()
        sentence = _("Read the text once more, and then sign.") if stale else ""
        return show_sheet(way, status=422, sentence=sentence, opened=deed, **{deed: form})
    values = dict(form.cleaned_data)
    if "agreement" in values:
        values["agreement_id"] = values.pop("agreement")
    try:
        way.deeds[deed](**values, now=timezone.now())
    except InvalidInput as error:
        show_refusal(form, error)
        return show_sheet(way, status=422, opened=deed, **{deed: form})
    except Conflict as error:
        return show_sheet(way, status=409, sentence=error, opened=deed, **{deed: form})
    return way.done(deed)


def _form_of(way: Way, deed: str) -> forms.Form:
    data = way.request.POST
    if deed == "sign":
        return SignForm(data, by_name=way.by_name, with_word="word" in data)
    return {"refuse": RefuseForm, "ask": AskBackForm, "leave": LeaveForm}[deed](data)
