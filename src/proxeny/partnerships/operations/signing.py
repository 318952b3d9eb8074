"""The one way to agree: a text before all parties, their signatures, and what follows from the last."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models import Organisation
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.hooks import KeyedHook
from proxeny.kernel.tenancy import STRANGER, Reader, as_service
from proxeny.partnerships import queries, rules, texts
from proxeny.partnerships.models import Agreement, Partnership, Party, Signatory, SignOff
from proxeny.partnerships.operations import guards
from proxeny.partnerships.operations.signers import (
    Beside,
    Side,
    delegated,
    key_of,
    may_sign,
    own_side,
    sides_of,
    signed_by,
)

Kind = Agreement.Kind


#: Does what follows when all have signed; runs in the same transaction.
Then = Callable[[Reader, Partnership, Agreement, Side, datetime], None]
#: Tells the others that somebody has asked, signed or closed: `asked`, `agreed` or `closed`.
Tell = Callable[[str, Reader, Partnership, Agreement, Side, datetime], None]

#: Audit verbs, by what is signed.
SIGNED = {kind: f"sign_{kind.value}" for kind in Kind} | {Kind.TEXT: "sign_agreement"}
ASKED: dict[Kind, str] = {kind: f"ask_{kind.value}" for kind in Kind if kind != Kind.TEXT}

#: Texts that bind by themselves: nothing is done once all have signed.
_BINDING = {Kind.TEXT, Kind.EXIT, Kind.RISK}


@dataclass(frozen=True, slots=True)
class Follow:
    """What follows the signatures under texts of a kind.

    Attributes
    ----------
    then : callable
        Runs when all have signed.
    refused : callable or None
        Runs when one refuses.
    tell : callable or None
        Notifies the others, instead of a mail that leads to the room.
    each : callable or None
        Runs with every signature, the last included, before `then`.
    matter : str
        A signer also signs for the parties that have delegated this matter to theirs.
    """

    then: Then
    refused: Then | None = None
    tell: Tell | None = None
    each: Then | None = None
    matter: str = ""


FOLLOWS: KeyedHook[Follow] = KeyedHook(
    "texts.follows", "What follows the signatures under texts of a kind."
)
_NOTHING = Follow(lambda *_: None)


def _follow(kind: str) -> Follow:
    return FOLLOWS.get(kind) or _NOTHING


def sign(
    actor: Reader,
    partnership: Partnership,
    parties: list[Party],
    agreement: Agreement,
    *,
    now: datetime,
) -> tuple[Side, bool]:
    """Sign a text of a locked partnership for the actor's side.

    Returns the side it was signed for, and whether all have signed now.

    Raises
    ------
    Conflict
        It is signed for this side already, or the actor has signed it for another side.
    """
    needed, signed = sides_of(parties, agreement), signed_by(agreement)
    open_ = (one for one in needed if may_sign(actor, one) and key_of(one) not in signed)
    mine = next(open_, None)
    if mine is None:
        raise Conflict(_("This text is already signed for your side."))
    if actor.person in signed.values():
        raise Conflict(_("You’ve signed for one side. Someone else must sign for the other."))
    return mine, _put_signature(actor, agreement, mine, needed, name=actor.name, now=now)


def _put_signature(
    actor: Reader,
    agreement: Agreement,
    mine: Side,
    needed: Iterable[Side],
    *,
    name: str,
    now: datetime,
) -> bool:
    """Write a signature down; return whether all have signed now."""
    with as_service("The service alone writes signatures; the signer's side was checked."):
        made = {
            "agreement": agreement,
            "person_id": actor.person,
            "person_name": name,
            "text_hash": agreement.text_hash,
            "signed_at": now,
        }
        beside = mine.organisation_id if isinstance(mine, Beside) else None
        SignOff.objects.create(party_id=mine.pk, organisation_id=beside, **made)
        SignOff.objects.bulk_create(
            SignOff(party_id=giver, delegation=delegation, **made)
            for giver, delegation in delegated(
                agreement, _follow(agreement.kind).matter, mine, needed, now.date()
            ).items()
        )
        is_complete = {key_of(one) for one in needed} <= signed_by(agreement).keys()
        if is_complete:
            Agreement.objects.filter(pk=agreement.pk).update(completed_at=now)
            agreement.completed_at = now
    record(
        actor, SIGNED[Kind(agreement.kind)], agreement, mine, changes={"number": agreement.number}
    )
    return is_complete


@transaction.atomic
def ask_signatures(
    *,
    actor: Reader,
    partnership: Partnership,
    parties: list[Party],
    kind: str,
    subject: str,
    text: str,
    now: datetime,
    beside: Collection[Organisation] = (),
) -> Agreement:
    """Put a text before all parties of a locked partnership, signed at once for the actor's side.

    What was asked before about the same subject, and not signed by all, is closed. `beside` are
    organisations whose signature it needs too.

    Side effects: mails to the managers of the other sides.
    """
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the clusters can sign."))
    agreement = put_text(actor, partnership, kind, subject, text, beside=beside, mine=mine, now=now)
    signer, is_complete = sign(actor, partnership, parties, agreement, now=now)
    _go_on(actor, partnership, parties, agreement, signer, is_complete, now)
    return agreement


def put_text(
    actor: Reader,
    partnership: Partnership,
    kind: str,
    subject: str,
    text: str,
    *,
    mine: Side,
    now: datetime,
    beside: Collection[Organisation] = (),
) -> Agreement:
    """Write down what is to be signed, in place of what waited; nobody has signed it yet.

    Letters and bids are signed by those `beside` alone. The partnership is locked, and whether the
    actor may ask was looked at.
    """
    with as_service("The service alone writes texts to sign; the right to ask was checked."):
        before = Agreement.objects.filter(partnership=partnership, kind=kind, subject=subject)
        before.filter(completed_at=None, closed_at=None).update(closed_at=now)
        last = before.order_by("-number").values_list("number", flat=True).first() or 0
        agreement = Agreement.objects.create(
            partnership=partnership,
            kind=kind,
            subject=subject,
            number=last + 1,
            text=text,
            text_hash=guards.hash_text(text),
        )
        Signatory.objects.bulk_create(
            Signatory(agreement=agreement, organisation=one) for one in beside
        )
    record(actor, ASKED[Kind(kind)], agreement, mine)
    return agreement


@transaction.atomic
def sign_text(
    *, actor: Reader, partnership_id: int, agreement_id: int, text_hash: str, now: datetime
) -> Agreement:
    """Sign what another side has put before all: a stage, a risk, the plan for the exit, a brief.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see it, or manages none of the parties.
    Conflict
        It was signed by all, closed or changed meanwhile, or is signed for this side already.
    """
    partnership, parties, agreement = _locked_text(partnership_id, agreement_id)
    if own_side(actor, parties, agreement) is None:
        raise NotAllowed(_("Only a manager of one of the clusters can sign."))
    if agreement.text_hash != text_hash:
        raise Conflict(_("The text has changed. Read it again before you sign."))
    mine, is_complete = sign(actor, partnership, parties, agreement, now=now)
    _go_on(actor, partnership, parties, agreement, mine, is_complete, now)
    return agreement


@transaction.atomic
def sign_as_guest(
    *, agreement_id: int, organisation_id: int, name: str, text_hash: str, now: datetime
) -> Agreement:
    """Sign for an organisation invited by a link, whose holder is a stranger to Proxeny.

    Service role: the caller has checked the link.

    Raises
    ------
    NotFound, Conflict
        The text does not need this organisation's signature, was signed for it already, closed, or
        changed meanwhile.
    InvalidInput
        No name is written.
    """
    partnership, parties, agreement, mine = _as_guest(agreement_id, organisation_id)
    if agreement.text_hash != text_hash:
        raise Conflict(_("The text has changed. Read it again before you sign."))
    if key_of(mine) in signed_by(agreement):
        raise Conflict(_("This text is already signed for your side."))
    name = " ".join(name.split())[:150]
    if not name:
        raise InvalidInput(_("Enter your name. It appears under the text."), field="name")
    needed = sides_of(parties, agreement)
    is_complete = _put_signature(STRANGER, agreement, mine, needed, name=name, now=now)
    _go_on(STRANGER, partnership, parties, agreement, mine, is_complete, now)
    return agreement


@transaction.atomic
def close_as_guest(
    *, agreement_id: int, organisation_id: int, why: str, now: datetime
) -> Agreement:
    """Say no for an organisation that came by a link. Service role; raises as `sign_as_guest`."""
    partnership, parties, agreement, mine = _as_guest(agreement_id, organisation_id)
    _close(STRANGER, partnership, parties, agreement, mine, guards.clean_reason(why)[:300], now)
    return agreement


def _as_guest(
    agreement_id: int, organisation_id: int
) -> tuple[Partnership, list[Party], Agreement, Beside]:
    """Return an open text, locked, and the side that a guest signs for. Service role."""
    number = Agreement.objects.values_list("partnership_id", flat=True).get(pk=agreement_id)
    partnership, parties = guards.lock(number)
    agreement = _open_text(partnership, agreement_id)
    beside = (one for one in sides_of(parties, agreement) if isinstance(one, Beside))
    mine = next((one for one in beside if one.organisation_id == organisation_id), None)
    if mine is None:
        raise NotFound(_("We couldn’t find this text."))
    return partnership, parties, agreement, mine


@transaction.atomic
def close_text(
    *, actor: Reader, partnership_id: int, agreement_id: int, why: str, now: datetime
) -> Agreement:
    """Say no to what is before all parties, or take it back, with a reason that the others read.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `sign_text`.
    InvalidInput
        There is no reason.
    """
    partnership, parties, agreement = _locked_text(partnership_id, agreement_id)
    mine = own_side(actor, parties, agreement)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the clusters can sign."))
    _close(actor, partnership, parties, agreement, mine, guards.clean_reason(why)[:300], now)
    return agreement


def _close(
    actor: Reader,
    partnership: Partnership,
    parties: list[Party],
    agreement: Agreement,
    mine: Side,
    why: str,
    now: datetime,
) -> None:
    with as_service("The service alone closes texts; the actor's side was checked."):
        Agreement.objects.filter(pk=agreement.pk).update(closed_at=now, closed_why=why)
    agreement.closed_at, agreement.closed_why = now, why
    # A reason may tell what the text is about; the room's history is read by all its people.
    is_for_few = agreement.kind in (Kind.BRIEF, Kind.ROUND, Kind.ADVICE)
    record(actor, "close_text", agreement, mine, why="" if is_for_few else why)
    if refused := _follow(agreement.kind).refused:
        refused(actor, partnership, agreement, mine, now)
    _tell("closed", actor, partnership, parties, agreement, mine, now)


def void(partnership_id: int, kind: str, subject: str, *, now: datetime, why: str = "") -> bool:
    """Void the agreement on a subject, because it changed; return whether there was one."""
    with as_service("A text whose subject has changed binds nobody, whichever side changed it."):
        found = Agreement.objects.filter(
            partnership_id=partnership_id, kind=kind, subject=subject, closed_at=None
        )
        return bool(found.update(closed_at=now, closed_why=why[:300]))


def settle_without(partnership: Partnership, staying: Iterable[Party], *, now: datetime) -> None:
    """Settle the texts that only waited for a party that has left.

    A text that is binding by itself takes effect now. A stage or a joining is closed: the remaining
    parties must request it again, so that it does not begin because somebody left.
    """
    staying = list(staying)
    newest = guards.newest_agreement(partnership)
    with as_service("The service alone settles texts that waited for a party that has left."):
        waiting = Agreement.objects.filter(
            partnership=partnership, completed_at=None, closed_at=None
        ).prefetch_related("sign_offs")
        for one in waiting:
            signed = {(each.party_id, each.organisation_id) for each in one.sign_offs.all()}
            is_left = {key_of(side) for side in sides_of(staying, one)} <= signed
            if is_left and (one.kind != Kind.TEXT or one.pk == newest.pk):
                settled = "completed_at" if one.kind in _BINDING else "closed_at"
                Agreement.objects.filter(pk=one.pk).update(**{settled: now})


def record(
    actor: Reader,
    verb: str,
    agreement: Agreement,
    mine: Side,
    *,
    changes: dict[str, Any] | None = None,
    why: str = "",
) -> None:
    """Write what was done with a text into the history of the partnership."""
    audit.record(
        actor,
        verb,
        agreement,
        organisation_id=mine.organisation_id,
        partnership_id=agreement.partnership_id,
        changes=changes,
        why=why,
    )


def _locked_text(
    partnership_id: int, agreement_id: int
) -> tuple[Partnership, list[Party], Agreement]:
    partnership, parties = guards.lock(partnership_id)
    queries.get_text(partnership_id, agreement_id)  # whether the actor sees it
    return partnership, parties, _open_text(partnership, agreement_id)


def _open_text(partnership: Partnership, agreement_id: int) -> Agreement:
    """Return a text of a locked partnership, locked; `Conflict` if it is decided."""
    with as_service("The service alone may lock texts; callers check who may sign them."):
        agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    if agreement.kind == Kind.TEXT:
        raise NotFound(_("We couldn’t find this text."))
    guards.expect(partnership, Partnership.State.ACTIVE)
    if agreement.completed_at or agreement.closed_at:
        raise Conflict(_("This has already been decided. Check the latest version."))
    return agreement


def _go_on(
    actor: Reader,
    partnership: Partnership,
    parties: list[Party],
    agreement: Agreement,
    mine: Side,
    is_complete: bool,
    now: datetime,
) -> None:
    follow = FOLLOWS[agreement.kind]
    if follow.each:
        follow.each(actor, partnership, agreement, mine, now)
    if is_complete:
        follow.then(actor, partnership, agreement, mine, now)
    _tell("agreed" if is_complete else "asked", actor, partnership, parties, agreement, mine, now)


def _tell(
    kind: str,
    actor: Reader,
    partnership: Partnership,
    parties: list[Party],
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    if tell := _follow(agreement.kind).tell:
        tell(kind, actor, partnership, agreement, mine, now)
        return
    key = str(agreement.pk) if kind == "closed" else f"{agreement.pk}:{mine.pk}"
    guards.tell_others(
        kind,
        partnership,
        parties,
        actor=actor,
        mine=mine,
        today=now.date(),
        why=agreement.closed_why,
        what=lambda: texts.name_of(agreement),
        key=key,
        invited=agreement.subject if agreement.kind == Kind.JOINING else "",
    )
