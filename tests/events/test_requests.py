"""Marks: saved, limited, refused after the deadline, and never shown to the one marked."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection

from proxeny.events import operations as ops
from proxeny.events.models import Event, GroupRule, MeetingRequest, Participation
from proxeny.events.queries import (
    counterparts_of,
    get_participation,
    own_counts,
    request_counts,
    requests_of,
    unanswered_of,
)
from proxeny.events.rules import MUST_LIMIT
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as
from tests.conftest import reader_of
from tests.factories.directory import ListingFactory, OrganisationFactory
from tests.factories.events import ParticipationFactory
from tests.factories.world import make_event, make_world
from tests.stages import staged

NOW = datetime(2083, 1, 10, 9, 0, tzinfo=UTC)


@staged
def made(world):
    return make_event(world)


def mark(reader, source, target, kind="wish", **values):
    return ops.set_request(
        actor=reader,
        participation_id=source.pk,
        target_id=target.pk,
        kind=kind,
        **{"now": NOW, **values},
    )


def test_a_mark_is_set_changed_and_taken_back(world, made, acting):
    with acting(world.a.representatives[0]) as reader:
        first = mark(reader, made.greek[0], made.french[0], "must", note="Their engine")
        again = mark(reader, made.greek[0], made.french[0], "wish")
        assert (again.pk, again.kind) == (first.pk, "wish")
        assert MeetingRequest.objects.get().note == "Their engine"
        assert mark(reader, made.greek[0], made.french[0], "wish", note="").note == ""
        values = {"participation_id": made.greek[0].pk, "target_id": made.french[0].pk}
        for _again in range(2):
            ops.clear_request(actor=reader, **values, now=NOW)
            assert not MeetingRequest.objects.exists()
        assert AuditEntry.objects.filter(verb="clear_request").count() == 1
        assert own_counts(made.greek[0]).must == 0


def test_own_cluster_marks_on_behalf_others_do_not(world, made, acting):
    with acting(world.a.manager) as reader:
        mark(reader, made.greek[0], made.french[0])
    for person, error in (
        (world.b.manager, NotAllowed),
        (world.a.representatives[1], NotAllowed),
        (world.c.manager, NotFound),
        (world.nobody_special, NotFound),
    ):
        with acting(person) as reader, pytest.raises(error):
            mark(reader, made.greek[0], made.french[1])


@pytest.mark.parametrize("kind", ["must", "wish", "no-thanks"])
def test_the_marked_side_never_reads_a_mark(world, made, acting, kind):
    with acting(world.a.representatives[0]) as reader:
        mark(reader, made.greek[0], made.french[0], kind, note="A secret reason")
    readers = [
        *world.b.representatives,
        world.b.ambassador,
        world.a.representatives[1],
        world.c.manager,
        world.nobody_special,
    ]
    for person in readers:
        with acting(person):
            assert not MeetingRequest.objects.exists(), person.name
            assert not AuditEntry.objects.filter(verb="set_request").exists(), person.name
    with acting(world.b.manager):
        # Organisers of both sides make the agenda; a refusal stays with its own cluster.
        assert MeetingRequest.objects.exists() == (kind != "no-thanks")
        assert not AuditEntry.objects.filter(verb="set_request").exists()


def test_the_other_side_cannot_write_a_mark_in_the_database(world, made, acting):
    with pytest.raises(ProgrammingError, match="row-level security"), acting(world.b.manager):
        MeetingRequest.objects.create(
            event=made.event, source=made.greek[0], target=made.french[0], kind="wish"
        )


def test_deadline_and_state_are_told_in_the_sentence(world, made, acting):
    after = made.event.deadline_at + timedelta(seconds=1)
    with acting(world.a.representatives[0]) as reader:
        mark(reader, made.greek[0], made.french[0], now=made.event.deadline_at)
        with pytest.raises(Conflict, match=r"Requests closed on 1 March 2083, 14:00 \(Athens\)"):
            mark(reader, made.greek[0], made.french[0], now=after)
        with pytest.raises(Conflict):
            ops.clear_request(
                actor=reader,
                participation_id=made.greek[0].pk,
                target_id=made.french[0].pk,
                now=after,
            )
    Event.objects.update(state=Event.State.CLOSED)
    with acting(world.a.representatives[0]) as reader, pytest.raises(Conflict, match="closed"):
        mark(reader, made.greek[0], made.french[0])


def test_bad_marks_get_a_sentence(world, made, acting):
    with acting(world.a.representatives[0]) as reader:
        with pytest.raises(InvalidInput, match="“Must meet”, “Want to meet” or “No thanks”"):
            mark(reader, made.greek[0], made.french[0], "love")
        with pytest.raises(InvalidInput, match="yourself"):
            mark(reader, made.greek[0], made.greek[0])
        with pytest.raises(InvalidInput, match="rules don’t allow your group"):
            mark(reader, made.greek[0], made.greek[1])
        with pytest.raises(InvalidInput, match="up to 300 characters"):
            mark(reader, made.greek[0], made.french[0], note="x" * 301)
        with pytest.raises(NotFound):
            ops.set_request(
                actor=reader, participation_id=made.greek[0].pk, target_id=0, kind="wish", now=NOW
            )


def test_target_of_another_event_is_not_found(world, made, acting):
    other = make_event(world)
    with acting(world.a.representatives[0]) as reader, pytest.raises(NotFound):
        mark(reader, made.greek[0], other.french[0])


def test_only_registered_participants_mark_and_are_marked(world, made, acting):
    Participation.objects.filter(pk=made.french[0].pk).update(state="withdrawn")
    Participation.objects.filter(pk=made.greek[1].pk).update(state="invited")
    with acting(world.a.representatives[0]) as reader, pytest.raises(NotFound):
        mark(reader, made.greek[0], made.french[0])
    with acting(world.a.representatives[1]) as reader, pytest.raises(Conflict, match="Register"):
        mark(reader, made.greek[1], made.french[1])


def _more_french(world, made, count):
    return [
        ParticipationFactory(
            event=made.event,
            organisation=OrganisationFactory(steward=world.b.cluster, name=f"More {number:02}"),
            group=made.french[0].group,
        )
        for number in range(count)
    ]


def test_must_is_limited_and_a_change_of_mind_is_not(world, made, acting):
    more = _more_french(world, made, MUST_LIMIT + 1)
    with acting(world.a.representatives[0]) as reader:
        for one in more[:MUST_LIMIT]:
            mark(reader, made.greek[0], one, "must")
        mark(reader, made.greek[0], more[0], "must")
        with pytest.raises(InvalidInput, match="already have 5 “Must meet”"):
            mark(reader, made.greek[0], more[-1], "must")
        mark(reader, made.greek[0], more[0], "wish")
        mark(reader, made.greek[0], more[-1], "must")
        counts = own_counts(made.greek[0])
    assert (counts.must, counts.wish, counts.missing, counts.percent) == (5, 1, 2, 75)


def test_who_is_asked_without_asking_back_may_still_refuse(world, made, acting):
    GroupRule.objects.filter(source=made.french[0].group).update(is_allowed=False)
    with acting(world.b.representatives[0]) as reader:
        own = get_participation(made.french[0].pk)
        assert counterparts_of(own).count() == 3
        with pytest.raises(InvalidInput, match="rules don’t allow your group"):
            mark(reader, own, made.greek[0], "wish")
        assert mark(reader, own, made.greek[0], "no-thanks").kind == "no-thanks"
    with acting(world.a.representatives[0]):
        assert counterparts_of(get_participation(made.greek[0].pk)).count() == 3


def test_counterparts_are_searched_and_filtered(world, made, acting):
    organisation = made.french[1].organisation
    organisation.sectors = ["Games"]
    organisation.save()
    ListingFactory(organisation=organisation, direction="need", title="Musicians")
    with acting(world.a.representatives[0]) as reader:
        own = get_participation(made.greek[0].pk)
        mark(reader, own, made.french[0], "must")

        def names(**values):
            return [one.organisation.name[-1] for one in counterparts_of(own, **values)]

        assert names() == ["1", "2", "3"]
        assert names(search="MEMBER 3") == ["3"]
        assert names(sector="Games") == ["2"]
        assert names(listing="need") == ["2"]
        assert names(marked="yes") == names(marked="must") == ["1"]
        assert names(marked="no") == ["2", "3"]
        assert [one.mark for one in counterparts_of(own)] == ["must", None, None]
        assert [one.kind for one in requests_of(own)] == ["must"]


def test_organisers_see_counts_and_who_is_missing(world, made, acting):
    with acting(world.a.representatives[0]) as reader:
        mark(reader, made.greek[0], made.french[0], "must")
        mark(reader, made.greek[0], made.french[1], "no-thanks")
    with acting(world.b.representatives[0]) as reader:
        mark(reader, made.french[0], made.greek[0], "wish")
    for manager in (world.a.manager, world.b.manager):
        with acting(manager):
            counts = request_counts(made.event)
            assert (counts[made.greek[0].pk].given, counts[made.greek[0].pk].received) == (1, 1)
            assert made.french[1].pk not in counts
            assert {one.pk for one in unanswered_of(made.event)} == {
                one.pk for one in [*made.greek[1:], *made.french[1:]]
            }


@pytest.mark.django_db(transaction=True)
def test_two_marks_at_once_leave_one_and_keep_the_limit(transactional_db):
    with acting_as(SERVICE):
        world = make_world()
        made = make_event(world)
        targets = [*made.french, *_more_french(world, made, 5)]
    reader = reader_of(world.a.representatives[0])
    results = []

    def click(target):
        try:
            with acting_as(WEB, reader):
                mark(reader, made.greek[0], target, "must")
            results.append("saved")
        except InvalidInput:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=click, args=(one,)) for one in [*targets, targets[0]]]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with acting_as(SERVICE):
        assert MeetingRequest.objects.filter(kind="must").count() == MUST_LIMIT
        assert MeetingRequest.objects.filter(target=targets[0]).count() <= 1
    assert results.count("saved") in (MUST_LIMIT, MUST_LIMIT + 1)
