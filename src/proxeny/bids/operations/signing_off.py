"""The whole bid put before all partners, their signatures, and those who are reminded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations.asking import PAUSE
from proxeny.bids.operations.checklist import BEFORE_SIGNING, Item, check, is_current, missing
from proxeny.bids.operations.entering import enter_bid, note, unsign
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
from proxeny.meetings.operations.letters import Letter
from proxeny.partnerships import rules
from proxeny.partnerships.models import Agreement, Partnership
from proxeny.partnerships.operations import desk, signing
from proxeny.partnerships.queries import parties_joined

Kind, State = Agreement.Kind, Bid.State


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would be put before the partners, and what is missing before it can.

    Attributes
    ----------
    fingerprint : str
        The SHA-256 of all figures.
    signers : sequence of Partner
        Those who would sign.
    """

    text: str
    fingerprint: str
    signers: Sequence[Partner]
    missing: tuple[Item, ...]


def prepare_text(
    standing: Standing, partnership: Partnership, *, zone: str, now: datetime
) -> Prepared:
    """Return what the partners would sign of a bid as it stands. No query."""
    items = check(standing, zone=zone, now=now)
    return Prepared(
        write_text(standing, partnership), fingerprint_of(standing), standing.signing,
        tuple(missing(items, BEFORE_SIGNING)),
    )  # fmt: skip


@transaction.atomic
def put_before_all(
    *, actor: Reader, partnership_id: int, bid_id: int, now: datetime, seen: str | None = None
) -> Agreement:
    """Put the whole bid before all partners that sign; the actor signs at once for one of them.

    What waited before is closed. Whoever signs later signs these words.

    Parameters
    ----------
    seen : str, optional
        The fingerprint of the figures that the actor has read.

    Side effects: a text to sign, an audit row; a mail to each partner that is to sign it.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_bid`; only managers may; it is not in preparation, its figures are not those
        that were read, or this text was put before all already.
    InvalidInput
        Something is missing, which is listed.
    """
    # In this order: whoever signs locks the partnership first, and then what is signed.
    partnership, _parties = desk.lock(partnership_id)
    entered = enter_bid(actor, partnership_id, bid_id, State.PREPARING, binding=True)
    standing = read_standing(entered.bid, entered.parties, today=now.date())
    prepared = prepare_text(standing, partnership, zone=actor.time_zone, now=now)
    if prepared.missing:
        raise InvalidInput(" ".join(one.text for one in prepared.missing))
    if seen is not None and seen != prepared.fingerprint:
        raise Conflict(_("The bid changed while you were reading. Look at it again."))
    before = standing.text
    if before is not None and (before.waits or before.holds) and is_current(standing):
        raise Conflict(_("It was put before all already, and nothing has changed since."))
    signers = _with_all(prepared.signers)
    beside = [one.organisation for one in signers]
    mine = rules.party_managed(actor, entered.parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the clusters may change this."))
    unsign(entered.bid, now=now)
    agreement = signing.put_text(
        actor, partnership, Kind.BID, str(entered.bid.pk), prepared.text, mine=mine, now=now,
        beside=beside,
    )  # fmt: skip
    signed = _sign_at_once(actor, agreement, beside, now)
    for one in signers:
        if one.organisation_id != signed:
            ask_to_sign(one, agreement, now=now, kind="again" if before else "")
    return agreement


def _with_all(partners: Iterable[Partner]) -> list[Partner]:
    """Return partners with all that a mail to them tells, in the same order. One query."""
    wanted = [one.pk for one in partners]
    with as_service():
        found = Partner.objects.filter(pk__in=wanted).select_related(*WITH)
        return sorted(found, key=lambda one: wanted.index(one.pk))


def _sign_at_once(
    actor: Reader, agreement: Agreement, beside: Iterable[Organisation], now: datetime
) -> int | None:
    """Sign for the actor's own organisation if it is one of those; return which it was."""
    own = next(
        (one.pk for one in beside
         if one.pk in (actor.managed if one.is_cluster else actor.organisations)), None
    )  # fmt: skip
    if own is not None:
        signed = signing.sign_text(
            actor=actor, partnership_id=agreement.partnership_id, agreement_id=agreement.pk,
            text_hash=agreement.text_hash, now=now,
        )  # fmt: skip
        agreement.completed_at = signed.completed_at
    return own


@transaction.atomic
def remind_signers(
    *, actor: Reader, partnership_id: int, bid_id: int, now: datetime
) -> list[Partner]:
    """Ask those who have not signed yet once more, each at most once a day; return who was asked.

    Side effects: mails, and an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_bid`; nothing waits for signatures, or all were asked within a day.
    """
    desk.lock(partnership_id)
    entered = enter_bid(actor, partnership_id, bid_id, State.PREPARING, binding=True)
    text = text_of(entered.bid, ())
    if text is None or not text.waits:
        raise Conflict(_("Nothing waits for signatures."))
    waiting = [one.organisation_id for one in text.unsigned]
    found = Partner.objects.select_for_update(of=("self",)).filter(
        bid=entered.bid, dropped_at=None, state=Partner.State.IN, organisation_id__in=waiting
    )
    put = text.agreement.created_at
    asked = _with_all(
        one
        for one in found.order_by("name", "pk")
        if max(put, one.reminded_at or put) <= now - PAUSE
    )
    if not asked:
        raise Conflict(_("All who have not signed were asked within the last day."))
    for one in asked:
        ask_to_sign(one, text.agreement, now=now, kind="reminded")
        write_partner(one, reminded_at=now)
    names = [one.name for one in asked]
    note(actor, "remind_signers", entered,
         changes={"title": entered.bid.title, "reminded": [[], names]})  # fmt: skip
    return asked


def _then(
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: signing.Side,
    now: datetime,
) -> None:  # fmt: skip
    """All have signed: the bid itself stays as it is, and its checklist says so."""
    bid = _bid_of(agreement)
    with as_service():
        audit.record(
            actor, "agree_bid", bid, organisation_id=mine.organisation_id,
            partnership_id=partnership.pk, changes={"title": bid.title},
        )  # fmt: skip


def _tell(
    kind: str, actor: Reader, partnership: Partnership, agreement: Agreement, mine: signing.Side,
    now: datetime,
) -> None:  # fmt: skip
    """Tell the managers that all have signed, or that somebody did not, and why."""
    if kind not in ("agreed", "closed"):
        return
    bid = _bid_of(agreement)

    def write() -> Letter:
        names = {"name": mine.organisation.name, "bid": str(bid)}
        if kind == "agreed":
            return letter(
                bid, _("All partners have signed the bid “%(bid)s”") % names,
                _("What they signed holds as long as nothing of it changes."), page="bids:submission",
            )  # fmt: skip
        return letter(
            bid, _("%(name)s does not sign the bid “%(bid)s”") % names,
            _("Nobody is bound by it. Change what has to be changed, and put it before all again."
              " This is why:"),
            quote=agreement.closed_why, page="bids:submission",
        )  # fmt: skip

    tell_managers(
        bid, parties_joined(partnership.pk), write, actor=actor, today=now.date(),
        key=f"text:{agreement.pk}:{kind}",
    )  # fmt: skip


def _bid_of(agreement: Agreement) -> Bid:
    with as_service():
        return Bid.objects.get(pk=agreement.subject)


signing.follow(Kind.BID, _then, tell=_tell)
