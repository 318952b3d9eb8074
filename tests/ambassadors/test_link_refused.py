"""Links that open nothing, answers that come too late or say nothing, and clocks that jump."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from proxeny.ambassadors.forms.link import moments_at
from proxeny.ambassadors.models import Introduction, Link, Side, TimeOption
from proxeny.ambassadors.operations.booking import call_off_booking, withdraw_time
from proxeny.ambassadors.operations.introductions import close_introduction
from proxeny.ambassadors.operations.links import hand_on
from proxeny.ambassadors.operations.wishes import answer_wish_by_link
from proxeny.ambassadors.views.link_content import offset_if_twice
from proxeny.kernel.errors import Conflict
from proxeny.kernel.models import Mail
from proxeny.meetings.models import Meeting, Rating
from tests.ambassadors.desk import CLAIRE, SECOND, by_link, do, offer, token, tokens
from tests.ambassadors.linking import (
    BOB,
    asked,
    begin,
    booked,
    claire,
    english,
    kinds,
    over,
    path_of,
    read,
    seen,
    send,
    timed,
)

pytestmark = pytest.mark.django_db
State = Introduction.State
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(autouse=True)
def _fresh_limits(db):
    cache.clear()


def _expire(*_given):
    Link.objects.filter(closed_at=None).update(expires_at=timezone.now() - timedelta(minutes=1))


def _side(case):
    return Side.objects.get(introduction=case, role="stakeholder")


def _closed_page(path):
    answer = english(Client()).get(path)
    assert answer.status_code == 404
    return answer.content.decode()


def _without_secrets(page):
    first, _name, rest = page.partition('name="csrfmiddlewaretoken" value="')
    while rest:
        first, (_name, _mark, rest) = first + rest[64:], ("", "", "")
        first, _name, rest = first.partition('name="csrfmiddlewaretoken" value="')
    return first


# Links that open nothing


def test_one_page_for_all_links_that_open_nothing_and_it_names_nobody(world):
    case, path = asked(world)
    secret = token(CLAIRE.email)
    pages = [
        _closed_page(path_of(one))
        for one in ("guessed", secret[:-1], secret + "a", secret.swapcase())
    ]
    _expire()
    pages.append(_closed_page(path))
    do(world.a.ambassador, close_introduction, introduction_id=case.pk, why="Not now.")
    pages.append(_closed_page(path))
    # The address of the page itself stands in it, for who changes the language.
    told = {
        _without_secrets(page).replace(path, "").replace(path_of(one), "")
        for page, one in zip(
            pages,
            ("guessed", secret[:-1], secret + "a", secret.swapcase(), secret, secret),
            strict=True,
        )
    }
    assert len(told) == 1
    page = told.pop()
    for name in ("Greek", "French", "Claire", CLAIRE.email, world.a.ambassador.name):
        assert name not in page
    assert "Send me a new link" in page


@pytest.mark.parametrize("deed", ["wish", "times", "cancel", "rate", "hand-on", ""])
def test_nothing_is_done_by_a_link_that_ran_out(world, deed):
    case, path = asked(world)
    _expire()
    before = Mail.objects.count()
    answer = send(path, deed, wants="yes", value="possible", name="Bob", email=BOB, why="x")
    assert answer.status_code == 404
    assert _side(case).answer == "waiting"
    assert Mail.objects.count() == before


def test_who_handed_it_on_can_do_nothing_more(world):
    case, path = asked(world)
    send(path, "hand-on", name="Bob", email=BOB)
    assert Client().get(path).status_code == 404
    assert send(path, "wish", wants="no").status_code == 404
    before = len(tokens(BOB))
    assert send(path, "renew").status_code == 200
    assert (len(tokens(BOB)), _side(case).answer) == (before, "waiting")
    assert Client().get(path_of(token(BOB))).status_code == 200


def test_a_closed_case_opens_nothing(world):
    case, path = booked(world)
    do(world.a.ambassador, close_introduction, introduction_id=case.pk, why="Not now.")
    for address in (path, f"{path}meeting.ics"):
        assert Client().get(address).status_code == 404


# New links


def test_a_new_link_goes_to_the_address_it_was_first_sent_to(world):
    _case, path = asked(world)
    _expire()
    answer = send(path, "renew")
    assert "a new one is on its way to the address it was first sent to" in read(answer)
    assert claire() != path
    assert Client().get(claire()).status_code == 200
    assert kinds(CLAIRE.email) == ["wish-asked", "wish-renewed"]
    assert kinds(world.a.ambassador.email) == ["news-late"]


def test_whoever_asks_for_a_new_link_is_told_the_same(world):
    _case, path = asked(world)
    told = []
    for one in (path_of("guessed"), path):
        answer = send(one, "renew")
        told.append(_without_secrets(answer.content.decode()).replace(one, ""))
        assert answer.status_code == 200
    assert told[0] == told[1]
    assert kinds(CLAIRE.email) == ["wish-asked"]


def test_no_new_link_where_the_matter_is_over(world):
    case, path = asked(world)
    do(world.a.ambassador, close_introduction, introduction_id=case.pk, why="Not now.")
    before = len(tokens(CLAIRE.email))
    send(path, "renew")
    assert len(tokens(CLAIRE.email)) == before


def test_new_links_are_limited_without_telling(world):
    case, path = asked(world)
    do(world.a.ambassador, close_introduction, introduction_id=case.pk, why="Not now.")
    before = len(kinds(world.a.ambassador.email))
    pages = {send(path, "renew").status_code for _time in range(6)}
    assert pages == {200}
    assert len(kinds(world.a.ambassador.email)) == before + 3


def test_guessing_is_slowed_down_and_an_open_link_opens_still(world):
    _case, path = asked(world)
    statuses = [Client().get(path_of(f"guess-{number}")).status_code for number in range(32)]
    assert statuses == [404] * 30 + [429] * 2
    assert Client().get(path).status_code == 200
    assert Client().get(path_of("guess"), REMOTE_ADDR="198.51.100.7").status_code == 404


# For something else


@pytest.mark.parametrize(
    ("way", "deed"),
    [
        (asked, "times"),
        (asked, "cancel"),
        (asked, "rate"),
        (booked, "wish"),
        (booked, "rate"),
        (over, "wish"),
        (over, "times"),
        (over, "cancel"),
    ],
)
def test_a_link_does_one_thing(world, way, deed):
    case, path = way(world)
    case.refresh_from_db()
    before = (case.state, Mail.objects.count(), Rating.objects.count())
    answer = send(path, deed, wants="no", value="possible", why="x", for_good="1", seen="")
    assert answer.status_code == 409
    assert "This link is for something else." in read(answer)
    case.refresh_from_db()
    assert (case.state, Mail.objects.count(), Rating.objects.count()) == before


def test_a_deed_that_is_none(world):
    _case, path = asked(world)
    answer = send(path, "erase")
    assert answer.status_code == 422
    assert "Choose what you want to do." in read(answer)


def test_a_calendar_file_before_there_is_a_meeting(world):
    _case, path, _numbers = timed(world)
    answer = Client().get(f"{path}meeting.ics")
    assert (answer.status_code, answer["Location"]) == (302, path)


# Too late


def test_both_agreed_while_the_page_was_open(world):
    case, path = asked(world)
    by_link(answer_wish_by_link, token=token(world.a.representatives[0].email), wants=True)
    send(path, "wish", wants="yes")
    answer = send(path, "wish", wants="no")
    assert answer.status_code == 409
    page = read(answer)
    assert "This has already been settled." in page
    assert "would both like to meet" in page
    case.refresh_from_db()
    assert case.state == State.FINDING


def test_it_was_closed_while_the_page_was_open(world):
    case, path = asked(world)
    do(world.a.ambassador, close_introduction, introduction_id=case.pk, why="Not now.")
    assert send(path, "wish", wants="yes").status_code == 404


def test_times_that_changed_while_the_page_was_open_are_looked_at_again(world):
    case, path, (first, second) = timed(world)
    do(world.a.ambassador, withdraw_time, introduction_id=case.pk, option_id=first)
    answer = send(
        path,
        "times",
        suits=[first, second],
        seen=seen([first, second]),
        zone="Europe/Paris",
        note="My own word",
    )
    assert answer.status_code == 409
    page = read(answer)
    assert "Someone else has changed this since you opened it." in page
    assert f'value="{second}" checked' in page
    assert "My own word" in page
    assert set(case.options.values_list("stakeholder", flat=True)) == {None}


def test_nobody_calls_off_a_meeting_that_was_moved_or_is_off(world):
    case, path = booked(world)
    stands = f"{case.meeting_id}.0"
    Meeting.objects.filter(pk=case.meeting_id).update(sequence=1)
    answer = send(path, "cancel", for_good="0", why="I am ill.", seen=stands)
    assert answer.status_code == 409
    assert "I am ill." in read(answer)
    do(world.a.ambassador, call_off_booking, introduction_id=case.pk, why="The fair is off.")
    answer = send(path, "cancel", for_good="0", why="I am ill.", seen=f"{case.meeting_id}.1")
    assert answer.status_code == 409
    case.refresh_from_db()
    assert (case.state, _side(case).answer) == (State.FINDING, "yes")


def test_a_meeting_that_has_begun_is_neither_declined_nor_moved(world):
    case, path = booked(world)
    begin(case, ago=timedelta(minutes=5))
    day = (timezone.now() + timedelta(days=9)).date().isoformat()
    for deed, values in (
        ("cancel", {"for_good": "0", "why": "I am ill.", "seen": f"{case.meeting_id}.0"}),
        ("cancel", {"for_good": "1", "why": "I am ill.", "seen": f"{case.meeting_id}.0"}),
        ("times", {"on": day, "at": "10:00", "zone": "Europe/Paris", "seen": ""}),
    ):
        answer = send(path, deed, **values)
        assert answer.status_code == 409
        assert "The meeting has already started." in read(answer)
    case.refresh_from_db()
    assert (case.state, case.options.filter(withdrawn_at=None).count()) == (State.BOOKED, 0)


def test_a_time_that_has_passed_stands_on_no_page_and_is_not_taken(world):
    _case, path, (first, second) = timed(world)
    past = timezone.now() - timedelta(hours=1)
    TimeOption.objects.filter(pk=first).update(starts_at=past, ends_at=past + timedelta(minutes=9))
    assert f'value="{first}"' not in read(Client().get(path))
    answer = send(path, "times", suits=[first], seen=seen([second]), zone="Europe/Paris")
    assert answer.status_code == 422
    assert TimeOption.objects.get(pk=first).stakeholder is None


def test_a_booked_meeting_is_not_handed_on(world):
    case, path = booked(world)
    answer = send(path, "hand-on", name="Bob", email=BOB)
    assert answer.status_code == 409
    assert "reply to the invitation email" in read(answer)
    with pytest.raises(Conflict):
        by_link(hand_on, token=path.split("/")[2], name="Bob", email=BOB)
    assert (_side(case).email, kinds(BOB)) == (CLAIRE.email, [])


def test_a_meeting_that_was_called_off_is_not_rated(world):
    case, path = over(world)
    Meeting.objects.filter(pk=case.meeting_id).update(state=Meeting.State.CANCELLED)
    answer = send(path, "rate", value="possible")
    assert answer.status_code == 409
    assert "This meeting was cancelled" in read(answer)
    assert not Rating.objects.exists()


# Answers that say nothing


@pytest.mark.parametrize(
    ("way", "deed", "values", "sentence"),
    [
        (asked, "wish", {"why": "My word"}, "Choose one of the two answers."),
        (asked, "hand-on", {"email": BOB, "word": "My word"}, "Enter your colleague’s name."),
        (asked, "hand-on", {"name": "My word", "email": "bob@"}, "Enter the full email address"),
        (
            asked,
            "hand-on",
            {"name": "My word", "email": CLAIRE.email},
            "The link was sent to this address.",
        ),
        (
            over,
            "rate",
            {"value": "agreement", "note": "My word"},
            "Choose an answer.",
        ),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(world, way, deed, values, sentence):
    case, path = way(world)
    before = Mail.objects.count()
    answer = send(path, deed, **values)
    assert answer.status_code == 422
    page = read(answer)
    assert sentence in page
    assert "My word" in page
    assert (_side(case).email, Mail.objects.count()) == (CLAIRE.email, before)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Select at least one time, propose another or choose “None suits me”."),
        ({"at": "10:00"}, "Which day?"),
        ({"on": "2027-03-03"}, "What time?"),
        ({"note": "Any Monday"}, "Enter the day and time you mean."),
        ({"on": "2020-03-03", "at": "10:00"}, "This time has already passed."),
        ({"on": "2099-03-03", "at": "10:00"}, "Propose a time within the next year."),
        ({"on": "someday", "at": "10:00"}, "Enter a valid date."),
        ({"zone": "Mars/Base"}, "Select a valid choice."),
    ],
)
def test_a_time_that_is_none(world, values, sentence):
    case, path, numbers = timed(world)
    answer = send(path, "times", **{"seen": seen(numbers), "zone": "Europe/Paris", **values})
    assert answer.status_code == 422
    assert sentence in read(answer)
    assert set(case.options.values_list("stakeholder", flat=True)) == {None}


def test_the_same_time_twice(world):
    case, path, numbers = timed(world)
    day, values = (timezone.now() + timedelta(days=40)).date().isoformat(), {"at": "10:00"}
    values |= {"zone": "Europe/Paris", "on": day}
    assert send(path, "times", seen=seen(numbers), **values).status_code == 302
    own = case.options.get(proposed_by="stakeholder").pk
    answer = send(path, "times", seen=seen([*numbers, own]), suits=[own], **values)
    assert answer.status_code == 409
    assert "This time has already been proposed." in read(answer)


def test_declining_needs_a_reason_and_what_is_declined(world):
    case, path = booked(world)
    stands = f"{case.meeting_id}.0"
    answer = send(path, "cancel", for_good="0", why=" ", seen=stands)
    assert answer.status_code == 422
    assert "Give a reason in a sentence." in read(answer)
    answer = send(path, "cancel", why="I am ill.", seen=stands)
    assert answer.status_code == 422
    assert "Choose what you’re declining." in read(answer)
    case.refresh_from_db()
    assert case.state == State.BOOKED


# Clocks


def _change(*, forward: bool) -> date:
    """The next day on which the clocks of Paris go forward, or back."""
    day, step = timezone.now().date() + timedelta(days=2), timedelta(days=1)
    while True:
        before, after = (
            datetime.combine(one, time(12), tzinfo=PARIS).utcoffset() for one in (day, day + step)
        )
        if (after > before) if forward else (after < before):
            return day + step
        day += step


def test_a_time_that_the_clocks_leave_out_is_refused(world):
    case, path, numbers = timed(world)
    day = _change(forward=True)
    answer = send(
        path,
        "times",
        seen=seen(numbers),
        zone="Europe/Paris",
        on=day.isoformat(),
        at="02:30",
        note="At night",
    )
    assert answer.status_code == 422
    page = read(answer)
    assert "the clocks go forward and 02:30 doesn’t exist. Choose another time." in page
    assert f'value="{day.isoformat()}"' in page
    assert "At night" in page
    assert case.options.count() == 2


def test_of_a_time_that_the_clocks_show_twice_it_is_asked_which_one(world):
    case, path, numbers = timed(world)
    day = _change(forward=False)
    values = {"zone": "Europe/Paris", "on": day.isoformat(), "at": "02:30"}
    answer = send(path, "times", seen=seen(numbers), **values)
    assert answer.status_code == 422
    page = read(answer)
    assert "so 02:30 occurs twice." in page
    assert "The second one, an hour later" in page
    for turn, hour in (("0", "00"), ("1", "01")):
        shown = seen(case.options.filter(withdrawn_at=None).values_list("pk", flat=True))
        assert send(path, "times", seen=shown, turn=turn, **values).status_code == 302
        assert case.options.filter(starts_at=f"{day.isoformat()}T{hour}:30:00+00:00").exists()
    page = english(Client()).get(path).content.decode()
    assert "UTC+02:00" in page
    assert "UTC+01:00" in page


def test_instants_of_a_local_time():
    hours = {date(2026, 3, 29): 0, date(2026, 10, 25): 2, date(2026, 6, 1): 1}
    for day, count in hours.items():
        found = moments_at(day, time(2, 30), PARIS)
        assert len(found) == count
        assert {one.astimezone(PARIS).time() for one in found} <= {time(2, 30)}
    # Half an hour only: Lord Howe Island.
    assert len(moments_at(date(2026, 4, 5), time(1, 45), ZoneInfo("Australia/Lord_Howe"))) == 2
    noon = datetime(2026, 10, 25, 11, tzinfo=PARIS)
    assert offset_if_twice(noon, "Europe/Paris") == ""
    assert (
        offset_if_twice(datetime(2026, 11, 1, 6, 30, tzinfo=ZoneInfo("UTC")), "America/New_York")
        == "UTC-05:00"
    )


def test_a_late_offer_does_not_revive_an_old_link(world):
    case, path, _numbers = timed(world)
    offer(case, world, SECOND + timedelta(days=2))
    assert Client().get(path).status_code == 404
    assert Client().get(claire()).status_code == 200
