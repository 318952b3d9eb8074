"""Mail that comes in is taken apart: what programs write, and what nobody should have to read."""

import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil import tz
from icalendar import Calendar, Event, vCalAddress

from proxeny.kernel.inbox.calendars import BrokenCalendar, read_reply
from proxeny.kernel.inbox.messages import Unreadable, clean, plain_address, read_letter
from proxeny.kernel.inbox.timezones import BadClock, read_moment
from tests.kernel.letters import (
    OUTLOOK_ATHENS,
    PROGRAMS,
    Said,
    athens,
    bounce,
    calendar,
    letter,
    outlook,
    utc,
)

SAID = Said(uid="9b0f2c1e-0000-4000-8000-1234567890ab@proxeny.example")


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("answer", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_what_programs_write_is_read(program, answer):
    said = SAID.but(answer=answer)
    found = read_letter(PROGRAMS[program](said))
    assert found.sender == "ada@example.org"
    reply = found.reply
    assert (reply.uid, reply.answer, reply.method, reply.sequence) == (said.uid, answer, "REPLY", 0)
    assert reply.attendee == "ada@example.org"
    assert (reply.starts_at, reply.ends_at) == (said.starts_at, said.ends_at)
    assert reply.stamped_at == said.stamped_at


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ('DELEGATED-TO="mailto:Emil@Example.org"', "emil@example.org"),
        ('DELEGATED-TO="mailto:emil@example.org","mailto:eva@example.org"', "emil@example.org"),
        ("CUTYPE=INDIVIDUAL", ""),
        (f'DELEGATED-TO="mailto:{"x" * 400}@example.org"', "x" * 254),
    ],
)
def test_whom_somebody_sends_instead_is_read(more, wanted):
    line = f"ATTENDEE;PARTSTAT=DELEGATED;{more}:mailto:ada@example.org"
    reply = read_reply(calendar(SAID.but(answer="DELEGATED"), ATTENDEE=line))
    assert (reply.answer, reply.attendee) == ("DELEGATED", "ada@example.org")
    assert reply.delegated_to == wanted


@pytest.mark.parametrize(
    "zone", ["GTB Standard Time", "Customized Time Zone", "(UTC+02:00) Athens"]
)
@pytest.mark.parametrize(
    "day",
    [
        "2027-03-27",
        "2027-03-28",
        "2027-03-29",
        "2027-10-30",
        "2027-10-31",
        "2027-11-01",
        "2027-01-01",
    ],
)
def test_a_proposal_of_outlook_is_right_on_both_sides_of_the_summer_time(zone, day):
    """Zones by Windows' names and by the rules that travel along; checked with the machine's own."""
    for hour in (0, 9, 12, 23):
        at = datetime.fromisoformat(day).replace(hour=hour, tzinfo=ZoneInfo("Europe/Athens"))
        said = SAID.but(method="COUNTER", starts_at=at.astimezone(UTC), minutes=90)
        reply = read_letter(outlook(said, zone=zone)).reply
        assert (reply.starts_at, reply.ends_at) == (said.starts_at, said.ends_at)


def test_a_time_that_the_clocks_jump_over_counts_as_before_the_jump():
    text = calendar(SAID, DTSTART="DTSTART;TZID=X:20270328T033000").replace(
        "BEGIN:VEVENT", OUTLOOK_ATHENS.format(name="X").replace("\n", "\r\n") + "BEGIN:VEVENT"
    )
    assert read_reply(text).starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-7", "windows-1253", "utf-8"])
def test_a_calendar_in_another_charset_is_read(charset):
    reply = read_letter(outlook(SAID.but(comment="Später, à bientôt"), charset=charset)).reply
    assert reply.uid == SAID.uid
    assert "bient" in reply.comment


def test_a_charset_that_lies_or_does_not_exist_does_not_stop_an_answer():
    for charset in ("us-ascii", "x-unknown", "punycode", "utf-7", "rot13"):
        raw = letter(SAID.but(comment="Γεια")).replace(
            b'charset="utf-8"', f'charset="{charset}"'.encode()
        )
        assert read_letter(raw).reply.uid == SAID.uid


