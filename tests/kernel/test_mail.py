"""Mail against a real SMTP server: once per key, readable parts, no header added by a name."""

import json
import re
import smtplib
import subprocess
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr
from pathlib import Path

import pytest
from django.test import override_settings

from proxeny.kernel.mail import queue_mail, send
from proxeny.kernel.mail_senders import Sender, shown
from proxeny.kernel.models import Mail
from proxeny.notices.operations import tell
from tests.node import installed


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


#: A site whose name alone is longer than a line that mail programs like.
LONG_NAME = "members-and-partners.of-the-federation-of-harbours.cooperation.clusters.example.org"


@pytest.fixture
def raw(world, inbox, settings):
    """A mail of a long-named site as the server got it, byte by byte."""
    settings.BASE_URL = f"https://{LONG_NAME}"
    settings.DEFAULT_FROM_EMAIL = f"Proxeny <no-reply@{LONG_NAME}>"
    person = world.a.manager
    assert tell(
        person,
        topic="meetings",
        key="k",
        template="accounts/mail/notice",
        context={"subject": "Ein Gespräch " * 12, "paragraphs": ["One"], "action_url": ""},
    )
    mail = Mail.objects.get()
    before, root = (f"<{n}.{str(n) * 32}@{LONG_NAME}>" for n in (1, 2))
    mail.headers |= {"References": f"{root} {before}", "In-Reply-To": before}
    mail.save()
    send(mail.pk)
    ((recipients, content),) = inbox.raw
    assert recipients == [person.email]
    return content


def _headers(raw: bytes) -> dict[str, list[str]]:
    """The headers as RFC 5322 unfolds them: a line break goes, the space after it stays."""
    found: dict[str, list[str]] = {}
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    for line in head.replace("\r\n ", " ").replace("\r\n\t", "\t").split("\r\n"):
        name, _, value = line.partition(":")
        found.setdefault(name.lower(), []).append(value.strip())
    return found


def _as_another_reads(raw: bytes) -> dict:
    folder = installed(Path(__file__).with_name("mail_judge"))
    done = subprocess.run(
        ["node", "headers.mjs"], cwd=folder, input=raw, capture_output=True, timeout=60, check=True
    )
    return json.loads(done.stdout)


def test_headers_for_machines_are_plain_and_whole(raw):
    headers = _headers(raw)
    (unsubscribe,) = headers["list-unsubscribe"]
    assert re.fullmatch(
        rf"<https://{re.escape(LONG_NAME)}/notices/fewer/[\x21-\x3b\x3d\x3f-\x7e]+/>", unsubscribe
    )
    assert headers["list-unsubscribe-post"] == ["List-Unsubscribe=One-Click"]
    name = rf"<\d+\.[0-9a-f]{{32}}@{re.escape(LONG_NAME)}>"
    assert re.fullmatch(name, headers["message-id"][0])
    assert re.fullmatch(name, headers["in-reply-to"][0])
    assert re.fullmatch(f"{name} {name}", headers["references"][0])
    encoded = {name for name, values in headers.items() if any("=?" in one for one in values)}
    assert encoded == {"subject"}, "only what people read is encoded"
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_another_parser_finds_the_same_in_them(raw):
    seen, headers = _as_another_reads(raw), _headers(raw)
    assert f"<{seen['list']['unsubscribe']['url']}>" == headers["list-unsubscribe"][0]
    assert [seen["messageId"]] == headers["message-id"]
    assert [seen["inReplyTo"]] == headers["in-reply-to"]
    assert " ".join(seen["references"]) == headers["references"][0]
    assert seen["subject"] == ("Ein Gespräch " * 12).strip()


#: Names as people and organisations have them, and as somebody may type them to deceive.
NAMES = [
    ("Ada", "Pharos"),
    ("King, Martin Luther", "Smith, Jones & Co."),
    ('Jean "Django" Reinhardt', "A\\B (Lyon) <x>; Paris"),
    ("Ελένη Παπαδοπούλου", "Σύνδεσμος, Αθήνα"),
    ("Léa d’Arc, PhD", 'Matériaux, "mécanique" & procédés'),
    ("أحمد، علي", "شركة النور"),
    ("Eve\r\nBcc: all@example.org", "Bank <info@bank.example>, "),
    ("=?utf-8?q?Eve=0D=0ABcc=3A_all=40example=2Eorg?=", "\u202egnaB"),
    ("x" * 150, "é" * 200),
]


@pytest.mark.parametrize("names", NAMES)
def test_a_mail_names_who_sends_it_and_answers_go_to_them(db, templates, inbox, settings, names):
    settings.DEFAULT_FROM_EMAIL = "Proxeny <no-reply@proxeny.example>"
    person, organisation = names
    send(queued(sender=Sender(organisation, person, "ada@pharos.example")).pk)
    (message,) = inbox.messages
    expected = Sender(organisation, person).display()
    assert shown(person) in expected
    assert expected.endswith(" via Proxeny")
    assert message["Reply-To"] == "ada@pharos.example"
    assert message["Bcc"] is None
    ((_, raw),) = inbox.raw
    # The newer parser of Python keeps the blanks between encoded words that RFC 2047 drops.
    name, address = parseaddr(message_from_bytes(raw)["From"])
    read = str(make_header(decode_header(name)))
    assert (read, address) == (expected, "no-reply@proxeny.example")
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 998
    seen = _as_another_reads(raw)
    assert seen["from"] == [{"name": expected, "address": "no-reply@proxeny.example"}]
    assert seen["replyTo"] == [{"name": "", "address": "ada@pharos.example"}]
    assert seen["to"] == ["someone@example.org"]


def test_who_sends_a_mail_is_named_in_its_language(db, templates, inbox, settings):
    settings.DEFAULT_FROM_EMAIL = "Proxeny Paris <no-reply@proxeny.example>"
    queued_by_organisation = queued(key="a", sender=Sender("Pharos"))
    own = queued(key="b")
    send(queued_by_organisation.pk)
    send(own.pk)
    first, second = inbox.messages
    assert first["From"].addresses[0].display_name == "Pharos (via Proxeny Paris)"
    assert second["From"].addresses[0].display_name == "Proxeny Paris"
    assert (first["Reply-To"], second["Reply-To"]) == (None, None)


@pytest.mark.parametrize("address", ["", "two@a.example, three@a.example", "x\r\nBcc: y@z.example"])
def test_answers_go_to_one_address_or_nowhere(db, templates, inbox, address):
    send(queued(sender=Sender("Pharos", "Ada", address)).pk)
    (message,) = inbox.messages
    assert (message["Reply-To"], message["Bcc"]) == (None, None)


def test_answers_to_invitations_go_where_they_are_read(db, templates, inbox, settings):
    settings.REPLY_ADDRESS = "calendar@proxeny.example"
    own = {
        "calendar": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        "calendar_method": "REQUEST",
        "sender": Sender("Pharos", "Ada", "ada@pharos.example"),
    }
    send(queued(key="a", **own).pk)
    settings.INBOX_URL = "maildir:/nowhere"
    send(queued(key="b", **own).pk)
    assert [one["Reply-To"] for one in inbox.messages] == [
        "ada@pharos.example",
        "calendar@proxeny.example",
    ]
