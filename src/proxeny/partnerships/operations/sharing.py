"""Consent to show one's members to a partnership, and taking it back."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import queries, rules
from proxeny.partnerships.models import Partnership, SharingGrant
from proxeny.partnerships.operations import desk


@transaction.atomic
def grant_sharing(
    *,
    actor: Reader,
    partnership_id: int,
    purpose: str,
    now: datetime,
    ends_on: date | None = None,
) -> SharingGrant:
    """Show the members of the actor's cluster to the other side, for a purpose, until a day.

    Members whose entry is "only us" or "our cluster" stay hidden.

    Raises
    ------
    NotFound
        The actor does not see the partnership.
    NotAllowed
        The actor manages none of its parties.
    InvalidInput
        There is no purpose, or the day is past.
    Conflict
        The partnership is not active, or the list is shared already.
    """
    partnership, parties = desk.lock(partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can share members."))
    desk.expect(partnership, Partnership.State.ACTIVE)
    purpose = " ".join(purpose.split())
    if not purpose:
        raise InvalidInput(_("Say what the other side may use the list for."), field="purpose")
    if ends_on and ends_on < now.date():
        raise InvalidInput(_("Choose a day that is still to come."), field="ends_on")
    try:
        with as_service():
            _close_run_out(partnership.pk, mine.organisation_id, now=now)
            grant = SharingGrant.objects.create(
                partnership=partnership,
                organisation=mine.organisation,
                purpose=purpose[:300],
                ends_on=ends_on,
                granted_by_id=actor.person,
                granted_at=now,
            )
    except IntegrityError as error:
        raise Conflict(_("Your members are already shared with this partnership.")) from error
    audit.record(
        actor,
        "grant_sharing",
        grant,
        organisation_id=mine.organisation_id,
        partnership_id=partnership.pk,
        why=purpose,
    )
    return grant


def _close_run_out(partnership_id: int, organisation_id: int, *, now: datetime) -> None:
    # A grant whose day has passed no longer counts, but would stand in the way of the next.
    SharingGrant.objects.filter(
        partnership_id=partnership_id,
        organisation_id=organisation_id,
        withdrawn_at=None,
        ends_on__lt=now.date(),
    ).update(withdrawn_at=now)


@transaction.atomic
def withdraw_sharing(*, actor: Reader, grant_id: int, now: datetime) -> SharingGrant:
    """Stop sharing, at once: the next page the other side opens no longer shows the members.

    Raises
    ------
    NotFound
        The actor does not see the grant.
    NotAllowed
        It is not the actor's cluster that shares.
    Conflict
        It was withdrawn already.
    """
    grant = queries.get_grant(grant_id)
    if grant.organisation_id not in actor.managed:
        raise NotAllowed(_("Only the cluster that shares can stop it."))
    live = SharingGrant.objects.filter(pk=grant_id, withdrawn_at=None)
    if not live.update(withdrawn_at=now):
        raise Conflict(_("This was withdrawn already."))
    grant.withdrawn_at = now
    audit.record(
        actor,
        "withdraw_sharing",
        grant,
        organisation_id=grant.organisation_id,
        partnership_id=grant.partnership_id,
    )
    return grant
