"""Pages behind a link, opened by somebody without an account: each purpose, each answer."""

from datetime import datetime, timedelta

import icalendar
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.ambassadors.models import Introduction, Link, Side, TimeOption
from proxeny.ambassadors.operations.wishes import answer_wish_by_link
from proxeny.directory.models import Organisation
from proxeny.meetings.models import Meeting, Rating
from tests.ambassadors.desk import FIRST, SECOND, by_link, offer, token
from tests.ambassadors.linking import (
    BOB,
    CLAIRE,
    asked,
    begin,
    booked,
    claire,
    english,
    half_a_year_on,
    kinds,
    opened,
    over,
    path_of,
    read,
    seen,
    send,
    timed,
)

pytestmark = pytest.mark.django_db
State = Introduction.State


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    cache.clear()


def _state(case):
    case.refresh_from_db()
    return case.state


def _page(path, language="en", **query):
    client = Client()
    client.cookies["django_language"] = language
    answer = client.get(path, query)
    assert answer.status_code == 200
    return read(answer)


# Whether to meet


def test_the_page_says_who_asks_whom_to_meet_and_why(world):
    Organisation.objects.filter(pk=world.a.members[0].pk).update(
        summary="Sensors <b>for</b> vineyards",
        city="Athens",
        website="https://www.member.example/x",
        visibility="public",
    )
    case, path = asked(world)
    page = _page(path)
    for text in (
        "Would you like to meet Greek member 1?",
        world.a.ambassador.name,
        "Greek cluster",
        "They make what you look for.",
        "Athens, Greece",
        "Sensors <b>for</b> vineyards",
    ):
        assert text in page
    assert "Sensors &lt;b&gt;for&lt;/b&gt; vineyards" in read_raw(path)
    assert 'href="https://www.member.example/x" rel="noopener noreferrer nofollow"' in page
    assert "Yes, I’d like to meet" in page
    assert "No, thank you" in page
    assert _state(case) == State.ASKING


def read_raw(path):
    return english(Client()).get(path).content.decode()


def test_a_summary_that_is_not_public_and_a_website_that_is_none_stay_out(world):
    Organisation.objects.filter(pk=world.a.members[0].pk).update(
        summary="Between us", website="javascript:alert(1)", visibility="partnership"
    )
    page = _page(asked(world)[1])
    assert "Between us" not in page
    assert "javascript:" not in page


def test_opening_changes_nothing(world):
    for way in (asked, booked, over):
        Introduction.objects.all().delete()
        case, path = way(world)
        before = [
            list(model.objects.order_by("pk").values())
            for model in (Introduction, Side, TimeOption, Link, Rating, Meeting)
        ]
        for method in ("get", "head"):
            assert (
                getattr(Client(), method)(path, {"deed": "wish", "wants": "yes"}).status_code == 200
            )
        after = [
            list(model.objects.order_by("pk").values())
            for model in (Introduction, Side, TimeOption, Link, Rating, Meeting)
        ]
        assert after == before
        if case.meeting:
            Introduction.objects.filter(pk=case.pk).update(meeting=None)
            Meeting.objects.all().delete()


def test_yes_is_kept_and_shown_and_can_be_changed_until_the_other_answers(world):
    case, path = asked(world)
    answer = send(path, "wish", wants="yes", why="I know their sensors.", may_pass_on="on")
    assert (answer.status_code, answer["Location"]) == (302, path)
    side = Side.objects.get(introduction=case, role="stakeholder")
    assert (side.answer, side.why, side.may_pass_on) == ("yes", "I know their sensors.", True)
    page = _page(path)
    assert "Your answer has been saved" in page
    assert "I know their sensors." in page
    assert kinds(CLAIRE.email) == ["wish-asked", "kept-yes"]
    answer = send(path, "wish", wants="no", why="We have found somebody.")
    assert "You’d rather not meet Greek member 1." in read(answer)
    case.refresh_from_db()
    assert (case.state, case.closed_why) == (State.CLOSED, "We have found somebody.")


