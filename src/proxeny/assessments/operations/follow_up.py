"""Follow-up: the client is asked about the outcome six and twelve months after the handover."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.assessments.models import Engagement, Later
from proxeny.assessments.operations.guards import enter_as_client, note_deed
from proxeny.assessments.operations.mail_parts import (
    own_foot,
    own_sender,
    people_of_client,
    url_for_client,
)
from proxeny.assessments.operations.work import tidy_lines
from proxeny.assessments.queries.follow_up import seen_of
from proxeny.assessments.rules import State
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.operations.mails import Letter, send, to_person
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.sums import clean_currency, refuse_worth

#: While somebody can be asked, and answer.
ANSWERED_IN = (State.HANDED_OVER, State.CLOSED)
#: So long after the question somebody is reminded, once.
REMIND_AFTER = timedelta(days=14)
MOST_LETTERS = 2000


@dataclass(frozen=True, slots=True)
class LaterFacts:
    """The outcome; `worth` and `currency` belong together, and may be left out."""

    value: str
    worth: Decimal | None = None
    currency: str = ""
    text: str = ""


@transaction.atomic
def answer_later(
    *, actor: Reader, engagement_id: int, months: int, seen: int, facts: LaterFacts, now: datetime
) -> Later:
    """Answer on the outcome of a report; again to change it. The teams read and count it.

    Parameters
    ----------
    months : {6, 12}
        Which of the two questions.
    seen : int
        What the answer was when the writer read it, as `seen_of` tells it.

    Side effects: an audit row, without the words; nobody is reminded any more.

    Raises
    ------
    NotFound, NotAllowed
        No such engagement or question; not of the company.
    Conflict
        It is not asked yet; a colleague has answered otherwise meanwhile.
    InvalidInput
        None of the answers; a worth without a currency, or one that no money has.
    """
    entered = enter_as_client(actor, engagement_id, *ANSWERED_IN)
    one = Later.objects.filter(engagement=entered.engagement, months=months).first()
    if one is None:
        raise NotFound(_("We couldn’t find this question."))
    if one.due_on > now.date() and one.asked_at is None:
        raise Conflict(_("This question comes later: not enough time has passed yet."))
    if seen_of(one) != seen:
        raise Conflict(
            _(
                "A colleague has answered since you opened this. Read their answer before you "
                "change it."
            )
        )
    facts = _check(facts)
    before = one.value
    one.value, one.worth, one.currency, one.text = (
        facts.value,
        facts.worth,
        facts.currency,
        facts.text,
    )
    one.answered_at, one.answered_by_id = now, actor.person
    with as_service("The company's own people may answer, which was checked on entry."):
        one.save()
    note_deed(
        actor, "answer_later", entered, changes={"months": months, "value": [before, one.value]}
    )
    return one


def _check(facts: LaterFacts) -> LaterFacts:
    if facts.value not in Later.Value.values:
        raise InvalidInput(_("Choose one of the answers."), field="value")
    text = tidy_lines(facts.text)
    if len(text) > MOST_LETTERS:
        raise InvalidInput(
            _("Your text is too long. Use %(most)d characters or fewer.") % {"most": MOST_LETTERS},
            field="text",
        )
    if facts.worth is None:
        return LaterFacts(facts.value, None, "", text)
    refuse_worth(facts.worth)
    currency = clean_currency(facts.currency.strip() or "EUR")
    return LaterFacts(facts.value, facts.worth, currency, text)


def find_due(now: datetime) -> list[int]:
    """Return the questions that are to be asked today. Service role."""
    return list(_open().filter(asked_at=None, due_on__lte=now.date()).values_list("pk", flat=True))


def find_unanswered(now: datetime) -> list[int]:
    """Return the unanswered questions whose reminder is due today. Service role."""
    found = _open().filter(reminded_at=None, asked_at__lte=now - REMIND_AFTER)
    return list(found.values_list("pk", flat=True))


def _open() -> QuerySet[Later]:
    return Later.objects.filter(
        Q(engagement__state__in=ANSWERED_IN),
        answered_at=None,
        partnership__state=Partnership.State.ACTIVE,
    ).order_by("pk")


@transaction.atomic
def ask_later(later_id: int, *, now: datetime) -> int:
    """Ask the client's people about the outcome; return the number of mails. Service role.

    Nothing is written of what was asked or answered meanwhile.
    """
    one = _hold(later_id)
    if one is None or one.asked_at is not None or one.due_on > now.date():
        return 0
    Later.objects.filter(pk=one.pk).update(asked_at=now)
    return _write(one, "asked", now)


@transaction.atomic
def remind_later(later_id: int, *, now: datetime) -> int:
    """Remind them once, two weeks after; return the number of mails. Service role."""
    one = _hold(later_id)
    if one is None or one.reminded_at is not None or one.asked_at is None:
        return 0
    if one.asked_at > now - REMIND_AFTER:
        return 0
    Later.objects.filter(pk=one.pk).update(reminded_at=now)
    return _write(one, "reminded", now)


def _hold(later_id: int) -> Later | None:
    found = _open().filter(pk=later_id).select_for_update(of=("self",))
    return found.select_related("engagement__client").first()


def _write(one: Later, kind: str, now: datetime) -> int:
    written = 0
    for person in people_of_client(one.engagement, now.date()):
        written += send(
            to_person(person, "assessments"),
            _letter(one.engagement, one.months, kind),
            key=f"assessment:{one.engagement_id}:later:{one.months}:{kind}:{person.pk}",
        )
    return written


def _letter(engagement: Engagement, months: int, kind: str) -> Callable[[], Letter]:
    def write() -> Letter:
        words = {"title": engagement.title}
        asked = {
            6: _(
                "Six months ago you received the report “%(title)s”. Did you use it? One click "
                "is enough; a sentence helps us improve."
            ),
            12: _(
                "A year ago you received the report “%(title)s”. Have you entered the market or "
                "decided against it? Either answer helps."
            ),
        }[months]
        subject = _("What came of your report? %(title)s")
        if kind == "reminded":
            subject = _("Reminder: what came of your report? %(title)s")
        return Letter(
            subject=subject % words,
            lines=(asked % words,),
            label=_("Answer now"),
            url=url_for_client(engagement, "own-later"),
            foot=own_foot(engagement),
            sender=own_sender(engagement),
        )

    return write
