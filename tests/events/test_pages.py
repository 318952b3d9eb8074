"""The pages of an event: as both sides, as members, as others; with constant numbers of queries."""

import csv
import io
import re
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.events.models import Event, MeetingRequest, Participation
from tests.factories.directory import ListingFactory, OrganisationFactory
from tests.factories.events import ParticipationFactory
from tests.factories.world import make_event
from tests.forms import form_of
from tests.stages import staged


@staged
def made(world):
    """An open event that lies ahead of the real clock, which pages read."""
    found = make_event(world)
    today = timezone.now().date()
    Event.objects.update(
        starts_on=today + timedelta(days=30),
        ends_on=today + timedelta(days=30),
        deadline_at=timezone.now() + timedelta(days=20),
    )
    found.event.refresh_from_db()
    return found


def url(name, *args):
    return reverse(f"events:{name}", args=args)


def test_strangers_sign_in_and_others_find_nothing(world, made, client, sign_in):
    pages = [
        url("detail", made.event.pk),
        url("participants", made.event.pk),
        url("participants-export", made.event.pk),
        url("setup", made.event.pk),
        url("answers", made.event.pk),
        url("check-in", made.event.pk),
        url("invite", made.event.pk),
        url("register", made.greek[0].pk),
        url("requests", made.greek[0].pk),
    ]
    outsiders = [sign_in(world.c.manager), sign_in(world.nobody_special)]
    for page in pages:
        assert client.get(page).status_code == 302, page
        for other in outsiders:
            assert other.get(page).status_code == 404, page


def test_members_see_the_event_and_not_the_organisers_pages(world, made, sign_in):
    browser = sign_in(world.b.representatives[0])
    assert browser.get(url("detail", made.event.pk)).status_code == 200
    assert browser.get(url("participants", made.event.pk)).status_code == 200
    for name in ("setup", "setup-days", "answers", "check-in", "invite"):
        assert browser.get(url(name, made.event.pk)).status_code == 403, name
    for name in ("register", "requests", "withdraw"):
        assert browser.get(url(name, made.greek[0].pk)).status_code == 403, name
        assert browser.get(url(name, made.french[0].pk)).status_code == 200, name


def test_list_shows_what_comes_first_and_filters(world, made, sign_in):
    past = make_event(world, title="Long ago").event
    Event.objects.filter(pk=past.pk).update(starts_on="2020-01-01", ends_on="2020-01-01")
    browser = sign_in(world.a.manager)
    text = browser.get(url("list")).content.decode()
    assert text.index(made.event.title) < text.index("Long ago")
    assert "Long ago" not in browser.get(url("list"), {"q": made.event.title}).content.decode()
    here = browser.get(url("list"), {"partnership": world.partnership.pk, "state": "open"})
    assert made.event.title in here.content.decode()
    assert "Nothing matches" in browser.get(url("list"), {"state": "draft"}).content.decode()
    assert made.event.title not in sign_in(world.c.manager).get(url("list")).content.decode()


def test_a_room_leads_to_its_list_before_its_first_event(world, sign_in):
    room = world.partnership.pk
    answer = sign_in(world.a.manager).get(url("list"), {"partnership": room})
    assert not answer.context["form"].errors
    assert "Select a valid choice" not in answer.content.decode()
    assert (room, world.partnership.title) in answer.context["form"].fields["partnership"].choices
    # A partnership that the reader does not see is no choice, and stays unnamed.
    foreign = sign_in(world.c.manager).get(url("list"), {"partnership": room})
    assert world.partnership.title not in foreign.content.decode()