def test_the_same_answer_twice_keeps_the_later_word_and_writes_once(world):
    case, path = asked(world)
    for why in ("First", "Second", ""):
        send(path, "wish", wants="yes", why=why)
    side = Side.objects.get(introduction=case, role="stakeholder")
    assert (side.why, side.may_pass_on) == ("Second", False)
    assert kinds(CLAIRE.email) == ["wish-asked", "kept-yes"]


def test_once_both_have_said_yes_the_link_says_so(world):
    case, path = asked(world)
    by_link(answer_wish_by_link, token=token(world.a.representatives[0].email), wants=True)
    send(path, "wish", wants="yes")
    assert _state(case) == State.FINDING
    page = _page(path)
    assert "would both like to meet" in page
    assert 'name="wants"' not in page


def test_a_member_with_a_sign_in_is_not_asked_whether_to_be_passed_on(world):
    case, _path = asked(world)
    path = path_of(token(world.a.representatives[0].email))
    assert "may_pass_on" not in _page(path)
    send(path, "wish", wants="yes", may_pass_on="on")
    assert Side.objects.get(introduction=case, role="member").may_pass_on is None


def test_a_colleague_gets_a_link_and_answers(world):
    case, path = asked(world)
    answer = send(path, "hand-on", name="Bob <Buyer>", email=BOB, word="You know sensors.")
    assert "Forwarded to Bob &lt;Buyer&gt;" in answer.content.decode()
    assert kinds(BOB) == ["wish-handed"]
    assert kinds(CLAIRE.email) == ["wish-asked", "handed-from"]
    send(path_of(token(BOB)), "wish", wants="yes")
    side = Side.objects.get(introduction=case, role="stakeholder")
    assert (side.name, side.email, side.answer) == ("Bob <Buyer>", BOB, "yes")


# When


def test_times_stand_in_the_visitors_own_zone_with_the_places_beside_it(world):
    case, path, _numbers = timed(world)
    page = _page(path)
    assert "Times in Paris" in page
    assert "09:00–09:45" in page
    assert "in Paris:" not in page
    page = _page(path, zone="Asia/Tokyo")
    assert "Times in Tokyo" in page
    assert page.count("17:00–17:45") == 2
    assert page.count("09:00–09:45") == 2
    assert Side.objects.get(introduction=case, role="stakeholder").time_zone == "Europe/Paris"
    assert "Times in Paris" in _page(path, zone="Mars/Base")


@pytest.mark.parametrize(
    ("moment", "clock"), [("2083-03-27", "09:00–09:45"), ("2083-03-28", "10:00–10:45")]
)
def test_clocks_are_right_on_both_sides_of_the_change(world, moment, clock):
    at = datetime.fromisoformat(f"{moment}T08:00:00+00:00")
    _case, path, _numbers = timed(world, at)
    assert clock in _page(path)


def test_ticked_times_are_kept_and_can_be_changed(world):
    case, path, (first, second) = timed(world)
    answer = send(
        path, "times", suits=[first, second], seen=seen([first, second]), zone="Europe/Paris"
    )
    assert (answer.status_code, answer["Location"]) == (302, path)
    send(path, "times", suits=[second], seen=seen([first, second]), zone="Africa/Casablanca")
    said = dict(case.options.values_list("pk", "stakeholder"))
    assert said == {first: False, second: True}
    page = _page(path)
    assert "Your answer has been saved" in page
    assert "Times in Casablanca" in page
    assert f'value="{second}" checked' in page
    assert f'value="{first}" checked' not in page


def test_no_time_suits(world):
    case, path, numbers = timed(world)
    send(path, "times", none="1", suits=numbers, seen=seen(numbers), zone="Europe/Paris")
    assert set(case.options.values_list("stakeholder", flat=True)) == {False}
    assert "None of these times suits you." in _page(path)
    assert kinds(world.a.ambassador.email)[-1] == "news-none"


