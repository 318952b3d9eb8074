"""A partner's answers: it signs its letter of intent or declines, asks a question, signs the bid.

Given by somebody with a seat in the organisation, or by the link sent to the address noted for it.
"""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Partner
from proxeny.bids.operations import mails
from proxeny.bids.operations.guards import unsign
from proxeny.bids.operations.leaving import go_out
from proxeny.bids.operations.links import using
from proxeny.bids.operations.partners import MOVED, hold_own, note_own, write_partner
from proxeny.bids.queries.own import WITH, texts_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import STRANGER, Reader, as_service
from proxeny.partnerships.models import Agreement, Partnership
from proxeny.partnerships.operations import signing
from proxeny.partnerships.operations.signers import Side

State, Kind = Partner.State, Agreement.Kind
#: The state in which a partner signs, or refuses, a text of a kind.
_STANDS = {Kind.LETTER: State.ASKED, Kind.BID: State.IN}


@transaction.atomic
def sign_own(
    *,
    actor: Reader,
    partner_id: int,
    agreement_id: int,
    text_hash: str,
    now: datetime,
    word: str = "",
) -> Agreement:
    """Sign a text for the actor's organisation: its letter of intent, or the whole bid.

    With the letter it takes part from now on; `word` goes with it to the coordinator.

    Side effects: mails to the room, or what follows for the bid; audit rows.

    Raises
    ------
    NotFound
        The actor speaks for no such partner, or the text is none of its texts.
    Conflict
        It was signed, closed or changed meanwhile, or the bid is not written any more.
    """
    partner = hold_own(actor, partner_id)
    agreement = _text_for(partner, agreement_id, word)
    with as_service("A partner signs for itself, but may see neither the bid nor its room."):
        return signing.sign_text(
            actor=_for(actor, partner),
            partnership_id=partner.partnership_id,
            agreement_id=agreement.pk,
            text_hash=text_hash,
            now=now,
        )


@transaction.atomic
def sign_by_link(
    *, token: str, agreement_id: int, name: str, text_hash: str, now: datetime, word: str = ""
) -> Agreement:
    """Sign a text by a link, with the signer's name; otherwise as `sign_own`.

    Side effects: besides, a mail to the address of the link that says what was signed.

    Raises
    ------
    InvalidInput
        No name is written.
    """
    with using(token, now=now) as partner:
        agreement = _text_for(partner, agreement_id, word)
        signed = signing.sign_as_guest(
            agreement_id=agreement.pk,
            organisation_id=partner.organisation_id,
            name=name,
            text_hash=text_hash,
            now=now,
        )
        mails.confirm(partner, signed, " ".join(name.split())[:150], now=now)
        return signed


@transaction.atomic
def refuse_own(
    *, actor: Reader, partner_id: int, agreement_id: int, why: str, now: datetime
) -> Agreement:
    """Refuse a text for the actor's organisation, with a reason; for the letter: it declines.

    Errors as of `sign_own`; `InvalidInput` where no word is said.
    """
    partner = hold_own(actor, partner_id)
    agreement = _refused(partner, agreement_id, why)
    with as_service("A partner refuses for itself, but may see neither the bid nor its room."):
        return signing.close_text(
            actor=_for(actor, partner),
            partnership_id=partner.partnership_id,
            agreement_id=agreement.pk,
            why=why,
            now=now,
        )


@transaction.atomic
def refuse_by_link(*, token: str, agreement_id: int, why: str, now: datetime) -> Agreement:
    """Say no to a text by a link; otherwise as `refuse_own`."""
    with using(token, now=now) as partner:
        agreement = _refused(partner, agreement_id, why)
        return signing.close_as_guest(
            agreement_id=agreement.pk, organisation_id=partner.organisation_id, why=why, now=now
        )


@transaction.atomic
def ask_back(*, actor: Reader, partner_id: int, word: str, now: datetime) -> Partner:
    """Ask the coordinator a question on behalf of the actor's organisation, before it answers.

    Side effects: mails to the room, an audit row.

    Raises
    ------
    NotFound, InvalidInput, Conflict
        The actor speaks for no such partner; the question is empty; it has already answered.
    """
    partner = hold_own(actor, partner_id, State.ASKED)
    _ask_back(actor, partner, word, now)
    return partner


@transaction.atomic
def ask_back_by_link(*, token: str, word: str, now: datetime) -> Partner:
    """Ask something by a link, as `ask_back`."""
    with using(token, State.ASKED, now=now) as partner:
        _ask_back(STRANGER, partner, word, now)
        return partner


