"""Outgoing mail: written beside its cause, sent by a job, each key once."""

import re
import smtplib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage as PlainMessage
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac

from proxeny.kernel.logs import mail_logger, telling_work
from proxeny.kernel.mail_headers import ReadableMail, mailbox
from proxeny.kernel.mail_secrets import REMOVED, kept_after_sending
from proxeny.kernel.mail_senders import PROXENY, Sender, site_name, usable
from proxeny.kernel.models import Mail
from proxeny.kernel.queue import MAIL_ATTEMPTS, SEND_MAIL, put, put_now
from proxeny.kernel.tenancy import SERVICE, acting_as, as_service

#: Written by a program (RFC 3834), and no answer of one is wanted: two programs would write for ever.
_AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
#: From the beginning of a word on, lest each of its signs is tried as one.
_ADDRESS = re.compile(r"(?<![^\s<>()\[\]{}\"',:;])[^\s<>()\[\]{}\"',:;]+@[^\s<>()\[\]{}\"',:;]+")
_OWN_NAME = re.compile(r"<(\d{1,18})\.([0-9a-f]{32})@")


@dataclass(frozen=True, slots=True)
class Written:
    """A mail as its templates made it: the subject, and the body as plain text and as HTML."""

    subject: str
    text: str
    html: str


def write_mail(*, template: str, context: Mapping[str, Any], language: str = "en") -> Written:
    """Return what two templates say: `<template>.txt`, whose first line is the subject, and
    `<template>.html`, which escapes its variables.
    """
    with translation.override(language):
        values = {**context, "base_url": settings.BASE_URL, "language": language}
        subject, _, text = render_to_string(f"{template}.txt", values).strip().partition("\n")
        html = render_to_string(f"{template}.html", values)
    # A line break in a subject would let a name add headers of its own.
    return Written(" ".join(subject.split())[:300], text.strip() + "\n", html)


def queue_mail(
    *,
    key: str,
    recipient: str,
    template: str,
    context: dict[str, Any],
    language: str = "en",
    calendar: str = "",
    calendar_method: str = "",
    sender: Sender = PROXENY,
) -> Mail | None:
    """Write a mail in the current transaction and queue its sending; the same key only once.

    For mails to people without a sign-in, and about the security of a sign-in. Everything else goes
    through `proxeny.notices`, which respects each person's choices.

    Parameters
    ----------
    key : str
        Unique key of the mail, for instance `invitation:17`.
    recipient : str
        One address.
    template, context, language : str, dict, str
        See `write_mail`.
    calendar, calendar_method : str
        An iCalendar text to attach, and its method (REQUEST, CANCEL).
    sender : Sender
        On whose behalf it is written.

    Returns
    -------
    Mail or None
        None when a mail with this key exists, or the person has no address any more.
    """
    if not recipient:
        return None
    written = write_mail(template=template, context=context, language=language)
    return queue_written(
        written,
        key=key,
        recipient=recipient,
        language=language,
        calendar=calendar,
        calendar_method=calendar_method,
        sender=sender,
    )


def queue_written(
    written: Written,
    *,
    key: str,
    recipient: str,
    language: str = "en",
    calendar: str = "",
    calendar_method: str = "",
    headers: Mapping[str, str] | None = None,
    not_before: datetime | None = None,
    sender: Sender = PROXENY,
) -> Mail | None:
    """Queue a mail that is written, as `queue_mail` does; not sent before a moment, if one is given."""
    with translation.override(language):
        name = sender.display()
    with as_service("Readers cause mails, but only the product may see and write them."):
        mail, made = Mail.objects.get_or_create(
            key=key,
            defaults={
                "recipient": recipient,
                "subject": written.subject,
                "text": written.text,
                "html": written.html,
                "calendar": calendar,
                "calendar_method": calendar_method,
                "headers": dict(headers or {}),
                "not_before": not_before,
                "sender": name,
                "reply_to": usable(sender.reply_to),
            },
        )
        if not made:
            return None
        put(SEND_MAIL, at=not_before, mail_id=mail.pk)
    return mail


def is_written(key: str) -> bool:
    """Whether a mail with this key was written before. Service role only."""
    return Mail.objects.filter(key=key).exists()


def send_again(mail_id: int) -> bool:
    """Have a mail that is not sent tried now, with all its attempts; False if there is none.

    Service role only. It need not have been given up, nor have an entry in the queue.
    """
    # Whose address is gone was erased: it must not be tried again.
    unsent = Mail.objects.filter(pk=mail_id, sent_at=None).exclude(recipient="")
    # One that came back was sent, and has lost its links.
    unsent = unsent.exclude(text__contains=REMOVED)
    done = unsent.update(error="", attempts=0, not_before=None)
    if done:
        put_now(SEND_MAIL, mail_id=mail_id)
    return bool(done)


