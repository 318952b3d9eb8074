"""Stays and visits: agreed on by both sides, closed with a report, seen by both teams alone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships import exchange, report, tasks
from proxeny.partnerships.models import Partnership, Party, Placement
from proxeny.partnerships.operations import placements as deeds
from proxeny.partnerships.operations import reminders
from proxeny.partnerships.operations.records import (
    add_record,
    change_record,
    drop_record,
    restore_record,
)
from tests.factories import rooms
from tests.factories.accounts import SeatFactory
from tests.factories.partnerships import PartnershipFactory, PartyFactory
from tests.partnerships.rooms import TODAY, day, do, others, party, team, words
from tests.stages import staged
from tests.waiting.people import waits_for


@staged
def stay(world):
    """A's ambassador is with B since ten days; nobody has agreed yet."""
    return rooms.PlacementFactory(
        sender=party(world, world.a),
        host=party(world, world.b),
        person=world.a.ambassador,
        place="Lyon, desk 4",
        starts_on=day(-10),
        ends_on=day(50),
    )


def values_of(world, **given):
    values = {
        "kind": "stay",
        "person": world.a.ambassador.pk,
        "sender": party(world, world.a).pk,
        "host": party(world, world.b).pk,
        "starts_on": day(10),
        "ends_on": day(70),
        "place": "Lyon, desk 4",
        "goals": "Twenty meetings",
    }
    return {**values, **given}


def plan(world, who, **given):
    return do(
        who,
        add_record,
        kind="placement",
        partnership_id=world.partnership.pk,
        values=values_of(world, **given),
    )


def change(world, who, made, **values):
    made.refresh_from_db()
    return do(
        who,
        change_record,
        kind="placement",
        partnership_id=world.partnership.pk,
        record_id=made.pk,
        version=made.version,
        values=values,
    )


def take(deed, who, made, **given):
    given.setdefault("version", made.version)
    return do(who, deed, partnership_id=made.partnership_id, placement_id=made.pk, **given)


def agree(who, made, **given):
    return take(deeds.agree_placement, who, made, **given)


def close(who, made, **given):
    given = {
        "report": "Twenty meetings, three projects.",
        "proof_url": "",
        "closed_on": TODAY,
        **given,
    }
    return take(deeds.close_placement, who, made, **given)


def reopen(who, made, **given):
    return take(deeds.reopen_placement, who, made, **given)


def told(verb):
    return AuditEntry.objects.filter(verb=verb).count()


def mails():
    return list(Mail.objects.order_by("pk").values_list("recipient", flat=True))


def waits(world, who):
    """Return the stays that wait in the room for somebody's agreement."""
    found = waits_for(who, room=world.partnership.pk)
    return [one.key for one in found if one.key.endswith(":agree")]


# Agreed on by both.


def test_who_writes_it_asks_the_other_side(world):
    made = plan(world, world.a.ambassador)
    assert made.proposed_by == party(world, world.a)
    assert mails() == [world.b.manager.email]
    mail = Mail.objects.get()
    assert mail.subject == "A stay is waiting for your side’s agreement: Athens – Paris"
    assert f"{world.a.ambassador.name} in Lyon, desk 4 from" in mail.text
    assert f"/partnerships/{world.partnership.pk}/placements/" in mail.text
    assert waits(world, world.b.manager) == [f"placement:{made.pk}:agree"]
    for who in (world.a.manager, world.a.ambassador, world.b.ambassador):
        assert waits(world, who) == []


def test_who_hosts_may_write_it_too(world):
    made = plan(world, world.b.manager)
    assert made.proposed_by == party(world, world.b)
    assert mails() == [world.a.manager.email]
    agree(world.a.manager, made)
    made.refresh_from_db()
    assert made.agreed_by == world.a.manager


