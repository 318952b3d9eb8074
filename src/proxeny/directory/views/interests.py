"""Expressions of interest: asking and answering."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.directory import queries, rules
from proxeny.directory.listing_forms import (
    AcceptForm,
    AnswersForm,
    DeclineForm,
    InterestFilter,
    PassForm,
    QuestionForm,
)
from proxeny.directory.models import Interest, Listing, Organisation
from proxeny.directory.operations import interests as deeds
from proxeny.directory.operations.interests import QUESTIONS, refuse_closed
from proxeny.directory.queries.advisers import advised_by
from proxeny.directory.queries.interests import (
    get_interest,
    list_interests,
    organisations_by_id,
    seen_listings,
    titles_of,
)
from proxeny.directory.queries.listings import find_listing
from proxeny.directory.views._interest_presenters import INTERESTS, progress_of, tell_state
from proxeny.kernel.actions import submit_form
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.rows import query_of
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.view_helpers import for_people, page_links, page_of, read_number, show_refusal

State = Interest.State


@require_GET
@for_people
def show_list(request: Request) -> HttpResponse:
    """List interest given and received; items that wait for the reader come first."""
    reader = request.reader
    form = InterestFilter(request.GET)
    asked = form.to_values()
    advised = advised_by(reader, today=timezone.localdate())
    found = INTERESTS.fit(list_interests(reader, advised, **asked), request)
    if request.GET.get("export") and (
        file := INTERESTS.export(request, _tell(reader, list(found)))
    ):
        return file
    page = page_of(found, request)
    context = {
        "form": form,
        "is_filtered": any(asked.values()) or bool(query_of(request)),
        "reads": bool(advised),
        "page": page,
        "rows": _tell(reader, list(page)),
        **INTERESTS.tools(request),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "directory/interests.html", context)


def _tell(reader: Reader, interests: list[Any]) -> list[dict[str, Any]]:
    titles = titles_of(interests)
    return [
        {
            "interest": one,
            "title": titles[one.listing_id],
            "waits": one.rank == 0,
            "state": tell_state(one, is_given=rules.is_asking_side(reader, one)),
            "is_given": rules.is_asking_side(reader, one),
        }
        for one in interests
    ]


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show an expression of interest: its answers, its current holder, and the possible actions."""
    return _page(request, get_interest(pk), {})


