"""Handling of a partner's answers on its own page: the same by a sign-in and by a link."""

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
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.view_helpers import show_refusal


@dataclass(frozen=True, slots=True)
class Way:
    """The way of access to a partner's page, and its responses.

    Attributes
    ----------
    read : callable
        Returns the current contents.
    deeds : mapping of str to callable
        The actions: `sign`, `refuse`, `ask`, `leave`; each takes the data of its form.
    by_name : bool
        Whether a signature needs a name: a visitor by link is unknown to Proxeny.
    show : callable
        Returns the page, from its template context and a status.
    done : callable
        Returns the response after an action, by its name.
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
    """Return the current page, with errors and the typed data."""
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
    """Carry out the submitted action, and answer; `NotFound` if the page was closed meanwhile."""
    deed = way.request.POST.get("deed", "")
    if deed not in way.deeds:
        return show_sheet(way, status=422, sentence=_("Choose what you want to do."))
    form = _form_of(way, deed)
    if not form.is_valid():
        stale = {"agreement", "text_hash"} & form.errors.keys()
        sentence = _("Read the text again, then sign.") if stale else ""
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
