"""What studies tell the front page of a room: a figure, dates, and what waits."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.kernel.kinds import read_kinds
from proxeny.partnerships.models import Partnership
from proxeny.research.models import Study
from proxeny.research.room_facts import find_dates, find_tiles
from proxeny.research.waiting import find_waiting
from tests.conftest import reader_of
from tests.factories.research import (
    AdviceReviewFactory,
    DataRequestFactory,
    PackageFactory,
    PublicationFactory,
    StudyFactory,
)
from tests.factories.rooms import ActionFactory, RecommendationFactory
from tests.partnerships.rooms import TODAY, day

pytestmark = pytest.mark.django_db
State = Study.State


def _told(world, find):
    with CaptureQueriesContext(connection) as caught:
        found = list(read_kinds(find(world.partnership, TODAY)))
    assert len(caught) == 1
    return found


def _waiting(world):
    reader = reader_of(world.a.manager)
    with CaptureQueriesContext(connection) as caught:
        found = [
            one.key
            for one in read_kinds(find_waiting(reader, timezone.now(), world.partnership.pk))
        ]
    assert len(caught) == 1
    return found


def test_a_tile_counts_studies_under_way_and_their_late_steps(world):
    [tile] = _told(world, find_tiles)
    assert (tile.value, tile.note) == ("", "")
    StudyFactory(partnership=world.partnership)
    running = StudyFactory(partnership=world.partnership, state=State.RUNNING)
    [tile] = _told(world, find_tiles)
    assert (tile.value, tile.note) == ("1 under way", "")
    about = {"partnership": world.partnership, "origin": "study", "origin_id": running.pk}
    ActionFactory(**about, due_on=day(-2))
    ActionFactory(**about, due_on=day(-2), done_on=day(-1))
    ActionFactory(**about, due_on=day(2))
    ActionFactory(partnership=world.partnership, due_on=day(-2))
    StudyFactory(partnership=world.partnership, state=State.RUNNING, dropped_at=timezone.now())
    [tile] = _told(world, find_tiles)
    assert (tile.value, tile.note) == ("1 under way", "1 step overdue")


def test_dates_tell_when_studies_are_to_end(world):
    own = {"partnership": world.partnership, "state": State.RUNNING}
    StudyFactory(**own, title="Overdue", ends_on=day(-3))
    StudyFactory(**own, title="Soon", ends_on=day(30))
    StudyFactory(**own, title="Far", ends_on=day(400))
    StudyFactory(**own | {"state": State.CONCLUDED}, title="Past", ends_on=day(3))
    found = _told(world, lambda partnership, today: find_dates(None, partnership, today))
    assert [(one.text, one.is_late) for one in found] == [("Overdue", True), ("Soon", False)]


def test_what_asks_for_data_and_what_nobody_looked_at_waits(world):
    assert _waiting(world) == []
    study = StudyFactory(partnership=world.partnership)
    package = PackageFactory(study=study)
    publication = PublicationFactory(study=study)
    first, second, _granted = (
        DataRequestFactory(package=package, publication=publication, state=state)
        for state in ("asked", "asked", "granted")
    )
    requests = [f"data-request:{one.pk}:decide" for one in (first, second)]
    assert _waiting(world) == requests
    advice = RecommendationFactory(
        partnership=world.partnership,
        source="study",
        source_id=study.pk,
        state="proposed",
        addressee="all",
    )
    type(advice).objects.update(created_at=timezone.now() - timedelta(days=500))
    assert _waiting(world) == [f"recommendation:{advice.pk}:follow-up", *requests]
    AdviceReviewFactory(recommendation=advice, looked_on=day(-5))
    assert _waiting(world) == requests


def test_the_room_of_others_tells_nothing(world, reading):
    StudyFactory(partnership=world.partnership, state=State.RUNNING, ends_on=day(3))
    with reading(world.c.manager):
        room = Partnership(pk=world.partnership.pk)
        [tile] = find_tiles(room, TODAY)
        assert tile.value == ""
        assert list(read_kinds(find_dates(None, room, TODAY))) == []
