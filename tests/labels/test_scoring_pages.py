"""A juror's page: the form of all scores, what a device sends, and documents by number."""

import json
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.labels.models import Assignment, Score, Submission
from tests.factories.accounts import SeatFactory
from tests.factories.labels import DocumentFactory, QuestionFactory
from tests.labels.judging import assign, make_judged, submit
from tests.partnerships.rooms import others, words
from tests.stages import staged

pytestmark = pytest.mark.django_db


@staged
def judged(world):
    return make_judged(world)


@staged
def given(judged, world):
    return assign(judged.greek, submit(judged, world.a.members[0]))


@pytest.fixture
def juror(sign_in, given):
    return sign_in(given.person)


def url(given, name="score", *more):
    return reverse(f"labels:{name}", args=[given.pk, *more])


def text_of(answer):
    return unescape(words(answer.content.decode()))


def kept(given):
    return dict(Score.objects.filter(assignment=given).values_list("indicator", "points"))


def send(juror, given, *scores, **more):
    return juror.post(
        url(given, "score-save"),
        json.dumps({"scores": list(scores), **more}),
        content_type="application/json",
    )


def score(key, points, *, ago_s=0, **more):
    at = timezone.now() - timedelta(seconds=ago_s)
    return {"indicator": key, "points": points, "saved_at": at.isoformat(), **more}


def test_the_page_shows_the_application_and_not_who_applies(juror, judged, given, world):
    QuestionFactory(
        application=given.application,
        text="Which harbours?",
        answer="Piraeus and Patras.",
        answered_at=timezone.now(),
    )
    answer = juror.get(url(given))
    text = text_of(answer)
    assert "Application 1 · Atlas" in text
    for said in (
        "Nets that mend themselves",
        "New abroad",
        "Three harbours use them.",
        "Piraeus and Patras.",
        "0 of 3",
        "4 of 5",
    ):
        assert said in text
    assert world.a.members[0].name not in text
    assert "no-store" in answer["Cache-Control"]
    assert len(answer.context["rows"]) == 3


def test_without_javascript_a_form_saves_all(juror, judged, given):
    first, second, third = judged.keys
    typed = {
        "seen": timezone.now().isoformat(),
        f"points-{first}": "3.5",
        f"comment-{first}": "New.",
        f"points-{second}": "none",
        "overall": "Good.",
        "do": "save",
    }
    answer = juror.post(url(given), typed, follow=True)
    assert "Saved. You can continue at any time." in text_of(answer)
    assert "2 of 3" in text_of(answer)
    assert kept(given) == {first: Decimal("3.50"), second: None}
    answer = juror.post(url(given), {**typed, "do": "finish"})
    assert answer.status_code == 422
    assert "Still to be scored: “Team”." in text_of(answer)
    answer = juror.post(url(given), {**typed, f"points-{third}": "5", "do": "finish"})
    assert answer["Location"] == reverse("labels:own-jury", args=[given.juror_id])
    given.refresh_from_db()
    assert (given.state, given.comment) == ("done", "Good.")


def test_what_does_not_fit_is_shown_again_as_it_was_typed(juror, judged, given):
    first, second, _third = judged.keys
    answer = juror.post(
        url(given), {f"points-{first}": "9", f"comment-{second}": "Only a comment.", "do": "save"}
    )
    assert answer.status_code == 422
    assert "Only a comment." in text_of(answer)
    assert "Give points, or choose “Cannot judge”: a comment on its own isn’t saved." in text_of(
        answer
    )
    assert kept(given) == {}


def test_who_has_finished_reads_their_scores_and_opens_it_again(juror, judged, given):
    for number, key in enumerate(judged.keys):
        send(juror, given, score(key, "3.5" if number else None))
    juror.post(url(given), {"do": "finish"})
    text = text_of(juror.get(url(given)))
    assert "You’ve finished this one" in text
    assert "3½ of 5" in text
    assert "Cannot judge" in text
    answer = juror.post(url(given, "score-reopen"), follow=True)
    assert "Reopen" in text_of(answer)
    assert "3 of 3" in text_of(answer)


