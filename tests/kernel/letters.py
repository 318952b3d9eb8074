"""Letters as mail programs write them.

The four programs' shapes are written after the formats that their makers publish (MS-OXCICAL and
MS-STANOICAL, Google's and Apple's iMIP mails, Thunderbird's source), not taken from anybody's mail.
"""

import quopri
from base64 import encodebytes
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from zoneinfo import ZoneInfo

from tests.kernel.inboxes import MAILBOX

#: What Outlook sends along for Athens: a name of its own, and rules since 1601.
OUTLOOK_ATHENS = """\
BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T040000
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Said:
    """An answer, before a program writes it."""

    uid: str = "one@example.org"
    sender: str = "ada@example.org"
    name: str = "Ada Lovelace"
    answer: str = "ACCEPTED"
    method: str = "REPLY"
    sequence: int = 0
    starts_at: datetime = datetime(2027, 3, 15, 8, 0, tzinfo=UTC)
    minutes: int = 60
    stamped_at: datetime = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
    comment: str = ""
    subject: str = "Accepted: Half-year review"
    message_id: str = "<answer-1@example.org>"

    def but(self, **changes: object) -> "Said":
        """Return the same with changes."""
        return replace(self, **changes)

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)


def utc(moment: datetime) -> str:
    """Return a moment as calendars write it in UTC."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def athens(moment: datetime) -> str:
    """Return a moment as clocks in Athens show it."""
    return f"{moment.astimezone(ZoneInfo('Europe/Athens')):%Y%m%dT%H%M%S}"


def crlf(text: str) -> bytes:
    """Return lines as they travel."""
    return "\r\n".join(text.splitlines()).encode() + b"\r\n"


def calendar(said: Said, **changes: str) -> str:
    """Return a plain calendar; changes replace whole lines by the name they begin with."""
    lines = f"""\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Client//EN
METHOD:{said.method}
BEGIN:VEVENT
UID:{said.uid}
SEQUENCE:{said.sequence}
DTSTAMP:{utc(said.stamped_at)}
DTSTART:{utc(said.starts_at)}
DTEND:{utc(said.ends_at)}
ORGANIZER:mailto:{MAILBOX}
ATTENDEE;CN="{said.name}";PARTSTAT={said.answer}:mailto:{said.sender}
COMMENT:{said.comment}
END:VEVENT
END:VCALENDAR""".splitlines()
    for name, line in changes.items():
        at = next(n for n, one in enumerate(lines) if one.split(":")[0].split(";")[0] == name)
        lines[at : at + 1] = [line] if line else []
    return "\r\n".join(lines) + "\r\n"


def letter(said: Said, body: str | bytes | None = None, **headers: str) -> bytes:
    """Return a mail with a text and a calendar in it."""
    message = EmailMessage()
    message["From"] = f"{said.name} <{said.sender}>"
    message["To"] = MAILBOX
    message["Subject"] = said.subject
    message["Message-ID"] = said.message_id
    message["Date"] = said.stamped_at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(f"{said.name} has answered.\n{said.comment}\n")
    if body is None:
        body = calendar(said)
    if body:
        raw = body.encode() if isinstance(body, str) else body
        message.add_attachment(
            raw,
            maintype="text",
            subtype="calendar",
            disposition="inline",
            params={"method": said.method, "charset": "utf-8"},
        )
    return message.as_bytes(policy=SMTP)


def _head(said: Said, *more: str) -> str:
    return "\n".join(
        [
            f"From: {said.name} <{said.sender}>",
            f"To: {MAILBOX}",
            f"Subject: {said.subject}",
            f"Message-ID: {said.message_id}",
            f"Date: {said.stamped_at:%a, %d %b %Y %H:%M:%S} +0000",
            "MIME-Version: 1.0",
            *more,
        ]
    )


