"""The inbox: a Maildir, and a mail server over TLS; each letter once, none lost, whatever comes."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from proxeny.config.environment import BadEnvironment, read_environment
from proxeny.kernel.command import look_after_failures
from proxeny.kernel.inbox import sources
from proxeny.kernel.inbox.imap import ImapPlace
from proxeny.kernel.inbox.reading import ATTEMPTS, Done, Hands, last_read, read_inbox, take_in
from proxeny.kernel.inbox.sources import InboxAway, opening, read_address
from proxeny.kernel.jobs.failures import list_all_failed, retry_for_operator
from proxeny.kernel.logs import describe
from proxeny.kernel.mail import note_bounce, queue_mail, send
from proxeny.kernel.metrics import tell_metrics
from proxeny.kernel.models import Mail, ReceivedMail
from tests.kernel.inboxes import PASSWORD, USER, Box, imap_server, make_maildir, smtp_into
from tests.kernel.letters import Said, bounce, calendar, crlf, gmail, letter, outlook
from tests.smtp import free_port

Outcome = ReceivedMail.Outcome
SAID = Said(uid="uid-1@proxeny.example")


class Capability:
    """Takes letters as a capability does, and keeps what it was given."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.unread: list[tuple[str, ...]] = []
        self.bounced: list[tuple[int, str]] = []
        self.hands = Hands(self._answer, self._unread, self._bounce)

    def _answer(self, letter, now):
        if letter.reply.answer == "DELEGATED":
            raise RuntimeError("a fault of ours")
        self.answers.append(letter.reply.answer)
        return Done(Outcome.APPLIED)

    def _unread(self, letter, now):
        self.unread.append(letter.unread)

    def _bounce(self, mail, status, now):
        self.bounced.append((mail.pk, status))


@pytest.fixture
def capability() -> Capability:
    """What takes the letters of a test."""
    return Capability()


@pytest.fixture
def maildir(tmp_path, settings) -> Box:
    """The configured place: a Maildir."""
    box = make_maildir(tmp_path / "maildir")
    settings.INBOX_URL = box.url
    return box


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[tuple[Box, Path]]:
    """An IMAP server for the tests of this module."""
    with imap_server(tmp_path_factory.mktemp("imap")) as found:
        yield found


@pytest.fixture
def imap(server, settings, monkeypatch) -> Box:
    """The configured place: a folder of a mail server whose certificate the machine trusts."""
    box, trusted = server
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    settings.INBOX_URL = box.url
    with opening(box.url) as place:  # what another test left
        for waiting in place.waiting():
            place.move(waiting.name, sources.PROCESSED)
    return box


@pytest.fixture(params=["maildir", "imap"])
def box(request) -> Box:
    """Either place."""
    return request.getfixturevalue(request.param)


def read(capability: Capability) -> dict[str, int]:
    return dict(read_inbox(capability.hands, clock=timezone.now))


def added(box: Box, before: dict[str, int]) -> dict[str, int]:
    """Return how many more lie in each folder than before."""
    found = {name: count - before.get(name, 0) for name, count in box.names().items()}
    return {name: count for name, count in found.items() if count}


def test_letters_that_smtp_brings_are_read_once_and_moved(db, box, capability):
    before = box.names()
    with smtp_into(box) as post:
        for number, answer in enumerate(("ACCEPTED", "DECLINED", "TENTATIVE")):
            write = (outlook, gmail, letter)[number]
            post(write(SAID.but(answer=answer, message_id=f"<{number}@example.org>")))
        post(letter(SAID.but(message_id="<h@x>", subject="Sorry"), ""))
        post(letter(SAID.but(message_id="<a@x>"), "", Auto_Submitted="auto-replied"))
        post(letter(SAID.but(message_id="<b@x>"), calendar(SAID, ATTENDEE="")))
    assert added(box, before) == {"INBOX": 6}
    assert read(capability) == {"applied": 3, "not-understood": 2, "automatic": 1}
    assert capability.answers == ["ACCEPTED", "DECLINED", "TENTATIVE"]
    assert capability.unread == [(SAID.uid,)]
    assert added(box, before) == {"Processed": 4, "Not-understood": 2}
    assert read(capability) == {}
    assert len(capability.answers) == 3
    assert ReceivedMail.objects.count() == 6