def test_a_manager_of_the_other_side_says_yes(world, stay):
    for who in (world.a.manager, world.a.ambassador, world.b.ambassador):
        with pytest.raises(NotAllowed, match="Only a manager of the other side can agree to it"):
            agree(who, stay)
    for who in others(world).values():
        with pytest.raises(NotFound):
            agree(who, stay)
    with pytest.raises(Conflict, match="Someone else has changed this since you opened it"):
        agree(world.b.manager, stay, version=7)
    agree(world.b.manager, stay)
    again = agree(world.b.manager, stay)
    assert (again.agreed_by, again.version) == (world.b.manager, 2)
    assert told("agree_placement") == 1
    assert waits(world, world.b.manager) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("goals", "Thirty meetings"),
        ("costs", "A room, 900 euros"),
        ("ends_on", day(60)),
        ("starts_on", day(-9)),
        ("borne_by", "b"),
        ("person", "manager"),
        ("kind", "visit"),
    ],
)
def test_what_was_agreed_on_is_agreed_anew_when_it_changes(world, stay, column, value):
    Placement.objects.filter(pk=stay.pk).update(ends_on=day(15))
    agree(world.b.manager, stay)
    value = {"b": party(world, world.b).pk, "manager": world.a.manager.pk}.get(value, value)
    changed = change(world, world.a.ambassador, stay, **{column: value})
    changed.refresh_from_db()
    assert (changed.agreed_at, changed.agreed_by) == (None, None)
    assert mails() == [world.b.manager.email]
    assert told("void_placement") == 1
    change(world, world.a.manager, stay, goals="Forty meetings")
    assert mails() == [world.b.manager.email], "who is asked reads what stands today"


def test_place_hours_and_the_day_of_the_report_are_free(world, stay):
    agree(world.b.manager, stay)
    change(
        world,
        world.a.ambassador,
        stay,
        place="Lyon, desk 5",
        hours="Tuesdays",
        report_due_on=day(60),
    )
    stay.refresh_from_db()
    assert stay.agreed_at is not None
    assert mails() == []


def test_the_host_writes_other_goals_and_the_sender_says_yes(world, stay):
    change(world, world.b.manager, stay, goals="Ten meetings")
    stay.refresh_from_db()
    assert stay.proposed_by == party(world, world.b)
    assert mails() == [world.a.manager.email]
    with pytest.raises(NotAllowed):
        agree(world.b.manager, stay)
    agree(world.a.manager, stay)


def test_who_manages_both_sides_speaks_for_each(world):
    both = world.a.manager
    SeatFactory(person=both, organisation=world.b.cluster, role=Role.MANAGER)
    made = plan(world, both)
    assert made.proposed_by == party(world, world.a)
    assert waits(world, both) == [f"placement:{made.pk}:agree"]
    agree(both, made)
    close(
        both,
        rooms.PlacementFactory(
            sender=party(world, world.b), host=party(world, world.a), person=world.b.ambassador
        ),
    )


def test_a_third_side_reads_and_does_not_write(world, stay):
    PartyFactory(partnership=world.partnership, organisation=world.c.cluster, side="C")
    third = world.c.manager
    with pytest.raises(InvalidInput, match="Your own side") as error:
        plan(world, third)
    assert error.value.field == "host"
    for deed in (
        lambda: change(world, third, stay, place="Elsewhere"),
        lambda: agree(third, stay),
        lambda: close(third, stay),
        lambda: reopen(third, stay),
        lambda: do(
            third,
            drop_record,
            kind="placement",
            record_id=stay.pk,
            partnership_id=world.partnership.pk,
        ),
    ):
        with pytest.raises(NotAllowed):
            deed()
    stay.refresh_from_db()
    assert (stay.version, stay.dropped_at) == (1, None)


# What does not hold.


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"ends_on": day(9)}, "ends_on", "The end can’t be before the start."),
        ({"ends_on": day(11)}, "ends_on", "That’s only 2 days."),
        ({"ends_on": day(10), "kind": "visit"}, "ends_on", "That’s only 1 day."),
        ({"ends_on": day(41), "kind": "visit"}, "ends_on", "That’s 32 days. A visit lasts up"),
        ({"host": "a"}, "host", "Choose two different sides: one sends, the other hosts."),
        ({"person": "b"}, "person", "Choose someone from the sending side."),
        ({"person": None}, "person", "Choose who goes."),
        ({"person": "c"}, "person", "Choose an option from the list."),
        ({"goals": " "}, "goals", "blank"),
        ({"place": ""}, "place", "blank"),
        ({"place": "x" * 201}, "place", "200"),
        ({"kind": "holiday"}, "kind", "holiday"),
    ],
)
def test_bad_values_are_told_where_they_stand(world, given, field, sentence):
    numbers = {"b": world.b.ambassador.pk, "c": world.c.manager.pk}
    given = {
        name: party(world, world.a).pk
        if (name, value) == ("host", "a")
        else numbers.get(value, value)
        if name == "person"
        else value
        for name, value in given.items()
    }
    with pytest.raises(InvalidInput, match=sentence) as error:
        plan(world, world.a.manager, **given)
    assert error.value.field == field
    assert not Placement.objects.exists()


