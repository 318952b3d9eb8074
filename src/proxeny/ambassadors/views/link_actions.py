"""Actions on the page behind a link, and the answers of the page."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from proxeny.ambassadors.forms.link import HandOnForm, RatingForm, WishForm
from proxeny.ambassadors.models import Link
from proxeny.ambassadors.operations.booking import answer_times_by_link, cancel_by_link
from proxeny.ambassadors.operations.guards import CHANGED
from proxeny.ambassadors.operations.links import hand_on
from proxeny.ambassadors.operations.ratings import rate_by_link
from proxeny.ambassadors.operations.wishes import answer_wish_by_link
from proxeny.ambassadors.queries.links import open_link
from proxeny.ambassadors.views.link_content import (
    RATED,
    Visit,
    agreement_form,
    cancel_form,
    empty_forms,
    show_page,
    times_form,
)
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.view_helpers import show_refusal
from proxeny.meetings.models import Rating

Purpose = Link.Purpose


def answer_visit(visit: Visit) -> HttpResponse:
    """Do what was sent; `NotFound` if the link was closed while the page was open."""
    deed = visit.request.POST.get("deed", "")
    if deed not in _DEEDS:
        return show_again(visit, 422, _("Choose what you want to do."))
    purposes, act = _DEEDS[deed]
    if visit.opened.purpose not in purposes:
        return show_again(visit, 409, _("This link is for something else."))
    return act(visit)


def show_again(visit: Visit, status: int, sentence: object = "", **typed: Any) -> HttpResponse:
    """Show the current page again, with the errors and the input."""
    opened = open_link(visit.token, now=visit.now)
    visit = Visit(visit.request, visit.token, opened, visit.now)
    page = show_page(visit)
    forms_shown = empty_forms(visit, page)
    # Input has no place on a page that asks something else by now.
    forms_shown |= {name: form for name, form in typed.items() if name in forms_shown}
    context = {"page": page, "sentence": sentence, **forms_shown}
    return render(visit.request, "ambassadors/link.html", context, status=status)


def _show_done(visit: Visit, kind: str, **more: object) -> HttpResponse:
    """Say what was kept where the link itself is used up by it."""
    context = {"page": show_page(visit), "kind": kind, **more}
    return render(visit.request, "ambassadors/link_done.html", context)


def _call(
    visit: Visit, operation: Callable[..., Any], name: str, form: forms.Form, /, **values: Any
) -> HttpResponse | None:
    """Call an operation; return the page that says why not, or None when it was done."""
    try:
        operation(token=visit.token, now=visit.now, **values)
    except InvalidInput as error:
        show_refusal(form, error)
        return show_again(visit, 422, **{name: form})
    except Conflict as error:
        return show_again(visit, 409, error, **{name: form})
    return None


def _answer_wish(visit: Visit) -> HttpResponse:
    form = WishForm(visit.request.POST)
    if not form.is_valid():
        return show_again(visit, 422, wish=form)
    given = form.cleaned_data
    if visit.opened.side.person_id is not None:
        # A person with a sign-in sets the visibility of their data in their own account.
        given["may_pass_on"] = None
    refused = _call(visit, answer_wish_by_link, "wish", form, **given)
    if refused or given["wants"]:
        return refused or redirect("ambassadors:link", visit.token)
    return _show_done(visit, "no")


def _answer_times(visit: Visit) -> HttpResponse:
    form = times_form(visit, visit.request.POST)
    is_valid = form.is_valid()
    if form.is_stale:
        return show_again(visit, 409, CHANGED, times=form)
    if not is_valid:
        return show_again(visit, 422, times=form)
    given = form.cleaned_data
    refused = _call(
        visit,
        answer_times_by_link,
        "times",
        form,
        proposal=form.proposal,
        time_zone=given["zone"],
        suits=[] if given["none"] else given["suits"],
    )
    return refused or redirect("ambassadors:link", visit.token)


def _cancel(visit: Visit) -> HttpResponse:
    form = cancel_form(visit, visit.request.POST)
    is_valid = form.is_valid()
    if form.is_stale:
        return show_again(visit, 409, CHANGED, cancel=form)
    if not is_valid:
        return show_again(visit, 422, cancel=form)
    for_good = form.cleaned_data["for_good"]
    refused = _call(
        visit, cancel_by_link, "cancel", form, why=form.cleaned_data["why"], for_good=for_good
    )
    return refused or _show_done(visit, "no" if for_good else "off")


def _hand_on(visit: Visit) -> HttpResponse:
    form = HandOnForm(visit.request.POST)
    if not form.is_valid():
        return show_again(visit, 422, hand=form)
    refused = _call(visit, hand_on, "hand", form, **form.cleaned_data)
    return refused or _show_done(visit, "handed", colleague=form.cleaned_data["name"])


def _rate(visit: Visit) -> HttpResponse:
    data = visit.request.POST
    form = RatingForm(data, phase=visit.opened.purpose)
    if not form.is_valid():
        return show_again(visit, 422, rating=form)
    if form.cleaned_data["value"] != Rating.Value.AGREEMENT:
        refused = _call(visit, rate_by_link, "rating", form, **form.cleaned_data)
        return refused or redirect("ambassadors:link", visit.token)
    terms = agreement_form(visit, data)
    if terms is None or not terms.is_valid():
        return show_again(visit, 422, rating=form, agreement=terms)
    refused = _call(
        visit, rate_by_link, "agreement", terms, **form.cleaned_data, **terms.cleaned_data
    )
    return refused or redirect("ambassadors:link", visit.token)


_DEEDS: dict[str, tuple[tuple[str, ...], Callable[[Visit], HttpResponse]]] = {
    "wish": ((Purpose.WISH,), _answer_wish),
    "times": ((Purpose.TIME,), _answer_times),
    "cancel": ((Purpose.TIME,), _cancel),
    "hand-on": (tuple(Purpose.values), _hand_on),
    "rate": (RATED, _rate),
}