def test_a_letter_lies_there_as_it_came(db, maildir, imap, capability, settings):
    raw = outlook(SAID.but(comment="Γειά σου", message_id="<whole@example.org>"))
    for box in (maildir, imap):
        settings.INBOX_URL = box.url
        box.deliver(raw)
        read(capability)
        assert raw.replace(b"\r\n", b"\n") in [
            one.replace(b"\r\n", b"\n") for one in box.folder("Processed")
        ]


def test_a_letter_in_both_places_is_applied_once(db, maildir, imap, capability, settings):
    for box in (maildir, imap):
        settings.INBOX_URL = box.url
        box.deliver(letter(SAID))
        assert read(capability) == {"applied": 1}
    assert capability.answers == ["ACCEPTED"]


def test_who_dies_before_the_move_leaves_a_letter_that_is_only_moved(db, box, capability):
    """Applied and committed, not moved: as `kill -9` leaves it."""
    before = box.names()
    raw = letter(SAID)
    box.deliver(raw)
    assert take_in(raw, capability.hands, now=timezone.now()) == "applied"
    assert added(box, before) == {"INBOX": 1}
    assert read(capability) == {"applied": 1}
    assert added(box, before) == {"Processed": 1}
    assert capability.answers == ["ACCEPTED"]


def test_a_fault_of_ours_keeps_the_letter_and_stops_no_other(db, box, capability, caplog):
    before = box.names()
    box.deliver(
        letter(SAID.but(answer="DELEGATED", message_id="<fault@x>", comment="secret words"))
    )
    box.deliver(letter(SAID))
    assert read(capability) == {"again": 1, "applied": 1}
    assert added(box, before) == {"INBOX": 1, "Processed": 1}
    for _ in range(ATTEMPTS - 2):
        assert read(capability) == {"again": 1}
    assert read(capability) == {"failed": 1}
    assert added(box, before) == {"Not-understood": 1, "Processed": 1}
    assert "secret words" not in caplog.text
    assert "example.org" not in caplog.text


def test_what_is_too_large_is_put_aside_unread(db, box, capability):
    before = box.names()
    with smtp_into(box) as post:
        post(letter(SAID) + (b"\r\n" + b"y" * 74) * 75_000)
    assert read(capability) == {"too-large": 1}
    assert added(box, before) == {"Not-understood": 1}
    assert capability.answers == []


def test_what_cannot_be_taken_apart_is_put_aside(db, maildir, capability):
    head = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n)
        for n in range(900)
    )
    for raw in (b"From: a@x.org\r\n" + head, b"\x00\xff\xfe", b"\r\n"):
        maildir.deliver(raw)
    assert read(capability) == {"not-understood": 3}
    assert maildir.names() == {"Not-understood": 3}


def test_the_oldest_letter_is_read_first(db, box, capability):
    answers = ["ACCEPTED", "DECLINED", "TENTATIVE", "ACCEPTED", "DECLINED"]
    for number, answer in enumerate(answers):
        box.deliver(letter(SAID.but(answer=answer, message_id=f"<{number}@x>")))
    read(capability)
    assert capability.answers == answers


def test_without_a_place_nothing_is_read(db, settings, capability):
    settings.INBOX_URL = ""
    assert read(capability) == {}


def test_when_the_place_was_read_is_known(db, maildir, capability):
    read(capability)
    assert timezone.now() - last_read() < timezone.timedelta(minutes=1)


# The mail server.


def test_a_server_without_move_is_served_too(db, imap, capability, monkeypatch):
    before = imap.names()
    # As RFC 3501 alone: copied, marked, removed.
    can = ImapPlace.__init__

    def plain(self, *given):
        can(self, *given)
        self._can = self._can - {"MOVE"}

    monkeypatch.setattr(ImapPlace, "__init__", plain)
    imap.deliver(letter(SAID.but(message_id="<no-move@x>")))
    assert read(capability) == {"applied": 1}
    assert added(imap, before) == {"Processed": 1}


def test_a_certificate_that_the_machine_does_not_trust_is_refused(
    db, imap, capability, monkeypatch
):
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(InboxAway, match="cannot be reached: SSLCertVerificationError"):
        read(capability)


def test_a_certificate_of_another_host_is_refused(db, imap, capability, settings):
    settings.INBOX_URL = imap.url.replace("127.0.0.1", "localhost")
    with pytest.raises(InboxAway, match="SSLCertVerificationError"):
        read(capability)


