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
from proxeny.kernel.tenancy import STRANGER, Reader, as_service
from proxeny.partnerships import queries, rules, texts
from proxeny.partnerships.models import Agreement, Partnership, Party, Signatory, SignOff
from proxeny.partnerships.operations import desk

Kind = Agreement.Kind


@dataclass(frozen=True, slots=True)
class Beside:
    """An organisation that signs a text beside the parties; it has no party's number."""

    organisation: Organisation
    pk: None = None

    @property
    def organisation_id(self) -> int:
        """The organisation's number."""
        return int(self.organisation.pk)


#: For whom somebody signs.
Side = Party | Beside
#: Does what follows when all have signed; runs in the same transaction.
Then = Callable[[Reader, Partnership, Agreement, Side, datetime], None]
#: Tells the others that somebody has asked, signed or closed: `asked`, `agreed` or `closed`.
Tell = Callable[[str, Reader, Partnership, Agreement, Side, datetime], None]

_THEN: dict[str, Then] = {}
_REFUSED: dict[str, Then] = {}
_TELL: dict[str, Tell] = {}
_EACH: dict[str, Then] = {}
#: Audit verbs, by what is signed.
SIGNED = {kind: f"sign_{kind.value}" for kind in Kind} | {Kind.TEXT: "sign_agreement"}
ASKED = {kind: f"ask_{kind.value}" for kind in Kind if kind != Kind.TEXT}

#: Texts that bind by themselves: nothing is done once all have signed.
_BINDING = {Kind.TEXT, Kind.EXIT, Kind.RISK}


def follow(
    kind: str, then: Then, *, refused: Then | None = None, tell: Tell | None = None,
    each: Then | None = None,
) -> None:  # fmt: skip
    """Say what follows when all have signed a text of a kind, or one `refused`; called on import.

    With `tell`, the others are told by it instead of by a mail that leads to the room. `each` is
    done with every signature, the last included, before what follows from all.
    """
    _THEN[kind] = then
    if each is not None:
        _EACH[kind] = each
    if refused is not None:
        _REFUSED[kind] = refused
    if tell is not None:
        _TELL[kind] = tell


def signers(parties: Iterable[Party], agreement: Agreement) -> list[Party]:
    """Return the parties whose signatures a text needs."""
    return [one for one in parties if rules.signs(one, agreement)]


def sign(
    actor: Reader, partnership: Partnership, parties: list[Party], agreement: Agreement, *,
    now: datetime,
) -> tuple[Side, bool]:  # fmt: skip
    """Sign a text of a locked partnership for the actor's side.

    Returns whom it was signed for, and whether all have signed now.

    Raises
    ------
    Conflict
        It is signed for this side already, or the actor has signed it for another side.
    """
    needed, signed = _sides(parties, agreement), _signed(agreement)
    open_ = (one for one in needed if _may_sign(actor, one) and _key(one) not in signed)
    mine = next(open_, None)
    if mine is None:
        raise Conflict(_("This text is already signed for your side."))
    if actor.person in signed.values():
        raise Conflict(_("You have signed for one side. Somebody else must sign for the other."))
    return mine, _put_signature(actor, agreement, mine, needed, name=actor.name, now=now)


def _put_signature(
    actor: Reader, agreement: Agreement, mine: Side, needed: Iterable[Side], *, name: str,
    now: datetime,
) -> bool:  # fmt: skip
    """Write a signature down; return whether all have signed now."""
    with as_service():
        SignOff.objects.create(
            agreement=agreement, party_id=mine.pk,
            organisation_id=mine.organisation_id if isinstance(mine, Beside) else None,
            person_id=actor.person, person_name=name, text_hash=agreement.text_hash, signed_at=now,
        )  # fmt: skip
        is_complete = {_key(one) for one in needed} <= _signed(agreement).keys()
        if is_complete:
            Agreement.objects.filter(pk=agreement.pk).update(completed_at=now)
            agreement.completed_at = now
    record(
        actor, SIGNED[Kind(agreement.kind)], agreement, mine, changes={"number": agreement.number}
    )
    return is_complete


def _key(side: Side) -> tuple[int | None, int | None]:
    """Return what tells a signature: a party's number, or an organisation's."""
    return (side.pk, side.organisation_id if isinstance(side, Beside) else None)


def _signed(agreement: Agreement) -> dict[tuple[int | None, int | None], int | None]:
    """Return who has signed a text, by whose signature it is. One query."""
    with as_service():
        found = SignOff.objects.filter(agreement=agreement)
        rows = found.values_list("party_id", "organisation_id", "person_id")
        return {(party, organisation): person for party, organisation, person in rows}