def send(mail_id: int, *, last_attempt: bool = False) -> None:
    """Send one queued mail; do nothing if it was sent or given up.

    On the last attempt, or when the server rejects the recipient permanently, the mail is given up:
    `Mail.error` gives the reason, and nothing is raised.

    Raises
    ------
    Exception
        The mail server's error, while attempts remain.

    Notes
    -----
    The Message-ID is derived from the key: if a worker dies between the server's response and our
    record of it, the second copy has the same ID and mail programs show it once. It cannot be
    guessed, so knowing it proves access to the mail.
    """
    with telling_work(mail_logger, "mail", mail_id=mail_id) as outcome:
        try:
            outcome.name = _send(mail_id)
        except Exception as error:
            given_up = _note_failure(mail_id, error, last_attempt=last_attempt)
            outcome.name, outcome.error = ("failed" if given_up else "again"), error
            if not given_up:
                raise


def _send(mail_id: int) -> str:
    with acting_as(SERVICE):
        waiting = Mail.objects.filter(pk=mail_id, sent_at=None, error="")
        mail = waiting.select_for_update(skip_locked=True).first()
        if mail is None:
            # The holder of the row sends it, or leaves it to `queue.take_up_left`.
            return "busy" if waiting.exists() else "nothing to do"
        _message(mail).send()
        kept = kept_after_sending(mail)
        waiting.update(sent_at=timezone.now(), attempts=F("attempts") + 1, **kept)
        return "sent"


def _is_for_good(error: Exception) -> bool:
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(500 <= code < 600 for code, _ in error.recipients.values())


def _note_failure(mail_id: int, error: Exception, *, last_attempt: bool) -> bool:
    """Count the attempt, and give the mail up if it was the last; return whether it is given up."""
    # In a transaction of its own: that of the attempt was rolled back.
    with acting_as(SERVICE):
        failed = Mail.objects.filter(pk=mail_id, sent_at=None)
        failed.update(attempts=F("attempts") + 1)
        if not (last_attempt or _is_for_good(error)):
            # An entry that was lost and written again counts from zero; the mail itself does not.
            failed = failed.filter(attempts__gt=MAIL_ATTEMPTS)
        return bool(failed.update(error=_tell(error)))


def _tell(error: Exception) -> str:
    """Say why without the addresses that servers repeat: they stay when the mail's own is erased."""
    return _ADDRESS.sub("…@…", f"{type(error).__name__}: {error}")[:500]


def note_bounce(message_ids: Iterable[str], status: str) -> Mail | None:
    """Mark a sent mail as failed because another server returned it. Service role only.

    Parameters
    ----------
    message_ids : iterable of str
        What may be its Message-ID.
    status : str
        Why, as RFC 3463 numbers it.

    Returns
    -------
    Mail or None
        None if it is none of ours, or was marked before.
    """
    for name in message_ids:
        match = _OWN_NAME.match(name)
        mail = Mail.objects.filter(pk=int(match[1])).first() if match else None
        if mail is None or not constant_time_compare(name, _name_of(mail)):
            continue
        # Whose address is gone was erased: it must not be tried again.
        sent = Mail.objects.filter(pk=mail.pk, error="", sent_at__isnull=False)
        if sent.exclude(recipient="").update(error=f"Bounced: {status}", sent_at=None):
            return mail
    return None


def _name_of(mail: Mail) -> str:
    digest = salted_hmac("proxeny.mail", f"{mail.pk}:{mail.key}", algorithm="sha256").hexdigest()
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{mail.pk}.{digest[:32]}@{domain}>"


def _message(mail: Mail) -> ReadableMail:
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    message = ReadableMail(
        subject=mail.subject,
        body=mail.text,
        # Bounces go to the address that is read.
        from_email=settings.REPLY_ADDRESS if settings.INBOX_URL else own,
        to=[mail.recipient],
        reply_to=[answers] if (answers := _answers_go_to(mail)) else None,
        headers={
            **mail.headers,
            **_AUTOMATIC,
            # Always our own address: other servers ask whether ours may write from it.
            "From": mailbox(mail.sender or site_name(), own),
            "Message-ID": _name_of(mail),
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    if mail.calendar:
        message.attach_alternative(
            mail.calendar, f"text/calendar; method={mail.calendar_method}; charset=utf-8"
        )
        part = PlainMessage()
        part.set_content(
            mail.calendar,
            subtype="calendar",
            charset="utf-8",
            disposition="attachment",
            filename="invite.ics",
            params={"method": mail.calendar_method},
        )
        message.attach(part)
    return message


def _answers_go_to(mail: Mail) -> str:
    # Its writer may have been erased meanwhile.
    person = usable(mail.reply_to)
    # Where answers by mail are read, those to an invitation have to come there.
    reads_answers = bool(mail.calendar and settings.INBOX_URL)
    return settings.REPLY_ADDRESS if reads_answers or (mail.calendar and not person) else person
