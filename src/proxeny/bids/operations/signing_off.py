"""Signature of the whole bid: sent to all partners, their signatures, and reminders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations.asking import PAUSE
from proxeny.bids.operations.checklist import BEFORE_SIGNING, Item, check, is_current, missing
from proxeny.bids.operations.guards import enter_bid, unsign
from proxeny.bids.operations.mails import ask_to_sign
from proxeny.bids.operations.notices import letter, tell_managers
from proxeny.bids.operations.partners import write_partner
from proxeny.bids.operations.standing import Standing, read_standing
from proxeny.bids.operations.wording import fingerprint_of, write_text
from proxeny.bids.queries.own import WITH
from proxeny.bids.queries.texts import text_of
from proxeny.directory.models import Organisation
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.operations.mails import Letter
from proxeny.partnerships import rules
from proxeny.partnerships.models import Agreement, Partnership
from proxeny.partnerships.operations import guards, signing
from proxeny.partnerships.operations.room import note
from proxeny.partnerships.operations.signers import Side
from proxeny.partnerships.queries import parties_joined

Kind, State = Agreement.Kind, Bid.State


@dataclass(frozen=True, slots=True)
class Prepared:
    """The text to be signed by the partners, and what is missing before it can be sent.

    Attributes
    ----------
    fingerprint : str
        The SHA-256 of all figures.
    signers : sequence of Partner
        The partners that would sign.
    """

    text: str
    fingerprint: str
    signers: Sequence[Partner]
    missing: tuple[Item, ...]


def prepare_text(
    standing: Standing, partnership: Partnership, *, zone: str, now: datetime
) -> Prepared:
    """Return the text that the partners would sign of the current bid. No query."""
    items = check(standing, zone=zone, now=now)
    return Prepared(
        write_text(standing, partnership),
        fingerprint_of(standing),
        standing.signing,
        tuple(missing(items, BEFORE_SIGNING)),
    )


@transaction.atomic
def put_before_all(
    *, actor: Reader, partnership_id: int, bid_id: int, now: datetime, seen: str | None = None
) -> Agreement:
    """Send the whole bid to all partners for signature; the actor signs at once for one of them.

    A pending text is closed. All partners sign this wording.

    Parameters
    ----------
    seen : str, optional
        The fingerprint of the figures that the actor has read.

    Side effects: a text to sign, an audit row; a mail to each partner that is to sign it.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_bid`; only managers may; it is not in preparation, its figures differ from
        those the actor read, or this text was already sent to all.
    InvalidInput
        Something is missing, which is listed.
    """
    # In this order, as when signing: first the partnership, then the text.
    partnership, _parties = guards.lock(partnership_id)
    entered = enter_bid(actor, partnership_id, bid_id, State.PREPARING, binding=True)
    standing = read_standing(entered.record, entered.parties, today=now.date())
    prepared = prepare_text(standing, partnership, zone=actor.time_zone, now=now)
    if prepared.missing:
        raise InvalidInput(" ".join(one.text for one in prepared.missing))
    if seen is not None and seen != prepared.fingerprint:
        raise Conflict(_("The bid has changed since you opened it. Check the latest version."))
    before = standing.text
    if before is not None and (before.waits or before.holds) and is_current(standing):
        raise Conflict(
            _("It has already been sent to all partners, and nothing has changed since.")
        )
    signers = _with_all(prepared.signers)
    beside = [one.organisation for one in signers]
    mine = rules.party_managed(actor, entered.parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the clusters can change this."))
    unsign(entered.record, now=now)
    agreement = signing.put_text(
        actor,
        partnership,
        Kind.BID,
        str(entered.record.pk),
        prepared.text,
        mine=mine,
        now=now,
        beside=beside,
    )
    signed = _sign_at_once(actor, agreement, beside, now)
    for one in signers:
        if one.organisation_id != signed:
            ask_to_sign(one, agreement, now=now, kind="again" if before else "")
    return agreement


def _with_all(partners: Iterable[Partner]) -> list[Partner]:
    """Return partners with all that a mail to them tells, in the same order. One query."""
    wanted = [one.pk for one in partners]
    with as_service("A partner of the bid may be an organisation that the sender does not see."):
        found = Partner.objects.filter(pk__in=wanted).select_related(*WITH)
        return sorted(found, key=lambda one: wanted.index(one.pk))


def _sign_at_once(
    actor: Reader, agreement: Agreement, beside: Iterable[Organisation], now: datetime
) -> int | None:
    """Sign for the actor's own organisation if it is one of those; return which it was."""
    own = next(
        (
            one.pk
            for one in beside
            if one.pk in (actor.managed if one.is_cluster else actor.organisations)
        ),
        None,
    )
    if own is not None:
        signed = signing.sign_text(
            actor=actor,
            partnership_id=agreement.partnership_id,
            agreement_id=agreement.pk,
            text_hash=agreement.text_hash,
            now=now,
        )
        agreement.completed_at = signed.completed_at
    return own


@transaction.atomic
def remind_signers(
    *, actor: Reader, partnership_id: int, bid_id: int, now: datetime
) -> list[Partner]:
    """Remind partners that have not signed, each at most once a day; return those reminded.

    Side effects: mails, and an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_bid`; nothing waits for signatures, or all were asked within a day.
    """
    guards.lock(partnership_id)
    entered = enter_bid(actor, partnership_id, bid_id, State.PREPARING, binding=True)
    text = text_of(entered.record, ())
    if text is None or not text.waits:
        raise Conflict(_("No signatures are pending."))
    waiting = [one.organisation_id for one in text.unsigned]
    found = Partner.objects.select_for_update(of=("self",)).filter(
        bid=entered.record, dropped_at=None, state=Partner.State.IN, organisation_id__in=waiting
    )
    put = text.agreement.created_at
    asked = _with_all(
        one
        for one in found.order_by("name", "pk")
        if max(put, one.reminded_at or put) <= now - PAUSE
    )
    if not asked:
        raise Conflict(_("Everyone who hasn’t signed was contacted within the last day."))
    for one in asked:
        ask_to_sign(one, text.agreement, now=now, kind="reminded")
        write_partner(one, reminded_at=now)
    names = [one.name for one in asked]
    note(
        actor,
        "remind_signers",
        entered,
        changes={"title": entered.record.title, "reminded": [[], names]},
    )
    return asked


def _then(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """Record that all have signed; the bid itself stays as it is, and its checklist shows it."""
    bid = _bid_of(agreement)
    with as_service("The last signature may come by a link, and a guest may not write audit rows."):
        audit.record(
            actor,
            "agree_bid",
            bid,
            organisation_id=mine.organisation_id,
            partnership_id=partnership.pk,
            changes={"title": bid.title},
        )


def _tell(
    kind: str,
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """Tell the managers that all have signed, or that somebody did not, and why."""
    if kind not in ("agreed", "closed"):
        return
    bid = _bid_of(agreement)

    def write() -> Letter:
        names = {"name": mine.organisation.name, "bid": str(bid)}
        if kind == "agreed":
            return letter(
                bid,
                _("All partners have signed the bid “%(bid)s”") % names,
                _("The signatures stay valid as long as nothing changes."),
                page="bids:submission",
            )
        return letter(
            bid,
            _("%(name)s declined to sign the bid “%(bid)s”") % names,
            _(
                "No one is bound by it. Make the necessary changes and send it to all partners "
                "again. The reason given:"
            ),
            quote=agreement.closed_why,
            page="bids:submission",
        )

    tell_managers(
        bid,
        parties_joined(partnership.pk),
        write,
        actor=actor,
        today=now.date(),
        key=f"text:{agreement.pk}:{kind}",
    )


def _bid_of(agreement: Agreement) -> Bid:
    with as_service("A partner outside the room signs the bid as well, but may not see its row."):
        return Bid.objects.get(pk=agreement.subject)


signing.FOLLOWS.add(Kind.BID, signing.Follow(_then, tell=_tell))
