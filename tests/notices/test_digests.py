"""The daily and the weekly mail: what was told since, what waits, and nothing twice."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from proxeny.kernel import jobs
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.tenancy import SERVICE, STRANGER, enter
from proxeny.kernel.waiting import Waiting
from proxeny.notices import tasks
from proxeny.notices.models import Hours, Notice
from proxeny.notices.operations import Overview, write_digest
from tests.factories.accounts import PersonFactory
from tests.factories.notices import ChoiceFactory, HoursFactory, NoticeFactory

#: A Monday, at ten in UTC.
MONDAY = datetime(2026, 6, 8, 10, tzinfo=UTC)
DAY = timedelta(days=1)
SIGN = Waiting(
    "agreement:1:sign", "A text to sign", "Athens has signed.", "/partnerships/1/", "Sign"
)
ANSWER = Waiting(
    "introduction:1:time", "An introduction", "They ask for a time.", "/introductions/", "Answer"
)


@contextmanager
def as_anybody(_person_id):
    yield STRANGER


def write(person, now=MONDAY, *, waiting=(), meetings=()):
    return write_digest(
        person_id=person.pk,
        now=now,
        reading=as_anybody,
        overview=lambda reader, moment: Overview(tuple(waiting), tuple(meetings)),
    )


@pytest.fixture
def person(db):
    return PersonFactory(time_zone="UTC")


def test_what_was_told_since_comes_in_one_mail(person):
    one = NoticeFactory(person=person, topic="events", way="daily", title="A new agenda")
    two = NoticeFactory(person=person, topic="offers", way="daily", title="Published", path="")
    NoticeFactory(person=person, way="weekly", title="Another day")
    NoticeFactory(person=person, way="page", title="Not by mail")
    NoticeFactory(person=PersonFactory(), way="daily", title="Of somebody else")
    tuesday = MONDAY + DAY
    assert write(person, tuesday)
    mail = Mail.objects.get()
    assert mail.recipient == person.email
    for text in (mail.text, mail.html):
        assert "A new agenda" in text
        assert "Published" in text
        assert f"/notices/{one.pk}/" in text
        assert f"/notices/{two.pk}/" not in text
        assert "Another day" not in text
        assert "Not by mail" not in text
        assert "somebody else" not in text
    assert mail.headers["List-Unsubscribe"]
    assert not write(person, tuesday + timedelta(hours=2))
    assert not write(person, tuesday + DAY)
    assert Mail.objects.count() == 1


def test_what_was_read_on_the_page_is_not_told_again(person):
    NoticeFactory(person=person, way="daily", read_at=MONDAY)
    assert not write(person, MONDAY + DAY)
    assert Notice.objects.get().mailed_at is not None
    assert not Mail.objects.exists()


def test_on_monday_it_is_told_what_waits_and_what_comes_next(person):
    assert write(person, waiting=[SIGN, ANSWER], meetings=["On Tuesday with Lumiaire"])
    mail = Mail.objects.get()
    assert mail.subject == "2 items are waiting for you on Proxeny"
    for text in ("A text to sign", "/introductions/", "On Tuesday with Lumiaire"):
        assert text in mail.text
        assert text in mail.html
    # Not on Tuesday, and again in a week.
    assert not write(person, MONDAY + DAY, waiting=[SIGN, ANSWER])
    assert write(person, MONDAY + 7 * DAY, waiting=[SIGN])


def test_with_nothing_that_waits_there_is_no_mail(person):
    assert not write(person, meetings=["On Tuesday with Lumiaire"])
    assert not Mail.objects.exists()


def test_who_wants_it_daily_hears_only_of_something_new(person):
    ChoiceFactory(person=person, topic="week", way="daily")
    assert write(person, MONDAY, waiting=[SIGN])
    assert not write(person, MONDAY + DAY, waiting=[SIGN])
    assert write(person, MONDAY + 2 * DAY, waiting=[SIGN, ANSWER])
    assert not write(person, MONDAY + 3 * DAY, waiting=[ANSWER])
    # What was done and comes again is new.
    assert write(person, MONDAY + 4 * DAY, waiting=[SIGN, ANSWER])


def test_who_wants_none_of_it_gets_none(person):
    ChoiceFactory(person=person, topic="week", way="page")
    assert not write(person, waiting=[SIGN])


def test_not_before_the_hour_and_not_to_who_is_gone(person):
    HoursFactory(person=person, digest_hour=11)
    NoticeFactory(person=person, way="daily")
    assert not write(person)
    person.erased_at = MONDAY
    person.save()
    assert not write(person, MONDAY + timedelta(hours=3))
    assert not write(PersonFactory(account=None, email="x@example.org"))


def test_of_very_many_the_rest_is_counted(person):
    for _ in range(43):
        NoticeFactory(person=person, way="daily")
    write(person, MONDAY + DAY)
    assert "And 3 more on your page." in Mail.objects.get().text
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_a_title_is_no_markup(person):
    NoticeFactory(person=person, way="daily", title="<b>Bold</b>", text="<script>")
    write(person, MONDAY + DAY)
    mail = Mail.objects.get()
    assert "<b>Bold</b>" in mail.text
    assert "<b>Bold</b>" not in mail.html
    assert "<script>" not in mail.html


def test_the_job_writes_to_all_whose_hour_has_come(world):
    early, late = world.a.manager, world.b.manager
    for one in (early, late):
        NoticeFactory(person=one, way="daily")
    hour = datetime.now(UTC).hour
    HoursFactory(person=early, digest_hour=0)
    # Whoever asks for the last hour of the day waits, but in that hour itself.
    HoursFactory(person=late, digest_hour=23)
    for one in (early, late):
        one.time_zone = "UTC"
        one.save()
    job = Job.objects.create(kind="notices.digest", key="n:1", arguments={})
    jobs.run(job.pk)
    enter(SERVICE)
    written = set(
        Mail.objects.filter(key__startswith="notices:").values_list("recipient", flat=True)
    )
    assert early.email in written
    assert (late.email in written) == (hour == 23)
    assert Job.objects.get(pk=job.pk).state == "done"


def test_once_an_hour_one_job_is_queued(db):
    for moment in (MONDAY, MONDAY + timedelta(minutes=20), MONDAY + timedelta(hours=1)):
        tasks.start_digests(moment)
    assert Job.objects.filter(kind="notices.digest").count() == 2


def test_looking_who_is_due_is_one_query(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        tasks.due_people(MONDAY)
    assert Hours.objects.count() == 0


def test_news_of_one_object_is_one_entry_that_leads_to_the_newest(person):
    for number in (1, 2, 3):
        newest = NoticeFactory(
            person=person, topic="events", way="daily", title=f"Move {number}", path="/events/7/"
        )
    NoticeFactory(person=person, topic="events", way="daily", title="Else", path="/events/8/")
    assert write(person, MONDAY + DAY)
    mail = Mail.objects.get()
    for text in (mail.text, mail.html):
        assert text.index("Move 3") < text.index("Move 2") < text.index("Move 1")
        assert "Else" in text
    assert f"/notices/{newest.pk}/" in mail.text