@pytest.mark.parametrize(
    ("days", "kind"), [(3, "visit"), (31, "visit"), (3, "stay"), (400, "stay")]
)
def test_as_long_as_it_may_be(world, days, kind):
    made = plan(world, world.a.manager, kind=kind, ends_on=day(9 + days))
    assert made.days == days


def test_nobody_is_in_two_places(world, stay):
    for first, last in ((-20, -10), (50, 60), (0, 5), (-20, 99)):
        with pytest.raises(InvalidInput, match="already has a stay in Lyon, desk 4") as error:
            plan(world, world.b.manager, starts_on=day(first), ends_on=day(last))
        assert error.value.field == "starts_on"
    plan(world, world.a.manager, person=world.a.manager.pk)
    later = plan(world, world.a.manager, starts_on=day(51), ends_on=day(60), place="Nice")
    with pytest.raises(InvalidInput, match="already has a stay in Nice"):
        change(world, world.a.manager, stay, ends_on=day(51))
    change(world, world.a.manager, stay, place="Lyon, desk 5")
    # Left earlier, as the closing report says.
    close(world.a.ambassador, Placement.objects.get(pk=stay.pk), closed_on=day(-2))
    plan(world, world.a.manager, starts_on=day(-1), ends_on=day(40), place="Metz")
    with pytest.raises(InvalidInput, match="already has a stay in Metz"):
        reopen(world.a.manager, Placement.objects.get(pk=stay.pk))
    assert later.place == "Nice"


def test_what_was_put_away_is_in_nobodys_way_and_comes_back_only_into_free_days(world, stay):
    given = {"kind": "placement", "partnership_id": world.partnership.pk, "record_id": stay.pk}
    do(world.b.ambassador, drop_record, **given)
    other = plan(world, world.a.manager, starts_on=day(0), ends_on=day(5), place="Metz")
    with pytest.raises(InvalidInput, match="already has a stay in Metz"):
        do(world.a.manager, restore_record, **given)
    do(world.a.manager, drop_record, **{**given, "record_id": other.pk})
    assert do(world.a.manager, restore_record, **given).dropped_at is None
    with pytest.raises(Conflict):
        agree(world.b.manager, other)


def test_a_stay_with_another_partner_counts_where_the_writer_sees_it(world):
    elsewhere = PartnershipFactory(title="Athens – Rome", lead=world.a.cluster, state="active")
    a = PartyFactory(partnership=elsewhere, organisation=world.a.cluster, side="A")
    c = PartyFactory(partnership=elsewhere, organisation=world.c.cluster, side="B")
    rooms.PlacementFactory(
        sender=a, host=c, person=world.a.ambassador, place="Rome", starts_on=day(0), ends_on=day(20)
    )
    with pytest.raises(InvalidInput, match="already has a stay in Rome"):
        plan(world, world.a.manager)
    assert plan(world, world.b.manager).place == "Lyon, desk 4", "B is told nothing of it"


# Closed with a report.


def test_who_sends_closes_it_with_a_report_and_both_read_it(world, stay):
    for who in (world.b.manager, world.b.ambassador):
        with pytest.raises(NotAllowed, match="Only the sending side can write the closing report"):
            close(who, stay)
    closed = close(
        world.a.ambassador,
        stay,
        report=" Three projects. ",
        proof_url="https://example.org/report.pdf",
    )
    assert (closed.report, closed.closed_on) == ("Three projects.", TODAY)
    with pytest.raises(Conflict, match="This is closed"):
        close(world.a.manager, closed)
    with pytest.raises(Conflict, match="This is closed"):
        change(world, world.b.manager, stay, goals="More")
    with pytest.raises(Conflict, match="This is closed"):
        agree(world.b.manager, closed)
    assert told("close_placement") == 1


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"report": "  "}, "report", "Describe in a few sentences what came of it."),
        ({"closed_on": day(1)}, "closed_on", "This date is in the future. Choose an earlier one."),
        ({"closed_on": day(-11)}, "closed_on", "The end can’t be before the start."),
        ({"proof_url": "http://example.org"}, "proof_url", "starting with https://"),
        ({"proof_url": "javascript:alert(1)"}, "proof_url", "starting with https://"),
        ({"proof_url": "https://" + "x" * 500 + ".org"}, "proof_url", "starting with https://"),
    ],
)
def test_a_bad_report_is_told_where_it_stands(world, stay, given, field, sentence):
    with pytest.raises(InvalidInput, match=sentence) as error:
        close(world.a.ambassador, stay, **given)
    assert error.value.field == field
    stay.refresh_from_db()
    assert (stay.closed_on, stay.report, stay.proof_url) == (None, "", "")