@transaction.atomic
def ask_signatures(
    *, actor: Reader, partnership: Partnership, parties: list[Party], kind: str, subject: str,
    text: str, now: datetime, beside: Collection[Organisation] = (),
) -> Agreement:  # fmt: skip
    """Put a text before all parties of a locked partnership, signed at once for the actor's side.

    What was asked before about the same subject, and not signed by all, is closed. `beside` are
    organisations whose signature it needs too.

    Side effects: mails to the managers of the other sides.
    """
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can sign."))
    agreement = put_text(actor, partnership, kind, subject, text, beside=beside, mine=mine, now=now)
    signer, is_complete = sign(actor, partnership, parties, agreement, now=now)
    _go_on(actor, partnership, parties, agreement, signer, is_complete, now)
    return agreement


def put_text(
    actor: Reader, partnership: Partnership, kind: str, subject: str, text: str, *,
    mine: Side, now: datetime, beside: Collection[Organisation] = (),
) -> Agreement:  # fmt: skip
    """Write down what is to be signed, in place of what waited; nobody has signed it yet.

    Letters and bids are signed by those `beside` alone. The partnership is locked, and whether the
    actor may ask was looked at.
    """
    with as_service():
        before = Agreement.objects.filter(partnership=partnership, kind=kind, subject=subject)
        before.filter(completed_at=None, closed_at=None).update(closed_at=now)
        last = before.order_by("-number").values_list("number", flat=True).first() or 0
        agreement = Agreement.objects.create(
            partnership=partnership, kind=kind, subject=subject, number=last + 1, text=text,
            text_hash=desk.hash_text(text),
        )  # fmt: skip
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
    if _mine(actor, parties, agreement) is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can sign."))
    if agreement.text_hash != text_hash:
        raise Conflict(_("The text has changed. Read it again before you sign."))
    mine, is_complete = sign(actor, partnership, parties, agreement, now=now)
    _go_on(actor, partnership, parties, agreement, mine, is_complete, now)
    return agreement


