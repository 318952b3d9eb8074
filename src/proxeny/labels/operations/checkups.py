"""Check-ups on awarded projects: asked, answered and reviewed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.addresses import is_address
from proxeny.kernel.canonical import digest_of
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import Award, Checkup
from proxeny.labels.operations import life_mails
from proxeny.labels.operations.guards import enter_scheme
from proxeny.labels.queries import life as queries
from proxeny.partnerships.operations.room import enter, note, own_side
from proxeny.partnerships.sums import clean_currency, refuse_worth

Kind = Checkup.Kind
#: An answer is asked for within so long, unless the clusters choose a day.
ANSWERED_IN = timedelta(days=30)
FURTHEST = timedelta(days=366)
#: Kinds whose figure is a number of things, not of money.
_COUNTED = (Kind.CUSTOMERS, Kind.JOBS, Kind.PARTNERS)
MOST_WORDS, MOST_REVIEW, MOST_URL = 4000, 500, 500


@dataclass(frozen=True, slots=True)
class Answered:
    """A holder's answer; `amount` is a sum in `currency`, or a number of things without one."""

    still_holds: bool
    changed: str = ""
    achieved: str = ""
    kind: str = ""
    amount: Decimal | None = None
    currency: str = ""
    proof_url: str = ""
    is_public: bool = False


@transaction.atomic
def ask_due_checkups(
    *, actor: Reader, partnership_id: int, scheme_id: int, now: datetime
) -> list[Checkup]:
    """Ask the holders of all awards of a label that were given, or last asked, a year ago.

    Side effects: mails to the holders; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_scheme`; managers only; nobody is to be asked now.
    """
    entered = enter_scheme(actor, partnership_id, scheme_id, binding=True)
    awards = list(queries.due_awards(entered.record, now))
    if not awards:
        raise Conflict(_("No review is due now. Projects are reviewed once a year."))
    asked = Checkup.objects.bulk_create(
        [_made(one, now.date() + ANSWERED_IN, now) for one in awards]
    )
    note(
        actor, "ask_checkups", entered, changes={"title": entered.record.title, "count": len(asked)}
    )
    _write(asked, now)
    return asked


@transaction.atomic
def ask_checkup(
    *,
    actor: Reader,
    partnership_id: int,
    scheme_id: int,
    award_id: int,
    due_on: date | None,
    now: datetime,
) -> Checkup:
    """Ask the holder of one award, with the day by which to answer.

    Side effects: mails to the holder; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_scheme`; managers only.
    InvalidInput
        The award does not hold, or a check-up of it waits; the day has passed or is far away.
    """
    entered = enter_scheme(actor, partnership_id, scheme_id, binding=True)
    award = next(
        (one for one in queries.awards_to_ask(entered.record, now) if one.pk == award_id), None
    )
    if award is None:
        raise InvalidInput(_("Choose a valid award with nothing pending."), field="award")
    day = due_on or now.date() + ANSWERED_IN
    if not now.date() <= day <= now.date() + FURTHEST:
        raise InvalidInput(_("Choose a date within the next year."), field="due_on")
    one = _made(award, day, now)
    one.save()
    note(
        actor,
        "ask_checkup",
        entered,
        one,
        changes={"title": award.title, "due_on": day.isoformat()},
    )
    _write([one], now)
    return one


def _made(award: Award, due_on: date, now: datetime) -> Checkup:
    return Checkup(
        partnership_id=award.partnership_id,
        award=award,
        organisation_id=award.organisation_id,
        due_on=due_on,
        asked_at=now,
    )


def _write(asked: list[Checkup], now: datetime) -> None:
    for one in asked:
        life_mails.ask_checkup(one, kind="asked", today=now.date())


def mark_of(one: Checkup) -> str:
    """Return a short mark of an answer, for detecting changes."""
    return digest_of(one.answered_at.isoformat() if one.answered_at else "")[:16]


