"""The tabs "Selection" and "Results" as managers use them, and who does not see them."""

import re
from html import unescape

import pytest
from django.urls import reverse

from proxeny.accounts.models import Role
from proxeny.labels.models import Assignment, Decision, Result, Score
from proxeny.partnerships.models import Interest
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.forms import form_of
from tests.labels.deciding import (
    application,
    decide,
    decided,
    make_ranked,
    owner,
    put_decision,
    result,
    sign,
    standings,
    tell_all,
    with_quota,
)
from tests.labels.deciding import text_of as decision_text
from tests.labels.test_appeals import ask, give_up, score, with_others
from tests.partnerships.rooms import others, words

pytestmark = pytest.mark.django_db


def text_of(answer):
    return unescape(words(answer.content.decode()))


def url(judged, name="selection", *more):
    return reverse(f"labels:{name}", args=[judged.round.partnership_id, judged.round.pk, *more])


def meeting_of(shown, marker, **values):
    return {**form_of(shown, marker), "present": "Anna, Luc", **values}


def test_a_manager_compares_decides_and_is_led_to_the_letters(world, sign_in):
    judged = make_ranked(world, 5, 4, 3, 1, places=2, countries="GR GR FR GR")
    with_quota(judged, least=50)
    key = judged.round.scheme_version.content["quotas"][0]["key"]
    greek = sign_in(world.a.manager)
    shown = greek.get(url(judged))
    text = text_of(shown)
    assert "2 projects would be chosen" in text
    assert "pushes out \u20682 “Project 2”\u2069" in text
    assert "New abroad (1 of 5 points, 2 needed)" in text
    compared = greek.get(url(judged), {"without": key})
    assert "This is only a comparison" in text_of(compared)
    assert "Propose the decision" not in text_of(compared)
    empty = greek.post(url(judged, "selection-decide"), meeting_of(shown, "seen", minutes=" "))
    assert empty.status_code == 422
    assert "Enter the minutes." in text_of(empty)
    assert "Anna, Luc" in empty.content.decode()
    answer = greek.post(url(judged, "selection-decide"), meeting_of(shown, "seen"), follow=True)
    assert answer.redirect_chain[-1][0] == url(judged)
    assert "Waiting for the other side to confirm" in text_of(answer)
    assert "Confirm for your side" not in text_of(answer)
    assert standings(judged) == []
    confirm_here(sign_in(world.b.manager), url(judged))
    assert "4 letters haven’t been sent yet" in text_of(greek.get(url(judged, "results")))
    assert standings(judged) == ["chosen", "waiting", "chosen", "below"]
    kept = text_of(sign_in(world.b.manager).get(url(judged)))
    assert (
        "it brought in \u20683 “Project 3”\u2069 and pushed out \u20682 “Project 2”\u2069." in kept
    )
    assert "Applications assessed: 4." in kept


def confirm_here(client, page):
    """Confirm the decision that a page shows, and return where it leads."""
    shown = client.get(page)
    assert "Please confirm this decision" in text_of(shown)
    answer = client.post(
        re.search(r'action="(/partnerships/\d+/texts/\d+/sign/)"', shown.content.decode())[1],
        form_of(shown, "text_hash"),
        follow=True,
    )
    assert "You have signed." in text_of(answer)
    return answer


def test_a_decision_that_waits_is_shown_confirmed_or_void(world, sign_in):
    judged = make_ranked(world, 5, 4, places=1)
    put_decision(world.a.manager, judged, minutes="Project 2 was close.")
    greek, french = sign_in(world.a.manager), sign_in(world.b.manager)
    shown = text_of(french.get(url(judged)))
    assert "Please confirm this decision" in shown
    assert "Project 2 was close." in shown
    assert "Propose another decision" in shown
    assert "Withdraw it" in text_of(greek.get(url(judged)))
    day = french.get(reverse("home"))
    assert "the decision on “Spring 2026”" in text_of(day)
    Score.objects.filter(assignment__application=application(judged, 2)).update(points=5)
    void = text_of(french.get(url(judged)))
    assert "This decision is void" in void
    assert "Confirm for your side" not in void
    refused = french.post(
        reverse("partnerships:text-sign", args=[judged.round.partnership_id, text_by(judged).pk]),
        {"text_hash": text_by(judged).text_hash},
        follow=True,
    )
    assert "since this decision was proposed, so it’s void" in text_of(refused)
    assert standings(judged) == []


def text_by(judged):
    """Return the text of the decision that waits."""
    return decision_text(Decision.objects.get(round=judged.round, waits=True))