def outlook(said: Said, *, zone: str = "GTB Standard Time", charset: str = "utf-8") -> bytes:
    """Outlook with Exchange: its own names of zones, long lines folded by tabs, base64."""
    quoted = f'"{zone}"' if ":" in zone else zone
    body = f"""\
BEGIN:VCALENDAR
METHOD:{said.method}
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
{OUTLOOK_ATHENS.format(name=zone).strip()}
BEGIN:VEVENT
ATTENDEE;PARTSTAT={said.answer};CN={said.name}:mailto:{said.sender.upper()}
COMMENT;LANGUAGE=en-US:{said.comment}\\n
UID:{said.uid[:40]}
\t{said.uid[40:]}
SUMMARY;LANGUAGE=en-US:Accepted: Η συνάντηση\\, που γίνεται κάθε εξάμηνο
DTSTART;TZID={quoted}:{athens(said.starts_at)}
DTEND;TZID={quoted}:{athens(said.ends_at)}
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:{utc(said.stamped_at)}
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:{said.sequence}
LOCATION;LANGUAGE=en-US:
X-MICROSOFT-CDO-APPT-SEQUENCE:{said.sequence}
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT
END:VCALENDAR"""
    raw = "\r\n".join(body.splitlines()).encode(charset, "replace") + b"\r\n"
    head = _head(
        said,
        "Content-Class: urn:content-classes:calendarmessage",
        "X-MS-Has-Attach:",
        'Content-Type: multipart/alternative; boundary="_000_AM0PR"',
    )
    return crlf(f"""\
{head}

--_000_AM0PR
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

{said.comment}

--_000_AM0PR
Content-Type: text/calendar; charset="{charset}"; method={said.method}
Content-Transfer-Encoding: base64

{encodebytes(raw).decode().strip()}

--_000_AM0PR--
""")


def gmail(said: Said) -> bytes:
    """Google Calendar: says that a program wrote it; the calendar twice, UTC, lines folded."""
    body = f"""\
BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:{said.method}
BEGIN:VEVENT
DTSTART:{utc(said.starts_at)}
DTEND:{utc(said.ends_at)}
DTSTAMP:{utc(said.stamped_at)}
ORGANIZER;CN=Proxeny:mailto:{MAILBOX}
UID:{said.uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={said.answer};CN={said.sender};
 X-NUM-GUESTS=0:mailto:{said.sender}
X-MICROSOFT-CDO-OWNERAPPTID:-1021437158
CREATED:20270301T090000Z
LAST-MODIFIED:{utc(said.stamped_at)}
SEQUENCE:{said.sequence}
STATUS:CONFIRMED
SUMMARY:Half-year review
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR"""
    head = _head(
        said,
        f"Reply-To: {said.name} <{said.sender}>",
        "Auto-Submitted: auto-generated",
        "Sender: Google Calendar <calendar-notification@google.com>",
        'Content-Type: multipart/mixed; boundary="0000mixed"',
    )
    return crlf(f"""\
{head}

--0000mixed
Content-Type: multipart/alternative; boundary="0000inner"

--0000inner
Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes
Content-Transfer-Encoding: base64

{encodebytes(b"Ada Lovelace has accepted this invitation.").decode().strip()}

--0000inner
Content-Type: text/html; charset="UTF-8"
Content-Transfer-Encoding: quoted-printable

<p>has accepted <script>alert(1)</script></p>

--0000inner
Content-Type: text/calendar; charset="UTF-8"; method={said.method}
Content-Transfer-Encoding: 7bit

{body}

--0000inner--
--0000mixed
Content-Type: application/ics; name="invite.ics"
Content-Disposition: attachment; filename="invite.ics"
Content-Transfer-Encoding: base64

{encodebytes(crlf(body)).decode().strip()}

--0000mixed--
""")


