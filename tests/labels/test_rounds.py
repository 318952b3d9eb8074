"""Rounds: planned, published by a signed version, judged and discussed; and what stays."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.labels.models import Round, SchemeVersion
from proxeny.labels.operations import rounds
from proxeny.partnerships.operations import records
from tests.factories import labels as made
from tests.labels.juries import act, closed, fresh, juror, jury, plan
from tests.partnerships.rooms import do, others

pytestmark = pytest.mark.django_db


def change(person, held, **values):
    return do(
        person,
        records.change_record,
        kind="label-round",
        partnership_id=held.partnership_id,
        record_id=held.pk,
        version=fresh(held).version,
        values=values,
    )


def refused(caplog):
    return [one.kind for one in caplog.records if one.name == "proxeny.security"]


def test_a_round_is_published_by_the_newest_signed_version(world):
    held = plan(world)
    newest = made.SchemeVersionFactory(scheme=held.scheme, number=2)
    made.SchemeVersionFactory(scheme=held.scheme, number=3, published_at=None)
    act(world.b.manager, rounds.publish_round, held)
    now = fresh(held)
    assert (now.state, now.scheme_version_id) == ("open", newest.pk)
    assert now.published_at is not None
    entry = AuditEntry.objects.get(verb="open_round")
    assert entry.changes == {"title": "Spring 2026", "number": 2}


def test_a_round_is_published_once(world, caplog):
    held = plan(world)
    act(world.a.manager, rounds.publish_round, held)
    with (
        caplog.at_level(logging.INFO, "proxeny.security"),
        pytest.raises(Conflict, match="judged by the version it opened with"),
    ):
        act(world.b.manager, rounds.publish_round, held)
    assert refused(caplog) == ["round_version_again"]


def test_a_round_needs_a_signed_version_and_time(world):
    held = plan(world)
    SchemeVersion.objects.filter(scheme=held.scheme).update(withdrawn_at=timezone.now())
    with pytest.raises(Conflict, match="has been signed by all sides yet"):
        act(world.a.manager, rounds.publish_round, held)
    SchemeVersion.objects.filter(scheme=held.scheme).update(withdrawn_at=None)
    late = {
        "opens_at": datetime(2026, 1, 1, tzinfo=UTC),
        "closes_at": datetime(2026, 2, 1, tzinfo=UTC),
    }
    Round.objects.filter(pk=held.pk).update(**late)
    with pytest.raises(Conflict, match="would already be closed"):
        act(world.a.manager, rounds.publish_round, held)


def test_only_managers_move_a_round_on(world):
    held = plan(world)
    with pytest.raises(NotAllowed):
        act(world.a.ambassador, rounds.publish_round, held)
    for person in others(world).values():
        with pytest.raises(NotFound):
            act(person, rounds.publish_round, held)
    with pytest.raises(NotFound):
        act(juror(world, world.a, "Ioanna"), rounds.publish_round, held)


def test_it_is_taken_back_while_nobody_has_applied_and_drafts_follow_the_next_version(world):
    held = plan(world)
    act(world.a.manager, rounds.publish_round, held)
    draft = made.ApplicationFactory(round=fresh(held), organisation=world.b.members[0])
    act(world.a.manager, rounds.take_back_round, held)
    now = fresh(held)
    assert (now.state, now.scheme_version_id, now.published_at) == ("planned", None, None)
    second = made.SchemeVersionFactory(scheme=held.scheme, number=2)
    act(world.a.manager, rounds.publish_round, held)
    draft.refresh_from_db()
    assert draft.scheme_version_id == second.pk
    made.make_submitted(fresh(held), world.a.members[0])
    with pytest.raises(Conflict, match="Someone has applied, so this round stays published"):
        act(world.a.manager, rounds.take_back_round, held)


def test_after_publication_only_a_later_end_name_and_places_change(world):
    held = plan(world)
    act(world.a.manager, rounds.publish_round, held)
    held = fresh(held)
    later = held.closes_at + timedelta(days=3)
    change(world.b.manager, held, title="Spring", closes_at=later, places=9)
    now = fresh(held)
    assert (now.title, now.closes_at, now.places) == ("Spring", later, 9)
    for field, value in {
        "opens_at": now.opens_at + timedelta(hours=1),
        "zone": "Europe/Athens",
        "closes_at": now.closes_at - timedelta(hours=1),
    }.items():
        with pytest.raises(InvalidInput) as caught:
            change(world.a.manager, held, **{field: value})
        assert caught.value.field == field
    other = made.SchemeFactory(partnership=world.partnership)
    with pytest.raises(InvalidInput, match="it can’t be moved to another label"):
        change(world.a.manager, held, scheme=other.pk)
    with pytest.raises(Conflict, match="Unpublish it first"):
        do(
            world.a.manager,
            records.drop_record,
            kind="label-round",
            partnership_id=held.partnership_id,
            record_id=held.pk,
        )
    assert fresh(held).dropped_at is None


def test_an_end_never_moves_into_the_past(world):
    held = closed(world)
    with pytest.raises(InvalidInput, match="in the past"):
        change(world.a.manager, held, closes_at=held.closes_at + timedelta(minutes=1))
    change(world.a.manager, held, closes_at=timezone.now() + timedelta(days=1))


def test_places_changed_after_judging_began_are_refused_and_logged(world, caplog):
    held = closed(world, state="judging")
    with (
        caplog.at_level(logging.INFO, "proxeny.security"),
        pytest.raises(
            InvalidInput, match="the number of places that applicants saw can’t change"
        ) as caught,
    ):
        change(world.a.manager, held, places=30)
    assert caught.value.field == "places"
    assert refused(caplog) == ["round_places_judged"]
    assert fresh(held).places == 2
    change(world.a.manager, held, title="Spring, judged")


def test_the_database_keeps_a_published_threshold(world):
    held = closed(world, state="discussing")
    version = held.scheme_version
    content = {**version.content, "total_least": "10"}
    with (
        pytest.raises(IntegrityError, match="a published scheme does not change"),
        transaction.atomic(),
    ):
        SchemeVersion.objects.filter(pk=version.pk).update(content=content)
    assert SchemeVersion.objects.get(pk=version.pk).content["total_least"] == "60.00"


def test_a_planned_round_in_an_unknown_zone_is_refused(world):
    held = plan(world)
    with pytest.raises(InvalidInput) as caught:
        change(world.a.manager, held, zone="Europe/Atlantis")
    assert caught.value.field == "zone"


def test_judging_begins_once_it_has_closed_with_jurors_of_each_side(world):
    held = closed(world)
    Round.objects.filter(pk=held.pk).update(closes_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(Conflict, match="Applications are still open"):
        act(world.a.manager, rounds.begin_judging, held)
    Round.objects.filter(pk=held.pk).update(closes_at=timezone.now() - timedelta(hours=1))
    with pytest.raises(Conflict, match="Greek cluster, French cluster"):
        act(world.a.manager, rounds.begin_judging, held)
    juror(world, world.a, "Ioanna", held, declared=False)
    with pytest.raises(Conflict, match="There’s no one on the jury yet for: French cluster"):
        act(world.a.manager, rounds.begin_judging, held)
    juror(world, world.b, "Jules", held, state="asked", declared=False)
    act(world.a.manager, rounds.begin_judging, held)
    assert fresh(held).state == "judging"
    mails = Mail.objects.filter(key__startswith="label-jury:")
    assert {one.subject for one in mails} == {"Before you start: the applicants for “Atlas”"}
    assert mails.count() == 2


def test_nobody_judges_a_round_without_applications(world):
    held = closed(world)
    held.applications.update(state="withdrawn")
    jury(world, held, 1)
    with pytest.raises(Conflict, match="No one has applied in this round"):
        act(world.a.manager, rounds.begin_judging, held)


def test_discussing_begins_when_all_is_scored_or_with_a_reason(world):
    held = closed(world, state="judging", applicants=world.a.members[:1])
    first, second = jury(world, held, 1)
    application = held.applications.get()
    with pytest.raises(InvalidInput, match="1 application is missing a juror") as caught:
        act(world.a.manager, rounds.begin_discussing, held)
    assert caught.value.field == "why"
    given = [made.AssignmentFactory(juror=one, application=application) for one in (first, second)]
    with pytest.raises(InvalidInput, match="2 evaluations aren’t finished"):
        act(world.a.manager, rounds.begin_discussing, held)
    act(world.a.manager, rounds.begin_discussing, held, why="Jules is ill.")
    assert fresh(held).state == "discussing"
    assert AuditEntry.objects.get(verb="begin_discussing").why == "Jules is ill."
    with pytest.raises(InvalidInput, match="Give a reason in a few words"):
        act(world.b.manager, rounds.resume_judging, held, why=" ")
    act(world.b.manager, rounds.resume_judging, held, why="He is back.")
    for one in given:
        one.state = "done"
        one.save()
    act(world.a.manager, rounds.begin_discussing, held)
    assert fresh(held).state == "discussing"


def test_who_saw_an_older_version_is_told(world):
    held = plan(world)
    with pytest.raises(Conflict, match="Someone else has changed this"):
        act(world.a.manager, rounds.publish_round, held, version=held.version + 1)