def test_a_wrong_password_is_told_without_it(db, imap, capability, settings, caplog):
    caplog.set_level(logging.DEBUG)
    settings.INBOX_URL = imap.url.replace("pass%20word", "wr0ng-secret")
    with pytest.raises(InboxAway, match=r"^The mail server refuses the sign-in\.$") as caught:
        read(capability)
    error = caught.value
    assert (error.__cause__, error.__suppress_context__) == (None, True)
    for told in (str(error), caplog.text, repr(read_address(imap.url))):
        for secret in ("wr0ng", PASSWORD, "pass%20word", USER):
            assert secret not in told


def test_a_folder_or_a_server_that_is_not_there_is_told(db, imap, capability, settings):
    settings.INBOX_URL = imap.url.replace("/INBOX", "/Nowhere")
    with pytest.raises(InboxAway, match="no such folder"):
        read(capability)
    settings.INBOX_URL = f"imaps://u:p@127.0.0.1:{free_port()}"
    with pytest.raises(InboxAway, match="cannot be reached: ConnectionRefusedError"):
        read(capability)


def test_a_maildir_that_is_not_there_is_told(db, settings, capability, tmp_path):
    settings.INBOX_URL = f"maildir://{tmp_path}/none"
    with pytest.raises(InboxAway, match="no Maildir"):
        read(capability)


@pytest.mark.parametrize(
    "url",
    [
        "imap://user:s3cret@host/INBOX",
        "imaps://host/INBOX",
        "imaps://user@host",
        "imaps://user:s3cret@/x",
        "maildir://s3cret/path",
        "maildir:s3cret",
        "s3cret",
        "imaps://u:s3cret@host:99999/INBOX",
        "imaps://u:s3cret@host/IN%0D%0ABOX",
        "imaps://u:s3cret@[x/",
        "imaps://u:s3cret@host/Γ",
    ],
)
def test_a_place_that_cannot_be_read_is_refused_without_its_secret(url):
    with pytest.raises(BadEnvironment, match="PROXENY_INBOX_URL") as caught:
        read_environment({"PROXENY_INBOX_URL": url})
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_place_is_read_with_what_is_quoted_in_it():
    found = read_address("imaps://a%40b.org:p%3A%2F%40@mail.example.org/Archive%20old")
    assert (found.user, found.password, found.host, found.port, found.path) == (
        "a@b.org",
        "p:/@",
        "mail.example.org",
        993,
        "Archive old",
    )
    assert "p:/@" not in repr(found)


@pytest.mark.parametrize(
    "address", ["a@b@c", "a b@x.org", "x", "A <a@x.org>", "a@x.org\r\nBcc: b@x.org"]
)
def test_an_address_for_answers_is_one_address(address):
    with pytest.raises(BadEnvironment, match="PROXENY_REPLY_ADDRESS"):
        read_environment({"PROXENY_REPLY_ADDRESS": address})


# What goes out, and what comes back of it.


def _sent(key: str = "k", **changes: str) -> Mail:
    mail = queue_mail(
        key=key,
        recipient="ada@example.org",
        template="meetings/mail/bounce",
        context={"name": "Ada", "subject": "x"},
        **changes,
    )
    send(mail.pk)
    mail.refresh_from_db()
    return mail


def test_what_goes_out_says_that_a_program_wrote_it_and_where_answers_go(db, inbox, settings):
    settings.DEFAULT_FROM_EMAIL = "Proxeny <no-reply@proxeny.example>"
    settings.REPLY_ADDRESS = "calendar@proxeny.example"
    text = calendar(SAID.but(method="REQUEST"))
    _sent("plain")
    _sent("asked", calendar=text, calendar_method="REQUEST")
    plain, asked = inbox.messages
    assert plain["Auto-Submitted"] == "auto-generated"
    assert (plain["Reply-To"], asked["Reply-To"]) == (None, "calendar@proxeny.example")
    assert asked["From"] == "Proxeny <no-reply@proxeny.example>"


def test_what_cannot_be_delivered_goes_back_to_where_it_is_read(db, inbox, maildir, settings):
    settings.DEFAULT_FROM_EMAIL = "Proxeny <no-reply@proxeny.example>"
    settings.REPLY_ADDRESS = "calendar@proxeny.example"
    senders = []

    async def note(server, session, envelope, address, options):
        senders.append(address)
        envelope.mail_from = address
        return "250 OK"

    inbox.handle_MAIL = note
    _sent()
    assert senders == ["calendar@proxeny.example"]
    assert inbox.messages[0]["From"] == "Proxeny <no-reply@proxeny.example>"


