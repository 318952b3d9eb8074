"""What studies tell the front page of a room: a figure, dates, and what waits."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.partnerships.models import Partnership
from proxeny.research.models import Study
from proxeny.research.room_facts import find_dates, find_tiles, find_waiting
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
        found = list(find(world.partnership, TODAY))
    assert len(caught) == 1
    return found


def _waiting(world):
    reader = reader_of(world.a.manager)
    with CaptureQueriesContext(connection) as caught:
        found = [one.text for one in find_waiting(reader, world.partnership, TODAY)]
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
    assert (tile.value, tile.note) == ("1 under way", "1 step late")


def test_dates_tell_when_studies_are_to_end(world):
    own = {"partnership": world.partnership, "state": State.RUNNING}
    StudyFactory(**own, title="Late", ends_on=day(-3))
    StudyFactory(**own, title="Soon", ends_on=day(30))
    StudyFactory(**own, title="Far", ends_on=day(400))
    StudyFactory(**own | {"state": State.CONCLUDED}, title="Over", ends_on=day(3))
    found = _told(world, lambda partnership, today: find_dates(None, partnership, today))
    assert [(one.text, one.is_late) for one in found] == [("Late", True), ("Soon", False)]


def test_what_asks_for_data_and_what_nobody_looked_at_waits(world):
    assert _waiting(world) == []
    study = StudyFactory(partnership=world.partnership)
    package = PackageFactory(study=study)
    publication = PublicationFactory(study=study)
    for state in ("asked", "asked", "granted"):
        DataRequestFactory(package=package, publication=publication, state=state)
    assert _waiting(world) == ["2 requests for data wait for your decision."]
    advice = RecommendationFactory(
        partnership=world.partnership, source="study", source_id=study.pk, state="proposed",
        addressee="all",
    )  # fmt: skip
    type(advice).objects.update(created_at=timezone.now() - timedelta(days=500))
    text = "1 recommendation of a study was not looked at for a year."
    assert _waiting(world)[1:] == [text]
    AdviceReviewFactory(recommendation=advice, looked_on=day(-5))
    assert len(_waiting(world)) == 1


def test_the_room_of_others_tells_nothing(world, reading):
    StudyFactory(partnership=world.partnership, state=State.RUNNING, ends_on=day(3))
    with reading(world.c.manager):
        room = Partnership(pk=world.partnership.pk)
        [tile] = find_tiles(room, TODAY)
        assert tile.value == ""
        assert list(find_dates(None, room, TODAY)) == []
