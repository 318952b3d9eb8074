"""Recommendations to all parties: each answers for itself, and all have to accept.

What is accepted is a text that all parties sign (`signing`): one party accepts it as it is or with
changes, the others the same words; one no is enough.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import queries, rules
from proxeny.partnerships.models import (
    Agreement,
    Delegation,
    Partnership,
    Party,
    Recommendation,
    SignOff,
)
from proxeny.partnerships.operations import guards, signing
from proxeny.partnerships.operations.advice_following import note_decision
from proxeny.partnerships.operations.signers import Side

Kind, State = Agreement.Kind, Recommendation.State


def accept(
    actor: Reader,
    partnership: Partnership,
    parties: list[Party],
    record: Recommendation,
    *,
    state: str,
    reason: str,
    now: datetime,
) -> None:
    """Accept a locked recommendation for the actor's side; with the last yes it is accepted.

    Other changes than those that wait are a new text, which the others accept in their turn.
    """
    waiting = _open(record)
    if waiting is not None and state == State.ACCEPTED:
        if reason and not record.is_amended:
            Recommendation.objects.filter(pk=record.pk).update(reason=reason)
        signing.sign_text(
            actor=actor,
            partnership_id=partnership.pk,
            agreement_id=waiting.pk,
            text_hash=waiting.text_hash,
            now=now,
        )
        return
    is_amended = state == State.AMENDED
    Recommendation.objects.filter(pk=record.pk).update(
        is_amended=is_amended, reason=reason, version=record.version + is_amended
    )
    signing.ask_signatures(
        actor=actor,
        partnership=partnership,
        parties=parties,
        kind=Kind.ADVICE,
        subject=str(record.pk),
        text=_write(record, reason if is_amended else ""),
        now=now,
    )


def _open(record: Recommendation) -> Agreement | None:
    return Agreement.objects.filter(
        partnership_id=record.partnership_id,
        kind=Kind.ADVICE,
        subject=str(record.pk),
        completed_at=None,
        closed_at=None,
    ).first()


def _write(record: Recommendation, changes: str) -> str:
    parts = [_("All parties accept this recommendation: “%(title)s”.") % {"title": record.title}]
    parts += [record.details] if record.details else []
    if changes:
        parts += [_("With these changes:"), changes]
    return "\n\n".join(parts)


def _record_of(agreement: Agreement) -> Recommendation:
    record = Recommendation.objects.select_for_update(of=("self",)).get(pk=agreement.subject)
    if record.state != State.PROPOSED or record.dropped_at:
        raise Conflict(
            _("Someone else has changed this since you opened it. Check the latest version.")
        )
    return record


def _each(
    _actor: Reader,
    _partnership: Partnership,
    agreement: Agreement,
    _mine: Side,
    _now: datetime,
) -> None:
    """Refuse a yes to what was decided, archived or rewritten meanwhile."""
    record = _record_of(agreement)
    if not (record.title in agreement.text and record.details in agreement.text):
        raise Conflict(
            _("Someone else has changed this since you opened it. Check the latest version.")
        )


def _accepted(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    record = _record_of(agreement)
    state = State.AMENDED if record.is_amended else State.ACCEPTED
    _decide(actor, partnership, record, mine, state, now)


def _closed(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """Reject what another party has accepted, or withdraw the own acceptance."""
    record = _record_of(agreement)
    with as_service("Whether the party had accepted itself decides what its no means."):
        number: Any = mine.pk
        own = SignOff.objects.filter(agreement=agreement, party_id=number, delegation=None)
        is_taken_back = own.exists()
    if is_taken_back:
        Recommendation.objects.filter(pk=record.pk).update(
            is_amended=False, reason="", version=record.version + 1
        )
        return
    record.reason, record.refused_by_id = agreement.closed_why, mine.pk
    _decide(actor, partnership, record, mine, State.REFUSED, now)


def _decide(
    actor: Reader,
    partnership: Partnership,
    record: Recommendation,
    mine: Side,
    state: str,
    now: datetime,
) -> None:
    before, record.state = record.state, state
    record.decided_on = now.date()
    record.version += 1
    record.save()
    note_decision(actor, partnership, record, before, mine.organisation_id, now)


def _tell(
    kind: str,
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """Notify the others, except for an assessment: its own package notifies permitted readers."""
    assert isinstance(mine, Party)  # nobody signs beside the parties  # noqa: S101
    record = Recommendation.objects.get(pk=agreement.subject)
    if rules.is_of_assessment(record):
        return
    is_refused = kind == "closed" and record.state == State.REFUSED
    told = {"asked": "accepted", "agreed": "all accepted"}.get(kind, "not accepted")
    guards.tell_others(
        "refused" if is_refused else told,
        partnership,
        queries.parties_joined(partnership.pk),
        actor=actor,
        mine=mine,
        today=now.date(),
        why=agreement.closed_why,
        what=lambda: record.title,
        key=f"{agreement.pk}:{mine.pk}",
        page="advice",
    )


def tell_refused(
    actor: Reader, partnership: Partnership, record: Recommendation, mine: Party, *, now: datetime
) -> None:
    """Notify the managers of the other parties that one has refused, with the reason."""
    if rules.is_of_assessment(record):
        return
    guards.tell_others(
        "refused",
        partnership,
        queries.parties_joined(partnership.pk),
        actor=actor,
        mine=mine,
        today=now.date(),
        why=record.reason,
        what=lambda: record.title,
        key=f"{record.pk}:{record.version}",
        page="advice",
    )


signing.FOLLOWS.add(
    Kind.ADVICE,
    signing.Follow(
        _accepted,
        refused=_closed,
        each=_each,
        tell=_tell,
        matter=Delegation.Matter.ADVICE,
    ),
)