def test_an_answer_that_icalendar_composes_is_read():
    made, event = Calendar(), Event()
    made.add("prodid", "-//x//y//")
    made.add("version", "2.0")
    made.add("method", "REPLY")
    event.add("uid", SAID.uid)
    event.add("sequence", 3)
    event.add("dtstamp", SAID.stamped_at)
    event.add("dtstart", SAID.starts_at.astimezone(ZoneInfo("Europe/Athens")))
    who = vCalAddress("MAILTO:Ada@Example.org")
    who.params["PARTSTAT"] = "DECLINED"
    who.params["CN"] = "Lovelace; Ada, Countess: \u201cthe\u201d \U0001d4b6"
    event.add("attendee", who, encode=False)
    made.add_component(event)
    reply = read_letter(letter(SAID, made.to_ical())).reply
    assert (reply.answer, reply.sequence, reply.attendee) == ("DECLINED", 3, "ada@example.org")
    assert reply.starts_at == SAID.starts_at


def test_an_answer_that_vobject_composes_is_read():
    made = vobject.iCalendar()
    made.add("method").value = "REPLY"
    event = made.add("vevent")
    event.add("uid").value = SAID.uid
    event.add("sequence").value = "1"
    event.add("dtstamp").value = SAID.stamped_at.astimezone(vobject.icalendar.utc)
    event.add("dtstart").value = SAID.starts_at.astimezone(tz.gettz("Europe/Athens"))
    event.add("comment").value = "A long comment, with a comma; and more: " + "very " * 30
    who = event.add("attendee")
    who.value = "mailto:ada@example.org"
    who.partstat_param = "TENTATIVE"
    reply = read_letter(letter(SAID, made.serialize())).reply
    assert (reply.uid, reply.answer, reply.sequence) == (SAID.uid, "TENTATIVE", 1)
    assert reply.starts_at == SAID.starts_at
    assert reply.comment.startswith("A long comment, with a comma; and more: very")


def test_a_file_of_any_kind_that_is_called_a_calendar_is_read():
    message = EmailMessage()
    message["From"] = SAID.sender
    message.set_content("text")
    message.add_attachment(
        calendar(SAID).encode(),
        maintype="application",
        subtype="octet-stream",
        filename="Answer.ICS",
    )
    assert read_letter(message.as_bytes()).reply.uid == SAID.uid


@pytest.mark.parametrize(
    "changes",
    [
        {"ATTENDEE": ""},
        {
            "ATTENDEE": "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x.org\r\nATTENDEE;PARTSTAT=DECLINED:mailto:b@x.org"
        },
        {"ATTENDEE": "ATTENDEE;PARTSTAT=MAYBE:mailto:ada@example.org"},
        {"UID": ""},
        {"SEQUENCE": "SEQUENCE:-1"},
        {"SEQUENCE": "SEQUENCE:99999999999999999999"},
        {"SEQUENCE": "SEQUENCE:١"},
        {"SEQUENCE": "RECURRENCE-ID:20270315T080000Z"},
        {"END": "X-NO:end"},
        {"BEGIN": ""},
        {
            "PRODID": "BEGIN:VEVENT\r\nUID:two@x\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x.org\r\nEND:VEVENT"
        },
    ],
)
def test_a_broken_calendar_is_no_answer_and_names_its_event(changes):
    with pytest.raises(BrokenCalendar):
        read_reply(calendar(SAID, **changes))
    found = read_letter(letter(SAID, calendar(SAID, **changes)))
    assert found.reply is None
    assert SAID.uid in found.unread or "UID" in changes or "BEGIN" in changes


def test_a_calendar_cut_in_the_middle_is_no_answer():
    whole = calendar(SAID)
    for end in range(40, len(whole) - 20, 7):
        found = read_letter(letter(SAID, whole[:end]))
        assert found.reply is None