@pytest.mark.parametrize("side", ["a", "b"])
def test_set_up_step_by_step(world, sign_in, side):
    browser = sign_in(getattr(world, side).manager)
    day = timezone.now().date() + timedelta(days=60)
    basics = {
        "partnership": world.partnership.pk,
        "title": "Autumn meetings",
        "place": "Paris",
        "time_zone": "Europe/Paris",
        "starts_on": day.isoformat(),
        "ends_on": day.isoformat(),
        "deadline_at": (day - timedelta(days=9)).isoformat(),
        "deadline_time": "18:00",
        "fairness": "2",
    }
    assert browser.get(url("create")).status_code == 200
    wrong = browser.post(url("create"), {**basics, "place": "", "title": "Kept title"})
    assert "Kept title" in wrong.content.decode()
    answer = browser.post(url("create"), basics)
    event = Event.objects.get(title="Autumn meetings")
    assert answer.url == url("setup-days", event.pk)
    assert f"{event.deadline_at.astimezone(_zone(event)):%H:%M}" == "18:00"
    days = {
        "version": 1,
        "slot_min": "20",
        "changeover_min": "5",
        f"held_{day}": "on",
        f"starts_{day}": "09:00",
        f"ends_{day}": "16:00",
        "break_from_0": "12:30",
        "break_to_0": "13:30",
        "break_name_0": "Lunch",
    }
    preview = browser.post(url("setup-preview", event.pk), days).content.decode()
    assert "Lunch" in preview
    assert not event.slots.exists()
    wrong = browser.post(url("setup-days", event.pk), {**days, f"ends_{day}": "08:00"})
    assert "must end after it starts" in wrong.content.decode()
    assert browser.post(url("setup-days", event.pk), days).url == url("setup-tables", event.pk)
    tables = {"version": 2, "tables": "2", "video": "1", "names": "Olive"}
    browser.post(url("setup-tables", event.pk), tables)
    assert [t.name for t in event.tables.all()] == ["Olive", "Table 2", "Video room 1"]
    first, second = event.groups.all()
    groups = {
        "version": 3,
        f"name_{first.pk}": "Athens",
        f"cluster_{first.pk}": world.a.cluster.pk,
        f"name_{second.pk}": "Paris",
        f"cluster_{second.pk}": world.b.cluster.pk,
    }
    browser.post(url("setup-groups", event.pk), groups)
    assert [group.name for group in event.groups.all()] == ["Athens", "Paris"]
    browser.post(url("setup-rules", event.pk), {"version": 4, f"rule_{first.pk}_{second.pk}": "on"})
    assert event.rules.filter(is_allowed=True).count() == 1
    for name in ("setup", "setup-days", "setup-tables", "setup-groups", "setup-rules"):
        assert browser.get(url(name, event.pk)).status_code == 200, name
    assert "Open the event" in browser.get(url("setup-opening", event.pk)).content.decode()
    browser.post(url("change-state", event.pk, "open"))
    event.refresh_from_db()
    assert event.state == "draft"
    other = world.b if side == "a" else world.a
    sign_in(other.manager).post(url("change-state", event.pk, "open"))
    event.refresh_from_db()
    assert event.state == "open"


def _zone(event):
    from zoneinfo import ZoneInfo

    return ZoneInfo(event.time_zone)


def test_old_version_of_the_set_up_keeps_what_was_typed(world, made, sign_in):
    browser = sign_in(world.a.manager)
    event = made.event
    values = {
        "version": event.version + 1,
        "title": "What I typed",
        "place": event.place,
        "time_zone": event.time_zone,
        "starts_on": event.starts_on.isoformat(),
        "ends_on": event.ends_on.isoformat(),
        "deadline_time": "10:00",
        "deadline_at": event.deadline_at.date().isoformat(),
    }
    text = browser.post(url("setup", event.pk), values).content.decode()
    assert "This changed while you were editing" in text
    assert "What I typed" in text
    # Told of it once, they may save over it.
    again = {**values, "version": event.version}
    assert f'name="version" value="{event.version}"' in text
    assert browser.post(url("setup", event.pk), again).status_code == 302


def test_register_by_taps_with_a_whole_half_day_off(world, made, sign_in):
    Participation.objects.update(state="invited")
    browser = sign_in(world.a.representatives[0])
    own = made.greek[0]
    assert "Register" in browser.get(url("detail", made.event.pk)).content.decode()
    values = {
        "version": own.version,
        "contact": "Somebody",
        "languages": ["en"],
        "half": ["2"],
        "free": ["1", "2", "4", "5"],
    }
    answer = browser.post(url("register", own.pk), values)
    assert answer.url == url("requests", own.pk)
    own.refresh_from_db()
    # The morning (1 to 3) was unticked as a whole; slot 6 alone.
    assert (own.state, own.unavailable) == ("registered", [1, 2, 3, 6])
    wrong = browser.post(url("register", own.pk), {**values, "half": [], "version": own.version})
    assert "Leave at least one time free" in wrong.content.decode()


def test_who_comes_begins_with_the_reader_where_they_come_and_never_with_the_list(
    world, made, sign_in
):
    own = made.greek[0]
    Participation.objects.update(state="invited", contact="Contact of the list")
    begins = {
        person: sign_in(person).get(url("register", own.pk)).context["form"]["contact"].value()
        for person in (world.a.manager, world.a.representatives[0])
    }
    assert begins == {
        world.a.manager: "",
        world.a.representatives[0]: world.a.representatives[0].name,
    }
    Participation.objects.update(state="registered", contact="Who registered")
    for person in begins:
        form = sign_in(person).get(url("register", own.pk)).context["form"]
        assert form["contact"].value() == "Who registered"


