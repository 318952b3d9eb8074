"""How it went: each party's own word, read by the two clusters and not by the other party."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel import jobs
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.meetings.models import Meeting, Rating
from proxeny.meetings.operations import ask_what_came_of_it, rate_meeting
from proxeny.meetings.queries import count_open_questions, count_outcome, list_questions
from proxeny.meetings.rules import wilson_interval
from tests.conftest import reader_of
from tests.factories.meetings import make_meeting

AFTER = datetime(2083, 3, 10, 18, 0, tzinfo=UTC)
LATER = datetime(2083, 10, 1, 9, 0, tzinfo=UTC)


def held_yesterday(meeting):
    start = timezone.now() - timedelta(days=1)
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=start, ends_at=start + timedelta(minutes=20)
    )


def rate(person, meeting, value, *, phase="day", now=AFTER, **terms):
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return rate_meeting(
            actor=reader, meeting_id=meeting.pk, phase=phase, value=value, now=now, **terms
        )


def test_each_party_has_its_own_word_and_may_change_it(world, meeting, reading):
    greek, french = world.a.representatives[0], world.b.representatives[0]
    rate(greek, meeting, "informative")
    rate(greek, meeting, "possible")
    rate(french, meeting, "no-interest")
    for person, values in (
        (greek, {"possible"}),
        (french, {"no-interest"}),
        (world.a.manager, {"possible", "no-interest"}),
        (world.b.manager, {"possible", "no-interest"}),
        (world.a.representatives[1], set()),
        (world.c.manager, set()),
        (None, set()),
    ):
        with reading(person):
            assert set(Rating.objects.values_list("value", flat=True)) == values


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (["possible"], "held"),
        (["not-held"], "missed"),
        (["not-held", "informative"], "held"),
        (["not-held", "not-held"], "missed"),
    ],
)
def test_a_meeting_counts_as_held_when_one_says_so(world, meeting, words, state):
    people = (world.a.representatives[0], world.b.representatives[0])
    for person, value in zip(people, words, strict=False):
        rate(person, meeting, value)
    meeting.refresh_from_db()
    assert meeting.state == state


def test_only_those_who_met_have_a_word(world, meeting):
    for person, error in (
        (world.a.manager, NotAllowed),
        (world.b.manager, NotAllowed),
        (world.a.representatives[1], NotFound),
        (world.c.manager, NotFound),
        (world.nobody_special, NotFound),
    ):
        with pytest.raises(error):
            rate(person, meeting, "possible")


def test_refusals(world, meeting):
    me = world.a.representatives[0]
    with pytest.raises(InvalidInput) as refused:
        rate(me, meeting, "agreement")
    assert refused.value.field == "value"
    with pytest.raises(Conflict, match="This meeting hasn’t started yet"):
        rate(me, meeting, "possible", now=datetime(2083, 3, 10, 7, 0, tzinfo=UTC))
    Meeting.objects.update(state=Meeting.State.CANCELLED)
    with pytest.raises(Conflict, match="cancelled"):
        rate(me, meeting, "possible")


def test_what_waits_for_a_word(world, meeting):
    me = world.a.representatives[0]
    reader = reader_of(me)
    with acting_as(WEB, reader):
        assert count_open_questions(reader, now=meeting.starts_at.replace(hour=7)) == 0
        assert count_open_questions(reader, now=AFTER) == 1
        (question,) = list_questions(reader, now=AFTER)
    assert (question.others, question.phase, question.value) == ("French member 1", "day", "")
    rate(me, meeting, "possible")
    with acting_as(WEB, reader):
        assert count_open_questions(reader, now=AFTER) == 0
        (question,) = list_questions(reader, now=LATER)
    assert (question.phase, question.value) == ("later", "")


def test_the_list_costs_the_same_with_more_meetings(world, meeting, django_assert_num_queries):
    reader = reader_of(world.a.representatives[0])
    with acting_as(WEB, reader), django_assert_num_queries(3):
        list_questions(reader, now=AFTER)
    for other in world.b.members[1:]:
        make_meeting(
            world.partnership, (world.a.members[0], world.a.representatives[0]), (other, None)
        )
    with acting_as(WEB, reader), django_assert_num_queries(3):
        assert len(list_questions(reader, now=AFTER)) == 3


def test_one_tap_on_the_page(world, meeting, sign_in):
    held_yesterday(meeting)
    client = sign_in(world.a.representatives[0])
    page = client.get(reverse("meetings:ratings")).content.decode()
    assert "1 meeting is waiting for your feedback" in page
    address = reverse("meetings:rate", args=[meeting.pk])
    part = client.post(
        address, {"phase": "day", "value": "possible"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert f'id="rate-{meeting.pk}"' in part
    assert "Cooperation possible" in part
    response = client.post(address, {"phase": "day", "value": "informative"}, follow=True)
    assert "Thank you. Your answer has been saved." in response.content.decode()
    response = client.post(address, {"phase": "day", "value": "odd"}, follow=True)
    assert "Choose an answer." in response.content.decode()


def test_the_page_is_for_people_and_shows_nothing_of_others(world, meeting, sign_in, client):
    held_yesterday(meeting)
    assert client.get(reverse("meetings:ratings")).status_code == 302
    for person in (world.a.representatives[1], world.a.manager, world.c.manager):
        page = sign_in(person).get(reverse("meetings:ratings")).content.decode()
        assert "No meetings to rate yet" in page
    address = reverse("meetings:rate", args=[meeting.pk])
    data = {"phase": "day", "value": "possible"}
    assert sign_in(world.c.manager).post(address, data).status_code == 404
    assert sign_in(world.a.manager).post(address, data).status_code == 403


def test_six_months_later_each_person_is_asked_once(world, meeting):
    rate(world.a.representatives[0], meeting, "possible")
    reader = reader_of(world.a.manager)

    def ask(now):
        with acting_as(WEB, reader):
            return ask_what_came_of_it(
                actor=reader,
                partnership_id=world.partnership.pk,
                meeting_ids=[meeting.pk],
                now=now,
            )

    with pytest.raises(Conflict, match="Six months"):
        ask(AFTER)
    job = ask(LATER)
    jobs.run(job.pk)
    assert ask(LATER).pk == job.pk
    Job.objects.update(state=Job.State.QUEUED)
    jobs.run(job.pk)
    assert set(Mail.objects.values_list("recipient", flat=True)) == {
        world.a.representatives[0].email,
        world.b.representatives[0].email,
    }
    assert Mail.objects.count() == 2
    assert "how-did-it-go" in Mail.objects.first().text


def test_only_managers_ask_later(world, meeting):
    reader = reader_of(world.a.representatives[0])
    with pytest.raises(NotAllowed), acting_as(WEB, reader):
        ask_what_came_of_it(
            actor=reader, partnership_id=world.partnership.pk, meeting_ids=[meeting.pk], now=LATER
        )


def test_the_chain_from_meeting_to_agreement(world, meeting):
    greek, french = world.a.representatives[0], world.b.representatives[0]
    other = make_meeting(
        world.partnership,
        (world.a.members[0], greek),
        (world.b.members[1], None),
        state=Meeting.State.CANCELLED,
    )
    rate(greek, meeting, "possible")
    rate(french, meeting, "possible")
    rate(greek, meeting, "negotiating", phase="later", now=LATER)
    rate(french, meeting, "agreement", phase="later", now=LATER, agreed="sale")
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        chain = count_outcome(Meeting.objects.filter(pk__in=[meeting.pk, other.pk]))
    assert (chain.planned, chain.cancelled, chain.held, chain.missed) == (1, 1, 1, 0)
    assert (chain.rated, chain.possible, chain.both) == (1, 1, 1)
    assert (chain.later, chain.cooperations, chain.agreements) == (1, 1, 1)
    assert chain.cooperation_rate.percent == 100
    assert round(chain.cooperation_rate.reference, 1) == 9.1
    assert round(chain.agreement_rate.reference, 1) == 1.2


def test_wilson_limits_are_the_published_ones():
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for successes, trials, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = wilson_interval(successes, trials)
        assert found == pytest.approx((low, high), abs=6e-5)
    assert wilson_interval(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="successes"):
        wilson_interval(2, 1)
