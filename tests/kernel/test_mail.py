"""Mail against a real SMTP server: once per key, readable parts, no header added by a name."""

import smtplib

import pytest
from django.test import override_settings

from proxeny.kernel.mail import queue_mail, send
from proxeny.kernel.models import Mail


@pytest.fixture
def templates(tmp_path, settings):
    (tmp_path / "note.txt").write_text(
        "Hello {{ name|safe }}\n\nYou are invited, {{ name|safe }}.\n"
    )
    (tmp_path / "note.html").write_text("<p>You are invited, {{ name }}.</p>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]


def queued(**changes: object) -> Mail | None:
    values = {
        "key": "k",
        "recipient": "someone@example.org",
        "template": "note",
        "context": {"name": "Ada"},
    }
    return queue_mail(**{**values, **changes})


def test_a_mail_arrives_once_with_text_and_html(db, templates, inbox):
    mail = queued()
    assert queued() is None
    send(mail.pk)
    send(mail.pk)
    (message,) = inbox.messages
    assert message["Subject"] == "Hello Ada"
    assert message["To"] == "someone@example.org"
    assert message.get_body(("plain",)).get_content().strip() == "You are invited, Ada."
    assert "<p>You are invited, Ada.</p>" in message.get_body(("html",)).get_content()
    mail.refresh_from_db()
    assert mail.sent_at is not None


def test_a_name_cannot_add_headers_or_markup(db, templates, inbox):
    mail = queued(context={"name": "Eve\r\nBcc: all@example.org <b>x</b>"})
    send(mail.pk)
    (message,) = inbox.messages
    assert message["Bcc"] is None
    assert "\n" not in message["Subject"]
    assert "<b>x</b>" not in message.get_body(("html",)).get_content()


def test_an_invitation_travels_as_a_calendar_part(db, templates, inbox):
    text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"
    mail = queued(calendar=text, calendar_method="REQUEST")
    send(mail.pk)
    (message,) = inbox.messages
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    assert [part.get_param("method") for part in parts] == ["REQUEST", "REQUEST"]
    assert parts[0].get_content().splitlines() == text.splitlines()
    assert parts[1].get_filename() == "invite.ics"


def test_a_refused_mail_stays_to_be_sent(db, templates):
    mailer = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 2},
    }
    mail = queued()
    with override_settings(MAILERS={"default": mailer}), pytest.raises(OSError, match="refused"):
        send(mail.pk)
    mail.refresh_from_db()
    assert mail.sent_at is None


AWAY = {
    "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 2},
}


def test_a_mail_is_given_up_visibly_on_its_last_attempt(db, templates):
    mail = queued()
    with override_settings(MAILERS={"default": AWAY}):
        for _ in range(2):
            with pytest.raises(OSError, match="refused"):
                send(mail.pk)
        mail.refresh_from_db()
        assert (mail.attempts, mail.error) == (2, "")
        send(mail.pk, last_attempt=True)
    mail.refresh_from_db()
    assert (mail.attempts, mail.sent_at) == (3, None)
    assert mail.error.startswith("ConnectionRefusedError: ")


def test_a_recipient_that_the_server_refuses_for_good_is_not_tried_again(db, templates, inbox):
    async def refuse(server, session, envelope, address, options):
        return f"{answer} <{address}>: no such mailbox, nor postmaster@{address.split('@')[1]}"

    inbox.handle_RCPT = refuse
    first, second = queued(key="a"), queued(key="b")
    answer = 450
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(first.pk)
    answer = 550
    send(second.pk)
    second.refresh_from_db()
    assert second.sent_at is None
    assert second.error.startswith("SMTPRecipientsRefused: ")
    assert "550, b'<…@…>: no such mailbox" in second.error
    # Neither the recipient's address nor another that the server repeats.
    assert "@" not in second.error.replace("…@…", "")
    send(second.pk)
    second.refresh_from_db()
    assert second.attempts == 1
