"""Vectors of meaning: worked out by a job, kept by text, looked up when matching."""

import numpy as np
import pytest

from proxeny.directory.models import Listing, ProfileVector
from proxeny.directory.operations import meaning, ranking
from proxeny.directory.queries.matching import without_vectors
from proxeny.directory.tasks import start_reading_meaning
from proxeny.kernel import jobs
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from tests.conftest import reader_of
from tests.directory.test_matching import NOW, say


class Letters:
    """A small model of its own: how often each letter stands in a text."""

    name = "letters-1"

    def __call__(self, texts):
        counts = [[text.lower().count(chr(97 + place)) for place in range(26)] for text in texts]
        return np.asarray(counts, dtype=np.float32) + 0.01


@pytest.fixture
def letters(settings):
    settings.MATCHING_MODEL = "tests.directory.test_meaning.Letters"


def _read() -> Job:
    with acting_as(SERVICE):
        start_reading_meaning(NOW)
    job = Job.objects.get(kind="directory.read-meaning")
    jobs.run(job.pk)
    enter(SERVICE)
    return job


def test_the_job_reads_what_is_new_and_what_changed(world, letters):
    say(world.a.members[0], "need", "Sensors")
    _read()
    count = 2 * len({*ProfileVector.objects.values_list("organisation_id", flat=True)})
    assert ProfileVector.objects.filter(model="letters-1").count() == count > 0
    assert without_vectors(model="letters-1", most=10) == []
    changed = say(world.a.members[1], "offer", "Castings")
    assert without_vectors(model="letters-1", most=10) == [changed.organisation_id]
    assert without_vectors(model="another", most=100)


def test_a_kept_vector_is_found_by_its_text(world, letters):
    member = world.a.members[0]
    say(member, "need", "Sensors")
    _read()
    look_up = meaning.kept_meaning([member.pk])
    told, unknown = look_up(["Sensors", "Something else"])
    assert told.any()
    assert not unknown.any()


def test_matching_uses_the_vectors_and_says_so(world, letters):
    own, other = world.a.members[0], world.b.members[0]
    say(own, "need", "Sensors")
    say(other, "offer", "Censors", language="fr")
    person = world.a.representatives[0]
    _read()
    with acting_as(WEB, reader_of(person)):
        market = ranking.load_market(
            actor=reader_of(person), organisation_id=own.pk, today=NOW.date()
        )
    found = ranking.rank_partners(market, report=lambda step, percent: None).proposals
    assert other.pk in [one["target"] for one in found]
    reasons = next(one["reasons"] for one in found if one["target"] == other.pk)
    assert "meaning" in [one["kind"] for one in reasons]


@pytest.mark.parametrize("path", ["", "proxeny.engine.matching.nowhere.Model"])
def test_without_a_model_words_alone_are_matched(world, settings, path):
    settings.MATCHING_MODEL = path
    say(world.a.members[0], "need", "Sensors")
    with acting_as(SERVICE):
        start_reading_meaning(NOW)
    assert not Job.objects.filter(kind="directory.read-meaning").exists()
    assert meaning.kept_meaning([world.a.members[0].pk]) is None
    assert Listing.objects.exists()