def test_a_bounce_marks_the_mail_and_is_told_once(db, inbox, box, capability):
    mail = _sent()
    name = inbox.messages[0]["Message-ID"]
    for status in ("5.1.1", "5.2.2"):
        box.deliver(bounce(name, status=status))
    box.deliver(bounce(name, action="delayed", status="4.4.1"))
    assert read(capability) == {"bounce": 2, "automatic": 1}
    assert capability.bounced == [(mail.pk, "5.1.1")]
    mail.refresh_from_db()
    assert (mail.error, mail.sent_at) == ("Bounced: 5.1.1", None)
    # The operator sees it among what was given up, and may try again.
    assert [one.pk for one in list_all_failed()[1]] == [mail.pk]
    retry_for_operator(mail_id=mail.pk)
    send(mail.pk)
    assert [one["Message-ID"] for one in inbox.messages] == [name, name]


def test_a_bounce_that_somebody_invents_marks_nothing(db, inbox, capability):
    mail = _sent()
    name = inbox.messages[0]["Message-ID"]
    number, _, rest = name.partition(".")
    other = _sent("other")
    for invented in (
        f"<{other.pk}.{rest}",
        f"{number}.{'0' * 32}@localhost>",
        "<x@y>",
        "",
        name[1:],
        f"<{10**17}.{'0' * 32}@localhost>",
        name.replace("@", "@evil."),
    ):
        assert note_bounce([invented], "5.1.1") is None
    mail.refresh_from_db()
    assert mail.error == ""
    assert note_bounce(["<x@y>", name], "5.1.1").pk == mail.pk


def test_a_bounce_for_somebody_erased_leaves_nothing_to_try_again(db, inbox):
    mail = _sent()
    Mail.objects.filter(pk=mail.pk).update(recipient="")
    assert note_bounce([inbox.messages[0]["Message-ID"]], "5.1.1") is None
    mail.refresh_from_db()
    assert mail.sent_at is not None


def test_what_programs_answer_is_answered_by_nothing(db, maildir, capability):
    for number, header in enumerate(
        ({"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"})
    ):
        maildir.deliver(letter(SAID.but(message_id=f"<{number}@x>"), "", **header))
    assert read(capability) == {"automatic": 3}
    assert Mail.objects.count() == 0
    assert (capability.answers, capability.unread) == ([], [])
    maildir.deliver(crlf("From: ada@example.org\nSubject: I am on holiday\n\nBack on Monday"))
    assert read(capability) == {"not-understood": 1}
    assert Mail.objects.count() == 0


# What the operator sees.


def _figures() -> list[str]:
    return [
        one for one in tell_metrics().decode().splitlines() if re.match("proxeny_(inbox|rec)", one)
    ]


def test_the_operator_sees_what_came_of_mail_and_what_was_put_aside(
    db, maildir, capability, settings
):
    assert _figures() == ["proxeny_inbox_read_seconds_ago +Inf"]
    maildir.deliver(letter(SAID))
    maildir.deliver(letter(SAID.but(message_id="<2@x>"), ""))
    read(capability)
    *counts, ago = _figures()
    assert counts == [
        'proxeny_received_mails{outcome="applied"} 1.0',
        'proxeny_received_mails{outcome="not-understood"} 1.0',
    ]
    assert 0 <= float(ago.split()[1]) < 60
    lines: list[str] = []
    look_after_failures(retry="", retry_mail="", waiting=False, say=lines.append)
    assert lines == [
        "No failed jobs or emails.",
        "Received emails set aside in the last 90 days (see the folder Not-understood):",
        "  1  not-understood",
        "Jobs in total: 0 = 0 queued + 0 running + 0 done + 0 failed + 0 stopped",
        "Emails in total: 0 = 0 sent + 0 waiting + 0 given up",
    ]
    settings.INBOX_URL = ""
    assert _figures() == []


def test_a_line_is_written_for_each_letter_that_tells_nothing_of_it(
    db, maildir, capability, caplog
):
    caplog.set_level(logging.INFO, logger="proxeny.inbox")
    maildir.deliver(letter(SAID))
    read(capability)
    (record,) = [one for one in caplog.records if one.name == "proxeny.inbox"]
    told = describe(record)
    assert (told["message"], told["outcome"]) == ("letter", "applied")
    assert set(told) == {"time", "level", "logger", "message", "outcome", "ms"}