def test_what_has_not_begun_is_not_closed(world):
    made = plan(world, world.a.manager)
    with pytest.raises(Conflict, match="It hasn’t started yet"):
        close(world.a.manager, made)


def test_managers_of_both_sides_open_it_again(world, stay):
    closed = close(world.a.ambassador, stay)
    for who in (world.a.ambassador, world.b.ambassador):
        with pytest.raises(NotAllowed):
            reopen(who, closed)
    with pytest.raises(Conflict):
        reopen(world.b.manager, closed, version=1)
    opened = reopen(world.b.manager, closed)
    assert (opened.closed_on, opened.report) == (None, closed.report)
    assert reopen(world.a.manager, opened).version == opened.version
    assert told("reopen_placement") == 1
    assert close(world.a.manager, opened, report="More.").report == "More."


# What follows elsewhere.


def hosted(world, reading, who):
    with reading(who):
        parties = list(
            Party.objects.filter(partnership=world.partnership)
            .select_related("organisation")
            .order_by("side")
        )
        rows = exchange.weigh(world.partnership, parties, today=TODAY)
    return next(row.given for row in rows if row.kind == "hosting")


def test_hosting_counts_once_agreed_and_begun(world, reading, stay):
    assert hosted(world, reading, world.a.manager) == [0, 0]
    agree(world.b.manager, stay)
    later = plan(world, world.a.manager, person=world.a.manager.pk)
    agree(world.b.manager, later)
    for who in (world.a.manager, world.b.ambassador):
        assert hosted(world, reading, who) == [0, 1], "B hosted"
    Placement.objects.filter(pk=stay.pk).update(dropped_at=timezone.now())
    assert hosted(world, reading, world.b.manager) == [0, 0]


def due_mails(on):
    now = timezone.now() + timedelta(days=on)
    before = set(Mail.objects.values_list("pk", flat=True))
    for person_id in reminders.people_in_charge(today=day(on)):
        with acting_as(SERVICE):
            reminders.remind(person_id=person_id, now=now, reading=tasks.eyes_of_person)
    return list(Mail.objects.exclude(pk__in=before))


def test_who_went_is_reminded_of_the_report(world, stay):
    Placement.objects.filter(pk=stay.pk).update(report_due_on=day(7))
    [mail] = due_mails(0)
    assert mail.recipient == world.a.ambassador.email
    assert "The report on this stay is due on" in mail.text
    assert f"/placements/#placement-{stay.pk}" in mail.text
    [late] = due_mails(14)
    assert "Overdue: the report on this stay was due on" in late.text
    close(world.a.ambassador, stay)
    assert due_mails(21) == []


def test_the_day_of_the_report_stands_on_the_front_page(world, sign_in, stay):
    Placement.objects.filter(pk=stay.pk).update(report_due_on=day(-1))
    address = reverse("partnerships:detail", args=[world.partnership.pk])
    for who in team(world).values():
        page = words(sign_in(who).get(address).text)
        assert "Lyon, desk 4 Stay report late" in page
    close(world.a.ambassador, stay)
    assert "Stay report" not in sign_in(world.b.manager).get(address).text


def test_the_yearly_report_tells_who_was_where(world, reading, stay):
    agree(world.b.manager, stay)
    rooms.PlacementFactory(
        sender=stay.sender, host=stay.host, person=world.a.manager, starts_on=day(0), ends_on=day(9)
    )
    with reading(world.b.manager):
        made = Partnership.objects.get(pk=world.partnership.pk)
        parties = list(made.parties.select_related("organisation", "contact").order_by("side"))
        found = report.read_report(made, parties, year=TODAY.year, today=TODAY)
        before = report.read_report(made, parties, year=TODAY.year - 2, today=TODAY)
    assert [one.pk for one in found.stays] == [stay.pk], "only what both sides agreed on"
    assert before.stays == []