def test_another_time_is_proposed_by_the_visitors_clocks_and_waits_for_the_desk(world):
    case, path, numbers = timed(world)
    day = (timezone.now() + timedelta(days=40)).date()
    send(
        path,
        "times",
        seen=seen(numbers),
        zone="Asia/Tokyo",
        on=day.isoformat(),
        at="15:30",
        note="After lunch",
    )
    option = case.options.get(proposed_by="stakeholder")
    assert option.starts_at.isoformat() == f"{day.isoformat()}T06:30:00+00:00"
    assert (option.desk, option.note, option.time_zone) == (None, "After lunch", "Asia/Tokyo")
    assert "Proposed by you" in _page(path)
    # The other side is not asked about it before the desk can come, and does not refuse it.
    member = path_of(token(world.a.representatives[0].email))
    assert f'value="{option.pk}"' not in _page(member)
    send(member, "times", none="1", seen=seen(numbers), zone="Europe/Athens")
    option.refresh_from_db()
    assert option.member is None


def test_the_time_that_suits_all_is_booked_and_the_page_says_when_and_where(world):
    case, path, (first, second) = timed(world)
    send(
        path_of(token(world.a.representatives[0].email)),
        "times",
        suits=[first],
        seen=seen([first, second]),
        zone="Europe/Athens",
    )
    send(path, "times", suits=[first], seen=seen([first, second]), zone="Asia/Tokyo")
    assert _state(case) == State.BOOKED
    page = _page(path)
    for text in (
        "It’s booked",
        "09:00–09:45",
        "17:00–17:45",
        "Paris, 12 rue de Rome",
        "Greek member 1",
        "will join you",
    ):
        assert text in page


