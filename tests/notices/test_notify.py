"""Telling people: on the page at once, by mail as each wants it, and never twice."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core import signing
from django.db import connection
from django.utils import timezone

from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.notices.models import Choice, Hours, Notice
from proxeny.notices.operations import is_told, tell
from tests.conftest import reader_of
from tests.factories.accounts import PersonFactory
from tests.factories.notices import ChoiceFactory, HoursFactory

TEMPLATE = "meetings/mail/later"


def say(person, *, topic="meetings", key="k:1", **more):
    context = {"name": person.name, "count": 1, "action_url": f"{settings.BASE_URL}/ratings/"}
    return tell(person, topic=topic, key=key, template=TEMPLATE, context=context, **more)


def test_it_stands_on_the_page_and_goes_by_mail(db):
    person = PersonFactory(language="fr")
    assert say(person)
    notice, mail = Notice.objects.get(), Mail.objects.get()
    assert (notice.person, notice.topic, notice.path) == (person, "meetings", "/ratings/")
    assert notice.title == mail.subject
    assert notice.text.startswith("Il y a six mois")
    assert notice.mailed_at is not None
    assert mail.recipient == person.email
    # Why it came, and how to get fewer, stand at the end; a mail program may offer it by itself.
    assert "Vous participez à cette rencontre" in mail.text or "fewer/" in mail.text
    assert "/notices/fewer/" in mail.text
    assert "/notices/fewer/" in mail.html
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.headers["List-Unsubscribe"].startswith(f"<{settings.BASE_URL}/notices/fewer/")


def test_the_same_key_is_told_once(db):
    person = PersonFactory()
    assert [say(person), say(person)] == [True, False]
    assert (Notice.objects.count(), Mail.objects.count()) == (1, 1)
    assert is_told("k:1")
    assert not is_told("k:2")


@pytest.mark.parametrize("way", ["daily", "weekly", "page"])
def test_who_wants_it_later_or_not_by_mail_gets_it_on_the_page_alone(db, way):
    person = PersonFactory()
    ChoiceFactory(person=person, topic="meetings", way=way)
    ChoiceFactory(person=person, topic="events", way="now")
    assert say(person)
    assert Notice.objects.get().way == way
    assert Notice.objects.get().mailed_at is None
    assert not Mail.objects.exists()
    say(person, topic="events", key="k:2")
    assert Mail.objects.get().key == "k:2"


def test_what_one_follows_comes_once_a_day_as_long_as_nobody_chose(db):
    say(PersonFactory(), topic="following")
    assert Notice.objects.get().way == "daily"
    assert not Mail.objects.exists()


def test_what_a_calendar_lives_on_comes_in_any_case(db):
    person = PersonFactory()
    ChoiceFactory(person=person, topic="meetings", way="page")
    say(person, calendar="BEGIN:VCALENDAR", calendar_method="REQUEST")
    assert Mail.objects.get().calendar_method == "REQUEST"


def test_who_has_no_sign_in_gets_the_mail_alone(db):
    person = PersonFactory(account=None, email="guest@example.org")
    assert say(person)
    assert not Notice.objects.exists()
    assert "/notices/" not in Mail.objects.get().text + Mail.objects.get().html
    assert not say(person)


def test_in_quiet_hours_the_mail_waits(db):
    person = PersonFactory(time_zone="UTC")
    now = timezone.now()
    HoursFactory(person=person, quiet_from=now.hour, quiet_until=(now.hour + 2) % 24)
    say(person)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'proxeny.send_mail'"
        )
        (moment,) = cursor.fetchone()
    expected = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=2)
    # The hour may have changed while this ran.
    assert moment - expected in (timedelta(0), timedelta(hours=1))
    assert Notice.objects.get().read_at is None


def test_without_quiet_hours_it_goes_at_once(db):
    say(PersonFactory())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scheduled_at FROM procrastinate_jobs WHERE task_name = 'proxeny.send_mail'"
        )
        assert cursor.fetchone() == (None,)


def test_a_notice_leads_nowhere_but_into_proxeny(db):
    person = PersonFactory()
    for number, url in enumerate(
        ["https://evil.example/x", "//evil.example/x", "", "javascript:1"]
    ):
        tell(
            person,
            topic="meetings",
            key=f"k:{number}",
            template=TEMPLATE,
            context={"name": "A", "count": 1, "action_url": url},
        )
    assert set(Notice.objects.values_list("path", flat=True)) == {""}


def test_a_secret_address_stays_in_the_mail(db):
    person = PersonFactory()
    say(person, path="/introductions/")
    assert Notice.objects.get().path == "/introductions/"
    assert "/ratings/" in Mail.objects.get().text


def test_whoever_tells_sees_nothing_of_it(world):
    actor = reader_of(world.a.manager)
    other = world.b.manager
    HoursFactory(person=other)
    with acting_as(WEB, actor):
        assert say(other)
        assert not Notice.objects.exists()
        assert not Choice.objects.exists()
        assert not Hours.objects.exists()
    with acting_as(WEB, reader_of(other)):
        assert Notice.objects.get().person_id == other.pk


def test_a_link_says_for_whom_and_of_what_and_nobody_can_make_one(db):
    person = PersonFactory()
    say(person)
    token = Mail.objects.get().headers["List-Unsubscribe"].rpartition("/fewer/")[2].strip("/>")
    signer = signing.Signer(salt="proxeny.notices")
    assert signer.unsign_object(token) == [person.pk, "meetings"]