# The page.


def url(world, name="placements", *more):
    return reverse(f"partnerships:{name}", args=[world.partnership.pk, *more])


def test_an_empty_page_says_what_to_do_first(world, sign_in):
    page = sign_in(world.a.ambassador).get(url(world)).text
    assert "No stays or visits yet" in page
    assert url(world, "record-add", "placement") in page


def test_both_teams_read_it_and_nobody_else(world, sign_in, stay):
    for who in team(world).values():
        page = words(sign_in(who).get(url(world)).text)
        for part in (
            "There now",
            world.a.ambassador.name,
            "Lyon, desk 4",
            "50 days left",
            "61 days",
            "Twenty meetings",
            "both sides share them",
        ):
            assert part in page
        assert "Past ones" not in page
    for who in others(world).values():
        assert sign_in(who).get(url(world)).status_code == 404


def test_each_is_offered_what_is_theirs(world, sign_in, stay):
    offers = {name: sign_in(who).get(url(world)).text for name, who in team(world).items()}
    agrees = {name for name, page in offers.items() if "Agree for our side" in page}
    closes = {name for name, page in offers.items() if "Close with a report" in page}
    assert agrees == {"manager of B"}
    assert closes == {"manager of A", "ambassador of A"}
    assert all(f"?again={stay.pk}" in page for page in offers.values())


def test_one_click_agrees(world, sign_in, stay):
    post = {"seen": stay.version}
    address = url(world, "placement-agree", stay.pk)
    assert sign_in(world.a.manager).post(address, post).status_code == 403
    page = sign_in(world.b.manager).post(address, post, follow=True)
    assert "Both sides now agree to it." in page.text
    assert world.b.manager.name in words(page.text).split("Agreed by both sides")[1]
    stale = sign_in(world.b.manager).post(address, {"seen": "x"}, follow=True)
    assert "Both sides now agree to it." in stale.text, "twice changes nothing"


def test_a_report_that_does_not_hold_is_shown_again(world, sign_in, stay):
    client = sign_in(world.a.ambassador)
    address = url(world, "placement-close", stay.pk)
    post = {
        "report": "Three projects.",
        "proof_url": "http://example.org",
        "seen": 1,
        "closed_on": str(TODAY),
    }
    refused = client.post(address, post)
    assert refused.status_code == 422
    assert "Enter the full address, starting with https://." in refused.text
    assert "Three projects." in refused.text
    assert sign_in(world.b.manager).post(address, post).status_code == 403
    stale = client.post(address, {**post, "proof_url": "", "seen": 9})
    assert (stale.status_code, "Someone else has changed this" in stale.text) == (422, True)
    done = client.post(address, {**post, "proof_url": "https://example.org/r.pdf"}, follow=True)
    assert "Closed. Both sides can read the report." in done.text
    page = sign_in(world.b.manager).get(url(world)).text
    assert 'href="https://example.org/r.pdf"' in page
    assert "Three projects." in page
    opened = sign_in(world.b.manager).post(
        f"{url(world, 'placement-reopen', stay.pk)}?version=2", follow=True
    )
    assert "Reopened." in opened.text


def test_again_fills_the_form_with_the_last_one(world, sign_in, stay):
    Placement.objects.filter(pk=stay.pk).update(hours="Tuesdays", kind="visit")
    client = sign_in(world.a.manager)
    page = client.get(f"{url(world, 'record-add', 'placement')}?again={stay.pk}").text
    assert 'value="Lyon, desk 4"' in page
    assert 'value="Tuesdays"' in page
    for chosen in (stay.person_id, stay.sender_id, stay.host_id, '"visit"'):
        assert f"<option value={chosen} selected>".replace('"', "") in page.replace('"', "")
    for number in ("0", "x", "-1"):
        wanted = client.get(f"{url(world, 'record-add', 'placement')}?again={number}")
        assert wanted.status_code == 200
    missing = client.get(f"{url(world, 'record-add', 'placement')}?again=999999")
    assert missing.status_code == 404


