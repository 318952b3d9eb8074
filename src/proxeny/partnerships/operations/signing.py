"""The one way to agree: a text before all parties, their signatures, and what follows from the last."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import queries, rules, texts
from proxeny.partnerships.models import Agreement, Partnership, Party, SignOff
from proxeny.partnerships.operations import desk

Kind = Agreement.Kind
#: Does what follows when all have signed; runs in the same transaction.
Then = Callable[[Reader, Partnership, Agreement, Party, datetime], None]

_THEN: dict[str, Then] = {}
#: Audit verbs, by what is signed.
SIGNED = {
    Kind.TEXT: "sign_agreement",
    Kind.STAGE: "sign_stage",
    Kind.RISK: "sign_risk",
    Kind.EXIT: "sign_exit",
    Kind.JOINING: "sign_joining",
}
ASKED = {
    Kind.STAGE: "ask_stage",
    Kind.RISK: "ask_risk",
    Kind.EXIT: "ask_exit",
    Kind.JOINING: "ask_joining",
}

#: Texts that bind by themselves: nothing is done once all have signed.
_BINDING = {Kind.TEXT, Kind.EXIT, Kind.RISK}


def follow(kind: str, then: Then) -> None:
    """Say what follows when all parties have signed a text of a kind; called on import."""
    _THEN[kind] = then


def signers(parties: Iterable[Party], agreement: Agreement) -> list[Party]:
    """Return the parties whose signatures a text needs."""
    return [one for one in parties if rules.signs(one, agreement)]


def sign(
    actor: Reader, partnership: Partnership, parties: list[Party], agreement: Agreement, *,
    now: datetime,
) -> tuple[Party, bool]:  # fmt: skip
    """Sign a text of a locked partnership for the actor's side.

    Returns the party signed for, and whether all have signed now.

    Raises
    ------
    Conflict
        It is signed for this side already, or the actor has signed it for another side.
    """
    needed = signers(parties, agreement)
    with as_service():
        signed = {one.party_id: one.person_id for one in agreement.sign_offs.all()}
    mine = next(
        (one for one in needed if one.organisation_id in actor.managed and one.pk not in signed),
        None,
    )
    if mine is None:
        raise Conflict(_("This text is already signed for your side."))
    if actor.person in signed.values():
        raise Conflict(_("You have signed for one side. Somebody else must sign for the other."))
    with as_service():
        SignOff.objects.create(
            agreement=agreement, party=mine, person_id=actor.person, person_name=actor.name,
            text_hash=agreement.text_hash, signed_at=now,
        )  # fmt: skip
        is_complete = {one.pk for one in needed} <= {*signed, mine.pk}
        if is_complete:
            Agreement.objects.filter(pk=agreement.pk).update(completed_at=now)
            agreement.completed_at = now
    record(
        actor, SIGNED[Kind(agreement.kind)], agreement, mine, changes={"number": agreement.number}
    )
    return mine, is_complete


@transaction.atomic
def ask_signatures(
    *, actor: Reader, partnership: Partnership, parties: list[Party], kind: str, subject: str,
    text: str, now: datetime,
) -> Agreement:  # fmt: skip
    """Put a text before all parties of a locked partnership, signed at once for the actor's side.

    What was asked before about the same subject, and not signed by all, is closed.

    Side effects: mails to the managers of the other sides.
    """
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can sign."))
    with as_service():
        before = Agreement.objects.filter(partnership=partnership, kind=kind, subject=subject)
        before.filter(completed_at=None, closed_at=None).update(closed_at=now)
        last = before.order_by("-number").values_list("number", flat=True).first() or 0
        agreement = Agreement.objects.create(
            partnership=partnership, kind=kind, subject=subject, number=last + 1, text=text,
            text_hash=desk.hash_text(text),
        )  # fmt: skip
    record(actor, ASKED[Kind(kind)], agreement, mine)
    mine, is_complete = sign(actor, partnership, parties, agreement, now=now)
    _go_on(actor, partnership, parties, agreement, mine, is_complete, now)
    return agreement


@transaction.atomic
def sign_text(
    *, actor: Reader, partnership_id: int, agreement_id: int, text_hash: str, now: datetime
) -> Agreement:
    """Sign what another side has put before all: a stage, a risk, the plan for the exit, a party.

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
    why = desk.clean_reason(why)[:300]
    with as_service():
        Agreement.objects.filter(pk=agreement.pk).update(closed_at=now, closed_why=why)
        if agreement.kind == Kind.JOINING:
            Party.objects.filter(pk=agreement.subject).update(
                state=Party.State.LEFT, left_on=now.date()
            )
    agreement.closed_at, agreement.closed_why = now, why
    record(actor, "close_text", agreement, mine, why=why)
    desk.tell_others(
        "closed", partnership, parties, actor=actor, mine=mine, today=now.date(), why=why,
        what=lambda: texts.name_of(agreement), key=str(agreement.pk),
        invited=agreement.subject if agreement.kind == Kind.JOINING else "",
    )  # fmt: skip
    return agreement


def void(partnership_id: int, kind: str, subject: str, *, now: datetime) -> bool:
    """Let what was agreed about a subject hold no longer, because it changed; whether it had."""
    with as_service():
        found = Agreement.objects.filter(
            partnership_id=partnership_id, kind=kind, subject=subject, closed_at=None
        )
        return bool(found.update(closed_at=now))


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
            signed = {sign_off.party_id for sign_off in one.sign_offs.all()}
            is_left = {party.pk for party in signers(staying, one)} <= signed
            if is_left and (one.kind != Kind.TEXT or one.pk == newest.pk):
                settled = "completed_at" if one.kind in _BINDING else "closed_at"
                Agreement.objects.filter(pk=one.pk).update(**{settled: now})


def record(
    actor: Reader, verb: str, agreement: Agreement, mine: Party, *,
    changes: dict[str, Any] | None = None, why: str = "",
) -> None:  # fmt: skip
    """Write what was done with a text into the history of the partnership."""
    audit.record(
        actor, verb, agreement, organisation_id=mine.organisation_id,
        partnership_id=agreement.partnership_id, changes=changes, why=why,
    )  # fmt: skip


def _mine(actor: Reader, parties: Iterable[Party], agreement: Agreement) -> Party | None:
    needed = signers(parties, agreement)
    return next((one for one in needed if one.organisation_id in actor.managed), None)


def _locked_text(
    partnership_id: int, agreement_id: int
) -> tuple[Partnership, list[Party], Agreement]:
    partnership, parties = desk.lock(partnership_id)
    queries.get_text(partnership_id, agreement_id)  # whether the actor sees it
    with as_service():
        agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    if agreement.kind == Kind.TEXT:
        raise NotFound(_("There is no such text."))
    desk.expect(partnership, Partnership.State.ACTIVE)
    if agreement.completed_at or agreement.closed_at:
        raise Conflict(_("This was decided in the meantime. Look at where it stands now."))
    return partnership, parties, agreement


def _go_on(
    actor: Reader, partnership: Partnership, parties: list[Party], agreement: Agreement,
    mine: Party, is_complete: bool, now: datetime,
) -> None:  # fmt: skip
    if is_complete:
        _THEN[agreement.kind](actor, partnership, agreement, mine, now)
    kind = "agreed" if is_complete else "asked"
    desk.tell_others(
        kind, partnership, parties, actor=actor, mine=mine, today=now.date(),
        what=lambda: texts.name_of(agreement), key=f"{agreement.pk}:{mine.pk}",
        invited=agreement.subject if agreement.kind == Kind.JOINING else "",
    )  # fmt: skip