@transaction.atomic
def answer_checkup(
    *, actor: Reader, checkup_id: int, facts: Answered, seen: str | None = None, now: datetime
) -> Checkup:
    """Answer for the actor's own organisation; again to change it, until the clusters' review.

    Parameters
    ----------
    seen : str, optional
        The mark of the answer that the writer read (`mark_of`).

    Side effects: an audit row; a mail to the clusters if the project no longer qualifies.

    Raises
    ------
    NotFound
        The actor's organisation is not asked.
    Conflict
        The award was revoked, the clusters have reviewed the answer, or a colleague has answered.
    InvalidInput
        A value is invalid; `field` names it.
    """
    queries.get_own_checkup(actor, checkup_id)
    found = Checkup.objects.select_for_update(of=("self",))
    one = found.select_related("award__scheme_version", "organisation").get(pk=checkup_id)
    if one.award.revoked_at is not None:
        raise Conflict(_("This award is no longer valid, so there’s nothing to answer."))
    if one.reviewed_at is not None:
        raise Conflict(_("The clusters have checked your answer. It can no longer be changed."))
    if seen is not None and seen != mark_of(one):
        raise Conflict(
            _(
                "A colleague has answered since you opened this. Read their answer before you "
                "change it."
            )
        )
    facts = check_answer(facts)
    before = one.still_holds
    for name in Answered.__slots__:
        setattr(one, name, getattr(facts, name))
    one.answered_at, one.person_id = now, actor.person
    one.save()
    audit.record(
        actor,
        "answer_checkup",
        one,
        organisation_id=one.organisation_id,
        partnership_id=one.partnership_id,
        changes={"title": one.award.title, "still_holds": [before, one.still_holds]},
    )
    if one.still_holds is False and before is not False:
        life_mails.tell_no_longer(one, today=now.date())
    return one


def check_answer(facts: Answered) -> Answered:
    """Return an answer in its stored form; raise `InvalidInput` for invalid values."""
    changed, achieved = _words("changed", facts.changed), _words("achieved", facts.achieved)
    if not facts.still_holds and not changed:
        raise InvalidInput(_("Describe what has changed in a sentence or two."), field="changed")
    if facts.kind and facts.kind not in Kind.values:
        raise InvalidInput(_("Choose one of the types."), field="kind")
    if (achieved or facts.amount is not None) and not facts.kind:
        raise InvalidInput(_("Choose the type of success."), field="kind")
    if facts.kind and not achieved:
        raise InvalidInput(_("Describe what was achieved in one sentence."), field="achieved")
    url = facts.proof_url.strip()
    if url and not is_address(url):
        raise InvalidInput(
            _("This isn’t a web address. It should start with https://."), field="proof_url"
        )
    if len(url) > MOST_URL:
        raise InvalidInput(_("This address is too long. Use a shorter one."), field="proof_url")
    if facts.is_public and not achieved:
        raise InvalidInput(
            _("There’s nothing to show there yet: describe what was achieved."),
            field="is_public",
        )
    amount, currency = _figure(facts)
    return Answered(
        facts.still_holds, changed, achieved, facts.kind, amount, currency, url, facts.is_public
    )


def _words(name: str, typed: str) -> str:
    text = typed.replace("\r\n", "\n").strip()
    if "\0" in text or len(text) > MOST_WORDS:
        raise InvalidInput(
            _("Shorten this to %(most)d characters.") % {"most": MOST_WORDS}, field=name
        )
    return text


def _figure(facts: Answered) -> tuple[Decimal | None, str]:
    if facts.amount is None:
        return None, ""
    try:
        refuse_worth(facts.amount)
    except InvalidInput as error:
        raise InvalidInput(str(error), field="amount") from error
    if facts.kind in _COUNTED:
        if facts.amount != facts.amount.to_integral_value():
            raise InvalidInput(_("Enter a whole number."), field="amount")
        return facts.amount, ""
    if facts.kind == Kind.FUNDING or facts.currency.strip():
        return facts.amount, clean_currency(facts.currency)
    return facts.amount, ""


@transaction.atomic
def review_checkup(
    *, actor: Reader, partnership_id: int, checkup_id: int, review: str, now: datetime
) -> Checkup:
    """Mark an answer as reviewed by the clusters, with a comment for the holder.

    Side effects: what the holder agreed to publish is public from now on; a mail to the holder if
    there is a comment; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `room.enter`; managers only; there is no answer, or it was reviewed already.
    InvalidInput
        The comment is too long.
    """
    _partnership, parties = enter(actor, partnership_id, binding=True)
    queries.get_checkup(partnership_id, checkup_id)
    found = Checkup.objects.select_for_update(of=("self",))
    one = found.select_related("award__scheme_version").get(pk=checkup_id)
    if one.answered_at is None:
        raise Conflict(_("There’s no answer to check yet."))
    if one.reviewed_at is not None:
        raise Conflict(_("Someone has already checked this answer."))
    word = " ".join(review.split())
    if len(word) > MOST_REVIEW:
        raise InvalidInput(
            _("Shorten this to %(most)d characters.") % {"most": MOST_REVIEW}, field="review"
        )
    one.review, one.reviewed_at = word, now
    one.save(update_fields=["review", "reviewed_at"])
    audit.record(
        actor,
        "review_checkup",
        one,
        partnership_id=partnership_id,
        organisation_id=own_side(actor, parties),
        why=word,
        changes={"title": one.award.title},
    )
    life_mails.tell_reviewed(one, today=now.date())
    return one
