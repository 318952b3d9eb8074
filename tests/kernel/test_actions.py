"""Actions of a page: the operation runs as the reader, and its outcome is told on the next page."""

from functools import partial

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from proxeny.kernel.actions import perform, submit_form
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import STRANGER


class NameForm(forms.Form):
    name = forms.CharField()


def post(data=None, **headers):
    request = RequestFactory().post("/here/", data or {}, headers=headers)
    request.reader, request.htmx = STRANGER, HtmxDetails(request)
    request._messages = CookieStorage(request)
    return request


def told(request):
    return [(one.level_tag, one.message, one.extra_tags) for one in get_messages(request)]


def rename(*, actor, now, number, name="", why=None):
    assert actor is STRANGER
    assert timezone.is_aware(now)
    if why:
        raise why
    return {"number": number, "name": name}


def test_a_click_is_done_told_and_leads_on():
    request = post()
    answer = perform(request, partial(rename, number=7), done="Done.", to="/next/", undo="/undo/")
    assert (answer.status_code, answer["Location"]) == (302, "/next/")
    assert told(request) == [("success", "Done.", "undo:/undo/")]


def test_what_is_told_may_come_from_the_outcome():
    request = post()
    answer = perform(
        request,
        partial(rename, number=7),
        done=lambda made: f"Number {made['number']}.",
        to="/back/",
        onward=lambda made: f"/{made['number']}/",
        undo=lambda made: f"/undo/{made['number']}/",
    )
    assert answer["Location"] == "/7/"
    assert told(request) == [("success", "Number 7.", "undo:/undo/7/")]


def test_an_outcome_without_a_message_says_nothing():
    request = post()
    perform(request, partial(rename, number=7), done=lambda _made: None, to="/next/")
    assert told(request) == []


@pytest.mark.parametrize("why", [InvalidInput("Too long."), Conflict("Already closed.")])
@pytest.mark.parametrize("onward", ["", "/next/", lambda made: f"/{made['number']}/"])
def test_a_refusal_is_told_and_leads_back(why, onward):
    request = post()
    answer = perform(
        request, partial(rename, number=7, why=why), done="Done.", to="/back/", onward=onward
    )
    assert answer["Location"] == "/back/"
    assert told(request) == [("error", str(why), "")]


def test_who_may_not_do_it_is_refused_by_the_page():
    with pytest.raises(NotAllowed):
        perform(post(), partial(rename, number=7, why=NotAllowed("No.")), to="/next/")


def test_an_undo_in_a_message_reloads_its_page():
    headers = {"HX-Request": "true"}
    answer = perform(post(**headers), partial(rename, number=7), to="/next/")
    assert (answer.status_code, answer["HX-Refresh"]) == (200, "true")
    headers["HX-Target"] = "list"
    assert perform(post(**headers), partial(rename, number=7), to="/next/")["Location"] == "/next/"


def test_a_form_is_saved_with_its_data():
    request = post()
    answer = submit_form(
        request,
        NameForm({"name": " Ada "}),
        partial(rename, number=7),
        done=lambda made: made["name"],
        to="/next/",
    )
    assert answer["Location"] == "/next/"
    assert told(request) == [("success", "Ada", "")]


def test_a_form_may_hand_over_other_values():
    request = post()
    form = NameForm({"name": "Ada"})
    submit_form(
        request,
        form,
        partial(rename, number=7),
        values=lambda: {"name": form.cleaned_data["name"].upper()},
        done=lambda made: made["name"],
        to="/next/",
    )
    assert told(request) == [("success", "ADA", "")]


@pytest.mark.parametrize("data", [None, {}, {"name": ""}])
def test_a_form_that_is_not_complete_runs_nothing(data):
    form = NameForm(data)
    why = AssertionError("It ran.")
    assert submit_form(post(), form, partial(rename, number=7, why=why), to="/next/") is None


@pytest.mark.parametrize(
    ("field", "place"), [("name", "name"), ("other", "__all__"), (None, "__all__")]
)
@pytest.mark.parametrize("kind", [InvalidInput, Conflict])
def test_a_refused_form_says_why_beside_the_field_or_above(kind, field, place):
    request, form = post(), NameForm({"name": "Ada"})
    why = kind("Taken.", field=field)
    assert submit_form(request, form, partial(rename, number=7, why=why), to="/next/") is None
    assert form.errors == {place: ["Taken."]}
    assert told(request) == []


def test_a_refused_form_can_be_sent_again_for_the_record_as_it_is_now():
    form = NameForm({"name": "Ada", "seen": "3"})
    operation = partial(rename, number=7, why=Conflict("Somebody else has moved it on."))
    assert submit_form(post(), form, operation, to="/next/", seen=lambda: 4) is None
    assert (form.data["seen"], form.data["name"]) == ("4", "Ada")


def test_a_form_that_is_not_complete_keeps_the_version_that_was_read():
    form = NameForm({"name": "", "seen": "3"})
    assert submit_form(post(), form, partial(rename, number=7), to="/next/", seen=lambda: 4) is None
    assert form.data["seen"] == "3"


def test_a_refusal_while_the_values_are_read_is_shown_too():
    form = NameForm({"name": "Ada"})

    def values():
        raise InvalidInput("Enter both a day and a time.")

    saved = submit_form(post(), form, partial(rename, number=7), values=values, to="/next/")
    assert saved is None
    assert form.errors == {"__all__": ["Enter both a day and a time."]}