@transaction.atomic
def sign_as_guest(
    *, agreement_id: int, organisation_id: int, name: str, text_hash: str, now: datetime
) -> Agreement:
    """Sign for an organisation that came by a link: whoever holds it is nobody to Proxeny.

    Service role: the caller has looked at the link.

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
    if _key(mine) in _signed(agreement):
        raise Conflict(_("This text is already signed for your side."))
    name = " ".join(name.split())[:150]
    if not name:
        raise InvalidInput(_("Write your name: it stands under the text."), field="name")
    needed = _sides(parties, agreement)
    is_complete = _put_signature(STRANGER, agreement, mine, needed, name=name, now=now)
    _go_on(STRANGER, partnership, parties, agreement, mine, is_complete, now)
    return agreement


@transaction.atomic
def close_as_guest(
    *, agreement_id: int, organisation_id: int, why: str, now: datetime
) -> Agreement:
    """Say no for an organisation that came by a link. Service role; raises as `sign_as_guest`."""
    partnership, parties, agreement, mine = _as_guest(agreement_id, organisation_id)
    _close(STRANGER, partnership, parties, agreement, mine, desk.clean_reason(why)[:300], now)
    return agreement


def _as_guest(
    agreement_id: int, organisation_id: int
) -> tuple[Partnership, list[Party], Agreement, Beside]:
    """Return an open text, locked, and for whom a guest signs. Service role."""
    number = Agreement.objects.values_list("partnership_id", flat=True).get(pk=agreement_id)
    partnership, parties = desk.lock(number)
    agreement = _open_text(partnership, agreement_id)
    beside = (one for one in _sides(parties, agreement) if isinstance(one, Beside))
    mine = next((one for one in beside if one.organisation_id == organisation_id), None)
    if mine is None:
        raise NotFound(_("There is no such text."))
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
    mine = _mine(actor, parties, agreement)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can sign."))
    _close(actor, partnership, parties, agreement, mine, desk.clean_reason(why)[:300], now)
    return agreement


def _close(
    actor: Reader, partnership: Partnership, parties: list[Party], agreement: Agreement,
    mine: Side, why: str, now: datetime,
) -> None:  # fmt: skip
    with as_service():
        Agreement.objects.filter(pk=agreement.pk).update(closed_at=now, closed_why=why)
    agreement.closed_at, agreement.closed_why = now, why
    # A reason may tell what the brief is about; the room's history is read by all its people.
    record(actor, "close_text", agreement, mine, why="" if agreement.kind == Kind.BRIEF else why)
    if agreement.kind in _REFUSED:
        _REFUSED[agreement.kind](actor, partnership, agreement, mine, now)
    _tell("closed", actor, partnership, parties, agreement, mine, now)


def void(partnership_id: int, kind: str, subject: str, *, now: datetime, why: str = "") -> bool:
    """Let what was agreed about a subject hold no longer, because it changed; whether it had."""
    with as_service():
        found = Agreement.objects.filter(
            partnership_id=partnership_id, kind=kind, subject=subject, closed_at=None
        )
        return bool(found.update(closed_at=now, closed_why=why[:300]))


def settle_without(partnership: Partnership, staying: Iterable[Party], *, now: datetime) -> None:
    """Settle the texts that waited for nobody but a party that has left.

    What binds by itself holds from now on. A stage or a joining is closed: those who stay ask for
    it anew, rather than have it begin because somebody left.
    """
    staying = list(staying)
    newest = desk.newest_agreement(partnership)
    with as_service():
        waiting = Agreement.objects.filter(
            partnership=partnership, completed_at=None, closed_at=None
        ).prefetch_related("sign_offs")
        for one in waiting:
            signed = {(each.party_id, each.organisation_id) for each in one.sign_offs.all()}
            is_left = {_key(side) for side in _sides(staying, one)} <= signed
            if is_left and (one.kind != Kind.TEXT or one.pk == newest.pk):
                settled = "completed_at" if one.kind in _BINDING else "closed_at"
                Agreement.objects.filter(pk=one.pk).update(**{settled: now})


def record(
    actor: Reader, verb: str, agreement: Agreement, mine: Side, *,
    changes: dict[str, Any] | None = None, why: str = "",
) -> None:  # fmt: skip
    """Write what was done with a text into the history of the partnership."""
    audit.record(
        actor, verb, agreement, organisation_id=mine.organisation_id,
        partnership_id=agreement.partnership_id, changes=changes, why=why,
    )  # fmt: skip


def _sides(parties: Iterable[Party], agreement: Agreement) -> list[Side]:
    needed: list[Side] = [*signers(parties, agreement)]
    with as_service():
        beside = agreement.signatories.select_related("organisation").order_by("pk")
        needed.extend(Beside(one.organisation) for one in beside)
    return needed


def _mine(actor: Reader, parties: Iterable[Party], agreement: Agreement) -> Side | None:
    needed = _sides(parties, agreement)
    return next((one for one in needed if _may_sign(actor, one)), None)


def _may_sign(actor: Reader, side: Side) -> bool:
    """Whether somebody signs for a side: managers of a cluster, and whoever speaks for a company."""
    is_company = isinstance(side, Beside) and not side.organisation.is_cluster
    return side.organisation_id in (actor.organisations if is_company else actor.managed)


def _locked_text(
    partnership_id: int, agreement_id: int
) -> tuple[Partnership, list[Party], Agreement]:
    partnership, parties = desk.lock(partnership_id)
    queries.get_text(partnership_id, agreement_id)  # whether the actor sees it
    return partnership, parties, _open_text(partnership, agreement_id)


def _open_text(partnership: Partnership, agreement_id: int) -> Agreement:
    """Return a text of a locked partnership, locked; `Conflict` if it is decided."""
    with as_service():
        agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    if agreement.kind == Kind.TEXT:
        raise NotFound(_("There is no such text."))
    desk.expect(partnership, Partnership.State.ACTIVE)
    if agreement.completed_at or agreement.closed_at:
        raise Conflict(_("This was decided in the meantime. Look at where it stands now."))
    return agreement


def _go_on(
    actor: Reader, partnership: Partnership, parties: list[Party], agreement: Agreement,
    mine: Side, is_complete: bool, now: datetime,
) -> None:  # fmt: skip
    if agreement.kind in _EACH:
        _EACH[agreement.kind](actor, partnership, agreement, mine, now)
    if is_complete:
        _THEN[agreement.kind](actor, partnership, agreement, mine, now)
    _tell("agreed" if is_complete else "asked", actor, partnership, parties, agreement, mine, now)


def _tell(
    kind: str, actor: Reader, partnership: Partnership, parties: list[Party],
    agreement: Agreement, mine: Side, now: datetime,
) -> None:  # fmt: skip
    if agreement.kind in _TELL:
        _TELL[agreement.kind](kind, actor, partnership, agreement, mine, now)
        return
    key = str(agreement.pk) if kind == "closed" else f"{agreement.pk}:{mine.pk}"
    desk.tell_others(
        kind, partnership, parties, actor=actor, mine=mine, today=now.date(),
        why=agreement.closed_why, what=lambda: texts.name_of(agreement), key=key,
        invited=agreement.subject if agreement.kind == Kind.JOINING else "",
    )  # fmt: skip
