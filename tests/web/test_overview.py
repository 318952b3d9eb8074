"""What the mail of the week tells, and the end of long work as a notice."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone, translation

from proxeny.kernel import jobs
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.jobs import running
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from proxeny.notices.models import Notice
from proxeny.notices.overviews import overview_of
from proxeny.web.overview import tell_ended
from tests.conftest import reader_of
from tests.factories.meetings import make_meeting
from tests.factories.notices import HoursFactory
from tests.factories.partnerships import (
    AgreementFactory,
    PartnershipFactory,
    PartyFactory,
    SignOffFactory,
)

NOW = timezone.now()


def _meeting(world):
    begins = NOW + timedelta(days=3)
    parties = [(side.members[0], side.representatives[0]) for side in (world.a, world.b)]
    return make_meeting(
        world.partnership, *parties, starts_at=begins, ends_at=begins + timedelta(hours=1)
    )


def _waiting(world):
    """A's text that waits for B's signature."""
    made = PartnershipFactory(title="Olive and Silk", lead=world.a.cluster)
    parties = [
        PartyFactory(partnership=made, organisation=side.cluster, side=letter)
        for letter, side in (("A", world.a), ("B", world.b))
    ]
    SignOffFactory(agreement=AgreementFactory(partnership=made), party=parties[0])


def test_each_side_reads_its_own_day(world):
    _meeting(world)
    for mine, other in ((world.a, world.b), (world.b, world.a)):
        reader = reader_of(mine.representatives[0])
        with acting_as(WEB, reader):
            (told,) = overview_of(reader, NOW).meetings
        assert other.members[0].name in told
        assert mine.members[0].name not in told
    stranger = reader_of(world.nobody_special)
    with acting_as(WEB, stranger):
        assert overview_of(stranger, NOW).meetings == ()


def test_what_waits_leads_to_where_it_is_done(world):
    _waiting(world)
    reader = reader_of(world.b.manager)
    with acting_as(WEB, reader):
        waiting = overview_of(reader, NOW).waiting
    assert waiting
    assert all(one.url.startswith("/") and one.title and one.text for one in waiting)


def test_the_mail_of_the_week_is_written_with_each_ones_eyes(world):
    person = world.b.manager
    person.time_zone = "UTC"
    person.save()
    HoursFactory(person=person, digest_hour=0, digest_weekday=datetime.now(UTC).isoweekday())
    _waiting(world)
    job = Job.objects.create(kind="notices.digest", key="n:1", arguments={})
    jobs.run(job.pk)
    enter(SERVICE)
    mail = Mail.objects.get(key__startswith="notices:", recipient=person.email)
    assert "wait" in mail.subject
    assert "Waiting for you" in mail.text


def _job(person, *, took_s: int, **values) -> Job:
    return Job.objects.create(
        kind="directory.find-matches",
        key=f"j:{took_s}:{values}",
        person_id=person.pk,
        arguments={"organisation_id": 7},
        created_at=NOW - timedelta(seconds=took_s),
        finished_at=NOW,
        **{"state": "done", **values},
    )


def test_who_may_have_left_is_told_that_it_is_ready(world):
    person = world.a.manager
    tell_ended(_job(person, took_s=2))
    assert not Notice.objects.exists()
    tell_ended(_job(person, took_s=60))
    notice = Notice.objects.get()
    assert (notice.person, notice.topic, notice.way) == (person, "work", "page")
    assert notice.title == "Finished: Looking for partners"
    assert notice.path == "/directory/7/matches/"
    assert not Mail.objects.exists()


def test_what_failed_is_told_at_once_and_in_ones_language(world):
    person = world.b.manager
    person.language = "fr"
    person.save()
    tell_ended(_job(person, took_s=1, state="failed", error="Personne à comparer."))
    notice = Notice.objects.get()
    with translation.override("fr"):
        assert notice.text == "Personne à comparer."


def test_what_nobody_started_or_somebody_stopped_is_told_to_nobody(world):
    tell_ended(_job(world.a.manager, took_s=60, state="stopped"))
    Job.objects.update(person_id=None, state="done")
    tell_ended(Job.objects.get())
    assert not Notice.objects.exists()


def test_the_end_of_a_job_is_told_by_whoever_runs_it(world):
    @jobs.job("tests.refuses")
    def refuse(context: jobs.JobContext) -> None:
        raise InvalidInput("There is nothing to do.")

    from proxeny.web import failed

    failed.TITLES["tests.refuses"] = "Trying something"
    try:
        job = Job.objects.create(
            kind="tests.refuses", key="r:1", person_id=world.a.manager.pk, arguments={}
        )
        jobs.run(job.pk)
    finally:
        failed.TITLES.pop("tests.refuses")
        running._registry.pop("tests.refuses")
    enter(SERVICE)
    assert Notice.objects.get().text == "There is nothing to do."