def test_who_does_not_confirm_says_why_on_the_page(world, sign_in):
    judged = make_ranked(world, 5, 4, places=1)
    put_decision(world.a.manager, judged)
    room = [judged.round.partnership_id, text_by(judged).pk]
    french = sign_in(world.b.manager)
    answer = french.post(
        reverse("partnerships:text-close", args=room), {"reason": "Read 2 again."}, follow=True
    )
    assert answer.redirect_chain[-1][0] == url(judged)
    shown = text_of(sign_in(world.a.manager).get(url(judged)))
    assert "This decision was not confirmed" in shown
    assert "Read 2 again." in shown
    assert "Propose the decision" in shown


def test_scores_that_change_meanwhile_are_shown_before_one_decides(world, sign_in):
    judged = make_ranked(world, 5, 4)
    greek = sign_in(world.a.manager)
    shown = greek.get(url(judged))
    Assignment.objects.filter(juror=judged.greek).update(state="abstained")
    refused = greek.post(url(judged, "selection-decide"), meeting_of(shown, "seen"))
    assert refused.status_code == 422
    assert "Someone else has changed this since you opened it." in text_of(refused)
    again = greek.post(url(judged, "selection-decide"), form_of(refused, "seen"))
    assert again.status_code == 302


def test_the_jury_puts_one_first_among_equals(world, sign_in):
    judged = make_ranked(world, 4, 4, places=1)
    greek = sign_in(world.a.manager)
    assert "These are tied, and not all of them can get a place:" in text_of(greek.get(url(judged)))
    shown = greek.get(url(judged), {"prefer": "2"})
    assert "Why the jury chose this way" in text_of(shown)
    greek.post(url(judged, "selection-decide"), meeting_of(shown, "seen", why="Both shores."))
    confirm_here(sign_in(world.b.manager), url(judged))
    assert standings(judged) == ["waiting", "chosen"]


def test_it_is_exported(world, sign_in):
    judged = make_ranked(world, 5, 1)
    found = sign_in(world.a.manager).get(url(judged), {"export": "csv"})
    lines = found.content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("1,1,Project 1,Greek member 1,Greece,100.0,Gold,Would be chosen")
    assert len(lines) == 3


def test_before_and_without_anything_it_says_so(world, sign_in):
    judged = make_ranked(world)
    greek = sign_in(world.a.manager)
    assert "No one applied" in text_of(greek.get(url(judged)))
    assert "No results yet" in text_of(greek.get(url(judged, "results")))
    judged.set(state="judging")
    assert "The selection comes after the discussion" in text_of(greek.get(url(judged)))


def test_others_see_neither(world, sign_in):
    judged = decided(world, 5, 1)
    ask(world, judged, 2)
    pages = [
        url(judged),
        url(judged, "results"),
        url(judged, "result-letter", result(judged, 1).pk),
    ]
    for page in pages:
        assert sign_in(world.a.ambassador).get(page).status_code == 403
        assert sign_in(world.b.manager).get(page).status_code == 200
        for person in (*others(world).values(), judged.greek.person):
            assert sign_in(person).get(page).status_code == 404


def test_who_has_a_conflict_is_told_that_somebody_else_decides(world, sign_in):
    judged = make_ranked(world, 5, 4)
    Interest.objects.create(
        partnership=world.partnership,
        person=world.a.manager,
        subject="application",
        subject_id=application(judged, 2).pk,
        conflicts=True,
        said_at=judged.round.opens_at,
    )
    text = text_of(sign_in(world.a.manager).get(url(judged)))
    assert "Someone else from your cluster has to decide." in text
    assert "Project 1" not in text
    decision = put_decision(world.b.manager, judged)
    other = PersonFactory(name="Second Greek manager")
    SeatFactory(person=other, organisation=world.a.cluster, role=Role.MANAGER)
    sign(other, decision)
    results = text_of(sign_in(world.a.manager).get(url(judged, "results")))
    assert "Project 1" in results
    assert "Project 2" not in results


def test_a_letter_is_written_beside_what_jurors_said_and_sent(world, sign_in):
    judged = make_ranked(world, 5, 1)
    decide(world.a.manager, judged)
    one = result(judged, 2)
    greek, page = sign_in(world.a.manager), url(judged, "result-letter", one.pk)
    shown = greek.get(page)
    assert "Convincing." in text_of(shown)
    empty = greek.post(page, {**form_of(shown, "feedback"), "feedback": ""})
    assert empty.status_code == 422
    written = greek.post(page, {**form_of(shown, "feedback"), "feedback": "Nearly."}, follow=True)
    assert "Nearly." in text_of(written)
    sent = greek.post(url(judged, "results-send"), {"result": one.pk}, follow=True)
    assert "1 letter sent." in text_of(sent)
    assert "A sent letter can’t be changed." in text_of(greek.get(page))
    assert greek.post(url(judged, "results-send"), follow=True).status_code == 200
    assert not Result.objects.filter(told_at=None).exists()
    assert greek.get(url(judged, "result-pdf", one.pk)).content.startswith(b"%PDF")


