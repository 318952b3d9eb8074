"""Expressions of interest: asked by fixed questions, passed from adviser to adviser to the owner."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.directory import queries, rules
from proxeny.directory.models import Interest, Listing
from proxeny.directory.operations import interest_notices
from proxeny.directory.queries.advisers import advised_by
from proxeny.directory.queries.interests import get_interest, has_interest, is_of_receiver
from proxeny.directory.queries.listings import find_listing
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader

State = Interest.State
MAX_NOTE, MAX_CONTACT = 2000, 300

#: The questions, each with the most characters of its answer; the first four need one.
QUESTIONS: dict[str, tuple[Any, int]] = {
    "who": (gettext_lazy("Who are you, and what do you do?"), 1000),
    "why": (gettext_lazy("Why this one?"), 1000),
    "brings": (gettext_lazy("What can you bring?"), 1000),
    "next_step": (gettext_lazy("What would you like as a next step?"), 1000),
    "by_when": (gettext_lazy("By when?"), 200),
    "met": (gettext_lazy("Have you met before?"), 300),
}
NEEDED = ("who", "why", "brings", "next_step")
_CLOSED: dict[str, Any] = {
    Listing.Status.DRAFT: gettext_lazy("This isn’t published yet."),
    Listing.Status.REVIEW: gettext_lazy("This isn’t published yet."),
    Listing.Status.ON_HOLD: gettext_lazy(
        "This is on hold. Follow it to be notified when it’s back."
    ),
    Listing.Status.EXPIRED: gettext_lazy(
        "This has expired. Follow it to be notified when it’s renewed."
    ),
    Listing.Status.ARCHIVED: gettext_lazy("This is archived."),
}


def express_interest(
    *,
    actor: Reader,
    listing_id: int,
    organisation_id: int,
    answers: Mapping[str, str],
    now: datetime,
) -> Interest:
    """Express an organisation's interest in an offer or need of another.

    It first goes to the adviser of the asking side; directly to the other adviser where the asking
    organisation is a cluster, or its cluster's manager asks for it; to the owner where that is the
    cluster itself.

    Side effects: an audit row of the asking side; a mail to the holder.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the offer, does not speak for the organisation, or it is its own.
    Conflict
        It takes no interest now, or interest was already expressed.
    InvalidInput
        An answer is missing or too long.
    """
    listing = queries.get_listing(listing_id)
    organisation = queries.get_organisation(organisation_id)
    if not rules.can_edit_organisation(actor, organisation):
        raise NotAllowed(_("You can only express interest on behalf of your own organisation."))
    if not rules.can_ask_for(actor, organisation, listing):
        raise NotAllowed(_("This is your own. Only others can express interest in it."))
    refuse_closed(listing)
    if has_interest(listing_id, organisation_id):
        raise _twice()
    made = Interest(
        listing=listing,
        organisation=organisation,
        person_id=actor.person,
        # The asking side and the subject as of now: either may later be hidden from the other.
        answers=_checked(answers) | {"organisation": organisation.name, "title": listing.title},
        sender_id=organisation.steward_id,
        receiver_id=rules.keeper_of(listing.organisation),
        created_at=now,
        updated_at=now,
    )
    if made.sender_id is None or made.sender_id in actor.managed:
        _pass(made, now=now)
    try:
        with transaction.atomic():
            made.save()
            _record(actor, "express_interest", made, is_asking=True)
            interest_notices.tell_holder(actor, made, today=now.date())
    except IntegrityError:
        # Two clicks at the same moment: the constraint leaves one.
        raise _twice() from None
    return made


def refuse_closed(listing: Listing) -> None:
    """Raise `Conflict`, with a sentence, where no interest is taken now."""
    if listing.status in _CLOSED:
        raise Conflict(_CLOSED[listing.status])
    if not listing.is_open:
        raise Conflict(_("It’s no longer open to interest."))


def change_answers(
    *, actor: Reader, interest_id: int, version: int, answers: Mapping[str, str], now: datetime
) -> Interest:
    """Change the answers until the own adviser has passed them on; this also answers a question."""
    with transaction.atomic():
        found = _lock(interest_id)
        if not rules.is_asker(actor, found):
            raise _refusal()
        _expect(found, State.ASKED, State.RETURNED)
        if found.version != version:
            raise Conflict(
                _(
                    "Someone else changed this text while you were editing it. What you typed is "
                    "kept below."
                )
            )
        was_returned = found.state == State.RETURNED
        found.answers = found.answers | _checked(answers)
        found.state = State.ASKED
        _save(actor, "change_interest", found, is_asking=True, now=now)
        if was_returned:
            interest_notices.tell_holder(actor, found, today=now.date())
    return found


def pass_interest(*, actor: Reader, interest_id: int, note: str = "", now: datetime) -> Interest:
    """Pass interest on: from the own adviser to the other, from the other to the owner.

    The own adviser may add a line for the other side.
    """
    note = _short(note, MAX_NOTE, "note")
    with transaction.atomic():
        found = _lock(interest_id)
        _expect_adviser(actor, found, today=now.date())
        is_asking = found.state == State.ASKED
        if is_asking:
            found.note = note
            _pass(found, now=now)
        else:
            _offer(found, now=now)
        _save(actor, "pass_interest", found, is_asking=is_asking, now=now)
        interest_notices.tell_holder(actor, found, today=now.date())
        interest_notices.tell_asker(actor, found, "passed", today=now.date())
    return found


def return_interest(*, actor: Reader, interest_id: int, note: str, now: datetime) -> Interest:
    """Send an interest back to the asking side with a question.

    Its own adviser may do so before passing it on.
    """
    note = _short(note, MAX_NOTE, "note", needed=_("Enter your question."))
    with transaction.atomic():
        found = _lock(interest_id)
        _expect_adviser(actor, found, today=now.date())
        _expect(found, State.ASKED)
        found.state, found.note = State.RETURNED, note
        _save(actor, "return_interest", found, is_asking=True, now=now, why=note)
        interest_notices.tell_asker(actor, found, "returned", today=now.date())
    return found


def accept_interest(
    *, actor: Reader, interest_id: int, reply: str, contact: str, now: datetime
) -> Interest:
    """Say yes, with a reply and the contact that the owner chooses to give."""
    reply = _short(reply, MAX_NOTE, "reply")
    contact = _short(
        contact,
        MAX_CONTACT,
        "contact",
        needed=_("Enter how they can reach you: a name and an address or phone number."),
    )
    with transaction.atomic():
        found = _lock(interest_id)
        _expect_owner(actor, found)
        found.state, found.decided_at = State.ACCEPTED, now
        found.reply, found.reply_contact = reply, contact
        _save(actor, "accept_interest", found, is_asking=False, now=now)
        interest_notices.tell_asker(actor, found, "accepted", today=now.date())
    return found


def decline_interest(*, actor: Reader, interest_id: int, reply: str, now: datetime) -> Interest:
    """Say no, with a reason: the other adviser may, and the owner."""
    reply = _short(
        reply, MAX_NOTE, "reply", needed=_("Give a reason, even a short one: they’re waiting.")
    )
    with transaction.atomic():
        found = _lock(interest_id)
        if found.state == State.OFFERED:
            _expect_owner(actor, found)
        else:
            _expect_adviser(actor, found, today=now.date())
            _expect(found, State.PASSED)
        found.state, found.decided_at, found.reply = State.DECLINED, now, reply
        _save(actor, "decline_interest", found, is_asking=False, now=now, why=reply)
        interest_notices.tell_asker(actor, found, "declined", today=now.date())
    return found


def withdraw_interest(*, actor: Reader, interest_id: int, now: datetime) -> Interest:
    """Withdraw an interest before a decision; its holder is notified if it had left the asking side."""
    with transaction.atomic():
        found = _lock(interest_id)
        if not rules.is_asker(actor, found):
            raise _refusal()
        _expect(found, *rules.OPEN_STATES)
        before = found.state
        found.state, found.decided_at = State.WITHDRAWN, now
        _save(actor, "withdraw_interest", found, is_asking=True, now=now)
        interest_notices.tell_withdrawn(actor, found, before, today=now.date())
    return found


def _pass(found: Interest, *, now: datetime) -> None:
    """Pass it to the other adviser; within one cluster that is the same one, who has seen it."""
    found.state, found.passed_at = State.PASSED, now
    if found.sender_id == found.receiver_id or is_of_receiver(found):
        _offer(found, now=now)


def _offer(found: Interest, *, now: datetime) -> None:
    found.state, found.offered_at = State.OFFERED, now


def _lock(interest_id: int) -> Interest:
    get_interest(interest_id)
    return get_interest(interest_id, for_update=True)


def _expect(found: Interest, *states: str) -> None:
    if found.state not in states:
        raise Conflict(_("This has moved on since you opened it. Check the latest version."))


def _expect_adviser(actor: Reader, found: Interest, *, today: date) -> None:
    advised = advised_by(actor, today=today)
    if found.sender_id not in advised and found.receiver_id not in advised:
        raise NotAllowed(_("Only an adviser of the cluster can pass interest on."))
    if not rules.can_pass_on(found, advised):
        _expect(found)


def _expect_owner(actor: Reader, found: Interest) -> None:
    # A reader who is neither its owner nor its cluster's manager gets that answer; the listing is read
    # with the actor's own eyes, which see behind an anonymous one only where they may.
    listing = find_listing(found.listing_id)
    if listing is None or not rules.can_edit_listing(actor, listing):
        raise NotAllowed(_("Only the organisation behind the offer or need can answer."))
    _expect(found, State.OFFERED)


def _save(
    actor: Reader, verb: str, found: Interest, *, is_asking: bool, now: datetime, why: str = ""
) -> None:
    found.version += 1
    found.updated_at = now
    found.save()
    _record(actor, verb, found, is_asking=is_asking, why=why)


def _record(actor: Reader, verb: str, found: Interest, *, is_asking: bool, why: str = "") -> None:
    # Each side sees its own actions: the person acting on the other side is not named.
    mine = found.sender_id or found.organisation_id if is_asking else found.receiver_id
    audit.record(
        actor,
        verb,
        found,
        organisation_id=mine,
        changes={"name": found.answers.get("title", "")},
        why=why,
    )


def _checked(answers: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, (_question, most) in QUESTIONS.items():
        text = answers.get(name, "").strip()
        if len(text) > most:
            raise InvalidInput(_("This is too long. Shorten it."), field=name)
        if not text and name in NEEDED:
            raise InvalidInput(
                _("A sentence is enough, but without it no one can answer you."), field=name
            )
        found[name] = text
    return found


def _short(text: str, most: int, field: str, *, needed: str = "") -> str:
    text = text.strip()
    if len(text) > most:
        raise InvalidInput(_("This is too long. Shorten it."), field=field)
    if needed and not text:
        raise InvalidInput(needed, field=field)
    return text


def _twice() -> Conflict:
    return Conflict(_("Your organisation has already expressed its interest."))


def _refusal() -> NotAllowed:
    return NotAllowed(_("Only those who expressed the interest can do this."))
