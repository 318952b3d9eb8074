"""Stages of a partnership, conditions of its next gate, and all texts that both sides sign."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.kernel.downloads import file_name
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.edit_conflicts.text_diff import compare_words
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.pdf import answer_pdf, write_pdf
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, show_refusal
from proxeny.partnerships import queries, rules, texts
from proxeny.partnerships.facts import gather_facts
from proxeny.partnerships.forms import ReasonForm
from proxeny.partnerships.models import Agreement, Partnership, Stage
from proxeny.partnerships.operations import parties, signing
from proxeny.partnerships.operations import stages as writing
from proxeny.partnerships.queries import SignedText
from proxeny.partnerships.readiness import check_gate, is_open, next_stages
from proxeny.partnerships.record_forms import Room
from proxeny.partnerships.sides import languages_of, others_of, say_saved, say_signed, say_told
from proxeny.partnerships.stage_forms import (
    AssessmentForm,
    ContactForm,
    ExitForm,
    InviteForm,
    StageForm,
)
from proxeny.partnerships.views.frame import Frame, enter_frame, show_page, stage_steps
from proxeny.partnerships.views.gate import is_from_gate
from proxeny.partnerships.waiting import find_next_to_sign

Kind = Agreement.Kind
#: Texts that the stages of a room ask for.
_OF_THE_WAY = {Kind.STAGE, Kind.EXIT, Kind.RISK}


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the eight stages, the open gates, what waits for signatures, and what is agreed."""
    return _show_stages(request, enter_frame(request, pk), {})


def _show_stages(
    request: Request, frame: Frame, forms: dict[str, StageForm], *, status: int = 200
) -> HttpResponse:
    partnership, today = frame.partnership, timezone.localdate()
    now = Stage(partnership.stage)
    facts = gather_facts(partnership, today=today)
    gates = []
    for stage in next_stages(partnership):
        conditions = check_gate(facts, stage, today=today)
        gates.append(
            {
                "stage": stage,
                "conditions": conditions,
                "is_open": is_open(conditions),
                "form": forms.get(stage) or StageForm(initial={"stage": stage}),
                "is_back": stage.place < now.place,
                "missing": sum(not one.is_met for one in conditions),
            }
        )
    exits = queries.list_agreed(partnership, Kind.EXIT)
    asked = queries.list_asked(partnership)
    names = texts.names_of(one.agreement for one in asked)
    context = {
        "steps": stage_steps(partnership, frame.parties),
        "gates": gates,
        "asked": [_asked(request, one, names[one.agreement.pk]) for one in asked],
        "exit_plan": next((one for one in exits if one.is_complete), None),
        "entered": queries.list_entered(partnership),
        "contact_form": _contact_form(frame, None),
    }
    return show_page(request, frame, "stages", context, status=status)


def _asked(request: Request, text: SignedText, name: str) -> dict[str, Any]:
    managed = request.reader.managed
    waits = [one.party for one in text.signatures if one.sign_off is None]
    return {
        "text": text,
        "name": name,
        "waits": waits,
        "may_sign": any(one.organisation_id in managed for one in waits),
    }


@require_POST
@for_people
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask all sides to enter a stage."""
    frame = enter_frame(request, pk)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters can sign."))
    form = StageForm(request.POST)
    if form.is_valid():
        try:
            agreement = writing.ask_stage(
                actor=request.reader,
                partnership_id=pk,
                now=timezone.localtime(),
                **form.cleaned_data,
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, say_signed(pk))
            return redirect("partnerships:text", pk, agreement.pk)
    stage = request.POST.get("stage", "")
    return _show_stages(request, frame, {stage: form}, status=422)


@require_GET
@for_people
def show_text(request: Request, pk: int, agreement_id: int) -> HttpResponse:
    """Show a text that was put before all parties, with its signatures."""
    partnership = queries.get_partnership(pk)
    agreement = queries.get_text(pk, agreement_id)
    if agreement.kind == Kind.TEXT:
        return redirect("partnerships:detail", pk)
    if page := texts.page_of(agreement):
        return redirect(page)
    versions = queries.list_agreed(partnership, agreement.kind, agreement.subject)
    text = next(one for one in versions if one.agreement.pk == agreement.pk)
    before = next(
        (one for one in versions if one.agreement.number < agreement.number and one.is_complete),
        None,
    )
    old, new = compare_words(before.agreement.text, agreement.text) if before else (None, None)
    context = {
        **_asked(request, text, texts.name_of(agreement)),
        "partnership": partnership,
        "agreement": agreement,
        "readings": _readings(request, agreement),
        "is_room": pk in request.reader.rooms,
        "is_waiting": not (agreement.completed_at or agreement.closed_at)
        and partnership.state == Partnership.State.ACTIVE,
        "before": before,
        "old_pieces": old,
        "new_pieces": new,
        "in_force": queries.list_texts(partnership)[:1] if agreement.kind == Kind.JOINING else (),
        "mine": rules.party_joined(request.reader, queries.parties_of(partnership)),
    }
    return render(request, "partnerships/room/text.html", context)


def _readings(request: Request, agreement: Agreement) -> Sequence[texts.Version]:
    """Return a text in the language asked for, the reader's, or that of another side."""
    sides = languages_of(queries.parties_of(agreement.partnership))
    asked = (request.GET.get("language", ""), get_language() or "", *sides)
    return texts.versions_of(agreement, asked)


