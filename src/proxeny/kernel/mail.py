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
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac

from proxeny.kernel.logs import mail_logger, telling_work
from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import SERVICE, acting_as, as_service

#: Written by a program (RFC 3834), and no answer of one is wanted: two programs would write for ever.
_AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "OOF, AutoReply"}
_ADDRESS = re.compile(r"[^\s<>()\[\]{}\"',:;]+@[^\s<>()\[\]{}\"',:;]+")
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
) -> Mail | None:
    """Write a mail in the current transaction and queue its sending; the same key only once.

    For what reaches people without a sign-in, and what is about the safety of a sign-in. Whatever
    else a person is told goes by `proxeny.notices`, which asks how they want to hear of it.

    Parameters
    ----------
    key : str
        What makes this mail this mail, for instance `invitation:17`.
    recipient : str
        One address.
    template, context, language : str, dict, str
        See `write_mail`.
    calendar, calendar_method : str
        An iCalendar text to carry, and its method (REQUEST, CANCEL).

    Returns
    -------
    Mail or None
        None when a mail with this key exists, or the person has no address any more.
    """
    if not recipient:
        return None
    written = write_mail(template=template, context=context, language=language)
    return queue_written(
        written, key=key, recipient=recipient, calendar=calendar, calendar_method=calendar_method
    )


def queue_written(
    written: Written,
    *,
    key: str,
    recipient: str,
    calendar: str = "",
    calendar_method: str = "",
    headers: Mapping[str, str] | None = None,
    not_before: datetime | None = None,
) -> Mail | None:
    """Queue a mail that is written, as `queue_mail` does; not sent before a moment, if one is given."""
    with as_service():
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
            },
        )
        if not made:
            return None
        _defer(mail.pk, not_before)
    return mail


def is_written(key: str) -> bool:
    """Whether a mail with this key was written before. Service role only."""
    return Mail.objects.filter(key=key).exists()


def send_again(mail_id: int) -> bool:
    """Queue a mail that was given up anew; return False if it was not. Service role only."""
    given_up = Mail.objects.filter(pk=mail_id, sent_at=None).exclude(error="")
    done = given_up.update(error="")
    if done:
        _defer(mail_id)
    return bool(done)


def _defer(mail_id: int, not_before: datetime | None = None) -> None:
    from procrastinate.contrib.django import app

    task = app.configure_task("proxeny.send_mail", schedule_at=not_before)
    task.defer(mail_id=mail_id)


def send(mail_id: int, *, last_attempt: bool = False) -> None:
    """Send one queued mail; nothing happens if it was sent or given up.

    On the last attempt, or when the server refuses the recipient for good, the mail is given up:
    `Mail.error` says why, and nothing is raised.

    Raises
    ------
    Exception
        What the mail server answers, while there is another attempt to come.

    Notes
    -----
    The Message-ID comes from the key: should a worker die between the server's answer and our
    note of it, the second copy carries the same one and mail programs show it once. Nobody can
    guess it, so that who names it has seen the mail.
    """
    with telling_work(mail_logger, "mail", mail_id=mail_id) as outcome:
        try:
            outcome.name = _send(mail_id)
        except Exception as error:
            given_up = last_attempt or _is_for_good(error)
            outcome.name, outcome.error = ("failed" if given_up else "again"), error
            _note_failure(mail_id, error, given_up=given_up)
            if not given_up:
                raise


def _send(mail_id: int) -> str:
    with acting_as(SERVICE):
        waiting = Mail.objects.filter(pk=mail_id, sent_at=None, error="")
        mail = waiting.select_for_update(skip_locked=True).first()
        if mail is None:
            return "nothing to do"
        _message(mail).send()
        waiting.update(sent_at=timezone.now(), attempts=F("attempts") + 1)
        return "sent"


def _is_for_good(error: Exception) -> bool:
    if not isinstance(error, smtplib.SMTPRecipientsRefused):
        return False
    return all(500 <= code < 600 for code, _ in error.recipients.values())


def _note_failure(mail_id: int, error: Exception, *, given_up: bool) -> None:
    # In a transaction of its own: that of the attempt was rolled back.
    with acting_as(SERVICE):
        failed = Mail.objects.filter(pk=mail_id, sent_at=None)
        failed.update(attempts=F("attempts") + 1)
        if given_up:
            failed.update(error=_tell(error))


def _tell(error: Exception) -> str:
    """Say why without the addresses that servers repeat: they stay when the mail's own is erased."""
    return _ADDRESS.sub("…@…", f"{type(error).__name__}: {error}")[:500]


def note_bounce(message_ids: Iterable[str], status: str) -> Mail | None:
    """Mark a sent mail as failed that another server gave back. Service role only.

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


def _message(mail: Mail) -> EmailMultiAlternatives:
    headers = {**mail.headers, **_AUTOMATIC, "Message-ID": _name_of(mail)}
    sender = settings.DEFAULT_FROM_EMAIL
    if settings.INBOX_URL:
        # What cannot be delivered goes back to where it is read.
        headers["From"], sender = sender, settings.REPLY_ADDRESS
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=sender,
        to=[mail.recipient],
        reply_to=[settings.REPLY_ADDRESS] if mail.calendar else None,
        headers=headers,
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    if mail.calendar:
        message.attach_alternative(
            mail.calendar, f"text/calendar; method={mail.calendar_method}; charset=utf-8"
        )
        part = PlainMessage()
        part.set_content(mail.calendar, subtype="calendar", charset="utf-8", disposition="attachment",
                         filename="invite.ics", params={"method": mail.calendar_method})  # fmt: skip
        message.attach(part)
    return message
