"""The agenda over the API: made, looked at, changed by hand, shown, repaired, and what came of it."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.events.models import AgendaEntry, Event, Participation
from proxeny.events.operations.publish import show_provisional
from proxeny.kernel import jobs
from proxeny.kernel.models import AuditEntry, Job, Mail
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.meetings.models import Meeting
from tests.conftest import reader_of
from tests.events.agenda.conftest import Fair, ask, run_waiting_jobs
from tests.factories.world import make_event


def agenda(fair: Fair, part: str = "") -> str:
    return f"/events/{fair.id}/agenda{part}"


def entry_path(fair: Fair, entry: AgendaEntry, part: str = "") -> str:
    return agenda(fair, f"/entries/{entry.pk}{part}")


def results(program, path, **query):
    answer = program.get(path, query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def shown(fair: Fair) -> Fair:
    reader = reader_of(fair.manager)
    with acting_as(WEB, reader):
        show_provisional(actor=reader, event_id=fair.id, now=timezone.now())
    return fair


def test_a_run_from_start_to_certificate(fair, call):
    b = call(fair.world.b.manager)
    answer = b.post(agenda(fair, "/runs"), {"time_limit_s": 60, "seed": 3})
    assert answer.status_code == 202
    job = answer.json()
    assert answer["Location"] == f"/api/v1/work/jobs/{job['id']}"
    assert (job["kind"], job["state"]) == ("events.solve", "queued")
    board = call(fair.world.a.ambassador).get(agenda(fair)).json()
    assert (board["is_running"], board["can_edit"], board["state"]) == (True, False, "closed")
    assert b.post(agenda(fair, "/runs")).status_code == 409
    assert b.post(agenda(fair, "/discard")).status_code == 409
    jobs.run(job["id"])
    board = b.get(agenda(fair)).json()
    assert (board["is_running"], board["meetings"], board["people"]) == (False, 8, 6)
    assert board["job"]["result"]["placed"] == 8
    run = board["run"]
    assert (run["status"], run["seed"], run["verdict"]["ok"]) == ("optimal", 3, True)
    assert run["certificate"].startswith("Proven: this is the best agenda: No other agenda can")
    assert [one["number"] for one in results(b, agenda(fair, "/runs"))] == [1]
    assert b.post(agenda(fair, "/discard")).json() == {"meetings": 8}
    assert not AgendaEntry.objects.exists()


def test_a_run_is_stopped(fair, call):
    a = call(fair.manager)
    assert a.post(agenda(fair, "/stop")).status_code == 404
    job = a.post(agenda(fair, "/runs")).json()
    assert a.post(agenda(fair, "/stop")).status_code == 202
    assert Job.objects.get(pk=job["id"]).stop_requested


@pytest.mark.parametrize(
    "body", [{"time_limit_s": 0}, {"time_limit_s": 3601}, {"seed": -1}, {"seed": 2**31}, {"job": 1}]
)
def test_runs_out_of_range_are_refused(fair, call, body):
    assert call(fair.manager).post(agenda(fair, "/runs"), body).status_code == 422
    assert fair.event.state == Event.State.OPEN


def test_a_run_sent_again_is_one_run(fair, call):
    a = call(fair.manager)
    answers = [a.post(agenda(fair, "/runs"), {"seed": 1}, key="once") for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert Job.objects.filter(kind="events.solve").count() == 1


def test_entries_are_listed_and_filtered_for_the_staff(solved, call):
    program = call(solved.world.a.ambassador)
    rows = results(program, agenda(solved, "/entries"))
    places = [(row["slot"]["number"], row["table"]["number"]) for row in rows]
    assert len(rows) == 8
    assert places == sorted(places)
    greek = solved.of.greek[0]
    own = results(program, agenda(solved, "/entries"), participation=greek.pk)
    assert len(own) == len(results(program, agenda(solved, "/entries"), q="greek 1")) == 3
    assert all(greek.pk in (row["first"]["id"], row["second"]["id"]) for row in own)
    assert results(program, agenda(solved, "/entries"), is_locked=True) == []
    first = solved.entries()[0]
    row = program.get(entry_path(solved, first))
    assert row["ETag"] == '"0"'
    assert row.json() in rows
    assert set(row.json()) == {
        "id",
        "slot",
        "table",
        "first",
        "second",
        "is_locked",
        "meeting_id",
        "meeting_state",
    }
    for person, status in (
        (solved.world.a.representatives[0], 403),
        (solved.world.b.representatives[0], 403),
        (solved.world.c.manager, 404),
        (solved.world.c.representatives[0], 404),
    ):
        for path in (
            agenda(solved),
            agenda(solved, "/runs"),
            agenda(solved, "/entries"),
            agenda(solved, "/announcements"),
            agenda(solved, "/export"),
            agenda(solved, "/outcome"),
            entry_path(solved, first),
            entry_path(solved, first, "/places"),
        ):
            assert call(person).get(path).status_code == status, (person.name, path)


def test_lists_ask_as_often_for_one_meeting_as_for_all(solved, call, django_assert_num_queries):
    program = call(solved.manager)
    for path in (agenda(solved, "/entries"), f"/events/{solved.id}/agenda"):
        program.get(path)
        with CaptureQueriesContext(connection) as all_of_them:
            program.get(path)
        kept = solved.entries()[0]
        AgendaEntry.objects.exclude(pk=kept.pk).update(is_live=False)
        with django_assert_num_queries(len(all_of_them)):
            program.get(path)
        AgendaEntry.objects.update(is_live=True)


def test_meetings_are_locked_moved_and_added_by_hand(solved, call):
    a, b = call(solved.manager), call(solved.world.b.manager)
    entry = solved.entries()[0]
    assert a.post(entry_path(solved, entry, "/lock")).json()["is_locked"] is True
    assert b.post(entry_path(solved, entry, "/unlock")).json()["is_locked"] is False
    places = a.get(entry_path(solved, entry, "/places")).json()
    place = next(one for one in places if one["slot"]["id"] != entry.slot_id)
    body = {"slot": place["slot"]["id"], "table": place["table"]["id"]}
    moved = b.post(entry_path(solved, entry, "/move"), body, version=0)
    assert (moved.status_code, moved["ETag"], moved.json()["is_locked"]) == (200, '"1"', True)
    assert (moved.json()["slot"], moved.json()["table"]["id"]) == (place["slot"], body["table"])
    back = {"slot": entry.slot_id, "table": entry.table_id}
    assert a.post(entry_path(solved, entry, "/move"), back, version=0).status_code == 412
    assert (
        a.post(entry_path(solved, entry, "/move"), {"slot": 1, "table": 2**63 - 1}).status_code
        == 422
    )
    assert a.post(entry_path(solved, entry, "/cancel"), {"reason": "A clash."}).status_code == 204
    assert a.get(entry_path(solved, entry)).status_code == 404
    pair = {"first": entry.first_id, "second": entry.second_id}
    assert a.get(agenda(solved, "/places"), pair).status_code == 200
    added = a.post(agenda(solved, "/entries"), pair | back)
    assert added.status_code == 201
    assert added["Location"] == f"/api/v1{agenda(solved)}/entries/{added.json()['id']}"
    assert a.post(agenda(solved, "/entries"), pair | back).status_code == 422
    verbs = {"unlock_entry", "lock_entry", "move_entry", "add_entry"}
    assert set(AuditEntry.objects.filter(verb__in=verbs).values_list("verb", flat=True)) == verbs


def test_members_change_nothing_of_the_agenda(solved, call):
    entry = solved.entries()[0]
    place = {"slot": entry.slot_id, "table": entry.table_id}
    pair = {"first": entry.first_id, "second": entry.second_id}
    deeds = (
        (agenda(solved, "/runs"), {}),
        (agenda(solved, "/stop"), None),
        (agenda(solved, "/discard"), None),
        (agenda(solved, "/show"), None),
        (agenda(solved, "/publish"), None),
        (agenda(solved, "/entries"), pair | place),
        (entry_path(solved, entry, "/lock"), None),
        (entry_path(solved, entry, "/unlock"), None),
        (entry_path(solved, entry, "/move"), place),
        (entry_path(solved, entry, "/cancel"), {"reason": "No."}),
        (agenda(solved, "/repair/plan"), {"participation": entry.first_id}),
        (agenda(solved, "/repair/no-show"), {"participation": entry.first_id}),
        (agenda(solved, "/repair/apply"), {"token": "x"}),
        (agenda(solved, "/outcome/ask"), None),
    )
    before = AuditEntry.objects.count(), Job.objects.count(), Mail.objects.count()
    for person, statuses in (
        (solved.world.a.representatives[0], (403, 404)),
        (solved.world.a.ambassador, (403,)),
        (solved.world.c.manager, (404,)),
    ):
        program = call(person)
        for path, body in deeds:
            assert program.post(path, body).status_code in statuses, (person.name, path)
            assert call(person, "events:read").post(path, body).status_code == 403
    assert (AuditEntry.objects.count(), Job.objects.count(), Mail.objects.count()) == before


def test_a_no_thanks_and_a_closed_rule_are_refused_in_the_same_words(solved, call):
    a, (greek, french) = call(solved.manager), (solved.of.greek[2], solved.of.french[2])
    pair = {"first": greek.pk, "second": french.pk}
    free = a.get(agenda(solved, "/places"), pair).json()[0]
    place = {"slot": free["slot"]["id"], "table": free["table"]["id"]}
    refused = a.post(agenda(solved, "/entries"), pair | place)
    same_side = {"first": solved.of.greek[0].pk, "second": greek.pk}
    free = a.get(agenda(solved, "/places"), same_side).json()[0]
    place = {"slot": free["slot"]["id"], "table": free["table"]["id"]}
    other = a.post(agenda(solved, "/entries"), same_side | place)
    assert refused.status_code == other.status_code == 422
    assert refused.json() == other.json()
    # Nor does what has no place tell of the pair.
    assert a.get(agenda(solved)).json()["unplaced"] == []


def test_participants_see_nothing_of_an_agenda_that_is_not_shown(solved, call):
    member = call(solved.world.a.representatives[0])
    path = f"/events/{solved.id}/my-agenda"
    body = member.get(path).json()
    assert (body["meetings"], body["called_off"]) == ([], [])
    assert b"BEGIN:VEVENT" not in member.get(f"{path}.ics").content
    entry = solved.entry_of(solved.of.greek[0], solved.of.french[0])
    refused = member.post(entry_path(solved, entry, "/withdraw"), {"reason": "I cannot."})
    assert refused.status_code == 404
    assert Meeting.objects.filter(state="cancelled").count() == 0


def test_a_cluster_that_takes_part_withdraws_from_nothing_hidden(solved, call):
    """Its manager sees the draft as an organiser, and is no participant of it yet."""
    entry = solved.entry_of(solved.of.greek[0], solved.of.french[0])
    Participation.objects.filter(pk=solved.of.greek[0].pk).update(
        organisation=solved.world.a.cluster
    )
    answer = call(solved.manager).post(entry_path(solved, entry, "/withdraw"), {"reason": "No."})
    assert answer.status_code == 404
    assert Meeting.objects.filter(state="cancelled").count() == 0


def test_a_participants_own_agenda_once_it_is_shown(solved, call):
    shown(solved)
    person = solved.world.a.representatives[0]
    body = call(person).get(f"/events/{solved.id}/my-agenda").json()
    assert (body["event"]["state"], body["own_names"]) == ("provisional", ["Greek member 1"])
    assert [one["other"] for one in sorted(body["meetings"], key=lambda one: one["other"])] == [
        "French member 1",
        "French member 2",
        "French member 3",
    ]
    first = body["meetings"][0]
    assert (first["kind"], first["contact"][:6], first["own"]) == (
        "must",
        "French",
        "Greek member 1",
    )
    # The mark is the own side's; the other side does not read it.
    other = call(solved.world.b.representatives[0]).get(f"/events/{solved.id}/my-agenda").json()
    assert {one["kind"] for one in other["meetings"]} == {""}
    assert {one["own"] for one in other["meetings"]} == {"French member 1"}
    calendar = call(person).get(f"/events/{solved.id}/my-agenda.ics")
    assert calendar.content.count(b"BEGIN:VEVENT") == 3
    assert calendar["Content-Type"].startswith("text/calendar")
    for who, status in (
        (solved.manager, 404),
        (solved.world.a.ambassador, 404),
        (solved.world.c.manager, 404),
    ):
        assert call(who).get(f"/events/{solved.id}/my-agenda").status_code == status


def test_contacts_in_a_participants_answers_are_its_own_meetings(solved, call):
    """Names of who comes are told to all at the event; addresses and persons to nobody."""
    shown(solved)
    program = call(solved.world.a.representatives[0])
    texts = [
        program.get(path).content.decode()
        for path in (
            f"/events/{solved.id}",
            f"/events/{solved.id}/my-agenda",
            f"/events/{solved.id}/participants",
            f"/events/participations/{solved.of.greek[0].pk}/counterparts",
        )
    ]
    addresses = [one.email for one in (*solved.world.b.representatives, solved.world.b.manager)]
    assert not [one for one in addresses for text in texts if one in text]
    assert not any('"person' in text for text in texts)


def test_showing_and_publishing_tell_each_once(solved, call):
    a, b = call(solved.manager), call(solved.world.b.manager)
    answer = a.post(agenda(solved, "/show"))
    assert (answer.status_code, answer.json()["state"]) == (200, "provisional")
    answer = b.post(agenda(solved, "/publish"))
    assert (answer.status_code, answer.json()["state"]) == (200, "published")
    assert a.post(agenda(solved, "/publish")).status_code == 409
    told = call(solved.world.a.ambassador).get(agenda(solved, "/announcements")).json()
    assert [(one["announces"], one["state"]) for one in told] == [
        ("published", "queued"),
        ("provisional", "queued"),
    ]
    run_waiting_jobs()
    told = a.get(agenda(solved, "/announcements")).json()
    assert [one["result"] for one in told] == [{"mails": 6}, {"mails": 6}]
    assert Mail.objects.filter(key__startswith="agenda-").count() == 12
    assert call(solved.world.c.manager).get(agenda(solved, "/announcements")).status_code == 404
    make_event(solved.world)
    other = Event.objects.exclude(pk=solved.id).get()
    assert a.get(f"/events/{other.pk}/agenda/announcements").json() == []


def test_a_participant_withdraws_from_one_meeting(published, call):
    entry = published.entry_of(published.of.greek[0], published.of.french[0])
    path, why = entry_path(published, entry, "/withdraw"), {"reason": "We are ill."}
    for person, status in (
        (published.world.a.representatives[1], 404),
        (published.manager, 403),
        (published.world.c.manager, 404),
    ):
        assert call(person).post(path, why).status_code == status, person.name
    before = Mail.objects.count()
    member = call(published.world.b.representatives[0])
    assert member.post(path, why).status_code == 204
    assert member.post(path, why).status_code == 404
    assert Mail.objects.count() == before + 2
    off = member.get(f"/events/{published.id}/my-agenda").json()["called_off"]
    assert [(one["other"], one["reason"]) for one in off] == [("Greek member 1", "We are ill.")]


def test_a_repair_is_looked_at_and_carried_out(published, call):
    a, greek = call(published.manager), published.of.greek[0]
    before = AuditEntry.objects.count(), Mail.objects.count()
    answer = a.post(agenda(published, "/repair/plan"), {"participation": greek.pk, "from_slot": 1})
    assert answer.status_code == 200
    plan = answer.json()
    assert (len(plan["cancelled"]), plan["dropped"], plan["unchanged"]) == (3, [], 5)
    assert plan["changes_nothing"] is False
    assert {one["id"] for one in plan["told"]} == {
        greek.pk,
        *(one.pk for one in published.of.french),
    }
    assert (AuditEntry.objects.count(), Mail.objects.count()) == before
    token = {"token": plan["token"], "reason": "Stuck in traffic."}
    other = make_event(published.world).event
    wrong = call(published.manager).post(f"/events/{other.pk}/agenda/repair/apply", token)
    assert wrong.status_code == 409
    answer = call(published.world.b.manager).post(agenda(published, "/repair/apply"), token)
    assert answer.json() == {"changed": 3}
    assert len(published.entries()) == 5
    assert a.post(agenda(published, "/repair/apply"), token).status_code == 409
    # Those whose meetings change, and the manager and the ambassador of the side that did not do it.
    assert Mail.objects.count() == before[1] + 4 + 2


def test_a_no_show_is_planned_and_carried_out_at_once(published, call):
    a, greek = call(published.manager), published.of.greek[0]
    answer = a.post(agenda(published, "/repair/no-show"), {"participation": greek.pk})
    assert (answer.status_code, len(answer.json()["cancelled"])) == (200, 3)
    assert len(published.entries()) == 5
    again = a.post(agenda(published, "/repair/no-show"), {"participation": greek.pk})
    assert again.status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"participation": 1, "table": 1},
        {"participation": 2**63},
        {"table": 0},
        {"participation": 2**62},
        {"table": 1, "from_slot": 0},
        {"table": 1, "from_slot": 2**40},
        {"table": "One"},
        {"participation": 1, "steward": 1},
    ],
)
def test_disturbances_that_say_nothing_are_refused(published, call, body):
    assert call(published.manager).post(agenda(published, "/repair/plan"), body).status_code == 422


@pytest.mark.parametrize("token", ["", "x", "é:1:x", ":::", ".eJw:1tY:abc", "a" * 500_001])
def test_tokens_that_nobody_signed_carry_nothing_out(published, call, token):
    answer = call(published.manager).post(agenda(published, "/repair/apply"), {"token": token})
    assert answer.status_code == (409 if 1 <= len(token) <= 500_000 else 422)
    assert len(published.entries()) == 8


def test_a_lost_table_is_repaired(published, call):
    table = published.entries()[0].table
    plan = (
        call(published.manager).post(agenda(published, "/repair/plan"), {"table": table.pk}).json()
    )
    moved_to = {one["table"]["id"] for one in plan["moves"]}
    assert plan["moves"]
    assert table.pk not in moved_to


def test_the_outcome_in_figures(published, call):
    Meeting.objects.update(state="held")
    for person in (published.manager, published.world.b.manager):
        body = call(person).get(agenda(published, "/outcome")).json()
        assert (body["participants"], body["requests"], body["chain"]["held"]) == (6, 9, 8)
        rate = body["chain"]["cooperation_rate"]
        assert (rate["count"], rate["of"], rate["percent"]) == (0, 0, None)
        assert body["chain"]["outcome_unknown"] == 8
    early = call(published.manager).post(agenda(published, "/outcome/ask"))
    assert early.status_code == 409
    Meeting.objects.update(starts_at="2020-01-01T08:00Z", ends_at="2020-01-01T09:00Z")
    answer = call(published.manager).post(agenda(published, "/outcome/ask"))
    assert (answer.status_code, answer.json()["kind"]) == (202, "meetings.ask_later")
    assert answer["Location"] == f"/api/v1/work/jobs/{answer.json()['id']}"


def test_the_agendas_file_is_the_pages_file(published, call, sign_in):
    page = sign_in(published.manager).get(f"{agenda(published)}/export/")
    assert (
        call(published.world.a.ambassador).get(agenda(published, "/export")).content == page.content
    )


def test_wishes_cannot_be_guessed_from_what_a_member_reads_of_the_agenda(fair, call):
    """Nor from the event: the same bytes, whoever asked for whom."""
    program = call(fair.world.b.representatives[1])
    paths = (f"/events/{fair.id}", f"/events/{fair.id}/participants", f"/events/{fair.id}/groups")
    before = [program.get(path).content for path in paths]
    ask(fair, fair.of.greek[0], fair.of.greek[1])
    assert [program.get(path).content for path in paths] == before
    assert json.loads(before[0])["own"][0]["id"] == fair.of.french[1].pk
