"""Saying no, taking a proposal back, and ending a partnership."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, NotAllowed
from proxeny.kernel.hooks import Hook
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import rules
from proxeny.partnerships.models import Agreement, Partnership, Party, SharingGrant
from proxeny.partnerships.operations import guards, shared_files, signing
from proxeny.partnerships.operations.signers import Side
from proxeny.partnerships.texts import READINGS, Rewrite

State = Partnership.State
#: Other things that end with a partnership.
ENDED: Hook[Callable[[Partnership, datetime], None]] = Hook(
    "room.ended", "What else ends with a partnership, in the same transaction, with it locked."
)


@transaction.atomic
def decline_partnership(
    *, actor: Reader, partnership_id: int, reason: str, now: datetime
) -> Partnership:
    """Say no to a proposal, with a reason that the proposing side reads.

    Raises
    ------
    NotFound
        The actor does not see the partnership.
    NotAllowed
        The actor manages no other party than the proposing one.
    InvalidInput
        There is no reason.
    Conflict
        It is not a proposal (any more).
    """
    partnership, parties = guards.lock(partnership_id)
    others = [one for one in parties if one.organisation_id != partnership.lead_id]
    mine = rules.party_managed(actor, others)
    if mine is None:
        raise NotAllowed(_("Only a manager of the invited cluster can decline."))
    guards.expect(partnership, State.PROPOSED)
    reason = guards.clean_reason(reason)
    guards.write(partnership, state=State.DECLINED, reason=reason)
    _finish(
        actor,
        partnership,
        parties,
        verb="decline_partnership",
        kind="declined",
        mine=mine,
        now=now,
        why=reason,
    )
    return partnership


@transaction.atomic
def withdraw_proposal(*, actor: Reader, partnership_id: int, now: datetime) -> Partnership:
    """Take a proposal back: it is a draft again, which the other side does not see.

    Raises
    ------
    NotFound
        The actor does not see the partnership.
    NotAllowed
        The actor does not manage the proposing cluster.
    Conflict
        It is not a proposal (any more).
    """
    partnership, parties = guards.lock(partnership_id)
    mine = next(one for one in parties if one.organisation_id == partnership.lead_id)
    if not rules.can_lead(actor, partnership):
        raise NotAllowed(_("Only a manager of the proposing cluster can withdraw it."))
    guards.expect(partnership, State.PROPOSED)
    guards.write(partnership, state=State.DRAFT)
    _finish(
        actor,
        partnership,
        parties,
        verb="withdraw_proposal",
        kind="withdrawn",
        mine=mine,
        now=now,
    )
    return partnership


@transaction.atomic
def end_partnership(
    *, actor: Reader, partnership_id: int, reason: str, now: datetime
) -> Partnership:
    """End an active partnership today; what was shared stops being shared at once.

    An alliance of three or more ends once all its parties have signed that: the actor's side signs
    now, and the others are asked. A party that wants to go alone leaves (`leave_alliance`).

    Raises
    ------
    NotFound
        The actor does not see the partnership.
    NotAllowed
        The actor manages none of its parties.
    InvalidInput
        There is no reason.
    Conflict
        It is not active (any more).
    """
    partnership, parties = guards.lock(partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the clusters can end it."))
    guards.expect(partnership, State.ACTIVE)
    reason = guards.clean_reason(reason)
    if rules.needs_all_to_end(parties):
        return _end_together(actor, partnership, parties, reason=reason, now=now)
    close_room(partnership, reason=reason, now=now)
    _finish(
        actor,
        partnership,
        parties,
        verb="end_partnership",
        kind="ended",
        mine=mine,
        now=now,
        why=reason,
    )
    return partnership


def _end_together(
    actor: Reader, partnership: Partnership, parties: list[Party], *, reason: str, now: datetime
) -> Partnership:
    """Put the end of an alliance before all its parties."""
    waiting = Agreement.objects.filter(
        partnership=partnership, kind=Agreement.Kind.END, completed_at=None, closed_at=None
    )
    if waiting.exists():
        raise Conflict(
            _("Ending it has already been proposed. Read the text, then sign or decline it.")
        )
    signing.ask_signatures(
        actor=actor,
        partnership=partnership,
        parties=parties,
        kind=Agreement.Kind.END,
        subject="",
        text=_write_end(partnership, reason),
        now=now,
    )
    partnership.refresh_from_db()
    return partnership


def _write_end(partnership: Partnership, reason: str) -> str:
    text = _("The alliance “%(title)s” ends for all its parties once all have signed.")
    return f"{text % {'title': partnership.title}}\n\n{reason}"


def _rewrite_end(agreement: Agreement) -> Rewrite:
    reason = agreement.text.partition("\n\n")[2]
    return lambda: _write_end(agreement.partnership, reason)


def _end_for_all(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    reason = agreement.text.split("\n\n", 1)[1]
    close_room(partnership, reason=reason, now=now)
    signing.record(actor, "end_partnership", agreement, mine, why=reason)


READINGS.add(Agreement.Kind.END, _rewrite_end)
signing.FOLLOWS.add(Agreement.Kind.END, signing.Follow(_end_for_all))


def close_room(partnership: Partnership, *, reason: str, now: datetime) -> None:
    """End a locked partnership today, and with it what was shared."""
    stop_sharing(SharingGrant.objects.filter(partnership=partnership), now=now)
    guards.write(partnership, state=State.ENDED, ends_on=now.date(), reason=reason)
    for then in ENDED:
        then(partnership, now)


def stop_sharing(grants: QuerySet[SharingGrant], *, now: datetime) -> None:
    """Withdraw grants at once, and release the files that are no longer needed."""
    with as_service("Grants end with a partnership or a party, whichever side has given them."):
        live = grants.filter(withdrawn_at=None)
        files = list(live.exclude(file_id=None).values_list("file_id", flat=True))
        live.update(withdrawn_at=now)
    for file_id in files:
        shared_files.settle(file_id, now=now)


def _finish(
    actor: Reader,
    partnership: Partnership,
    parties: list[Party],
    *,
    verb: str,
    kind: str,
    mine: Party,
    now: datetime,
    why: str = "",
) -> None:
    audit.record(
        actor,
        verb,
        partnership,
        organisation_id=mine.organisation_id,
        partnership_id=partnership.pk,
        why=why,
    )
    guards.tell_others(
        kind, partnership, parties, actor=actor, mine=mine, today=now.date(), why=why
    )
