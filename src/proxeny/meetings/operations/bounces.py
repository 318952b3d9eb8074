"""Bounced mails: the person who caused a mail is notified that it did not arrive."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from proxeny.accounts.models import Invitation, Person
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.personal_data import tell_name
from proxeny.meetings.models import CatchUp
from proxeny.meetings.operations.asked import keepers
from proxeny.meetings.operations.invitations import url_of
from proxeny.notices.operations import tell

#: Actions on a catch-up that send mails.
_DEEDS = (
    "plan_catch_up",
    "move_catch_up",
    "change_catch_up",
    "call_off_catch_up",
    "close_catch_up",
    "write_minutes",
)


@dataclass(frozen=True, slots=True)
class Cause:
    """Cause of a mail: its author, the recipient's name as the author knows it, and the page."""

    person_id: int
    name: str
    url: str = ""


def tell_bounce(mail: Mail, status: str, now: datetime) -> bool:
    """Notify the person who caused a mail that it could not be delivered, once. Service role.

    Only for mails whose recipient that person knows: guests of a catch-up, invited people. For
    mails of a desk, the desk is notified. The operator sees all others among the failed mails.
    """
    for keeper in keepers():
        if mail.key.startswith(f"{keeper.word}:"):
            return keeper.bounced(mail, now)
    cause = _find_cause(mail)
    person = Person.objects.filter(pk=cause.person_id, erased_at=None).first() if cause else None
    if cause is None or person is None or person.email.lower() == mail.recipient.lower():
        return False
    with override(person.language):
        name = tell_name(cause.name)
    return tell(
        person,
        topic="meetings",
        key=f"bounce:{mail.pk}",
        template="meetings/mail/bounce",
        context={
            "name": person.name,
            "to": name,
            "reason": _reason(status),
            "subject": mail.subject,
            "action_url": cause.url,
        },
    )


def _reason(status: str) -> str:
    """Return what a status (RFC 3463) means to people, as the template calls it."""
    _class, subject, detail = status.split(".")
    if subject == "1":
        return "address"
    if (subject, detail) == ("2", "2"):
        return "full"
    return "refused" if subject == "7" else ""


def _find_cause(mail: Mail) -> Cause | None:
    kind, *numbers = mail.key.split(":")
    if kind == "catch-up" and len(numbers) == 4:
        return _cause_of_catch_up(mail, int(numbers[0]), int(numbers[3]))
    if kind == "invitation" and numbers:
        made = Invitation.objects.filter(pk=int(numbers[0])).first()
        if made and made.invited_by_id:
            return Cause(
                made.invited_by_id, made.name, f"{settings.BASE_URL}{reverse('people:list')}"
            )
    return None


def _cause_of_catch_up(mail: Mail, catch_up_id: int, person_id: int) -> Cause | None:
    # The action was recorded in the same transaction, just before its mails.
    deed = (
        AuditEntry.objects.filter(
            target="meetings.catchup",
            target_id=catch_up_id,
            verb__in=_DEEDS,
            at__lte=mail.created_at,
        )
        .exclude(person_id=None)
        .order_by("-pk")
        .first()
    )
    one = CatchUp.objects.filter(pk=catch_up_id).first()
    to = Person.objects.filter(pk=person_id).first()
    if deed is None or deed.person_id is None or one is None or to is None:
        return None
    return Cause(deed.person_id, to.name, url_of(one))