def apple(said: Said) -> bytes:
    """Apple's Calendar: one attached file, quoted-printable, zones by their names with rules."""
    body = f"""\
BEGIN:VCALENDAR
CALSCALE:GREGORIAN
PRODID:-//Apple Inc.//macOS 15.3//EN
VERSION:2.0
METHOD:{said.method}
BEGIN:VTIMEZONE
TZID:Europe/Athens
BEGIN:DAYLIGHT
DTSTART:19810329T030000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:GMT+3
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T040000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT+2
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;CN="{said.name}";CUTYPE=INDIVIDUAL;EMAIL="{said.sender}";PARTSTAT={said.answer}:mailto:{said.sender}
DTEND;TZID=Europe/Athens:{athens(said.ends_at)}
DTSTAMP:{utc(said.stamped_at)}
DTSTART;TZID=Europe/Athens:{athens(said.starts_at)}
ORGANIZER:mailto:{MAILBOX}
SEQUENCE:{said.sequence}
SUMMARY:Επισκόπηση
UID:{said.uid}
END:VEVENT
END:VCALENDAR"""
    head = _head(
        said,
        "X-Mailer: Apple Mail (2.3826.300.87)",
        'Content-Type: multipart/mixed; boundary="Apple-Mail-1"',
    )
    return crlf(f"""\
{head}

--Apple-Mail-1
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

{said.name} has accepted.

--Apple-Mail-1
Content-Disposition: attachment; filename*=utf-8''%CE%B1.ics
Content-Type: text/calendar; charset=utf-8; name="=?utf-8?Q?=CE=B1=2Eics?="
Content-Transfer-Encoding: quoted-printable

{quopri.encodestring(crlf(body)).decode()}
--Apple-Mail-1--
""")


def thunderbird(said: Said) -> bytes:
    """Thunderbird: answers in lower case are read too; a single part beside the text."""
    body = f"""\
BEGIN:VCALENDAR
PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN
VERSION:2.0
METHOD:{said.method}
BEGIN:VEVENT
CREATED:20270301T090500Z
LAST-MODIFIED:{utc(said.stamped_at)}
DTSTAMP:{utc(said.stamped_at)}
UID:{said.uid}
SUMMARY:Half-year review
ORGANIZER;CN=Proxeny:mailto:{MAILBOX}
ATTENDEE;CN={said.name};ROLE=REQ-PARTICIPANT;partstat={said.answer.lower()};RSVP=TRU
 E:mailto:{said.sender}
DTSTART:{utc(said.starts_at)}
DURATION:PT{said.minutes}M
SEQUENCE:{said.sequence}
X-MOZ-INVITED-ATTENDEE:mailto:{said.sender}
END:VEVENT
END:VCALENDAR"""
    head = _head(
        said,
        "User-Agent: Mozilla Thunderbird",
        'Content-Type: multipart/mixed; boundary="----=_Part"',
    )
    return crlf(f"""\
{head}

------=_Part
Content-type: text/plain; charset=utf-8
Content-transfer-encoding: base64

{encodebytes(said.name.encode() + b" has accepted").decode().strip()}

------=_Part
Content-type: text/calendar; method={said.method}; charset=UTF-8; component=VEVENT
Content-transfer-encoding: 8bit

{body}

------=_Part--
""")


PROGRAMS = {"outlook": outlook, "gmail": gmail, "apple": apple, "thunderbird": thunderbird}


def bounce(message_id: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    """Return what a mail server gives back (RFC 3464)."""
    return crlf(f"""\
From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: {MAILBOX}
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-{status}-{action}@mx.example.org>
Auto-Submitted: auto-replied
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="BB"

--BB
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.org.

--BB
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Mon, 1 Mar 2027 09:00:00 +0000

Final-Recipient: rfc822; ada@example.org
Original-Recipient: rfc822;ada@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.org
Diagnostic-Code: smtp; 550 {status} <ada@example.org>: no such user

--BB
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: Proxeny <{MAILBOX}>
Message-ID: {message_id}
Subject: Invitation

Hello
--BB--
""")
