"""Links in mails that are kept: live until the mail is sent, gone afterwards."""

import re
import smtplib
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from proxeny.kernel.mail import Written, queue_written, send, send_again
from proxeny.kernel.mail_secrets import REMOVED, without_secrets
from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import SERVICE, acting_as
from tests.factories.accounts import PersonFactory

TOKEN = "Zm9vYmFyYmF6cXV4X2FuZF9tb3JlX29mX2l0XzEyMw"


def letter(**more):
    link = f"{settings.BASE_URL}/invitations/{TOKEN}/"
    text = f"Hello,\n\nopen {link} to answer.\n\nSee {settings.BASE_URL}/events/17/agenda/ too.\n"
    calendar = (
        "BEGIN:VCALENDAR\r\nUID:meeting-17@proxeny\r\n"
        f"DESCRIPTION:{link[:40]}\r\n {link[40:]}\r\nEND:VCALENDAR\r\n"
    )
    written = Written(
        "You are invited", text, f'<p><a href="{link}?next=/x&amp;y={TOKEN}">Open</a></p>'
    )
    return queue_written(
        written,
        key="invitation:17",
        recipient="ada@example.org",
        calendar=calendar,
        calendar_method="REQUEST",
        headers={"List-Unsubscribe": f"<{link}>"},
        **more,
    )


def all_of(mail):
    return "\n".join([mail.text, mail.html, re.sub(r"\r\n ", "", mail.calendar), str(mail.headers)])


def test_a_sent_mail_is_kept_without_its_secrets_and_went_out_with_them(db, inbox):
    mail = letter()
    assert all_of(mail).count(TOKEN) == 5
    send(mail.pk)
    mail.refresh_from_db()
    assert mail.sent_at
    assert TOKEN not in all_of(mail)
    assert TOKEN in inbox.messages[0].get_body(("plain",)).get_content()
    # What was sent to whom can still be told.
    assert (mail.subject, mail.recipient, mail.key) == (
        "You are invited",
        "ada@example.org",
        "invitation:17",
    )
    assert f"/invitations/{REMOVED}/" in mail.text
    assert f"{settings.BASE_URL}/events/17/agenda/" in mail.text
    assert "UID:meeting-17@proxeny" in mail.calendar


def test_what_could_not_be_sent_keeps_its_links_for_the_next_attempt(db, settings):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 1},
        }
    }
    mail = letter()
    with pytest.raises((OSError, smtplib.SMTPException)):
        send(mail.pk)
    send(mail.pk, last_attempt=True)
    mail.refresh_from_db()
    assert mail.error
    assert all_of(mail).count(TOKEN) == 5
    assert send_again(mail.pk)


def test_a_mail_that_came_back_is_not_sent_again_without_its_links(db, inbox):
    mail = letter()
    send(mail.pk)
    Mail.objects.filter(pk=mail.pk).update(sent_at=None, error="Bounced: 5.1.1")
    assert not send_again(mail.pk)


def test_a_new_password_cannot_be_had_from_what_is_kept(db, client, inbox):
    person = PersonFactory()
    client.post("/accounts/password/reset/", {"email": person.email})
    mail = Mail.objects.get()
    link = re.search(r"/accounts/password/reset/key/(\S+?)/", mail.text)[1]
    send(mail.pk)
    mail.refresh_from_db()
    assert link not in all_of(mail)
    assert link.partition("-")[2] not in all_of(mail)


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://x.example/directory/17/edit/", "https://x.example/directory/17/edit/"),
        (
            "https://x.example/calls/clean-and-circular-textiles/",
            "https://x.example/calls/clean-and-circular-textiles/",
        ),
        (f"https://x.example/calendar/{TOKEN}.ics", f"https://x.example/calendar/{REMOVED}"),
        (
            "https://x.example/accounts/confirm-email/MQ:1tXyzA:abcdefghijk/",
            f"https://x.example/accounts/confirm-email/{REMOVED}/",
        ),
        ("https://x.example/a/?token=short", "https://x.example/a/"),
        (f"https://x.example/a/#{TOKEN}", "https://x.example/a/"),
    ],
)
def test_what_counts_as_a_secret(link, kept):
    assert without_secrets(f"See {link} now") == f"See {kept} now"


def test_mails_of_before_are_wiped_when_the_site_is_upgraded(db):
    sent, waiting = letter(), None
    Mail.objects.filter(pk=sent.pk).update(sent_at=timezone.now(), key="earlier")
    waiting = letter()
    step = import_module("proxeny.kernel.migrations.0008_mails_without_secrets")
    with connection.schema_editor(atomic=False) as editor:
        step.wipe(apps, editor)
    with acting_as(SERVICE):
        sent.refresh_from_db()
        waiting.refresh_from_db()
    assert TOKEN not in all_of(sent)
    assert all_of(waiting).count(TOKEN) == 5
