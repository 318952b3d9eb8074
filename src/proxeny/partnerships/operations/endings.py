"""Saying no, taking a proposal back, and ending a partnership."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.kernel import audit
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import rules
from proxeny.partnerships.models import Partnership, Party, SharingGrant
from proxeny.partnerships.operations import desk, shared_files

State = Partnership.State
#: What else ends with a partnership.
_ENDS: list[Callable[[Partnership, datetime], None]] = []


def when_a_partnership_ends(then: Callable[[Partnership, datetime], None]) -> None:
    """Say what else ends with a partnership; called when Django is ready.

    It runs in the same transaction, with the partnership locked.
    """
    _ENDS.append(then)


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
    partnership, parties = desk.lock(partnership_id)
    others = [one for one in parties if one.organisation_id != partnership.lead_id]
    mine = rules.party_managed(actor, others)
    if mine is None:
        raise NotAllowed(_("Only a manager of the cluster that was asked can decline."))
    desk.expect(partnership, State.PROPOSED)
    reason = desk.clean_reason(reason)
    desk.write(partnership, state=State.DECLINED, reason=reason)
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
    partnership, parties = desk.lock(partnership_id)
    mine = next(one for one in parties if one.organisation_id == partnership.lead_id)
    if not rules.can_lead(actor, partnership):
        raise NotAllowed(_("Only a manager of the proposing cluster can take it back."))
    desk.expect(partnership, State.PROPOSED)
    desk.write(partnership, state=State.DRAFT)
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
    partnership, parties = desk.lock(partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can end it."))
    desk.expect(partnership, State.ACTIVE)
    reason = desk.clean_reason(reason)
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


def close_room(partnership: Partnership, *, reason: str, now: datetime) -> None:
    """End a locked partnership today, and with it what was shared."""
    stop_sharing(SharingGrant.objects.filter(partnership=partnership), now=now)
    desk.write(partnership, state=State.ENDED, ends_on=now.date(), reason=reason)
    for then in _ENDS:
        then(partnership, now)


def stop_sharing(grants: QuerySet[SharingGrant], *, now: datetime) -> None:
    """Withdraw grants at once, and let go of the files that nothing needs any more."""
    with as_service():
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
    desk.tell_others(kind, partnership, parties, actor=actor, mine=mine, today=now.date(), why=why)