@require_GET
@for_people
def take_text(request: Request, pk: int, agreement_id: int) -> HttpResponse:
    """Give a text with its signatures as PDF, in two languages where it has them."""
    partnership = queries.get_partnership(pk)
    agreement = queries.get_text(pk, agreement_id)
    agreed = queries.list_agreed(partnership, agreement.kind, agreement.subject)
    versions = _readings(request, agreement)
    context = {
        "text": next(one for one in agreed if one.agreement.pk == agreement.pk),
        "name": texts.name_of(agreement),
        "partnership": partnership,
        # A table's cells aren't turned in right-to-left pages.
        "versions": sorted(versions, key=lambda one: one.is_rtl),
    }
    title = f"{partnership.title} – {agreement.get_kind_display()}"
    try:
        content = write_pdf("partnerships/room/text_pdf.html", context, title=title)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("partnerships:text", pk, agreement_id)
    return answer_pdf(file_name("text", agreement.number, title), content)


@require_POST
@for_people
def sign(request: Request, pk: int, agreement_id: int) -> HttpResponse:
    """Sign a text that was read."""
    return _do(
        request,
        pk,
        agreement_id,
        lambda: signing.sign_text(
            actor=request.reader,
            partnership_id=pk,
            agreement_id=agreement_id,
            text_hash=request.POST.get("text_hash", ""),
            now=timezone.localtime(),
        ),
        _("You have signed."),
    )


