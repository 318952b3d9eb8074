"""Pages for people: colleagues and invitations, handover, and the user's own profile."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proxeny.accounts import operations, queries, rules
from proxeny.accounts.authors import authors_of
from proxeny.accounts.forms import HandOverForm, InviteForm, LastDayForm, PeopleFilter, ProfileForm
from proxeny.accounts.models import Person, Seat
from proxeny.accounts.operations.profile import change_profile, profile_version
from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.edit_conflicts import edit_record, keeping
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    address_with,
    for_people,
    page_links,
    page_of,
    read_number,
    show_refusal,
    sort_links,
)


@require_GET
@for_people
def list_people(request: Request) -> HttpResponse:
    """Show seats and open invitations of the reader's organisations."""
    seats = _find_seats(request)
    if request.GET.get("export"):
        return _export(request, seats)
    page = page_of(seats, request)
    reader, now = request.reader, timezone.now()
    for seat in page:
        seat.may_end = rules.can_end_seat(reader, seat)
        seat.may_hand_over = rules.can_fill(reader, seat)
    context = {
        "page": page,
        "filter": PeopleFilter(request.GET),
        "is_filtered": bool(request.GET.get("q") or request.GET.get("role")),
        "invitations": queries.list_open_invitations(reader)[:100],
        "now": now,
        "today": now.date(),
        "may_invite": bool(reader.managed),
        "ended": _just_ended(request),
        "sorts": sort_links(request, queries.SEAT_SORTS, now=request.GET.get("sort", "name")),
        "export_url": address_with(request, export="csv", page=None, ended=None),
        "export_xlsx_url": address_with(request, export="xlsx", page=None, ended=None),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return render(request, "accounts/people.html", context)


def _find_seats(request: Request) -> QuerySet[Seat]:
    return queries.list_seats(
        request.reader,
        today=timezone.now().date(),
        with_later=True,
        search=request.GET.get("q", "")[:100],
        role=request.GET.get("role", ""),
        sort=request.GET.get("sort", "name"),
    )


def _just_ended(request: Request) -> Seat | None:
    number = read_number(request.GET.get("ended"))
    return queries.find_ended_seat(number, today=timezone.now().date()) if number else None


def _export(request: Request, seats: QuerySet[Seat]) -> HttpResponse:
    head, rows = queries.table_of_seats(seats)
    return answer_table("people", form=request.GET["export"], header=head, rows=rows)


@require_http_methods(["GET", "POST"])
@for_people
def invite(request: Request) -> HttpResponse:
    """Invite somebody to a seat. `?organisation=` names a member the reader's cluster looks after."""
    wanted = read_number(request.GET.get("organisation"))
    choices = queries.list_choices(request.reader, organisation_id=wanted or None)
    if not choices:
        raise NotAllowed(_("Only managers can invite people."))
    form = InviteForm(request.POST or None, choices=choices, initial=_invite_initial(choices))
    if request.method == "POST" and form.is_valid():
        try:
            invitation = operations.invite_person(
                actor=request.reader, now=timezone.now(), **form.cleaned_data
            )
        except (InvalidInput, Conflict, NotAllowed) as error:
            show_refusal(form, error)
        else:
            _say(request, _("The invitation to %(name)s is on its way."), name=invitation.name)
            return redirect("people:list")
    status = 422 if form.errors else 200
    return render(request, "accounts/invite.html", {"form": form}, status=status)


def _invite_initial(choices: list[queries.OrganisationChoice]) -> dict[str, object]:
    return {"organisation_id": choices[0].id, "language": translation.get_language()}


def _say(request: Request, sentence: str, **names: str) -> None:
    messages.success(request, sentence % names)


@require_POST
@for_people
def resend(request: Request, pk: int) -> HttpResponse:
    """Send an invitation's link again."""
    return perform(
        request,
        partial(operations.resend_invitation, invitation_id=pk),
        done=lambda made: _("A new link is on its way to %(name)s.") % {"name": made.name},
        to=reverse("people:list"),
    )


@require_POST
@for_people
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take an invitation back."""
    return perform(
        request,
        partial(operations.withdraw_invitation, invitation_id=pk),
        done=lambda made: _("The invitation to %(name)s has been withdrawn.") % {"name": made.name},
        to=reverse("people:list"),
    )


@require_http_methods(["GET", "POST"])
@for_people
def end(request: Request, pk: int) -> HttpResponse:
    """End a seat; the list then offers to undo it.

    Users cannot undo leaving their own seat, so it is confirmed first.
    """
    seat = queries.get_seat(pk)
    if request.method == "GET":
        if not rules.can_end_seat(request.reader, seat):
            raise NotAllowed(_("Only a manager of the organisation can end this role."))
        return render(request, "accounts/end.html", {"seat": seat})
    try:
        operations.end_seat(actor=request.reader, seat_id=pk, today=timezone.now().date())
    except Conflict as error:
        messages.warning(request, str(error))
        return redirect("people:list")
    if seat.person_id == request.reader.person:
        _say(request, _("You’ve left your role at %(name)s."), name=seat.organisation.name)
        return redirect("people:list")
    return redirect(f"{reverse('people:list')}?ended={pk}")


@require_POST
@for_people
def restore(request: Request, pk: int) -> HttpResponse:
    """Give an ended seat back."""
    today = timezone.now().date()
    return perform(
        request,
        lambda actor, **_now: operations.restore_seat(actor=actor, seat_id=pk, today=today),
        done=lambda seat: _("%(name)s has the role again.") % {"name": seat.person.name},
        to=reverse("people:list"),
    )


@require_http_methods(["GET", "POST"])
@for_people
def set_last_day(request: Request, pk: int) -> HttpResponse:
    """Set the day on which a seat ends."""
    seat = queries.get_seat(pk)
    if not rules.can_fill(request.reader, seat):
        raise NotAllowed(_("Only a manager of the organisation can set a role’s last day."))
    form = LastDayForm(request.POST or None, initial={"last_day": seat.ends_on})
    today = timezone.now().date()
    saved = submit_form(
        request,
        form,
        lambda now, **facts: operations.set_last_day(seat_id=pk, today=today, **facts),
        done=_("Saved."),
        to=reverse("people:list"),
    )
    if saved:
        return saved
    status = 422 if form.errors else 200
    return render(request, "accounts/last_day.html", {"form": form, "seat": seat}, status=status)


@require_http_methods(["GET", "POST"])
@for_people
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Invite a successor to a seat."""
    seat = queries.get_seat(pk)
    if not rules.can_fill(request.reader, seat):
        raise NotAllowed(_("Only a manager of the organisation can hand over this role."))
    form = HandOverForm(request.POST or None, initial={"language": translation.get_language()})
    saved = submit_form(
        request,
        form,
        partial(operations.hand_over_seat, seat_id=pk),
        done=lambda made: _("The invitation to %(name)s is on its way.") % {"name": made.name},
        to=reverse("people:list"),
    )
    if saved:
        return saved
    status = 422 if form.errors else 200
    return render(request, "accounts/hand_over.html", {"form": form, "seat": seat}, status=status)


@require_http_methods(["GET", "POST"])
@for_people
@keeping(ProfileForm)
def profile(request: Request) -> HttpResponse:
    """Show and change the reader's own name, language and time zone."""
    edit = edit_record(
        request,
        load=lambda: queries.get_profile(request.reader),
        make=_profile_form,
        save=lambda form: change_profile(
            actor=request.reader,
            version=form.number,
            name=form.cleaned_data["name"],
            language=form.cleaned_data["language"],
            time_zone=form.cleaned_data["time_zone"],
        ),
        authors=lambda person: authors_of(person, request.reader, exact=["change_profile"]),
    )
    if edit.is_saved:
        with translation.override(edit.form.cleaned_data["language"]):
            edit.say(_("Saved."))
        return _answer_saved(edit.form.cleaned_data["language"])
    return _render_profile(request, edit.form, edit.record.email)


def _profile_form(person: Person, data: Any = None) -> ProfileForm:
    names = ("name", "language", "time_zone")
    initial = {name: getattr(person, name) for name in names}
    return ProfileForm(data, initial={**initial, "version": profile_version(person)})


def _answer_saved(language: str) -> HttpResponse:
    response = redirect("people:me")
    # The choice made here is newer than an old cookie.
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _render_profile(
    request: Request, form: ProfileForm, email: str, *, feed_url: str = ""
) -> HttpResponse:
    context = {
        "form": form,
        "email": email,
        "feed": queries.get_feed(request.reader),
        "feed_url": feed_url,
    }
    return render(request, "accounts/profile.html", context, status=form.status)


@require_POST
@for_people
def renew_feed(request: Request) -> HttpResponse:
    """Give the calendar a new secret address and show it, this once."""
    token = operations.renew_feed(actor=request.reader, now=timezone.now())
    person = queries.get_profile(request.reader)
    url = f"{settings.BASE_URL}/calendar/{token}.ics"
    return _render_profile(request, _profile_form(person), person.email, feed_url=url)


@require_POST
@for_people
def revoke_feed(request: Request) -> HttpResponse:
    """Close the calendar's address."""
    operations.revoke_feed(actor=request.reader)
    messages.success(request, _("The calendar address has been closed."))
    return redirect("people:me")