def test_other_methods_are_no_answers():
    for method in ("REQUEST", "PUBLISH", "CANCEL", "REFRESH", "ADD", ""):
        assert read_reply(calendar(SAID.but(method=method))) is None


def test_two_different_answers_in_one_mail_are_none():
    message = EmailMessage()
    message["From"] = SAID.sender
    message.set_content("text")
    for answer in ("ACCEPTED", "DECLINED"):
        message.add_attachment(
            calendar(SAID.but(answer=answer)).encode(), maintype="text", subtype="calendar"
        )
    found = read_letter(message.as_bytes())
    assert (found.reply, found.unread) == (None, (SAID.uid,))


def test_a_line_that_nobody_can_read_does_not_spoil_the_others():
    text = calendar(SAID, PRODID='X-BAD;A="\r\nno colon here\r\nX;=:y\r\nDTSTART:tomorrow')
    assert read_reply(text).answer == "ACCEPTED"


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("20270315", ""),
        ("20270315T080000", ""),
        ("20270315T080000", "Nowhere/Nothing"),
        ("20271315T080000Z", ""),
        ("2027031T080000Z", ""),
        ("20270315T250000Z", ""),
        ("", ""),
        ("00010101T000000", "Europe/Athens"),
    ],
)
def test_a_time_that_cannot_be_told_exactly_is_none(text, zone):
    with pytest.raises(BadClock):
        read_moment(text, zone=zone, clocks={})


def test_rules_of_a_zone_that_would_go_on_for_centuries_are_not_followed():
    started = time.monotonic()
    for rule in (
        "FREQ=SECONDLY",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;BYSECOND=1",
        "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=13;BYDAY=1SU",
        "FREQ=YEARLY;INTERVAL=7;BYMONTH=3;BYDAY=1SU",
    ):
        zone = OUTLOOK_ATHENS.format(name="X").replace(
            "FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", rule
        )
        text = calendar(SAID, DTSTART="DTSTART;TZID=X:20270315T100000").replace(
            "BEGIN:VEVENT", zone.replace("\n", "\r\n") + "BEGIN:VEVENT"
        )
        assert read_reply(text).starts_at is None
    assert time.monotonic() - started < 2


def test_one_letters_zone_is_not_the_next_ones():
    """A name that a stranger's rules gave a meaning means nothing afterwards."""
    said = SAID.but(method="COUNTER")
    own = outlook(said, zone="Made up")
    assert read_letter(own).reply.starts_at == said.starts_at
    other = calendar(said, DTSTART=f"DTSTART;TZID=Made up:{athens(said.starts_at)}")
    assert read_letter(letter(said, other)).reply.starts_at is None
    # Nor does one mean something else than the machine says.
    moved = OUTLOOK_ATHENS.format(name="Europe/Paris").replace("\n", "\r\n")
    text = calendar(said, DTSTART="DTSTART;TZID=Europe/Paris:20270315T090000")
    text = text.replace("BEGIN:VEVENT", moved + "BEGIN:VEVENT")
    assert read_reply(text).starts_at == said.starts_at


# What nobody should have to read.


def _nested(depth: int, kind: str = "multipart/mixed") -> bytes:
    head = [b"From: ada@example.org"]
    for n in range(depth):
        head += [f'Content-Type: {kind}; boundary="b{n}"'.encode(), b"", f"--b{n}".encode()]
    return b"\r\n".join([*head, b"Content-Type: text/plain", b"", b"x" * 1000])


@pytest.mark.parametrize(
    "raw",
    [
        b"x" * (5 * 1024 * 1024 + 1),
        b"From: ada@example.org\r\n" + b"X-A: y\r\n" * 50_000 + b"\r\n",
        b'From: ada@example.org\r\nContent-Type: text/plain; name="'
        + b'"a;' * 100_000
        + b"\r\n\r\n",
        _nested(16),
        _nested(3000),
        _nested(70, "MULTIPART/related"),
        b"\r\n\r\n".join([b"Content-Type: message/rfc822"] * 200),
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 5000,
        b"From: a@x.org\r\n\r\n" + b"\r" * 5_000_000,
    ],
    ids=[
        "5 MB",
        "headers",
        "one header",
        "16 deep",
        "3000 deep",
        "70 deep",
        "mails in mails",
        "parts",
        "lines",
    ],
)
def test_a_bomb_is_put_aside_at_once(raw):
    started = time.monotonic()
    with pytest.raises(Unreadable):
        read_letter(raw)
    assert time.monotonic() - started < 3


