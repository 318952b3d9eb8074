"""A party records the outcome of a meeting."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.meetings.rules import AGREED, VALUES_OF
from proxeny.partnerships.sums import clean_currency, refuse_worth


@transaction.atomic
def rate_meeting(
    *,
    actor: Reader,
    meeting_id: int,
    phase: str,
    value: str,
    now: datetime,
    note: str = "",
    agreed: str = "",
    worth: Decimal | None = None,
    currency: str = "",
) -> Rating:
    """Save or change the own party's rating of a meeting.

    Parameters
    ----------
    actor : Reader
        Somebody of an organisation that took part.
    phase, value, note, agreed, worth, currency
        As for `keep_rating`, which also lists the side effects.

    Raises
    ------
    NotFound, NotAllowed
        No such meeting; not the actor's own.
    Conflict, InvalidInput
        As `keep_rating`.
    """
    party = _own_party(actor, meeting_id)
    return keep_rating(
        party=party,
        phase=phase,
        value=value,
        now=now,
        actor=actor,
        note=note,
        agreed=agreed,
        worth=worth,
        currency=currency,
    )


@transaction.atomic
def keep_rating(
    *,
    party: MeetingParty,
    phase: str,
    value: str,
    now: datetime,
    actor: Reader,
    note: str = "",
    agreed: str = "",
    worth: Decimal | None = None,
    currency: str = "",
) -> Rating:
    """Save or change a party's rating of a meeting. The caller checks who is rating.

    Parameters
    ----------
    phase : {"day", "later"}
    value : str
        One of the answers of that phase.
    actor : Reader
        The author; `STRANGER` in the service role, for a party without an account.
    agreed : str
        For an agreement only: one of `Rating.Agreed`.
    worth : Decimal, optional
        The value of the agreement, from 0 to `sums.MOST_WORTH`, to the cent.
    currency : str
        The three letters (ISO 4217) of the currency of `worth`; the partnership's if empty, none
        kept without a worth.

    Side effects
    ------------
    The meeting counts as held as soon as one party says anything but "did not take place", and as
    missed when nobody does. No notifications; the other party never reads it. An audit row.

    Raises
    ------
    Conflict, InvalidInput
        Not begun, not agreed, or a catch-up; no such answer, or no such agreement: with its field.
    """
    meeting = party.meeting
    if value not in VALUES_OF.get(phase, ()):
        raise InvalidInput(_("Choose an answer."), field="value")
    _refuse_closed(meeting, now)
    terms = _check_terms(value, _Terms(agreed, worth, currency), meeting)
    rating, _made = Rating.objects.update_or_create(
        party=party,
        phase=phase,
        defaults={
            "value": value,
            "note": note[:2000],
            "rated_at": now,
            "agreed": terms.agreed,
            "worth": terms.worth,
            "currency": terms.currency,
        },
    )
    if phase == Rating.Phase.DAY:
        with as_service("One side's rating settles whether they met, which it may not write."):
            _note_whether_held(party, value)
    audit.record(
        actor,
        "rate_meeting",
        rating,
        organisation_id=party.organisation_id,
        partnership_id=meeting.partnership_id,
        changes={"phase": phase},
    )
    return rating


def _refuse_closed(meeting: Meeting, now: datetime) -> None:
    if meeting.kind == Meeting.Kind.CATCH_UP:
        raise Conflict(_("A catch-up has minutes instead of ratings."))
    if meeting.kind == Meeting.Kind.HAND_OVER:
        raise Conflict(_("A handover isn’t rated. The company is asked later what came of it."))
    if meeting.state not in AGREED:
        raise Conflict(_("This meeting was cancelled, so there’s nothing to rate."))
    if meeting.starts_at > now:
        raise Conflict(_("This meeting hasn’t started yet."))


@dataclass(frozen=True, slots=True)
class _Terms:
    """Kind and value of an agreement."""

    agreed: str = ""
    worth: Decimal | None = None
    currency: str = ""


def _check_terms(value: str, terms: _Terms, meeting: Meeting) -> _Terms:
    """Return the terms in plain form; nothing for an answer other than an agreement."""
    if value != Rating.Value.AGREEMENT:
        if terms != _Terms():
            raise InvalidInput(
                _(
                    "Only an agreement has a kind and a value. Choose “An agreement”, or leave "
                    "them empty."
                ),
                field="agreed",
            )
        return terms
    if terms.agreed not in Rating.Agreed.values:
        raise InvalidInput(_("Choose the kind of agreement."), field="agreed")
    if terms.worth is None:
        return _Terms(terms.agreed)
    refuse_worth(terms.worth)
    currency = clean_currency(terms.currency.strip() or _currency_of(meeting))
    return _Terms(terms.agreed, terms.worth, currency)


def _currency_of(meeting: Meeting) -> str:
    # Some people who met belong to no side of the partnership and may not read it.
    with as_service("Some who met belong to no side, and may not read the partnership."):
        return str(meeting.partnership.currency)


def _own_party(actor: Reader, meeting_id: int) -> MeetingParty:
    parties = list(MeetingParty.objects.select_related("meeting").filter(meeting_id=meeting_id))
    if not parties:
        raise NotFound(_("We couldn’t find this meeting."))
    for party in parties:
        if party.organisation_id in actor.organisations:
            return party
    raise NotAllowed(_("Only those who met can say how it went."))


def _note_whether_held(party: MeetingParty, value: str) -> None:
    MeetingParty.objects.filter(pk=party.pk).update(attended=value != Rating.Value.NOT_HELD)
    words = Rating.objects.filter(party__meeting_id=party.meeting_id, phase=Rating.Phase.DAY)
    held = words.exclude(value=Rating.Value.NOT_HELD).exists()
    state = Meeting.State.HELD if held else Meeting.State.MISSED
    Meeting.objects.filter(pk=party.meeting_id).update(state=state)
