"""The agenda's pages, as both managers, staff, participants, and those who must not see them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from proxeny.events.models import AgendaEntry, Event, Participation, Slot
from proxeny.kernel import jobs
from proxeny.kernel.models import Job, Mail
from proxeny.meetings.models import Meeting
from tests.events.agenda.conftest import solve

STAFF_PAGES = (
    "agenda",
    "timetable",
    "agenda-print",
    "agenda-export",
    "outcome",
    "repair",
    "entry-add",
)
#: Of these, forms that only the managers may send.
MANAGERS_PAGES = ("repair", "entry-add")


def url(name, fair, *more):
    return reverse(f"events:{name}", args=[fair.id, *more])


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_pages_open_for_both_sides_and_for_nobody_else(published, sign_in, name):
    world = published.world
    for person in (world.a.manager, world.b.manager):
        assert sign_in(person).get(url(name, published)).status_code == 200, person.name
    ambassador = sign_in(world.a.ambassador).get(url(name, published))
    assert ambassador.status_code == (403 if name in MANAGERS_PAGES else 200)
    for person in (world.c.manager, world.nobody_special):
        assert sign_in(person).get(url(name, published)).status_code == 404, person.name


@pytest.mark.parametrize("name", STAFF_PAGES)
def test_participants_are_led_to_their_own_agenda(published, sign_in, name):
    response = sign_in(published.world.a.representatives[0]).get(url(name, published))
    if name in ("agenda", "timetable"):
        assert response.url == url("my-agenda", published)
    else:
        assert response.status_code == 403


@pytest.mark.parametrize("name", [*STAFF_PAGES, "my-agenda", "my-agenda-ics"])
def test_a_stranger_is_asked_to_sign_in(published, client, name):
    response = client.get(url(name, published))
    assert response.status_code == 302
    assert "/accounts/login/" in response.url


@pytest.mark.parametrize(
    "name",
    [
        "agenda-run",
        "agenda-stop",
        "agenda-show",
        "agenda-publish",
        "agenda-discard",
        "repair-apply",
        "outcome-ask",
    ],
)
def test_only_managers_change_an_agenda(solved, sign_in, name):
    world = solved.world
    for person in (world.a.ambassador, world.a.representatives[0]):
        assert sign_in(person).post(url(name, solved)).status_code == 403, person.name
    for person in (world.c.manager, world.nobody_special):
        assert sign_in(person).post(url(name, solved)).status_code == 404, person.name
    assert solved.event.state == Event.State.CLOSED
    assert len(solved.entries()) == 8


@pytest.mark.parametrize("name", ["entry-lock", "entry-move", "entry-cancel"])
def test_only_managers_change_a_meeting(solved, sign_in, name):
    entry = solved.entries()[0]
    data = {"locked": "1", "reason": "no", "place": f"{entry.slot_id}-{entry.table_id}"}
    for person in (solved.world.a.ambassador, solved.world.a.representatives[0]):
        response = sign_in(person).post(url(name, solved, entry.pk), data)
        assert response.status_code in (403, 404), person.name
    entry.refresh_from_db()
    assert (entry.is_locked, entry.is_live) == (False, True)


def test_from_the_first_click_to_the_certificate(fair, sign_in):
    client = sign_in(fair.manager)
    page = client.get(url("agenda", fair))
    assert "Close requests and start" in page.content.decode()
    client.post(url("agenda-run", fair), {"time_limit_s": "10"})
    page = client.get(url("agenda", fair)).content.decode()
    assert "Searching for the best agenda" in page
    assert f'hx-get="{url("agenda-progress", fair)}"' in page
    part = client.get(url("agenda-progress", fair), headers={"HX-Request": "true"})
    assert "queued" in part.content.decode()
    assert "HX-Refresh" not in part
    jobs.run(Job.objects.get(kind="events.solve").pk)
    part = client.get(url("agenda-progress", fair), headers={"HX-Request": "true"})
    assert part["HX-Refresh"] == "true"
    page = client.get(url("agenda", fair)).content.decode()
    assert "Proven: this is the best agenda" in page
    assert "checked: all rules met" in page


def test_a_running_search_shows_its_figures_and_can_be_stopped(fair, sign_in):
    client = sign_in(fair.manager)
    client.post(url("agenda-run", fair), {"time_limit_s": "10"})
    Job.objects.update(
        state=Job.State.RUNNING,
        progress={
            "phase": "breaks",
            "placed": 7,
            "wanted": 8,
            "value": 20,
            "bound": 1,
            "breaks": 4,
            "gap": 0.75,
            "seconds": 5,
            "limit": 10,
            "has_schedule": True,
        },
    )
    headers = {"HX-Request": "true"}
    part = client.get(url("agenda-progress", fair), headers=headers).content.decode()
    for words in ("7 of 8 requested meetings scheduled.", "75%", "5 of 10 s", 'value="50"'):
        assert words in part
    part = client.post(url("agenda-stop", fair), headers=headers).content.decode()
    assert "stopping" in part
    assert Job.objects.get().stop_requested is True


def test_unplaced_meetings_are_listed_with_words(fair, sign_in):
    Participation.objects.filter(pk=fair.of.greek[1].pk).update(cap=1)
    solve(fair)
    page = sign_in(fair.manager).get(url("agenda", fair)).content.decode()
    assert "2 requested meetings couldn’t be scheduled" in page
    assert "Greek member 2 wants at most 1 meeting and already has it." in page


def test_the_zone_of_all_times_is_named(solved, sign_in):
    Event.objects.update(time_zone="America/Halifax")
    client = sign_in(solved.manager)
    for name in ("agenda", "timetable", "outcome", "repair"):
        assert "All times in Halifax" in client.get(url(name, solved)).content.decode(), name


def _meet_first_and_last(fair):
    """Leave one participant with a meeting in the first slot and one in the last."""
    greek, french = fair.of.greek[0], fair.of.french
    kept = [fair.entry_of(greek, other) for other in french[:2]]
    AgendaEntry.objects.exclude(pk__in=[one.pk for one in kept]).delete()
    slots = fair.event.slots.order_by("number")
    for entry, slot in zip(kept, (slots.first(), slots.last()), strict=True):
        AgendaEntry.objects.filter(pk=entry.pk).update(slot=slot)


def test_the_longest_gap_of_somebodys_day_is_told(solved, sign_in):
    _meet_first_and_last(solved)
    client = sign_in(solved.manager)
    # The first slot ends at 9:40, the sixth begins at 11:00.
    assert "the longest lasts 1 hr 20 min" in client.get(url("agenda", solved)).content.decode()
    people = client.get(url("timetable", solved), {"by": "participant"}).content.decode()
    assert people.count("up to 1 hr 20 min") == 1


def test_a_night_between_two_days_is_no_gap(solved, sign_in):
    _meet_first_and_last(solved)
    last = solved.event.slots.order_by("number").last()
    day = timedelta(days=1)
    Slot.objects.filter(pk=last.pk).update(
        starts_at=last.starts_at + day, ends_at=last.ends_at + day
    )
    client = sign_in(solved.manager)
    assert "the longest lasts" not in client.get(url("agenda", solved)).content.decode()
    people = client.get(url("timetable", solved), {"by": "participant"}).content.decode()
    assert "up to" not in people


def test_a_no_thanks_is_not_told_on_any_page(solved, sign_in):
    client = sign_in(solved.manager)
    for name in STAFF_PAGES:
        page = client.get(url(name, solved)).content.decode()
        page = page.replace("“No thanks” is always respected", "").lower()
        assert "no-thanks" not in page
        assert "no thanks" not in page


def test_an_engine_that_finds_no_agenda_is_explained(solved, sign_in):
    entry = solved.entries()[0]
    AgendaEntry.objects.filter(pk=entry.pk).update(is_locked=True)
    Participation.objects.filter(pk=entry.first_id).update(unavailable=[1, 2, 3, 4, 5, 6])
    solve(solved)
    page = sign_in(solved.manager).get(url("agenda", solved)).content.decode()
    assert "No agenda meets all the rules" in page


def test_show_publish_and_what_participants_see(solved, sign_in):
    member = solved.world.a.representatives[0]
    client, mine = sign_in(solved.manager), sign_in(member)
    page = mine.get(url("my-agenda", solved)).content.decode()
    assert "The agenda isn’t available yet" in page
    assert "French member 1" not in page
    client.post(url("agenda-show", solved))
    page = mine.get(url("my-agenda", solved)).content.decode()
    assert "This agenda is provisional" in page
    assert "French member 1" in page
    client.post(url("agenda-publish", solved))
    page = mine.get(url("my-agenda", solved)).content.decode()
    assert "provisional" not in page
    assert page.count("I can’t make it") == 3
    assert solved.event.revision == 1


def test_a_participant_sees_no_meeting_of_others(published, sign_in):
    page = sign_in(published.world.a.representatives[0]).get(url("my-agenda", published))
    text = page.content.decode()
    for other in ("Greek member 2", "Greek member 3"):
        assert other not in text
    entry = published.entry_of(published.of.greek[1], published.of.french[1])
    client = sign_in(published.world.a.representatives[0])
    assert client.get(url("meeting-withdraw", published, entry.pk)).status_code == 404
    assert client.get(url("entry", published, entry.pk)).status_code == 403
    calendar = client.get(url("my-agenda-ics", published)).content.decode()
    assert calendar.count("BEGIN:VEVENT") == 3
    assert "Greek member 2" not in calendar


def test_who_takes_no_part_has_no_agenda_of_their_own(published, sign_in):
    address = url("my-agenda", published)
    response = sign_in(published.world.a.manager).get(address)
    assert response.url == url("timetable", published)
    assert sign_in(published.world.c.representatives[0]).get(address).status_code == 404


def test_withdrawing_needs_a_reason_and_tells_the_two(published, sign_in):
    entry = published.entry_of(published.of.greek[0], published.of.french[0])
    client = sign_in(published.world.b.representatives[0])
    address = url("meeting-withdraw", published, entry.pk)
    assert "Cancel your meeting with Greek member 1?" in client.get(address).content.decode()
    assert "Not saved yet" in client.post(address, {"reason": " "}).content.decode()
    before = Mail.objects.count()
    assert client.post(address, {"reason": "My train is late"}).status_code == 302
    assert Mail.objects.count() == before + 2
    page = client.get(url("my-agenda", published)).content.decode()
    assert "Cancelled" in page
    assert "My train is late" in page


def test_lock_move_cancel_and_add_by_hand(solved, sign_in):
    client = sign_in(solved.manager)
    entry = solved.entry_of(solved.of.greek[0], solved.of.french[0])
    page = client.get(url("entry", solved, entry.pk))
    place = page.context["place_form"].fields["place"].choices[1][0]
    client.post(url("entry-move", solved, entry.pk), {"place": place})
    entry.refresh_from_db()
    assert (f"{entry.slot_id}-{entry.table_id}", entry.is_locked) == (place, True)
    client.post(url("entry-lock", solved, entry.pk), {"locked": "0"})
    entry.refresh_from_db()
    assert entry.is_locked is False
    page = client.get(url("agenda", solved)).content.decode()
    assert "1 meeting changed by hand" in page
    response = client.post(url("entry-cancel", solved, entry.pk), {"reason": ""})
    assert response.status_code == 422
    client.post(url("entry-cancel", solved, entry.pk), {"reason": "Asked by phone"})
    entry.refresh_from_db()
    assert entry.is_live is False
    pair = {"first": solved.of.greek[0].pk, "second": solved.of.french[0].pk}
    page = client.get(url("entry-add", solved), pair)
    place = page.context["place"].fields["place"].choices[0][0]
    response = client.post(url("entry-add", solved), {**pair, "place": place})
    again = solved.entry_of(solved.of.greek[0], solved.of.french[0])
    assert response.url == url("entry", solved, again.pk)
    assert again.meeting.uid != entry.meeting.uid


def test_who_adds_a_meeting_where_nobody_is_registered_reads_what_to_do(fair, sign_in):
    Participation.objects.filter(event=fair.id).update(state=Participation.State.INVITED)
    page = sign_in(fair.manager).get(url("entry-add", fair)).content.decode()
    assert "Invite members; once they register, you can choose them here." in page
    assert 'name="first"' not in page


def test_an_unwanted_pair_cannot_be_added_and_is_not_told_why(solved, sign_in):
    pair = {"first": solved.of.greek[2].pk, "second": solved.of.french[2].pk}
    client = sign_in(solved.manager)
    page = client.get(url("entry-add", solved), pair)
    place = page.context["place"].fields["place"].choices[0][0]
    page = client.post(url("entry-add", solved), {**pair, "place": place}).content.decode()
    assert "This meeting can’t be scheduled." in page
    same_side = {"first": solved.of.greek[0].pk, "second": solved.of.greek[1].pk}
    page = client.get(url("entry-add", solved), same_side)
    place = page.context["place"].fields["place"].choices[0][0]
    page = client.post(url("entry-add", solved), {**same_side, "place": place}).content.decode()
    assert "This meeting can’t be scheduled." in page


def test_a_taken_place_is_refused_in_a_sentence(solved, sign_in):
    entry, other = solved.entries()[:2]
    client = sign_in(solved.manager)
    response = client.post(
        url("entry-move", solved, entry.pk),
        {"place": f"{other.slot_id}-{other.table_id}"},
        follow=True,
    )
    page = response.content.decode()
    assert "This time and table are no longer free for both participants." in page


def test_discard_before_publication_only(solved, sign_in):
    client = sign_in(solved.manager)
    client.post(url("agenda-discard", solved))
    assert Meeting.objects.count() == AgendaEntry.objects.count() == 0
    solve(solved)
    client.post(url("agenda-publish", solved))
    response = client.post(url("agenda-discard", solved), follow=True)
    assert "can’t be discarded" in response.content.decode()
    assert len(solved.entries()) == 8


def test_the_export_is_a_table_that_no_spreadsheet_runs(published, sign_in):
    organisation = published.world.a.members[0]
    organisation.name = "=HYPERLINK(1)"
    organisation.save()
    client = sign_in(published.manager)
    text = client.get(url("agenda-export", published), {"format": "csv"}).content.decode()
    assert len(text.strip().splitlines()) == 9
    assert "'=HYPERLINK(1)" in text
    assert ",=HYPERLINK" not in text
    assert client.get(url("agenda-export", published), {"format": "xlsx"}).content[:2] == b"PK"


def test_paper_has_signs_and_everyones_list(published, sign_in):
    client = sign_in(published.manager)
    signs = client.get(url("agenda-print", published), {"what": "signs"}).content.decode()
    assert "Table 1" in signs
    people = client.get(url("agenda-print", published), {"what": "people"}).content.decode()
    assert "Greek member 3" in people


def test_pages_cost_the_same_with_more_meetings(published, sign_in, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    staff = sign_in(published.manager)
    member = sign_in(published.world.a.representatives[0])
    addresses = [
        (staff, url("agenda", published)),
        (staff, url("timetable", published)),
        (staff, url("timetable", published) + "?by=participant"),
        (staff, url("agenda-print", published)),
        (staff, url("outcome", published)),
        (staff, url("agenda-export", published)),
        (member, url("my-agenda", published)),
        (member, url("my-agenda-ics", published)),
    ]
    counts = []
    for client, address in addresses:
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(address)
        counts.append(len(seen))
    kept = published.entry_of(published.of.greek[0], published.of.french[0])
    Meeting.objects.exclude(pk=kept.meeting_id).delete()
    for (client, address), count in zip(addresses, counts, strict=True):
        with django_assert_num_queries(count):
            client.get(address)


def test_outcome_page_counts(published, sign_in):
    Event.objects.update(state=Event.State.FINISHED)
    Meeting.objects.update(state=Meeting.State.HELD)
    page = sign_in(published.world.b.manager).get(url("outcome", published)).content.decode()
    assert "9.1%" in page
    assert "1.2%" in page
    response = sign_in(published.manager).post(url("outcome-ask", published), follow=True)
    assert "Six months haven’t passed yet." in response.content.decode()


def test_every_page_reads_right_to_left(published, sign_in):
    client = sign_in(published.manager)
    client.cookies["django_language"] = "ar"
    for name in ("agenda", "timetable", "outcome", "repair"):
        assert 'dir="rtl"' in client.get(url(name, published)).content.decode()


@pytest.mark.parametrize("name", ["agenda", "outcome", "agenda-print"])
def test_place_and_day_stand_with_the_comma_of_the_language(published, sign_in, name):
    client = sign_in(published.manager)
    assert "<bdi>Athens</bdi>, " in client.get(url(name, published)).content.decode()
    client.cookies["django_language"] = "ar"
    assert "<bdi>Athens</bdi>، " in client.get(url(name, published)).content.decode()


def test_no_run_is_wanted_on_an_event_in_the_draft(fair, sign_in):
    Event.objects.update(state=Event.State.DRAFT)
    page = sign_in(fair.manager).get(url("agenda", fair)).content.decode()
    assert "No requests yet" in page