def test_the_worst_that_is_allowed_is_read_in_seconds():
    parts = b"".join(b"--b%d\r\nContent-Type: text/plain\r\n\r\nx\r\n" % (n % 2) for n in range(40))
    wide = b'From: a@x.org\r\nContent-Type: multipart/mixed; boundary="b0"\r\n\r\n' + parts
    for hostile in (
        wide + b"line\r\n" * 149_000,
        _nested(15) + b"\r\n-" * 149_000,
        b"From: a@x.org\r\n\r\n" + b"=" * 5_000_000,
    ):
        started = time.monotonic()
        read_letter(hostile)
        assert time.monotonic() - started < 10


def test_a_calendar_that_is_too_large_or_has_too_many_events_is_no_answer():
    large = calendar(SAID, PRODID="X:" + "y" * 210_000)
    assert read_letter(letter(SAID, large)).reply is None
    event = calendar(SAID).split("BEGIN:VEVENT")[1].split("END:VEVENT")[0]
    many = calendar(SAID).replace(
        "END:VCALENDAR", f"BEGIN:VEVENT{event}END:VEVENT\r\n" * 20 + "END:VCALENDAR"
    )
    assert read_letter(letter(SAID, many)).reply is None
    deep = calendar(SAID, PRODID="BEGIN:X\r\n" * 300 + "END:X\r\n" * 300)
    assert read_letter(letter(SAID, deep)).reply is None


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ("Ada <ADA@Example.org>", "ada@example.org"),
        ("ada@example.org", "ada@example.org"),
        ("=?utf-8?q?ada=40example.org?= <eve@evil.example>", "eve@evil.example"),
        ('"ada@example.org" <eve@evil.example>', "eve@evil.example"),
        ("ada@example.org, eve@evil.example", ""),
        ("ada@example.org <eve@evil.example>", ""),
        ("", ""),
        ("Ada", ""),
        ("<>", ""),
        ("a b@example.org", ""),
        ("ada@example.org\x00", ""),
    ],
)
def test_the_sender_is_the_one_address_that_it_is_from(header, sender):
    assert read_letter(f"From: {header}\r\n\r\nx".encode()).sender == sender


def test_two_senders_are_none():
    assert read_letter(b"From: ada@example.org\r\nFrom: eve@evil.example\r\n\r\nx").sender == ""


def test_addresses_are_compared_as_machines_write_them():
    assert plain_address(" Ada@MÜLLER.example ") == plain_address("ada@xn--mller-kva.example")
    assert plain_address("ada@example.org") != plain_address("ada@example.com")
    assert plain_address("a@" + "x" * 200 + ".example")


def test_a_strangers_words_are_short_and_lead_nowhere():
    said = (
        "Look\r\nat <b>https://evil.example/x</b> www.evil.example \u202egnol\u202c\x07 "
        + "y" * 500
    )
    found = clean(said)
    assert len(found) <= 200
    for gone in ("\n", "\r", "://", "www.", "\u202e", "\x07"):
        assert gone not in found
    html = EmailMessage()
    html.set_content("<script>alert(1)</script>", subtype="html")
    assert read_letter(html.as_bytes()).excerpt == ""


def test_the_same_letter_has_the_same_digest_and_no_other_has():
    raw = letter(SAID)
    again = b"Received: from elsewhere\r\n" + raw
    assert read_letter(raw).digest == read_letter(again).digest
    other = (
        letter(SAID.but(sender="eve@evil.example")),
        letter(SAID.but(answer="DECLINED")),
        letter(SAID.but(message_id="<answer-2@example.org>")),
    )
    assert len({read_letter(one).digest for one in (raw, *other)}) == 4