def test_a_device_is_told_what_was_kept_and_what_not_and_why(juror, judged, given):
    first, second, third = judged.keys
    send(juror, given, score(second, 4, comment="Here.", ago_s=1))
    answer = send(
        juror,
        given,
        score(first, "2.5"),
        score(second, 1, ago_s=60),
        score(third, 6),
        comment={"text": "Good.", "saved_at": timezone.now().isoformat()},
    )
    assert answer.status_code == 200
    assert answer.json() == {
        "kept": [first, ""],
        "refused": {third: "“Team” accepts points from 0 to 5, including half points."},
        "later": {second: {"points": "4", "text": "Here."}},
    }
    assert kept(given) == {first: Decimal("2.50"), second: 4}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        '{"scores": [{"indicator": "i1"}]}',
        '{"scores": [{"indicator": "i1", "points": "x", "saved_at": 1}]}',
    ],
)
def test_what_cannot_be_read_is_refused(juror, given, body):
    answer = juror.post(url(given, "score-save"), body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json() == {"why": "We couldn’t read this. Reload the page."}


def test_after_the_decision_a_device_is_refused_with_a_sentence(juror, judged, given):
    send(juror, given, score(judged.keys[0], 3))
    Assignment.objects.filter(pk=given.pk).update(frozen_at=timezone.now())
    judged.set(state="decided")
    answer = send(juror, given, score(judged.keys[0], 5))
    assert answer.status_code == 409
    assert answer.json() == {
        "why": "A decision has been made. These scores can no longer be changed."
    }
    answer = juror.post(url(given), {f"points-{judged.keys[0]}": "5", "do": "save"})
    assert answer.status_code == 422
    assert "A decision has been made. These scores can no longer be changed." in text_of(answer)
    assert kept(given) == {judged.keys[0]: 3}


def test_documents_are_given_by_number_and_only_those_handed_in(juror, judged, given):
    DocumentFactory(application=given.application, number=1, name="Greek member 1 figures.txt")
    DocumentFactory(application=given.application, number=2)
    one = Submission.objects.get()
    one.content["documents"] = [
        {
            "number": 1,
            "indicator": judged.keys[0],
            "media_type": "text/plain",
            "size": 15,
            "sha256": "0" * 64,
        }
    ]
    one.save()
    assert "Document 1" in text_of(juror.get(url(given)))
    answer = juror.get(url(given, "score-document", 1))
    assert answer.content == b"Three harbours."
    assert answer["Content-Disposition"] == 'attachment; filename="document-1.txt"'
    assert juror.get(url(given, "score-document", 2)).status_code == 404


def test_nobody_else_opens_it(world, judged, given, sign_in):
    people = {
        **others(world),
        "manager": world.a.manager,
        "juror": judged.french.person,
        "ambassador": world.b.ambassador,
    }
    for person in people.values():
        client = sign_in(person)
        assert client.get(url(given)).status_code == 404
        assert send(client, given, score(judged.keys[0], 5)).status_code == 404
        assert client.post(url(given, "score-reopen")).status_code == 404
        assert client.get(url(given, "score-document", 1)).status_code == 404
    assert kept(given) == {}


def test_their_own_company_is_told_and_refused(world, judged, given, juror):
    SeatFactory(person=given.person, organisation=world.a.members[0], role=Role.REPRESENTATIVE)
    assert juror.get(url(given)).status_code == 403
    assert send(juror, given, score(judged.keys[0], 5)).status_code == 403


def test_the_page_takes_as_many_queries_for_one_indicator_as_for_three(juror, judged, given):
    send(juror, given, score(judged.keys[0], 3))
    with CaptureQueriesContext(connection) as one:
        juror.get(url(given))
    send(juror, given, *(score(key, 3) for key in judged.keys))
    with CaptureQueriesContext(connection) as three:
        juror.get(url(given))
    assert len(one) == len(three)
