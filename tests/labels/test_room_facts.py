"""What labels tell the front page of a room, Today, the report of a year, and public pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel.kinds import read_kinds
from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.labels.models import Application, Award, Checkup, Juror, Result
from proxeny.labels.operations.issuing import award_url
from proxeny.labels.operations.leaving import leave_with_party
from proxeny.labels.public_facts import find_results
from proxeny.labels.room_facts import find_dates, find_tiles
from proxeny.labels.waiting import find_waiting
from proxeny.labels.year_facts import find_chapters
from proxeny.partnerships.models import Interest
from proxeny.partnerships.operations import end_partnership
from tests.conftest import reader_of
from tests.factories import labels as made
from tests.labels.judging import assign, make_judged, submit
from tests.labels.living import DAY, asked, at, ending, give, open_round
from tests.partnerships.rooms import TODAY, do, party

pytestmark = pytest.mark.django_db


def count(most, find, *given, **named):
    """Return what is found, in so many queries."""
    with CaptureQueriesContext(connection) as caught:
        found = list(read_kinds(find(*given, **named)))
    assert len(caught) == most, [one["sql"] for one in caught]
    return found


def waiting(person, world):
    """Return what waits for somebody in the room: what is to be done, and where."""
    reader = reader_of(person)
    with acting_as(WEB, reader):
        found = count(1, find_waiting, reader, timezone.now(), world.partnership.pk)
    return [
        (one.key.rpartition(":")[2], one.url)
        for one in found
        if one.partnership_id == world.partnership.pk
    ]


def tasks(person):
    reader = reader_of(person)
    with acting_as(WEB, reader):
        found = count(1, find_waiting, reader, timezone.now(), None)
    return [(one.title, one.text, one.url) for one in found]


def room(held):
    return held.partnership_id, held.pk


def test_a_tile_counts_awards_that_hold_and_rounds_under_way(world):
    [tile] = count(2, find_tiles, world.partnership, TODAY)
    assert (tile.value, tile.note, tile.url) == ("", "", at("list", world.partnership.pk))
    award = give(world)
    give(world, held=award.application.round, revoked_at=timezone.now())
    give(world, held=award.application.round, days=800)
    open_round(award)
    open_round(award, state="judging")
    open_round(award, state="planned")
    [tile] = count(2, find_tiles, world.partnership, TODAY)
    assert (tile.value, tile.note) == ("1 valid award", "2 rounds in progress")


def test_dates_tell_when_rounds_close_are_decided_and_awards_end(world):
    award = ending(world)
    now = timezone.now()
    held = open_round(award, closes_at=now + 20 * DAY, decides_on=now.date() + 40 * DAY)
    open_round(award, closes_at=now + 300 * DAY)
    open_round(award, state="decided", decides_on=now.date())
    found = count(1, find_dates, None, world.partnership, now.date())
    assert [(one.kind, one.url) for one in found] == [
        ("Round closes", at("round", *room(held))),
        ("Decision planned", at("round", *room(held))),
        ("Award expires", at("award-room", world.partnership.pk, award.scheme_id, award.pk)),
    ]


def test_applications_wait_for_the_managers_of_both_sides(world):
    judged = make_judged(world, state="open")
    assert waiting(world.a.manager, world) == []
    one = submit(judged, world.a.members[0])
    told = ("check", at("round-applications", *room(judged.round)))
    for person in (world.a.manager, world.b.manager):
        assert waiting(person, world) == [told]
    assert waiting(world.a.ambassador, world) == []
    Application.objects.filter(pk=one.pk).update(eligible=True)
    assert waiting(world.a.manager, world) == []


def test_who_has_a_conflict_of_interest_is_told_nothing_of_an_application(world):
    judged = make_judged(world, state="open")
    one = submit(judged, world.a.members[0])
    Interest.objects.create(
        partnership=world.partnership,
        person=world.a.manager,
        subject="application",
        subject_id=one.pk,
        conflicts=True,
        said_at=timezone.now(),
    )
    assert waiting(world.a.manager, world) == []
    assert len(waiting(world.b.manager, world)) == 1


def test_a_juror_s_question_waits_until_it_is_passed_on(world):
    judged = make_judged(world)
    one = submit(judged, world.a.members[0], eligible=True)
    for juror in (judged.greek, judged.french):
        assign(juror, one)
    made.QuestionFactory(application=one, passed_on_at=None)
    [(text, url)] = waiting(world.b.manager, world)
    assert text == "pass-on"
    assert url == at("round-applications", *room(judged.round))


def test_a_round_that_has_closed_waits_for_judging(world):
    judged = make_judged(world, state="open")
    submit(judged, world.a.members[0], eligible=True)
    assert waiting(world.a.manager, world) == []
    judged.set(closes_at=timezone.now() - timedelta(minutes=1))
    assert waiting(world.a.manager, world) == [("judge", at("round", *room(judged.round)))]


def test_an_application_lacks_a_juror_until_as_many_read_it_as_the_scheme_asks(world):
    judged = make_judged(world)
    one = submit(judged, world.a.members[0], eligible=True)
    told = ("assign", at("reading", *room(judged.round)))
    assert waiting(world.a.manager, world) == [told]
    assign(judged.greek, one)
    given = assign(judged.french, one, state="abstained")
    assert waiting(world.a.manager, world) == [told]
    type(given).objects.filter(pk=given.pk).update(state="open")
    assert waiting(world.a.manager, world) == []
    Application.objects.filter(pk=one.pk).update(eligible=False)
    assert waiting(world.a.manager, world) == []


def test_letters_appeals_and_awards_wait_after_the_decision(world):
    award = give(world)
    held = award.application.round
    one = made.make_submitted(held, world.b.members[0])
    result = made.ResultFactory(decision=award.decision, application=one, told_at=None)
    assert waiting(world.a.manager, world) == [("inform", at("results", *room(held)))]
    Result.objects.filter(pk=result.pk).update(told_at=timezone.now())
    appeal = made.AppealFactory(application=one)
    assert waiting(world.a.manager, world) == [
        ("appeal", at("results", *room(held))),
        ("award", at("round-awards", *room(held))),
    ]
    type(appeal).objects.filter(pk=appeal.pk).update(state="refused")
    Result.objects.filter(pk=result.pk).update(standing="below")
    assert waiting(world.a.manager, world) == []


def test_an_answered_check_up_waits_to_be_looked_at(world):
    one = asked(give(world))
    assert waiting(world.a.manager, world) == []
    Checkup.objects.update(answered_at=timezone.now(), still_holds=True)
    [(text, _url)] = waiting(world.b.manager, world)
    assert text == "review"
    Checkup.objects.filter(pk=one.pk).update(reviewed_at=timezone.now())
    assert waiting(world.a.manager, world) == []


def test_my_day_tells_a_juror_what_waits(world):
    judged = make_judged(world)
    person = judged.greek.person
    url = at("own-jury", judged.greek.pk)
    assert tasks(person) == []
    one = submit(judged, world.b.members[0])
    assign(judged.greek, one)
    judged.set(decides_on=timezone.localdate() + 5 * DAY)
    [(title, text, found)] = tasks(person)
    assert (title, found) == ("Jury: Spring 2026", url)
    assert text.startswith("1 application is waiting for your scores. The jury decides on")
    Juror.objects.filter(pk=judged.greek.pk).update(declared_at=None)
    assert "declare any conflicts of interest" in tasks(person)[0][1]
    Juror.objects.filter(pk=judged.greek.pk).update(state="asked")
    assert "Do you accept?" in tasks(person)[0][1]
    Juror.objects.filter(pk=judged.greek.pk).update(state="out")
    assert tasks(person) == []
    # A manager reads all jurors of the room; what waits for them does not wait for her.
    assert all("Jury" not in title for title, _text, _url in tasks(world.a.manager))


def test_my_day_tells_an_applicant_and_a_holder_what_waits(world):
    person = world.a.representatives[0]
    assert tasks(person) == []
    award = ending(world, organisation=world.a.members[0])
    Result.objects.update(told_at=timezone.now() - 30 * DAY)
    checkup = asked(award)
    held = open_round(award, closes_at=timezone.now() + 5 * DAY)
    draft = made.ApplicationFactory(round=held, organisation=world.a.members[0], title="Harbours")
    made.QuestionFactory(application=draft)
    made.ResultFactory(decision=award.decision, application=draft)
    found = tasks(person)
    assert [url for _title, _text, url in found] == [
        at("application", draft.pk),
        at("application", draft.pk),
        at("own-checkup", award.pk, checkup.pk),
        at("own-result", draft.pk),
        at("own-award", award.pk),
    ]
    texts = " ".join(text for _title, text, _url in found)
    for said in (
        "have a question",
        "Answer by",
        "You haven’t submitted your application yet.",
        "has decided",
        "renew it now",
    ):
        assert said in texts
    for other in (world.a.representatives[1], world.b.representatives[0], world.nobody_special):
        assert tasks(other) == []


def test_my_day_tells_a_manager_what_waits_in_their_rooms(world):
    judged = make_judged(world, state="open")
    submit(judged, world.a.members[0])
    [(title, text, _url)] = tasks(world.a.manager)
    assert title == "Spring 2026"
    assert text == "Applications are waiting for you to check their eligibility."


def test_the_report_of_a_year_tells_of_labels(world):
    today = timezone.localdate()
    year = (today.replace(month=1, day=1), today.replace(month=12, day=31))
    assert list(find_chapters(world.partnership, *year)) == []
    award = give(world, issued_at=timezone.now())
    asked(
        award,
        kind="funding",
        amount=2500,
        currency="EUR",
        achieved="x",
        still_holds=True,
        answered_at=timezone.now(),
    )
    with acting_as(WEB, reader_of(world.a.ambassador)):
        [chapter] = find_chapters(world.partnership, *year)
    told = [(str(one.label), one.value, one.note) for one in chapter.figures]
    assert ("Applications for labels", "1", "") in told
    assert ("Awards issued", "1", "") in told
    assert ("Money raised", "€2,500", "reported by 1 project") in told


def test_public_pages_tell_of_the_awards_that_hold(world):
    award = give(world)
    give(world, held=award.application.round, revoked_at=timezone.now())
    [one] = count(1, find_results, world.partnership)
    assert (one.key, one.title, one.note, one.url) == (
        f"award:{award.pk}",
        "Nets",
        f"Atlas · {award.holder}",
        award_url(award.code),
    )
    assert one.room_url == at("award-room", world.partnership.pk, award.scheme_id, award.pk)


def test_jurors_of_a_cluster_that_leaves_step_out_and_awards_stay(world):
    award = give(world)
    judged = make_judged(world, title="Delta")
    application = submit(judged, world.b.members[0])
    given = assign(judged.greek, application)
    done = assign(judged.greek, submit(judged, world.b.members[1]), 3, 3, 3)
    with acting_as(WEB, reader_of(world.a.manager)):
        leave_with_party(
            reader_of(world.a.manager),
            world.partnership,
            party(world, world.a),
            "We go.",
            timezone.now(),
        )
    states = dict(Juror.objects.values_list("pk", "state"))
    assert states == {judged.greek.pk: "out", judged.french.pk: "in"}
    given.refresh_from_db()
    done.refresh_from_db()
    assert (given.state, done.state) == ("abstained", "done")
    assert Award.objects.get(pk=award.pk).revoked_at is None


def test_when_all_part_rounds_close_and_who_applies_is_told(world):
    award = give(world)
    held = open_round(award)
    ahead = open_round(award, opens_at=timezone.now() + DAY)
    judging = open_round(award, state="judging")
    draft = made.ApplicationFactory(
        round=held, organisation=world.a.members[1], person=world.a.representatives[1]
    )
    handed = made.make_submitted(judging, world.b.members[0])
    do(world.a.manager, end_partnership, partnership_id=world.partnership.pk, reason="It is done.")
    for one in (held, ahead):
        one.refresh_from_db()
    assert held.closes_at <= timezone.now()
    assert held.dropped_at is None
    assert ahead.dropped_at is not None
    written = set(
        Mail.objects.filter(key__contains=":undecided:").values_list("recipient", flat=True)
    )
    assert written == {draft.contact_email, world.a.representatives[1].email, handed.contact_email}
    award.refresh_from_db()
    assert award.revoked_at is None


def test_the_navigation_leads_members_to_their_labels_and_jurors_to_their_juries(world, sign_in):
    judged = make_judged(world)
    home = reverse("home")

    def led(person):
        html = sign_in(person).get(home).content.decode()
        return at("applications") in html, f'href="{at("own-juries")}"' in html

    assert led(world.a.representatives[0]) == (True, False)
    assert led(judged.greek.person) == (False, True)
    assert led(world.a.manager) == (False, False)