# Whose word about the sender counts.

JUDGE = "mx.proxeny.example"


@pytest.mark.parametrize(
    ("results", "is_forged"),
    [
        ([], False),
        ([f"{JUDGE}; dmarc=pass header.from=example.org; dkim=fail"], False),
        (
            [
                f"{JUDGE}; dmarc=fail (p=REJECT) header.from=example.org; dkim=pass header.d=evil.example"
            ],
            True,
        ),
        ([f"{JUDGE} 1; dkim=pass (good) header.d=example.org; spf=fail smtp.mailfrom=x@y"], False),
        ([f"{JUDGE}; dkim=pass header.i=@mail.example.org; spf=softfail"], False),
        ([f"{JUDGE}; dkim=pass header.d=evil.example; spf=fail"], True),
        ([f'{JUDGE}; dkim=fail reason="bad" header.d=example.org'], True),
        ([f"{JUDGE}; spf=fail smtp.mailfrom=example.org"], True),
        ([f"{JUDGE}; none"], False),
        (["mx.elsewhere.example; dmarc=fail"], False),
        ([f"{JUDGE}.evil.example; dmarc=fail"], False),
        ([f"mx.elsewhere.example; dmarc=pass; x={JUDGE}", f"{JUDGE}; dmarc=fail"], True),
        ([f"{JUDGE}; dmarc=pass", f"{JUDGE}; dmarc=fail"], True),
    ],
)
def test_what_the_own_server_calls_forged_is_forged(results, is_forged):
    raw = b"".join(f"Authentication-Results: {one}\r\n".encode() for one in results) + letter(SAID)
    assert read_letter(raw, judge=JUDGE).is_forged is is_forged
    assert read_letter(raw).is_forged is False


# What came back, and what nobody wrote.


def test_a_bounce_names_the_mail_and_the_reason():
    found = read_letter(bounce("<1.abc@proxeny.example>")).bounce
    assert (found.message_ids, found.status) == (("<1.abc@proxeny.example>",), "5.1.1")
    headers = bounce("<1.abc@proxeny.example>").replace(b"message/rfc822", b"text/rfc822-headers")
    assert read_letter(headers).bounce.message_ids == ("<1.abc@proxeny.example>",)
    odd = bounce("<1.abc@proxeny.example>", status="5.x; <script>")
    assert read_letter(odd).bounce.status == "5.0.0"


def test_what_is_only_late_is_no_bounce():
    for action in ("delayed", "delivered", "relayed", "expanded"):
        found = read_letter(bounce("<1.abc@proxeny.example>", action=action))
        assert (found.bounce, found.is_automatic) == (None, True)


@pytest.mark.parametrize(
    "header",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; x=y"},
        {"Precedence": "bulk"},
        {"Precedence": "Auto_Reply"},
        {"X-Autoreply": "yes"},
        {"X-Autorespond": "Out of office"},
        {"Return-Path": "<>"},
    ],
)
def test_what_a_program_wrote_says_so(header):
    said = SAID.but(subject="Out of office")
    assert read_letter(letter(said, "", **header)).is_automatic
    assert not read_letter(letter(said, "", Auto_Submitted="no")).is_automatic


def test_times_have_a_length():
    for length, minutes in (("PT90M", 90), ("PT1H30M", 90), ("P1DT0H", 1440), ("P1W", 10080)):
        text = calendar(SAID, DTEND=f"DURATION:{length}")
        reply = read_reply(text)
        assert reply.ends_at - reply.starts_at == timedelta(minutes=minutes)
    for bad in ("-PT1H", "P", "PT", "P9999999D", "x"):
        found = read_reply(calendar(SAID, DTEND=f"DURATION:{bad}")).ends_at
        assert found in (None, SAID.starts_at)
    assert utc(SAID.starts_at) == "20270315T080000Z"
