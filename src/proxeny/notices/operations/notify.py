"""Telling a person something: on the page at once, and by mail as they want it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.kernel.mail import Written, is_written, queue_mail, queue_written, write_mail
from proxeny.kernel.mail_senders import PROXENY, Sender
from proxeny.kernel.tenancy import as_service
from proxeny.notices.models import Choice, Hours, Notice, Way
from proxeny.notices.operations.choosing import make_token
from proxeny.notices.rules import next_moment
from proxeny.notices.topics import TOPIC, Topic

#: Maximum length of the extract on the page and in a digest.
_SUMMARY = 500


def tell(
    person: Person,
    *,
    topic: str,
    key: str,
    template: str,
    context: Mapping[str, Any],
    calendar: str = "",
    calendar_method: str = "",
    says_why: bool = False,
    path: str = "",
    summary: str = "",
    sender: Sender = PROXENY,
) -> bool:
    """Notify a person, in the current transaction; the same key only once.

    The notification appears on the page at once. The mail follows their choice for the topic: at
    once, but not in their quiet hours; with their daily or weekly mail; or not at all. A mail with
    a calendar entry is always sent, because their calendar depends on it. People without a sign-in
    get only the mail.

    Parameters
    ----------
    topic : str
        One of `topics.TOPICS`.
    key : str
        Unique key of the notification, for instance `rhythm:17:2026-05:4`.
    template, context : str, dict
        As `kernel.mail.write_mail` takes them. The subject becomes the notification's title, the
        first paragraph after the greeting its text; it links to `action_url`.
    calendar, calendar_method : str
        An iCalendar text to attach, and its method.
    says_why : bool
        Whether the plain text itself gives the reason for sending it; else the topic's reason is
        added.
    path : str
        The notification's link, if not `action_url`: a secret link stays in the mail only.
    summary : str
        The notification's text, if not the mail's first paragraph.
    sender : Sender
        The organisation and person on whose behalf the mail is sent.

    Returns
    -------
    bool
        Whether it is new, and reaches somebody.
    """
    about = TOPIC[topic]
    if person.account_id is None:
        mail = queue_mail(
            key=key,
            recipient=person.email,
            template=template,
            context={**context, "reason": about.why},
            language=person.language,
            calendar=calendar,
            calendar_method=calendar_method,
            sender=sender,
        )
        return mail is not None
    with as_service("Others cause a notice, but may not see its recipient's choices and notices."):
        if is_told(key):
            return False
        chosen = Choice.objects.filter(person=person, topic=topic).values_list("way", flat=True)
        way = Way.NOW if calendar else chosen.first() or about.way
    written = _write(person, about, template, context)
    with as_service("Others cause a notice, but may not write one for its recipient."):
        notice = Notice.objects.create(
            person=person,
            topic=topic,
            key=key,
            title=written.subject,
            way=way,
            text=(summary or _summary_of(written.text))[:_SUMMARY],
            path=path or _path_of(context.get("action_url", "")),
        )
        if way == Way.NOW:
            _mail(
                notice,
                _with_foot(written, person, about, says_why),
                person,
                calendar=calendar,
                calendar_method=calendar_method,
                sender=sender,
            )
    return True


def is_told(key: str) -> bool:
    """Whether this was told before, on the page or by mail. Service role only."""
    return Notice.objects.filter(key=key).exists() or is_written(key)


def fewer_url(person: Person, topic: str) -> str:
    """Return where the person chooses how to hear of a topic, without a sign-in."""
    return settings.BASE_URL + reverse("notices:fewer", args=[make_token(person.pk, topic)])


def headers_of(url: str) -> dict[str, str]:
    """Return the headers for one-click unsubscribing (RFC 8058)."""
    address = iri_to_uri(url)  # ASCII, whatever the site's name
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _write(person: Person, about: Topic, template: str, context: Mapping[str, Any]) -> Written:
    values = {
        "reason": about.why,
        **context,
        "preferences_url": fewer_url(person, about.name),
    }
    return write_mail(template=template, context=values, language=person.language)


def _with_foot(written: Written, person: Person, about: Topic, says_why: bool) -> Written:
    """Say at the end of the plain text why it came, and how to get fewer; the HTML says it itself."""
    with translation.override(person.language):
        why = "" if says_why else f"{about.why}\n"
        fewer = _("Choose which messages you receive")
    text = f"{written.text}\n{why}{fewer}: {fewer_url(person, about.name)}\n"
    return Written(written.subject, text, written.html)


def _mail(
    notice: Notice,
    written: Written,
    person: Person,
    *,
    calendar: str,
    calendar_method: str,
    sender: Sender,
) -> None:
    hours = Hours.objects.filter(person=person).first()
    moment = next_moment(hours, notice.created_at, person.time_zone) if hours else None
    queue_written(
        written,
        key=notice.key,
        recipient=person.email,
        language=person.language,
        calendar=calendar,
        calendar_method=calendar_method,
        sender=sender,
        not_before=moment,
        headers=headers_of(fewer_url(person, notice.topic)),
    )
    notice.mailed_at = notice.created_at
    notice.save(update_fields=["mailed_at"])


def _summary_of(text: str) -> str:
    """Return a mail's first paragraph after the greeting, without addresses, as one line."""
    paragraphs = [part for part in text.split("\n\n") if part.strip()]
    for part in paragraphs[1:] or paragraphs:
        lines = [one.strip() for one in part.splitlines()]
        told = " ".join(one for one in lines if one and not one.startswith(("http:", "https:")))
        if told:
            return told if len(told) <= _SUMMARY else told[: _SUMMARY - 1].rstrip() + "…"
    return ""


def _path_of(url: str) -> str:
    # Only an address of this site: the page links nowhere else.
    path = url.removeprefix(settings.BASE_URL)
    return path[:500] if path.startswith("/") and not path.startswith("//") else ""
