"""Giving another party the right to decide a matter alone, and taking it back."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import rules
from proxeny.partnerships.delegation_queries import delegation_name
from proxeny.partnerships.models import Delegation, Partnership, Party, SignOff
from proxeny.partnerships.operations import guards
from proxeny.partnerships.operations.room import enter


@transaction.atomic
def give_delegation(
    *,
    actor: Reader,
    partnership_id: int,
    receiver_id: int,
    matter: str,
    note: str = "",
    ends_on: date | None = None,
    now: datetime,
) -> Delegation:
    """Delegate decisions on a matter from the actor's side to another party, from now on.

    An earlier delegation to it on the same matter ends. Pending texts still need the delegating
    party's own signature.

    Parameters
    ----------
    receiver_id : int
        The number of the party.
    matter : str
        One of `Delegation.Matter`.
    ends_on : date, optional
        The last valid day; None: until it is withdrawn.

    Side effects: an audit row; a mail to the managers of all other parties.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every record of the room; managers only.
    InvalidInput
        It is no other party that takes part, no such matter, or the last day has passed.
    """
    partnership, parties = enter(actor, partnership_id, binding=True)
    mine = _managed(actor, parties)
    others = [one for one in parties if one.pk != mine.pk and one.state == Party.State.JOINED]
    receiver = next((one for one in others if one.pk == receiver_id), None)
    if receiver is None:
        raise InvalidInput(_("Choose another party in this partnership."), field="receiver")
    if matter not in Delegation.Matter.values:
        raise InvalidInput(_("Choose an option from the list."), field="matter")
    if ends_on is not None and ends_on < now.date():
        raise InvalidInput(_("This date has passed. Choose a later one."), field="ends_on")
    before = Delegation.objects.filter(giver=mine, receiver=receiver, matter=matter)
    before.filter(withdrawn_at=None).update(withdrawn_at=now)
    made = Delegation.objects.create(
        partnership=partnership,
        giver=mine,
        receiver=receiver,
        matter=matter,
        note=" ".join(note.split())[:500],
        ends_on=ends_on,
        given_by_id=actor.person,
        given_by_name=actor.name,
        given_at=now,
    )
    _note(actor, "give_delegation", partnership, parties, made, mine, now)
    return made


@transaction.atomic
def withdraw_delegation(
    *, actor: Reader, partnership_id: int, delegation_id: int, now: datetime
) -> Delegation:
    """Take a delegation back at once.

    What was signed by it and still waits for others needs the giver's own signature again.

    Side effects: an audit row; a mail to the managers of all other parties.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every record of the room; only managers of the giving party, and only once.
    """
    partnership, parties = enter(actor, partnership_id, binding=True)
    found = Delegation.objects.filter(pk=delegation_id, partnership=partnership).first()
    if found is None:
        raise NotFound(_("We couldn’t find this entry."))
    mine = _managed(actor, parties)
    if found.giver_id != mine.pk:
        raise NotAllowed(_("Only the party that gave this delegation can revoke it."))
    kept = Delegation.objects.select_for_update().get(pk=delegation_id)
    if kept.withdrawn_at is not None:
        raise Conflict(_("This delegation has already been revoked."))
    end_delegations([kept], now=now)
    _note(actor, "withdraw_delegation", partnership, parties, kept, mine, now)
    return kept


def end_delegations(delegations: list[Delegation], *, now: datetime) -> None:
    """End delegations, and take out the signatures by them that bind nobody yet."""
    ids = [one.pk for one in delegations]
    with as_service("Signatures are written and taken out by the service alone."):
        Delegation.objects.filter(pk__in=ids, withdrawn_at=None).update(withdrawn_at=now)
        SignOff.objects.filter(
            delegation_id__in=ids, agreement__completed_at=None, agreement__closed_at=None
        ).delete()
    for one in delegations:
        one.withdrawn_at = now


def end_of_party(party: Party, *, now: datetime) -> None:
    """End what a party that leaves has given and received."""
    with as_service("A party that leaves no longer writes in the room."):
        open_ = Delegation.objects.filter(withdrawn_at=None)
        found = list(open_.filter(giver=party) | open_.filter(receiver=party))
    end_delegations(found, now=now)


def _managed(actor: Reader, parties: list[Party]) -> Party:
    mine = rules.party_managed(actor, parties)
    assert mine is not None  # `enter` has seen it  # noqa: S101
    return mine


def _note(
    actor: Reader,
    verb: str,
    partnership: Partnership,
    parties: list[Party],
    made: Delegation,
    mine: Party,
    now: datetime,
) -> None:
    receiver = next(one for one in parties if one.pk == made.receiver_id)
    audit.record(
        actor,
        verb,
        made,
        organisation_id=mine.organisation_id,
        partnership_id=partnership.pk,
        changes={"matter": made.matter, "receiver": receiver.organisation.name},
        why=made.note if verb == "give_delegation" else "",
    )
    guards.tell_others(
        "delegated" if verb == "give_delegation" else "undelegated",
        partnership,
        parties,
        actor=actor,
        mine=mine,
        today=now.date(),
        why=made.note,
        what=lambda: delegation_name(made, receiver),
        key=f"{made.pk}",
        page="delegations",
    )