def test_the_calendar_file_is_the_meeting_of_the_mail_without_anybodys_address(world):
    case, path = booked(world)
    answer = Client().get(f"{path}meeting.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert answer["Content-Disposition"] == 'attachment; filename="meeting.ics"'
    calendar = icalendar.Calendar.from_ical(answer.content)
    (event,) = calendar.events
    assert (calendar["METHOD"], event["UID"], event.start) == ("PUBLISH", case.meeting.uid, FIRST)
    # In Claire's language.
    assert event["SUMMARY"] == "Rendez-vous avec Greek member 1"
    text = answer.content.decode()
    assert "ATTENDEE" not in text
    assert world.a.representatives[0].name not in text
    assert CLAIRE.email not in text


def test_who_cannot_come_looks_for_another_time(world):
    case, path = booked(world)
    stands = f"{case.meeting_id}.0"
    answer = send(path, "cancel", for_good="0", why="I am ill.", seen=stands)
    assert answer.status_code == 200
    assert "would still like to meet Greek member 1" in read(answer)
    assert _state(case) == State.FINDING
    offer(case, world, SECOND)
    assert "When can you meet Greek member 1?" in _page(claire())


def test_who_would_rather_not_meet_at_all_closes_it(world):
    case, path = booked(world)
    answer = send(
        path, "cancel", for_good="1", why="No need any more.", seen=f"{case.meeting_id}.0"
    )
    assert "You’d rather not meet Greek member 1." in read(answer)
    case.refresh_from_db()
    assert (case.state, case.closed_by) == (State.CLOSED, "stakeholder")
    assert Client().get(path).status_code == 404


def test_who_has_no_meeting_yet_can_decline_meeting_alone(world):
    case, path, _numbers = timed(world)
    page = _page(path)
    assert "Just this time: I’d still like to meet" not in page
    send(path, "cancel", for_good="1", why="No need any more.", seen="")
    assert _state(case) == State.CLOSED


def test_another_time_is_asked_for_and_the_meeting_stays(world):
    case, path = booked(world)
    day = (timezone.now() + timedelta(days=50)).date().isoformat()
    send(path, "times", seen="", zone="Europe/Paris", on=day, at="11:00")
    case.refresh_from_db()
    assert (case.state, case.meeting.starts_at) == (State.BOOKED, FIRST)
    page = _page(path)
    assert "Another time is proposed" in page
    assert "It’s booked" in page


# How it went, and what came of it


def test_one_tap_says_how_it_was_and_the_same_link_changes_it(world):
    case, path = over(world)
    page = _page(path)
    assert "How was the meeting with Greek member 1?" in page
    assert page.count('name="value" value=') == 4
    assert send(path, "rate", value="informative").status_code == 302
    assert "Your answer has been saved." in _page(path)
    send(path, "rate", value="informative", note="They are <i>good</i>.")
    send(path, "rate", value="possible", note="They are <i>good</i>.")
    rating = Rating.objects.get()
    assert (rating.value, rating.note, rating.party.organisation_id) == (
        "possible",
        "They are <i>good</i>.",
        world.b.members[0].pk,
    )
    raw = read_raw(path)
    assert "&lt;i&gt;good&lt;/i&gt;" in raw
    assert "<i>good" not in raw
    case.meeting.refresh_from_db()
    assert case.meeting.state == Meeting.State.HELD


def test_half_a_year_later_an_agreement_says_its_kind_and_worth(world):
    _case, path = half_a_year_on(world)
    page = _page(path)
    assert "What came of the meeting with Greek member 1?" in page
    assert 'name="agreed"' in page
    answer = send(path, "rate", value="agreement", agreed="sale", worth="1250.50", currency="gbp")
    assert answer.status_code == 302
    rating = Rating.objects.get(phase="later")
    assert (rating.agreed, str(rating.worth), rating.currency) == ("sale", "1250.50", "GBP")
    page = _page(path)
    assert "An agreement · Sale or purchase · £1,250.50" in page
    send(path, "rate", value="contact")
    rating.refresh_from_db()
    assert (rating.value, rating.agreed, rating.worth) == ("contact", "", None)


def test_a_link_for_times_says_that_the_meeting_is_over(world):
    case, path = booked(world)
    begin(case)
    page = _page(path)
    assert "You’ll be asked by email how it went." in page
    assert 'name="deed"' not in page


# Whoever opens it


def test_nobody_of_the_other_side_is_named_on_any_page(world):
    person = world.a.representatives[0]
    for way in (asked, timed, booked, over, half_a_year_on):
        Introduction.objects.all().delete()
        path = way(world)[1]
        raw = read_raw(path)
        assert person.name not in raw
        assert person.email not in raw
        assert CLAIRE.email not in raw


@pytest.mark.parametrize("suffix", ["", "meeting.ics"])
def test_the_secret_stays_with_who_opened_it(world, suffix):
    _case, path = booked(world)
    answer = Client().get(path + suffix)
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert {"no-store", "private"} <= set(answer["Cache-Control"].replace(" ", "").split(","))
    if not suffix:
        raw = answer.content.decode()
        assert '<meta name="robots" content="noindex, nofollow">' in raw
        assert "http://" not in raw.replace("http://testserver", "").replace(
            "http://www.w3.org", ""
        )


def test_the_first_page_speaks_the_sides_language_and_another_can_be_chosen(world):
    _case, path = asked(world)
    page = opened(path, **{"accept-language": "el"})
    assert '<html lang="fr" dir="ltr">' in page
    client = Client()
    client.post("/i18n/setlang/", {"language": "ar", "next": path})
    answer = client.get(path)
    assert '<html lang="ar" dir="rtl">' in read(answer)
    Side.objects.update(language="xx")
    assert '<html lang="el"' in opened(path, **{"accept-language": "el"})


def test_a_form_without_its_secret_is_refused(world):
    case, path = asked(world)
    client = Client(enforce_csrf_checks=True)
    assert client.post(path, {"deed": "wish", "wants": "yes"}).status_code == 403
    page = client.get(path).content.decode()
    secret = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    answer = client.post(path, {"deed": "wish", "wants": "yes", "csrfmiddlewaretoken": secret})
    assert answer.status_code == 302
    assert Side.objects.get(introduction=case, role="stakeholder").answer == "yes"


def test_signed_in_or_not_the_link_alone_counts(world, sign_in):
    case, path = asked(world)
    client = english(sign_in(world.c.manager))
    assert client.post(path, {"deed": "wish", "wants": "yes"}).status_code == 302
    assert Side.objects.get(introduction=case, role="stakeholder").answer == "yes"


def _queries(path):
    client = english(Client())
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_the_page_asks_the_database_as_often_for_three_times_as_for_one(world):
    case, path, _numbers = timed(world, FIRST)
    one = _queries(path)
    offer(case, world, SECOND, SECOND + timedelta(days=1))
    path = claire()
    assert _page(path).count('name="suits"') == 3
    assert _queries(path) == one