def _for(actor: Reader, partner: Partner) -> Reader:
    """Return the actor with rights for this organisation only; a text may need others of theirs."""
    own = partner.organisation_id
    return replace(actor, organisations=(own,), managed=(own,) if own in actor.managed else ())


def _text_for(partner: Partner, agreement_id: int, word: str) -> Agreement:
    """Return a text that waits for a partner; the message with its letter is saved."""
    with as_service("The partner was let in by a seat or a link, and finds only its own texts."):
        texts = texts_of(partner)
    found = next((one for one in texts.values() if one.agreement.pk == agreement_id), None)
    if found is None:
        raise _not_the_newest(partner, agreement_id)
    if partner.state != _STANDS[Kind(found.agreement.kind)] and found.mine is None:
        raise Conflict(MOVED)
    if found.agreement.kind == Kind.LETTER:
        _keep_word(partner, word)
    return found.agreement


def _not_the_newest(partner: Partner, agreement_id: int) -> NotFound | Conflict:
    with as_service("The partner was let in by a seat or a link, and learns only yes or no."):
        was = Agreement.objects.filter(
            pk=agreement_id,
            kind__in=_STANDS,
            subject__in=(str(partner.pk), str(partner.bid_id)),
            signatories__organisation_id=partner.organisation_id,
        )
        if was.exists():
            return Conflict(_("The text has changed. Read it again before you sign."))
    return NotFound(_("We couldn’t find this text."))


def _refused(partner: Partner, agreement_id: int, why: str) -> Agreement:
    if not why.strip():
        raise InvalidInput(_("Give a reason in one sentence. The others will see it."), field="why")
    return _text_for(partner, agreement_id, why)


def _keep_word(partner: Partner, word: str) -> None:
    """Save a partner's message with its answer; an empty one keeps the earlier message."""
    if word.strip():
        write_partner(partner, word=word.strip()[:2000])


def _ask_back(actor: Reader, partner: Partner, word: str, now: datetime) -> None:
    if not word.strip():
        raise InvalidInput(_("Enter your question."), field="word")
    _keep_word(partner, word)
    note_own(actor, "ask_back", partner, partner.word)
    mails.tell_room(partner, "asks", actor=actor, now=now)


# --- what follows a signature, or a no ------------------------------------------------------------


def _partner_of(agreement: Agreement) -> Partner:
    """Return the partner of a letter of intent, locked; `Conflict` unless it is invited."""
    with as_service("A signer outside the room may not lock its own row as a partner."):
        found = Partner.objects.select_for_update(of=("self",)).select_related(*WITH)
        one = found.get(pk=int(agreement.subject))
    if one.state != State.ASKED or one.dropped_at is not None:
        raise Conflict(MOVED)
    return one


def _join(
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: Side, now: datetime
) -> None:
    """Let a partner take part. A text of the whole bid that does not name it holds no longer."""
    partner = _partner_of(agreement)
    write_partner(partner, state=State.IN, answered_at=now)
    with as_service("A partner that joins may not see a text that was written without it."):
        others = Agreement.objects.filter(
            partnership=partnership, kind=Kind.BID, subject=str(partner.bid_id), closed_at=None
        ).exclude(signatories__organisation=partner.organisation_id)
        is_left_out = others.exists()
    if is_left_out:
        why = _("%(name)s is now taking part.") % {"name": partner.name}
        unsign(partner.bid, now=now, why=why)
    note_own(actor, "join_bid", partner, partner.word)


def _decline(
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: Side, now: datetime
) -> None:
    partner = _partner_of(agreement)
    # By the page of texts nothing else is said; by its own, the whole word is kept already.
    word = partner.word if partner.word.startswith(agreement.closed_why) else agreement.closed_why
    why = _("%(name)s is not taking part.") % {"name": partner.name}
    go_out(partner, State.DECLINED, actor=actor, word=word, why=why, now=now)
    note_own(actor, "decline_bid", partner, word)


def _tell(
    kind: str,
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    with as_service("The mail names the bid and its room, which the signer may not see."):
        partner = Partner.objects.select_related(*WITH).get(pk=int(agreement.subject))
    told = {"agreed": "joined", "closed": "declined"}
    mails.tell_room(partner, told[kind], actor=actor, now=now)


signing.FOLLOWS.add(Kind.LETTER, signing.Follow(_join, refused=_decline, tell=_tell))