def test_a_place_is_given_up_and_taken_by_who_is_next(world, sign_in):
    judged = decided(world, 5, 4, places=1)
    give_up(world, judged, 1)
    greek = sign_in(world.a.manager)
    shown = greek.get(url(judged, "results"))
    assert "Next on the waiting list: 2 “Project 2”." in text_of(shown)
    refused = greek.post(url(judged, "results-move-up"), meeting_of(shown, "number", present=""))
    assert refused.status_code == 422
    greek.post(url(judged, "results-move-up"), meeting_of(shown, "number"))
    confirm_here(sign_in(world.b.manager), url(judged, "results"))
    assert standings(judged) == ["given-up", "chosen"]


def test_an_appeal_is_read_anew_and_answered(world, sign_in):
    judged = decided(world, 5, 1)
    appeal = ask(world, judged, 2)
    with_others(world, judged)
    greek, page = sign_in(world.a.manager), url(judged, "appeal", appeal.pk)
    assert "A document was not read." in text_of(greek.get(page))
    given = greek.post(url(judged, "appeal-read", appeal.pk), follow=True)
    assert "2 other jurors will give it a second reading" in text_of(given)
    assert "Propose an answer" not in text_of(given)
    score(judged, appeal, 4, 4)
    shown = greek.get(page)
    assert "The result is better: the appeal is granted." in text_of(shown)
    assert greek.post(page, meeting_of(shown, "answer", answer="")).status_code == 422
    done = greek.post(
        page,
        meeting_of(shown, "answer", answer="You are right.", minutes="Read anew."),
        follow=True,
    )
    assert "Waiting for the other side to confirm" in text_of(done)
    assert "The appeal is granted: Awarded." in text_of(done)
    confirm_here(sign_in(world.b.manager), page)
    assert standings(judged) == ["chosen", "chosen"]


def own(judged, number, name="own-result"):
    return reverse(f"labels:{name}", args=[application(judged, number).pk])


def test_an_applicant_reads_its_letter_points_and_how_to_appeal(world, sign_in):
    judged = make_ranked(world, 5, 4, 1, places=1)
    mine = sign_in(owner(world, judged, 3))
    assert "No decision yet" in text_of(mine.get(own(judged, 3)))
    decide(world.a.manager, judged)
    assert "No decision yet" in text_of(mine.get(own(judged, 3)))
    tell_all(world.a.manager, judged)
    shown = mine.get(own(judged, 3))
    text = text_of(shown)
    assert "was not awarded the label Atlas" in text
    assert "1 of 5" in text
    assert "You can appeal until" in text
    assert "Convincing." not in text
    assert mine.post(own(judged, 3, "own-result-appeal"), {"text": ""}).status_code == 422
    sent = mine.post(own(judged, 3, "own-result-appeal"), {"text": "No."}, follow=True)
    assert "Your appeal has been sent to the clusters." in text_of(sent)
    twice = mine.post(own(judged, 3, "own-result-appeal"), {"text": "No."})
    assert twice.status_code == 422
    assert mine.get(own(judged, 3, "own-result-pdf")).content.startswith(b"%PDF")
    waiting = text_of(sign_in(owner(world, judged, 2)).get(own(judged, 2)))
    assert "You are first on the waiting list." in waiting


def test_an_applicant_gives_its_place_up(world, sign_in):
    judged = decided(world, 5)
    mine = sign_in(owner(world, judged, 1))
    assert "Give up the place" in text_of(mine.get(own(judged, 1)))
    assert mine.post(own(judged, 1, "own-result-give-up"), {"why": ""}).status_code == 422
    done = mine.post(own(judged, 1, "own-result-give-up"), {"why": "Sold."}, follow=True)
    assert "Gave up its place" in text_of(done)
    assert standings(judged) == ["given-up"]


def test_nobody_else_reads_an_applicants_page(world, sign_in):
    judged = decided(world, 5, 1)
    for person in (
        owner(world, judged, 2),
        world.a.manager,
        world.a.ambassador,
        judged.greek.person,
        world.nobody_special,
    ):
        assert sign_in(person).get(own(judged, 1)).status_code == 404


@pytest.mark.parametrize("name", ["selection", "results"])
def test_pages_ask_as_often_for_one_as_for_three(world, sign_in, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for points in ([5], [5, 4, 3]):
        judged = make_ranked(world, *points, places=None, slug=f"atlas-{len(points)}")
        if name == "results":
            decide(world.a.manager, judged)
        with CaptureQueriesContext(connection) as found:
            assert sign_in(world.a.manager).get(url(judged, name)).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]