def _do(
    request: Request, pk: int, agreement_id: int, deed: Callable[[], Agreement], done: str
) -> HttpResponse:
    """Sign, and lead on: to the next text that waits, or to the checklist of the next stage."""
    try:
        agreement = deed()
    except (Conflict, InvalidInput) as error:
        messages.warning(request, str(error))
        agreement = None
    else:
        messages.success(request, done)
    asked = request.POST.get("next", "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    if is_ours:
        return redirect(asked)
    if agreement is not None and (onward := find_next_to_sign(request.reader, pk)):
        return redirect("partnerships:text", pk, onward)
    if agreement is not None and agreement.kind in _OF_THE_WAY:
        return redirect("partnerships:detail", pk)
    return redirect("partnerships:text", pk, agreement_id)


@require_http_methods(["GET", "POST"])
@for_people
def close(request: Request, pk: int, agreement_id: int) -> HttpResponse:
    """Say no, or take it back, with a reason."""
    partnership = queries.get_partnership(pk)
    agreement = queries.get_text(pk, agreement_id)
    _refuse_reader(request, partnership)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signing.close_text(
                actor=request.reader,
                partnership_id=pk,
                agreement_id=agreement_id,
                why=form.cleaned_data["reason"],
                now=timezone.localtime(),
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, say_told(pk))
            return redirect("partnerships:text", pk, agreement_id)
    context = {
        "partnership": partnership,
        "form": form,
        "crumb": _("Decline to sign"),
        "heading": _("Decline to sign?"),
        "submit": _("Decline to sign"),
        "lead": ngettext(
            "This is about %(name)s. Nothing changes, and the other side will read your reason.",
            "This is about %(name)s. Nothing changes, and the other sides will read your reason.",
            others_of(partnership),
        )
        % {"name": texts.name_of(agreement)},
    }
    return render(request, "partnerships/deed.html", context, status=422 if form.errors else 200)


def _refuse_reader(request: Request, partnership: Partnership) -> None:
    found = queries.parties_of(partnership)
    if not any(
        one.organisation_id in request.reader.managed and one.state != one.State.LEFT
        for one in found
    ):
        raise NotAllowed(_("Only a manager of one of the clusters can sign."))


@require_http_methods(["GET", "POST"])
@for_people
@keeping(ExitForm)
def write_exit(request: Request, pk: int) -> HttpResponse:
    """Propose how the partnership would end."""
    frame = enter_frame(request, pk)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters can change the text."))
    draft = render_to_string(
        "partnerships/exit_plan.txt", {"partnership": frame.partnership}
    ).strip()

    def load() -> tuple[int, str]:
        newest = next(iter(queries.list_agreed(frame.partnership, Kind.EXIT)), None)
        return (newest.agreement.number, newest.agreement.text) if newest else (0, draft)

    edit = edit_record(
        request,
        load=load,
        make=lambda found, data: ExitForm(data, initial={"version": found[0], "text": found[1]}),
        save=lambda form: writing.write_exit_plan(
            actor=request.reader,
            partnership_id=pk,
            number=form.number,
            text=form.cleaned_data["text"],
            now=timezone.localtime(),
        ),
    )
    if edit.is_saved:
        edit.say(say_signed(pk))
        return redirect(
            "partnerships:detail" if is_from_gate(request) else "partnerships:stages", pk
        )
    context = {
        "form": edit.form,
        "heading": _("Exit plan"),
        "lead": _(
            "How you would part as friends: who continues with what, what happens to data and "
            "open work, how much notice you give. Agree on it now, while no one is thinking "
            "about it."
        ),
        "submit": _("Sign and propose"),
    }
    return _form(request, frame, context, edit.status)


def _form(request: Request, frame: Frame, context: dict[str, Any], status: int) -> HttpResponse:
    context = {**frame.context("stages"), **context}
    return render(request, "partnerships/room/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(AssessmentForm)
def write_assessment(request: Request, pk: int) -> HttpResponse:
    """Write the internal assessment of the reader's own side."""
    partnership = queries.get_partnership(pk)
    mine = rules.party_managed(request.reader, queries.parties_of(partnership))
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the clusters can do this."))
    edit = edit_record(
        request,
        load=lambda: queries.get_assessment(partnership, mine.organisation_id),
        make=lambda found, data: AssessmentForm(data, assessment=found, party=mine),
        save=lambda form: parties.write_assessment(
            actor=request.reader,
            partnership_id=pk,
            version=form.number,
            now=timezone.localtime(),
            **form.to_values(),
        ),
    )
    if edit.is_saved:
        edit.say(_("Saved. Only your side can read it."))
        return redirect("partnerships:detail", pk)
    context = {"partnership": partnership, "form": edit.form, "mine": mine}
    return render(request, "partnerships/room/assessment.html", context, status=edit.status)


def _contact_form(frame: Frame, data: Any) -> ContactForm | None:
    mine = frame.mine
    if mine is None or not frame.may_steer:
        return None
    room = Room.of(frame.partnership, frame.parties, today=timezone.localdate())
    return ContactForm(data, people=room.team.get(mine.pk, ()), current=mine.contact_id)


@require_POST
@for_people
def name_contact(request: Request, pk: int) -> HttpResponse:
    """Name the contact of the reader's own side."""
    frame = enter_frame(request, pk)
    form = _contact_form(frame, request.POST)
    if form is None:
        raise NotAllowed(_("Only a manager of one of the clusters can change this."))
    if form.is_valid():
        parties.name_contact(
            actor=request.reader,
            partnership_id=pk,
            person_id=form.cleaned_data["person"],
            now=timezone.localtime(),
        )
        messages.success(request, say_saved(pk))
    else:
        messages.warning(request, _("Choose an option from the list."))
    return redirect("partnerships:stages", pk)


@require_http_methods(["GET", "POST"])
@for_people
def invite(request: Request, pk: int) -> HttpResponse:
    """Ask a further cluster to join."""
    frame = enter_frame(request, pk)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters can do this."))
    known = {one.organisation_id for one in frame.parties if one.state != one.State.LEFT}
    others = [one for one in queries.list_other_clusters(request.reader) if one.pk not in known]
    form = InviteForm(request.POST or None, others=others)
    if request.method == "POST" and form.is_valid():
        try:
            parties.invite_party(
                actor=request.reader,
                partnership_id=pk,
                now=timezone.localtime(),
                organisation_id=form.cleaned_data["organisation"],
                note=form.cleaned_data["note"],
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(
                request, _("Signed for your side. The others have been asked to sign.")
            )
            return redirect("partnerships:stages", pk)
    context = {
        "form": form,
        "heading": _("Invite another cluster"),
        "submit": _("Sign and invite"),
        "lead": _(
            "The cluster reads the agreement, and joins once it and all of you have signed. With "
            "a third party, the partnership becomes an alliance; what you have done stays."
        ),
    }
    return _form(request, frame, context, 422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_people
def leave(request: Request, pk: int) -> HttpResponse:
    """Leave an alliance, with a reason."""
    frame = enter_frame(request, pk)
    if not frame.may_steer:
        raise NotAllowed(_("Only a manager of one of the clusters can do this."))
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            parties.leave_alliance(
                actor=request.reader,
                partnership_id=pk,
                now=timezone.localtime(),
                **form.cleaned_data,
            )
        except (InvalidInput, Conflict) as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("You’ve left. The others have been notified."))
            return redirect("partnerships:list")
    context = {
        "form": form,
        "heading": _("Leave this alliance?"),
        "submit": _("Leave"),
        "lead": _(
            "The others continue. What you share stops being shared immediately, and you can no "
            "longer open what the alliance keeps."
        ),
    }
    return _form(request, frame, context, 422 if form.errors else 200)