def _page(
    request: Request, interest: Interest, bound: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    reader, today = request.reader, timezone.localdate()
    advised = advised_by(reader, today=today)
    names = queries.organisation_names(
        pk for pk in (interest.sender_id, interest.receiver_id, interest.organisation_id) if pk
    )
    listing = find_listing(interest.listing_id)
    passes = rules.can_pass_on(interest, advised)
    is_given = rules.is_asking_side(reader, interest)
    answers = (
        interest.state == State.OFFERED
        and listing is not None
        and rules.can_edit_listing(reader, listing)
    )
    may = {
        "pass": passes,
        "ask": passes and interest.state == State.ASKED,
        "accept": answers,
        "decline": answers or (passes and interest.state == State.PASSED),
        "change": rules.can_answer_question(reader, interest),
        "withdraw": rules.can_withdraw(reader, interest),
    }
    context = {
        "interest": interest,
        "title": titles_of([interest])[interest.listing_id],
        "is_seen": bool(seen_listings([interest])),
        "asker": interest.answers.get("organisation", ""),
        "asker_seen": interest.organisation_id in names,
        "answers": [
            (question, interest.answers.get(name, ""))
            for name, (question, _most) in QUESTIONS.items()
        ],
        "steps": progress_of(interest, names, is_given=is_given),
        "state": tell_state(interest, is_given=is_given),
        "is_sender": is_given,
        "may": may,
        "has_errors": bool(bound),
        **{f"{name}_form": bound.get(name) or _form(name) for name in _FORMS},
    }
    return render(request, "directory/interest.html", context, status=status)


_FORMS: dict[str, Callable[..., forms.Form]] = {
    "pass": PassForm,
    "ask": QuestionForm,
    "accept": AcceptForm,
    "decline": DeclineForm,
}


def _form(name: str, data: Any = None) -> forms.Form:
    """Return the form of a step. Several stand on one page: each has ids of its own."""
    return _FORMS[name](data, auto_id=f"{name}-%s")


@require_http_methods(["GET", "POST"])
@for_people
def express(request: Request, pk: int) -> HttpResponse:
    """Ask the fixed questions for expressing interest in an offer or need."""
    listing = queries.get_listing(pk)
    organisations = _askers(request, listing)
    if not organisations:
        raise PermissionDenied(_("This is your own. Only others can express interest in it."))
    try:
        refuse_closed(listing)
    except Conflict as error:
        messages.info(request, str(error))
        return redirect("directory:listing", pk)
    form = AnswersForm(request.POST or None, organisations=organisations)
    saved = submit_form(
        request,
        form,
        partial(deeds.express_interest, listing_id=pk),
        values=lambda: {
            "answers": form.to_answers(),
            "organisation_id": form.cleaned_data["organisation"],
        },
        done=_("Interest sent."),
        to=lambda made: reverse("directory:interest", args=[made.pk]),
    )
    if saved:
        return saved
    context = {"form": form, "listing": listing, "organisations": organisations}
    return render(request, "directory/interest_form.html", context, status=form.status)


def _askers(request: Request, listing: Listing) -> list[Organisation]:
    """Return the organisations the reader may ask for: their own, and a member if one is named."""
    named = read_number(request.GET.get("organisation") or request.POST.get("organisation"))
    found = organisations_by_id({*request.reader.organisations, named})
    own = [one for one in found if rules.can_edit_organisation(request.reader, one)]
    if not own:
        raise PermissionDenied(
            _("You can only express interest on behalf of your own organisation.")
        )
    asking = [one for one in own if rules.can_ask_for(request.reader, one, listing)]
    return sorted(asking, key=lambda one: one.pk != named)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(AnswersForm)
def change(request: Request, pk: int) -> HttpResponse:
    """Change the user's own answers, or answer the adviser's question with them."""
    reader = request.reader

    def load() -> Interest:
        interest = get_interest(pk)
        if not rules.can_answer_question(reader, interest):
            raise PermissionDenied(_("It has been passed on and can no longer be changed."))
        return interest

    edit = edit_record(
        request,
        load=load,
        make=lambda interest, data: AnswersForm(data, interest=interest),
        save=lambda form: deeds.change_answers(
            actor=reader,
            interest_id=pk,
            version=form.number,
            answers=form.to_answers(),
            now=timezone.now(),
        ),
    )
    if edit.is_saved:
        edit.say(_("Saved. Your adviser has it now."))
        return redirect("directory:interest", pk)
    interest = edit.record
    context = {
        "form": edit.form,
        "interest": interest,
        "title": titles_of([interest])[interest.listing_id],
    }
    return render(request, "directory/interest_form.html", context, status=edit.status)


def _deed(name: str, act: Callable[..., Interest], sentence: Any) -> Callable[..., HttpResponse]:
    """Return the view of one step of interest, with the form of that name."""

    @require_POST
    @for_people
    def take(request: Request, pk: int) -> HttpResponse:
        interest = get_interest(pk)
        if not _has_part(request, interest, name):
            raise PermissionDenied(_("You can’t do this: someone else has to."))
        form = _form(name, request.POST) if name in _FORMS else forms.Form(request.POST)
        if form.is_valid():
            try:
                act(actor=request.reader, interest_id=pk, now=timezone.now(), **form.cleaned_data)
            except Conflict as error:
                messages.error(request, str(error))
                return redirect("directory:interest", pk)
            except InvalidInput as error:
                show_refusal(form, error)
            else:
                messages.success(request, str(sentence))
                return redirect("directory:interest", pk)
        return _page(request, interest, {name: form}, status=422)

    take.__doc__ = act.__doc__
    return take


def _has_part(request: Request, interest: Interest, name: str) -> bool:
    """Whether a step is the reader's to take, if perhaps not now."""
    reader = request.reader
    if name == "withdraw":
        return rules.is_asker(reader, interest)
    advised = advised_by(reader, today=timezone.localdate())
    if name in ("pass", "ask"):
        mine = (
            (interest.sender_id,) if name == "ask" else (interest.sender_id, interest.receiver_id)
        )
        return not advised.isdisjoint(mine)
    listing = find_listing(interest.listing_id)
    is_owner = listing is not None and rules.can_edit_listing(reader, listing)
    return is_owner or (
        name == "decline" and interest.state == State.PASSED and interest.receiver_id in advised
    )


pass_on = _deed("pass", deeds.pass_interest, gettext_lazy("Passed on."))
ask_back = _deed("ask", deeds.return_interest, gettext_lazy("Question sent."))
accept = _deed(
    "accept", deeds.accept_interest, gettext_lazy("They’ll get your answer by email. Good luck!")
)
decline = _deed(
    "decline", deeds.decline_interest, gettext_lazy("They’ll get your reason by email.")
)
withdraw = _deed("withdraw", deeds.withdraw_interest, gettext_lazy("Interest withdrawn."))