def test_the_form_adds_and_says_what_does_not_hold(world, sign_in):
    client = sign_in(world.b.manager)
    given = {name: str(value) for name, value in values_of(world).items()}
    refused = client.post(url(world, "record-add", "placement"), {**given, "ends_on": str(day(11))})
    assert refused.status_code == 422
    assert "A visit or stay lasts at least three." in refused.text
    done = client.post(url(world, "record-add", "placement"), given, follow=True)
    assert "Waiting for a manager of" in done.text
    assert Placement.objects.get().proposed_by == party(world, world.b)


def test_the_table_tells_what_became_of_it(world, sign_in, stay):
    close(world.a.ambassador, stay)
    answer = sign_in(world.b.manager).get(url(world, "record-export", "placement"))
    head, row = answer.content.decode("utf-8-sig").splitlines()[:2]
    for part in ("Person travelling", "City and desk", "Agreed", "Closing report"):
        assert part in head
    assert "Twenty meetings, three projects." in row
    assert world.a.ambassador.name in row


def test_who_left_is_named_no_more(world, sign_in, stay):
    stay.person.seats.all().delete()
    for who in (world.a.manager, world.b.manager):
        page = sign_in(who).get(url(world))
        assert (page.status_code, "Lyon, desk 4" in page.text) == (200, True)


def test_its_history_tells_each_deed(world, sign_in):
    made = plan(world, world.a.manager, starts_on=day(-10), ends_on=day(3))
    agree(world.b.manager, made)
    change(world, world.b.manager, made, borne_by=party(world, world.b).pk)
    close(world.a.ambassador, Placement.objects.get(pk=made.pk))
    reopen(world.a.manager, Placement.objects.get(pk=made.pk))
    page = words(
        sign_in(world.b.ambassador).get(reverse("history:show", args=["placement", made.pk])).text
    )
    for sentence in (
        "Planned a stay or visit",
        "Agreed to a stay or visit",
        "Changed a stay or visit",
        "Changed a stay or visit: the other side must agree again",
        "Closed a stay or visit with a report",
        "Reopened a stay or visit",
        f"Who covers the costs: – {world.b.cluster.name}",
    ):
        assert sentence in page


def test_as_many_queries_for_four_as_for_one(world, sign_in, stay, django_assert_num_queries):
    client = sign_in(world.b.manager)
    client.get(url(world))
    with django_assert_num_queries(QUERIES):
        client.get(url(world))
    for number in range(1, 4):
        rooms.PlacementFactory(
            sender=stay.sender,
            host=stay.host,
            person=world.a.manager,
            borne_by=stay.host,
            starts_on=day(100 * number),
            ends_on=day(100 * number + 9),
            agreed_at=timezone.now(),
            agreed_by=world.b.manager,
        )
    with django_assert_num_queries(QUERIES):
        client.get(url(world))


QUERIES = 13


# By program.


def test_by_program(world, call):
    a, b = call(world.a.manager), call(world.b.manager)
    path = f"/partnerships/{world.partnership.pk}"
    given = values_of(world, starts_on=str(day(-5)), ends_on=str(day(20)))
    record = {**given, "kind": "placement", "sort": "visit"}
    made = a.post(f"{path}/records", {"record": record})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["sort"], told["agreed_at"], told["report"]) == ("visit", None, "")
    assert (told["person_id"], told["proposed_by_id"]) == (
        world.a.ambassador.pk,
        party(world, world.a).pk,
    )
    stay = f"{path}/placements/{told['id']}"
    assert b.post(f"{stay}/agree").status_code == 428
    assert a.post(f"{stay}/agree", version=1).status_code == 403
    assert b.post(f"{stay}/agree", version=1)["ETag"] == '"2"'
    closing = {"report": "Three projects.", "closed_on": str(TODAY)}
    assert b.post(f"{stay}/close", closing, version=2).status_code == 403
    unsafe = {**closing, "proof_url": "http://x.org"}
    assert a.post(f"{stay}/close", unsafe, version=2).status_code == 422
    assert a.post(f"{stay}/close", closing, version=1).status_code == 412
    assert a.post(f"{stay}/close", closing, version=2).status_code == 204
    one = f"{path}/records/placement/{told['id']}"
    kept = b.get(one).json()
    assert (kept["report"], kept["closed_on"], kept["agreed_by_id"]) == (
        "Three projects.",
        str(TODAY),
        world.b.manager.pk,
    )
    assert b.post(f"{stay}/reopen", version=3).status_code == 204
    assert b.get(one).json()["closed_on"] is None