def test_mark_by_htmx_and_without_script(world, made, sign_in):
    browser = sign_in(world.a.representatives[0])
    own, target = made.greek[0], made.french[0]
    address = url("mark", own.pk, target.pk)
    answer = browser.post(address, {"kind": "must"}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert f'id="with-{target.pk}"' in text
    assert "1 must meet · 0 want to meet" in text
    plain = browser.post(f"{address}?marked=no", {"kind": "wish"})
    assert plain.url == f"{url('requests', own.pk)}?marked=no#with-{target.pk}"
    note = form_of(browser.get(url("requests", own.pk)), "note")
    noted = browser.post(address, note | {"note": "Their engine"})
    assert noted.url == f"{url('requests', own.pk)}?#with-{target.pk}"
    page = browser.get(url("requests", own.pk)).content.decode()
    assert "0 must meet · 1 want to meet" in page
    assert "Their engine" in page
    browser.post(address, {"kind": "none"})
    assert not MeetingRequest.objects.exists()


def test_a_click_on_a_wish_reads_the_participation_once(world, made, sign_in):
    browser = sign_in(world.a.representatives[0])
    own, target = made.greek[0], made.french[0]
    browser.post(url("mark", own.pk, target.pk), {"kind": "must"})
    called: list[str] = []

    def note(frame, event, _argument):
        if event == "call" and frame.f_globals.get("__name__", "").startswith("proxeny.events."):
            called.append(frame.f_code.co_qualname)

    with CaptureQueriesContext(connection) as asked:
        sys.setprofile(note)
        try:
            browser.post(url("mark", own.pk, target.pk), {"kind": "wish"})
        finally:
            sys.setprofile(None)
    written = next(at for at, one in enumerate(asked) if 'INSERT INTO "events_m' in one["sql"])
    tables = re.findall(
        r'FROM "(events_\w+)"', " ".join(one["sql"] for one in list(asked)[:written])
    )
    # The asker and the asked, then the rules between their groups.
    assert tables == ["events_participation", "events_participation", "events_grouprule"]
    # Before it, whether a guest comes by a link is asked once.
    assert called[:2] == ["find_guest", "set_mark"]
    assert called[-1] == "_lead_back"
    assert len(called[:-1]) <= 11, called


def test_late_mark_is_refused_with_the_deadline(world, made, sign_in):
    Event.objects.update(deadline_at=timezone.now() - timedelta(minutes=1))
    browser = sign_in(world.a.representatives[0])
    address = url("mark", made.greek[0].pk, made.french[0].pk)
    answer = browser.post(address, {"kind": "must"}, headers={"HX-Request": "true"})
    assert "Requests closed on" in answer.headers["HX-Trigger"]
    text = browser.post(address, {"kind": "must"}, follow=True).content.decode()
    assert "Requests closed on" in text
    assert not MeetingRequest.objects.exists()


def test_no_page_or_file_tells_the_other_side_of_a_mark(world, made, sign_in):
    MeetingRequest.objects.create(
        event=made.event,
        source=made.greek[0],
        target=made.french[0],
        kind="no-thanks",
        note="SECRETNOTE",
    )
    MeetingRequest.objects.create(
        event=made.event,
        source=made.greek[1],
        target=made.french[0],
        kind="must",
        note="SECRETNOTE",
    )
    pages = ["detail", "participants", "participants-export"]
    for person in (world.b.representatives[0], world.b.manager, world.b.ambassador):
        browser = sign_in(person)
        for name in pages:
            assert "SECRETNOTE" not in browser.get(url(name, made.event.pk)).content.decode()
    browser = sign_in(world.b.representatives[0])
    own = browser.get(url("requests", made.french[0].pk)).content.decode()
    assert "SECRETNOTE" not in own
    assert 'value="none" checked' in own
    assert 'value="must" checked' not in own
    answers = sign_in(world.b.manager).get(url("answers", made.event.pk)).content.decode()
    assert "SECRETNOTE" not in answers
    rows = _read(sign_in(world.b.manager).get(url("participants-export", made.event.pk)))
    french = next(row for row in rows if row["Organisation"] == "French member 1")
    assert (french["“Must meet” received"], french["“Want to meet” received"]) == ("1", "0")
    rows = _read(sign_in(world.b.representatives[0]).get(url("participants-export", made.event.pk)))
    assert "“Must meet” received" not in rows[0]


def _read(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_export_disarms_formulas_and_comes_as_a_workbook(world, made, sign_in):
    Participation.objects.filter(pk=made.greek[0].pk).update(contact="=HYPERLINK(1)")
    browser = sign_in(world.a.manager)
    address = url("participants-export", made.event.pk)
    assert "'=HYPERLINK(1)" in browser.get(address).content.decode()
    assert browser.get(address, {"format": "xlsx"}).content[:2] == b"PK"
    assert browser.get(url("export"), {"format": "xlsx"}).content[:2] == b"PK"


def test_invite_remind_and_check_in_pages(world, made, sign_in):
    browser = sign_in(world.a.manager)
    new = OrganisationFactory(name="A new member", steward=world.a.cluster)
    assert "A new member" in browser.get(url("invite", made.event.pk)).content.decode()
    answer = browser.post(url("invite", made.event.pk), {"organisations": [new.pk]})
    assert answer.url == url("answers", made.event.pk)
    text = browser.get(url("answers", made.event.pk), {"show": "waiting"}).content.decode()
    assert "A new member" in text
    sent = browser.post(url("remind", made.event.pk), follow=True).content.decode()
    assert "Reminder sent to 3 members." in sent
    Event.objects.update(state="published")
    one = made.french[0]
    door = browser.get(url("check-in", made.event.pk), {"q": "french member 1"})
    assert "0 of 6 checked in" in door.content.decode()
    row = browser.post(url("set-here", one.pk), {"here": "1"}, headers={"HX-Request": "true"})
    assert "1 of 6 checked in" in row.content.decode()
    browser.post(url("set-here", one.pk), {"here": "0"})
    one.refresh_from_db()
    assert one.checked_in_at is None


@pytest.mark.parametrize("side", ["a", "b"])
def test_all_members_that_are_found_are_invited_at_once(world, made, sign_in, side):
    own, other = (world.a, world.b) if side == "a" else (world.b, world.a)
    OrganisationFactory.create_batch(60, steward=own.cluster)
    new = [OrganisationFactory(name=f"Loom {n}", steward=own.cluster) for n in (1, 2)]
    OrganisationFactory(name="Loom of the others", steward=other.cluster)
    browser, address = sign_in(own.manager), url("invite", made.event.pk)
    found = browser.get(address, {"q": "loom"}).content.decode()
    assert "Invite all 2 members" in found
    before = set(Participation.objects.values_list("organisation", flat=True))
    browser.post(f"{address}?q=loom", {"everyone": "1"})
    now = set(Participation.objects.values_list("organisation", flat=True))
    assert now - before == {one.pk for one in new}
    # The rest, more than stand on a page, and the cluster itself.
    assert "Invite all 61 members" in browser.get(address).content.decode()
    answer = browser.post(address, {"everyone": "1"}, follow=True)
    assert "Invitation sent to 61 members." in answer.content.decode()
    assert "All your members have been invited" in browser.get(address).content.decode()
    assert browser.post(address, {"everyone": "1"}).url == address
    for person, status in ((world.c.manager, 404), (own.ambassador, 403)):
        assert sign_in(person).post(address, {"everyone": "1"}).status_code == status


def test_times_are_the_events_own_whatever_the_readers_zone(world, made, sign_in):
    moment = made.event.deadline_at.replace(hour=12, minute=7)
    Event.objects.update(deadline_at=moment)
    shown = f"{moment.astimezone(_zone(made.event)):%H:%M}"
    assert shown in ("14:07", "15:07")
    browser = sign_in(world.b.representatives[0])
    assert world.b.representatives[0].time_zone == "Europe/Paris"
    for address in (url("detail", made.event.pk), url("requests", made.french[0].pk)):
        text = browser.get(address).content.decode()
        assert shown in text, address
        assert "(Athens)" in text


def test_next_step_is_told_to_each_reader(world, made, sign_in):
    def step(person):
        return sign_in(person).get(url("detail", made.event.pk)).context["step"]

    assert "choose who you want to meet" in step(world.a.representatives[0]).text
    assert "haven’t responded" in step(world.b.manager).text
    Event.objects.update(state="cancelled", cancel_reason="No hall.")
    assert "No hall." in step(world.b.representatives[1]).text


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("list", "manager"),
        ("detail", "representative"),
        ("participants", "representative"),
        ("participants-export", "manager"),
        ("answers", "manager"),
        ("invite", "manager"),
        ("check-in", "manager"),
        ("requests", "representative"),
    ],
)
def test_queries_do_not_grow_with_rows(world, made, sign_in, name, who):
    person = world.a.manager if who == "manager" else world.a.representatives[0]
    browser = sign_in(person)
    target = made.greek[0].pk if name == "requests" else made.event.pk
    address = url(name) if name == "list" else url(name, target)
    browser.get(address)
    # One without a sign-in is among them from the beginning.
    _add(world, made, 1)
    before = _count(browser, address)
    _add(world, made, 26)
    make_event(world)
    make_event(world)
    assert _count(browser, address) == before


def _add(world, made, count):
    for number in range(count):
        cluster = world.b.cluster if number % 2 else world.a.cluster
        group = made.french[0].group if number % 2 else made.greek[0].group
        organisation = OrganisationFactory(steward=cluster, sectors=[f"Field {number}"])
        ListingFactory(organisation=organisation)
        OrganisationFactory(steward=cluster)
        ParticipationFactory(event=made.event, organisation=organisation, group=group)


def _count(browser, address):
    from django.db import connection

    with CaptureQueriesContext(connection) as found:
        assert browser.get(address).status_code == 200
    return len(found)
