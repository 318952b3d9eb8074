"""Pages of catch-ups: as both teams, as others, with and without anything there."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Person
from proxeny.meetings.models import CatchUp, Meeting
from proxeny.partnerships.models import Action, Partnership, Party, Rhythm
from tests.factories.meetings import DecisionFactory, make_catch_up, make_meeting
from tests.factories.rooms import ActionFactory, RiskFactory
from tests.forms import form_of
from tests.stages import staged


@staged
def room(world) -> str:
    return reverse("meetings:catch-ups", args=[world.partnership.pk])


def meet(world, days: float, **values) -> CatchUp:
    """Make a catch-up so many days from now."""
    starts_at = timezone.now() + timedelta(days=days)
    return make_catch_up(
        world.partnership,
        world.a.manager,
        world.b.manager,
        starts_at=starts_at.replace(second=0, microsecond=0),
        **values,
    )


def page_of(catch_up, name="catch-up") -> str:
    return reverse(f"meetings:{name}", args=[catch_up.partnership_id, catch_up.pk])


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_an_empty_room_says_what_to_do_first(world, sign_in, room):
    for person in (world.a.manager, world.b.ambassador):
        text = text_of(sign_in(person).get(room))
        assert "Nothing planned" in text
        assert "No rhythm agreed yet" in text
        assert "Plan a catch-up" in text
    assert "Agree how often to meet" in text_of(sign_in(world.a.manager).get(room))
    # The rhythm binds both: an ambassador does not set it.
    assert "Agree how often to meet" not in text_of(sign_in(world.b.ambassador).get(room))


@pytest.mark.parametrize("who", ["a.representatives", "c.manager", "nobody_special"])
def test_nobody_else_finds_the_pages(world, sign_in, room, who):
    side, _dot, role = who.partition(".")
    person = getattr(world, side)
    person = getattr(person, role) if role else person
    client = sign_in(person[0] if isinstance(person, list) else person)
    held = meet(world, 1)
    for name in ("catch-up", "catch-up-edit", "catch-up-minutes", "catch-up-call-off"):
        assert client.get(page_of(held, name)).status_code == 404
    for name in ("catch-up-close", "catch-up-miss", "catch-up-reopen", "catch-up-answer"):
        assert client.post(page_of(held, name)).status_code == 404
    assert client.get(room).status_code == 404
    assert client.get(f"{room}plan/").status_code == 404


def test_another_rooms_catch_up_is_not_found_here(world, sign_in):
    other = Partnership.objects.create(title="Other", lead=world.a.cluster, state="active")
    Party.objects.create(partnership=other, organisation=world.a.cluster, side="A")
    held = meet(world, 1)
    wrong = reverse("meetings:catch-up", args=[other.pk, held.pk])
    assert sign_in(world.a.manager).get(wrong).status_code == 404


def test_the_list_shows_what_comes_what_waits_and_what_was(world, sign_in, room):
    meet(world, 5, title="Budget")
    meet(world, -5, title="Autumn call")
    past = meet(
        world, -40, title="Half-year review", state="held", came=True, minutes_text="About the fair"
    )
    DecisionFactory(catch_up=past, text="We go to Lyon")
    ActionFactory(partnership=world.partnership, origin="catch-up", origin_id=past.pk)
    meet(world, -80, title="Cold call", state="missed")
    answer = sign_in(world.b.ambassador).get(room)
    context = answer.context
    assert [row.title for row in context["coming"]] == ["Budget"]
    assert [row.title for row in context["waiting"]] == ["Autumn call"]
    assert [row.title for row in context["past"]] == ["Half-year review", "Cold call"]
    row = context["past"][0]
    assert (row.tally.all, row.tally.done, [side.came for side in row.sides]) == (1, 0, [1, 1])
    assert "0 of 1 done" in text_of(answer)


@pytest.mark.parametrize(
    ("search", "found"),
    [("fair", 1), ("LYON", 1), ("review fair", 1), ("french manager", 2), ("nowhere", 0)],
)
def test_the_past_is_searched_in_all_that_was_written(world, sign_in, room, search, found):
    past = meet(world, -40, title="Half-year review", state="held", minutes_text="About the fair")
    DecisionFactory(catch_up=past, text="We go to Lyon")
    meet(world, -80, title="Cold call", state="missed")
    answer = sign_in(world.a.manager).get(room, {"q": search})
    assert len(answer.context["past"]) == found
    assert ("Nothing found" in text_of(answer)) is (found == 0)


def test_the_list_can_be_taken_along(world, sign_in, room):
    past = meet(world, -40, title="=Review", state="held", came=True, minutes_text="Said")
    DecisionFactory(catch_up=past, text="We go to Lyon")
    client = sign_in(world.a.manager)
    csv = client.get(room, {"export": "csv"}).content.decode("utf-8-sig")
    assert "'=Review" in csv
    assert "We go to Lyon" in csv
    assert "Greek manager, French manager" in csv or "French manager, Greek manager" in csv
    with ZipFile(io.BytesIO(client.get(room, {"export": "xlsx"}).content)) as book:
        assert "We go to Lyon" in book.read("xl/sharedStrings.xml").decode()


def test_the_number_of_queries_does_not_grow(world, sign_in, room):
    client = sign_in(world.a.manager)
    Rhythm.objects.create(
        partnership=world.partnership, in_person=False, every_days=30, since_on=date(2026, 1, 1)
    )

    def count(address) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    def more():
        for days, state in ((4, "confirmed"), (-4, "confirmed"), (-40, "held")):
            one = meet(world, days, state=state)
            DecisionFactory.create_batch(2, catch_up=one)
            ActionFactory(partnership=world.partnership, origin="catch-up", origin_id=one.pk)

    more()
    one = CatchUp.objects.first()
    count(room)
    before = [count(room), count(page_of(one)), count(f"{room}?export=csv")]
    for _again in range(3):
        more()
    assert [count(room), count(page_of(one)), count(f"{room}?export=csv")] == before


def test_the_picture_of_the_rhythm_is_told_to_who_does_not_see_it(world, sign_in, room):
    today = timezone.localdate()
    Rhythm.objects.create(
        partnership=world.partnership,
        in_person=False,
        every_days=30,
        since_on=today - timedelta(days=65),
    )
    meet(world, -50, state="held")
    answer = sign_in(world.a.manager).get(room)
    told = [
        (state, word.strip())
        for state, word in re.findall(
            r'<li class="is-(\w+)[^"]*"[^>]*>\s*<span class="visually-hidden">[^:]+:([^<]+)<',
            answer.content.decode(),
        )
    ]
    assert told == [
        ("kept", "kept"),
        ("missed", "missed"),
        ("open", "nothing planned yet"),
    ]
    assert "1 of 2 kept." in text_of(answer)


def test_a_new_one_begins_with_what_is_open_and_who_speaks(world, sign_in, room):
    Party.objects.filter(partnership=world.partnership, side="B").update(contact=world.b.ambassador)
    today = timezone.localdate()
    ActionFactory(
        partnership=world.partnership, title="Book the stand", due_on=today - timedelta(days=3)
    )
    RiskFactory(partnership=world.partnership, title="The grant ends", review_on=today)
    form = form_of(sign_in(world.a.manager).get(f"{room}plan/"))
    (agenda,) = form["agenda"]
    assert "– Action: Book the stand (overdue since " in agenda
    assert "– Risk review: The grant ends" in agenda
    a, b = world.partnership.parties.order_by("side")
    assert form[f"guests_{a.pk}"] == [str(world.a.manager.pk)]
    assert form[f"guests_{b.pk}"] == [str(world.b.ambassador.pk)]
    assert form["time_zone"] == [world.a.manager.time_zone]
    there = form_of(sign_in(world.a.manager).get(f"{room}plan/?in_person=1"))
    assert there["in_person"] == ["True"]


def test_planning_by_the_form(world, sign_in, room):
    client = sign_in(world.b.ambassador)
    form = form_of(client.get(f"{room}plan/"))
    day = timezone.localdate() + timedelta(days=20)
    answer = client.post(
        f"{room}plan/",
        {
            **form,
            "title": "Spring",
            "starts_on": day.isoformat(),
            "starts_time": "10:30",
            "time_zone": "Europe/Athens",
            "duration_min": "90",
        },
    )
    made = CatchUp.objects.get()
    assert answer["Location"] == page_of(made)
    local = timezone.localtime(made.meeting.starts_at, timezone.get_fixed_timezone(0))
    assert local.strftime("%H:%M") in {"07:30", "08:30"}
    assert made.meeting.ends_at - made.meeting.starts_at == timedelta(minutes=90)
    page = text_of(client.get(page_of(made)))
    assert "Spring" in page
    assert "10:30–12:00" in page


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"starts_on": ""}, "This field is required."),
        ({"in_person": "True", "place": ""}, "Enter where you’ll meet."),
        (
            {"starts_on": "2027-03-28", "starts_time": "03:30", "time_zone": "Europe/Athens"},
            "the clocks go forward and 03:30 doesn’t exist",
        ),
        ({"video_url": "not a link"}, "Enter a valid URL."),
    ],
)
def test_what_does_not_hold_is_told_at_its_field_and_nothing_is_lost(
    world, sign_in, room, typed, told
):
    client = sign_in(world.a.manager)
    form = form_of(client.get(f"{room}plan/"))
    answer = client.post(f"{room}plan/", {**form, "agenda": "About money", **typed})
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert form_of(answer)["agenda"] == ["About money"]
    assert not CatchUp.objects.exists()


def test_without_guests_of_the_other_side_the_form_says_so_there(world, sign_in, room):
    client = sign_in(world.a.manager)
    form = form_of(client.get(f"{room}plan/"))
    b = world.partnership.parties.get(side="B")
    answer = client.post(f"{room}plan/", {**form, f"guests_{b.pk}": []})
    assert answer.status_code == 422
    a = world.partnership.parties.get(side="A")
    assert answer.context["form"].errors == {f"guests_{a.pk}": ["Invite someone from each side."]}


def test_a_guest_answers_with_one_click(world, sign_in):
    planned = meet(world, 3)
    client = sign_in(world.b.manager)
    assert "Will you attend?" in text_of(client.get(page_of(planned)))
    client.post(page_of(planned, "catch-up-answer"), {"answer": "yes"})
    assert "You’re attending." in text_of(client.get(page_of(planned)))
    client.post(page_of(planned, "catch-up-answer"), {"answer": "no"})
    assert planned.guests.get(person=world.b.manager).answer == "DECLINED"
    # Who is not asked is not asked.
    other = sign_in(world.b.ambassador)
    assert "Will you attend?" not in text_of(other.get(page_of(planned)))
    assert other.post(page_of(planned, "catch-up-answer"), {"answer": "yes"}).status_code == 403


def test_each_reader_sees_the_time_of_the_place_and_their_own(world, sign_in):
    Person.objects.filter(pk=world.b.manager.pk).update(time_zone="Europe/Paris")
    planned = meet(world, 3, time_zone="Europe/Athens")
    assert "for you" in text_of(sign_in(world.b.manager).get(page_of(planned)))
    CatchUp.objects.update(in_person=True)
    assert "for you" not in text_of(sign_in(world.b.manager).get(page_of(planned)))


def test_one_over_two_days_says_when_it_ends(world, sign_in):
    starts_at = datetime(2027, 5, 10, 12, 0, tzinfo=UTC)
    two_days = make_catch_up(
        world.partnership,
        world.a.manager,
        world.b.manager,
        starts_at=starts_at,
        minutes=1500,
        time_zone="UTC",
    )
    text = text_of(sign_in(world.a.manager).get(page_of(two_days)))
    assert "10 May 2027, 12:00–13:00 (11 May 2027)" in text


def test_minutes_are_written_closed_and_opened_again(world, sign_in):
    held = meet(world, -1, agenda="– Money")
    client = sign_in(world.b.ambassador)
    form = form_of(client.get(page_of(held, "catch-up-minutes")), "minutes")
    b = world.partnership.parties.get(side="B")
    # Whoever has not said no is taken to have come.
    assert form[f"came_{b.pk}"] == [str(world.b.manager.pk)]
    answer = client.post(
        page_of(held, "catch-up-minutes"),
        {
            **form,
            "minutes": "We talked.",
            "decisions": "We go to Lyon.\n\nWe share a stand.",
            "action_0_title": "Book the stand",
            "action_0_due_on": "2027-05-01",
            "action_0_who": f"{b.pk}:{world.b.manager.pk}",
            "close": "1",
        },
    )
    assert answer["Location"] == page_of(held)
    held = CatchUp.objects.get()
    assert held.meeting.state == Meeting.State.HELD
    page = text_of(client.get(page_of(held)))
    for told in (
        "We talked.",
        "We go to Lyon.",
        "We share a stand.",
        "Book the stand",
        "closed",
        "Reopen",
    ):
        assert told in page
    assert Action.objects.get().person == world.b.manager
    # Closed minutes are not written over.
    answer = client.post(page_of(held, "catch-up-minutes"), {**form, "minutes": "Else."})
    assert answer.status_code == 409
    assert "Reopen it to change it" in text_of(answer)
    assert "Else." in answer.content.decode()
    assert client.get(page_of(held, "catch-up-minutes"))["Location"] == page_of(held)
    client.post(page_of(held, "catch-up-reopen"))
    assert "Continue the minutes" in text_of(client.get(page_of(held)))


def test_a_line_that_is_begun_is_finished(world, sign_in):
    held = meet(world, -1)
    client = sign_in(world.a.manager)
    form = form_of(client.get(page_of(held, "catch-up-minutes")), "minutes")
    answer = client.post(
        page_of(held, "catch-up-minutes"),
        {
            **form,
            "minutes": "We talked.",
            "action_1_title": "Book the stand",
            "action_2_due_on": "2027-05-01",
        },
    )
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"action_1_due_on", "action_2_title"}
    assert form_of(answer, "minutes")["action_1_title"] == ["Book the stand"]
    assert CatchUp.objects.get().minutes == ""


def test_an_action_typed_beside_a_clash_is_kept_whatever_is_chosen(world, sign_in):
    held = meet(world, -1)
    page = page_of(held, "catch-up-minutes")
    clients = [sign_in(world.a.manager), sign_in(world.b.manager)]
    first, second = (form_of(client.get(page), "minutes") for client in clients)
    clients[0].post(page, {**first, "minutes": "About money."})
    answer = clients[1].post(
        page,
        {
            **second,
            "minutes": "About people.",
            "action_0_title": "Book the stand",
            "action_0_due_on": "2027-05-01",
        },
    )
    assert answer.status_code == 409
    assert not Action.objects.exists()
    clients[1].post(page, {**form_of(answer, "minutes"), "version-take": "saved"})
    assert CatchUp.objects.get().minutes == "About money."
    assert Action.objects.get().title == "Book the stand"


def test_two_who_move_it_decide_about_the_whole_moment(world, sign_in):
    planned = meet(world, 9)
    page = page_of(planned, "catch-up-edit")
    clients = [sign_in(world.a.manager), sign_in(world.b.manager)]
    first, second = (form_of(client.get(page)) for client in clients)
    day = (timezone.localdate() + timedelta(days=20)).isoformat()
    clients[0].post(page, {**first, "starts_on": day})
    answer = clients[1].post(page, {**second, "starts_time": "16:45"})
    # A day of one and a time of the other would be a moment that nobody proposed.
    assert answer.status_code == 409
    assert "<bdi>Greek manager</bdi> · " in answer.content.decode()


def test_closing_without_both_sides_says_so_at_who_came(world, sign_in):
    held = meet(world, -1)
    client = sign_in(world.a.manager)
    form = form_of(client.get(page_of(held, "catch-up-minutes")), "minutes")
    b = world.partnership.parties.get(side="B")
    answer = client.post(
        page_of(held, "catch-up-minutes"),
        {**form, f"came_{b.pk}": [], "minutes": "Alone.", "close": "1"},
    )
    assert answer.status_code == 422
    assert "someone from at least two sides" in text_of(answer)
    assert CatchUp.objects.get().minutes == ""
    # From the page itself a message says why.
    answer = client.post(page_of(held, "catch-up-close"), follow=True)
    assert "someone from at least two sides" in text_of(answer)


def test_nothing_is_written_down_before_it_begins(world, sign_in):
    planned = meet(world, 3)
    client = sign_in(world.a.manager)
    page = text_of(client.get(page_of(planned)))
    assert "Write the minutes" not in page
    assert "Cancel it" in page
    answer = client.get(page_of(planned, "catch-up-minutes"), follow=True)
    assert "This catch-up hasn’t started yet" in text_of(answer)
    answer = client.post(page_of(planned, "catch-up-minutes"), {"version": 1, "minutes": "Early."})
    assert answer.status_code == 422
    assert "This catch-up hasn’t started yet" in text_of(answer)


def test_calling_off_asks_why_and_is_told(world, sign_in):
    planned = meet(world, 3)
    client = sign_in(world.b.manager)
    assert client.post(page_of(planned, "catch-up-call-off"), {"reason": ""}).status_code == 422
    client.post(page_of(planned, "catch-up-call-off"), {"reason": "A strike"})
    page = text_of(sign_in(world.a.ambassador).get(page_of(planned)))
    assert "A strike" in page
    assert "cancelled" in page


def test_a_missed_one_is_marked(world, sign_in):
    held = meet(world, -1)
    client = sign_in(world.a.ambassador)
    client.post(page_of(held, "catch-up-miss"))
    page = text_of(client.get(page_of(held)))
    assert "missed" in page
    assert "Reopen" in page


def test_an_action_noted_here_leads_back_here(world, sign_in):
    held = meet(world, -1)
    client = sign_in(world.a.manager)
    page = client.get(page_of(held)).content.decode()
    address = re.search(r'href="([^"]*/keep/action/add/[^"]*)"', page).group(1)
    address = address.replace("&amp;", "&")
    answer = client.post(address, {"title": "Call the region", "due_on": "2027-05-01"})
    assert answer["Location"] == page_of(held)
    assert "Call the region" in text_of(client.get(page_of(held)))


def test_in_an_ended_partnership_all_is_read_and_nothing_changed(world, sign_in, room):
    held, ahead = meet(world, -1, minutes_text="We talked."), meet(world, 3)
    client = sign_in(world.a.manager)
    assert "Will you attend?" in text_of(client.get(room))
    assert "Will you attend?" in text_of(client.get(page_of(ahead)))
    Partnership.objects.update(state=Partnership.State.ENDED)
    page = text_of(client.get(page_of(held)))
    assert "We talked." in page
    for word in ("Write the minutes", "Reschedule or change", "Add an action", "Close the minutes"):
        assert word not in page
    assert "Plan a catch-up" not in text_of(client.get(room))
    assert "Will you attend?" not in text_of(client.get(room)) + text_of(client.get(page_of(ahead)))
    assert client.get(page_of(held, "catch-up-edit")).status_code == 403


def test_the_history_tells_who_did_what(world, sign_in):
    planned = meet(world, 3)
    client = sign_in(world.b.manager)
    form = form_of(client.get(page_of(planned, "catch-up-edit")))
    client.post(page_of(planned, "catch-up-edit"), {**form, "title": "Budget"})
    client.post(page_of(planned, "catch-up-answer"), {"answer": "yes"})
    text = text_of(client.get(reverse("history:show", args=["catch-up", planned.pk])))
    assert "Rescheduled a catch-up" in text
    assert "Answered a catch-up invitation" in text
    assert "Accepted" in text
    news = text_of(client.get(reverse("partnerships:history", args=[planned.partnership_id])))
    assert "Rescheduled a catch-up" in news
    assert "\u2068Budget\u2069, " in news


def test_a_tab_leads_here_from_each_page_of_the_room(world, sign_in, room):
    client = sign_in(world.a.ambassador)
    work = reverse("partnerships:work", args=[world.partnership.pk])
    page = client.get(reverse("partnerships:risks", args=[world.partnership.pk]))
    assert f'href="{work}"' in page.content.decode()
    assert f'href="{room}"' in client.get(work).content.decode()


def test_what_came_of_the_members_meetings_stands_below(world, sign_in, room):
    assert 'id="outcome"' not in sign_in(world.a.manager).get(room).content.decode()
    make_meeting(
        world.partnership, (world.a.members[0], None), (world.b.members[0], None), state="held"
    )
    text = text_of(sign_in(world.a.manager).get(room))
    assert "Meetings between your members" in text
    assert "1 Meetings held" in text or "Meetings held 1" in text


def test_my_day_leads_to_it(world, sign_in):
    planned = meet(world, 3, title="Budget", video_url="https://meet.example.org/x")
    page = sign_in(world.b.manager).get("/").content.decode()
    assert page_of(planned) in page
    assert "Budget · Athens – Paris" in page
    assert "https://meet.example.org/x" in page
    assert page_of(planned) not in sign_in(world.b.ambassador).get("/").content.decode()


def test_an_invitation_waits_on_my_day_and_in_the_room_until_it_is_answered(world, sign_in):
    planned = meet(world, 3, time_zone="Europe/Athens")
    Person.objects.filter(pk=world.b.manager.pk).update(time_zone="Europe/Paris")
    client = sign_in(world.b.manager)
    pages = ("/", reverse("partnerships:detail", args=[planned.partnership_id]))
    for page in pages:
        assert "You’re invited to a catch-up" in text_of(client.get(page))
        assert "You’re invited to a catch-up" not in text_of(sign_in(world.b.ambassador).get(page))
    # The clocks that the time is told by are named where the reader's own show another.
    assert "Athens" in re.search(r"<time .*?</td>", client.get("/").content.decode(), re.S).group()
    client.post(page_of(planned, "catch-up-answer"), {"answer": "no"})
    for page in pages:
        assert "You’re invited to a catch-up" not in text_of(client.get(page))


def test_an_erased_guest_and_one_who_has_left_are_told_without_a_name(world, sign_in):
    held = meet(world, -3, state="held", came=True)
    held.guests.filter(person=world.b.manager).update(person=None)
    page = text_of(sign_in(world.a.manager).get(page_of(held)))
    assert "Erased person" in page
    assert "French manager" not in page
    other = meet(world, -3, state="held", came=True)
    world.b.manager.seats.all().delete()
    page = text_of(sign_in(world.a.manager).get(page_of(other)))
    assert "someone who has left" in page
