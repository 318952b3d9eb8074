"""Parties: a side's contact and its own assessment, and parties joining and leaving an alliance."""

from collections.abc import Callable
from datetime import datetime
from string import ascii_uppercase
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory.models import Kind, Organisation
from proxeny.directory.queries import visible_organisations
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.hooks import Hook
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import rules
from proxeny.partnerships.models import (
    Agreement,
    Assessment,
    Partnership,
    Party,
    SignOff,
    Stage,
)
from proxeny.partnerships.operations import delegations, endings, guards, signing
from proxeny.partnerships.operations.room import enter
from proxeny.partnerships.operations.signers import Side
from proxeny.partnerships.room_queries import team_ids
from proxeny.partnerships.texts import READINGS, Rewrite

State = Partnership.State
#: Consequences of a change of parties: pending texts may name them.
PARTIES_CHANGED: Hook[Callable[[Partnership, datetime], None]] = Hook(
    "room.parties_changed",
    "What follows when a party has joined or left, in the same transaction, with the partnership locked.",
)
#: Consequences of a party leaving: the actor, the partnership, the party, and the reason.
Leaves = Callable[[Reader, Partnership, Party, str, datetime], None]
PARTY_LEAVES: Hook[Leaves] = Hook(
    "room.party_leaves",
    "What else leaves with a party, in the same transaction, with the partnership locked.",
)
#: So many parties an alliance takes: sides are lettered.
MOST = len(ascii_uppercase)


def _write_own(party: Party, **values: Any) -> None:
    with as_service("The service alone writes parties, and the actor manages this one."):
        Party.objects.filter(pk=party.pk).update(**values)


@transaction.atomic
def name_contact(
    *, actor: Reader, partnership_id: int, person_id: int | None, now: datetime
) -> Party:
    """Name the contact of the actor's side in everyday matters; None removes the contact.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every record of the room; managers only.
    InvalidInput
        The person holds no seat on that side.
    """
    partnership, parties = enter(actor, partnership_id, binding=True)
    mine = rules.party_managed(actor, parties)
    assert mine is not None  # `enter` has seen it  # noqa: S101
    if person_id is not None and person_id not in team_ids([mine], today=now.date()):
        raise InvalidInput(_("Choose an option from the list."), field="person")
    before = mine.contact_id
    _write_own(mine, contact_id=person_id)
    mine.contact_id = person_id
    audit.record(
        actor,
        "name_contact",
        partnership,
        organisation_id=mine.organisation_id,
        partnership_id=partnership.pk,
        changes={"contact": [before, person_id]},
    )
    return mine


@transaction.atomic
def write_assessment(
    *,
    actor: Reader,
    partnership_id: int,
    version: int,
    is_done: bool,
    brings: str,
    needs: str,
    limits: str,
    doubts: str,
    now: datetime,
) -> Assessment:
    """Write what the actor's side thinks for itself; nobody else reads it.

    With `is_done` the other side sees the day. Once all have, the partnership is assessed.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the partnership, or manages none of its parties.
    Conflict
        A colleague changed it since `version` (0: there was none), or it is over.
    """
    partnership, parties = guards.lock(partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the clusters can do this."))
    guards.expect(partnership, State.DRAFT, State.PROPOSED, State.ACTIVE)
    kept = (
        Assessment.objects.select_for_update()
        .filter(partnership=partnership, organisation_id=mine.organisation_id)
        .first()
    )
    if (kept.version if kept else 0) != version:
        raise Conflict(
            _("A colleague has changed this since you opened it. Your text is kept here.")
        )
    texts = {"brings": brings, "needs": needs, "limits": limits, "doubts": doubts}
    texts = {name: text.strip()[:4000] for name, text in texts.items()}
    if is_done and not all((texts["brings"], texts["needs"], texts["limits"])):
        raise InvalidInput(_("Write what you bring, what you need and what you will not do."))
    if kept is None:
        kept = Assessment.objects.create(
            partnership=partnership, organisation_id=mine.organisation_id, **texts
        )
    else:
        for name, text in texts.items():
            setattr(kept, name, text)
        kept.version += 1
        kept.save()
    if is_done and mine.assessed_on is None:
        _write_own(mine, assessed_on=now.date())
        audit.record(
            actor,
            "assess_partnership",
            partnership,
            organisation_id=mine.organisation_id,
            partnership_id=None if partnership.state == State.DRAFT else partnership.pk,
        )
        others = [one for one in parties if one.pk != mine.pk and one.state == Party.State.JOINED]
        if partnership.state == State.PROPOSED and all(one.assessed_on for one in others):
            guards.write(partnership, stage=Stage.ASSESSMENT, stage_since=now.date())
    return kept


@transaction.atomic
def invite_party(
    *, actor: Reader, partnership_id: int, organisation_id: int, note: str, now: datetime
) -> Party:
    """Ask a further cluster to join: all parties and the cluster itself sign.

    From now on its managers read the agreement; what is done under it only once all have signed.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the partnership, or manages none of its parties.
    InvalidInput
        It is no cluster that the actor sees.
    Conflict
        It is a party or invited already, the alliance is full, its agreement waits for signatures,
        or it is not active.
    """
    partnership, parties = guards.lock(partnership_id)
    if rules.party_managed(actor, parties) is None:
        raise NotAllowed(_("Only a manager of one of the clusters can do this."))
    guards.expect(partnership, State.ACTIVE)
    cluster = _cluster(organisation_id)
    before = next((one for one in parties if one.organisation_id == cluster.pk), None)
    if before and before.state != Party.State.LEFT:
        raise Conflict(
            _("This cluster is already a party, or has already been invited."), field="organisation"
        )
    if before is None and len(parties) >= MOST:
        raise Conflict(_("An alliance can have up to 26 parties."))
    newest = guards.newest_agreement(partnership)
    if newest.completed_at is None:
        raise Conflict(_("A new text of the agreement is waiting for signatures. Sign it first."))
    with as_service("The service alone writes parties, and a manager of one invites another."):
        if before is None:
            before = Party.objects.create(
                partnership=partnership,
                organisation=cluster,
                side=ascii_uppercase[len(parties)],
                state=Party.State.INVITED,
            )
        else:
            Party.objects.filter(pk=before.pk).update(state=Party.State.INVITED, left_on=None)
            before.state, before.left_on = Party.State.INVITED, None
    parties = [*(one for one in parties if one.pk != before.pk), before]
    text = _write_joining(cluster.name, partnership, newest)
    note = note.strip()[:2000]
    signing.ask_signatures(
        actor=actor,
        partnership=partnership,
        parties=parties,
        kind=Agreement.Kind.JOINING,
        subject=str(before.pk),
        text=f"{text}\n\n{note}" if note else text,
        now=now,
    )
    return before


def _write_joining(name: str, partnership: Partnership, signed: Agreement) -> str:
    return _(
        "%(name)s joins “%(title)s” and signs agreement no. %(number)s (SHA-256 %(hash)s)."
    ) % {
        "name": name,
        "title": partnership.title,
        "number": signed.number,
        "hash": signed.text_hash,
    }


def _rewrite_joining(agreement: Agreement) -> Rewrite | None:
    """Return how the text is written again; the agreement it names is known by its hash."""
    party = Party.objects.select_related("organisation").filter(pk=agreement.subject).first()
    texts = Agreement.objects.filter(partnership=agreement.partnership, kind=Agreement.Kind.TEXT)
    signed = next((one for one in texts if one.text_hash in agreement.text), None)
    if party is None or signed is None:
        return None
    _composed, *note = agreement.text.split("\n\n", 1)
    return lambda: "\n\n".join(
        [_write_joining(party.organisation.name, agreement.partnership, signed), *note]
    )


READINGS.add(Agreement.Kind.JOINING, _rewrite_joining)


def _cluster(organisation_id: int) -> Organisation:
    clusters = visible_organisations().filter(kind=Kind.CLUSTER, steward=None)
    found = clusters.filter(pk=organisation_id).first()
    if found is None:
        raise InvalidInput(_("Choose a cluster from the list."), field="organisation")
    return found


def _join(
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: Side, now: datetime
) -> None:
    with as_service("The last signature admits the party, whichever side it came from."):
        party = Party.objects.select_related("organisation").get(pk=agreement.subject)
        Party.objects.filter(pk=party.pk).update(state=Party.State.JOINED, joined_at=now)
        own = agreement.sign_offs.get(party=party)
        newest = guards.newest_agreement(partnership)
        # Its signature on the invitation names the agreement's text, and counts for it too.
        SignOff.objects.get_or_create(
            agreement=newest,
            party=party,
            defaults={
                "person_id": own.person_id,
                "person_name": own.person_name,
                "text_hash": newest.text_hash,
                "signed_at": now,
            },
        )
    guards.write(partnership)
    signing.record(
        actor, "join_alliance", agreement, party, changes={"title": party.organisation.name}
    )
    for then in PARTIES_CHANGED:
        then(partnership, now)


def _stay_out(
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: Side, now: datetime
) -> None:
    """One side said no, or the invited cluster itself: it does not join."""
    with as_service("One refusal keeps the party out, whichever side it came from."):
        Party.objects.filter(pk=agreement.subject).update(
            state=Party.State.LEFT, left_on=now.date()
        )


signing.FOLLOWS.add(Agreement.Kind.JOINING, signing.Follow(_join, refused=_stay_out))


@transaction.atomic
def leave_alliance(
    *, actor: Reader, partnership_id: int, reason: str, now: datetime
) -> Partnership:
    """Leave an alliance of three or more; the others go on.

    What the party shares stops being shared at once, and what the alliance keeps is closed to it.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the partnership, or manages none of its parties.
    InvalidInput
        There is no reason.
    Conflict
        Only two parties are left (end the partnership then), or it is not active.
    """
    partnership, parties = guards.lock(partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the clusters can do this."))
    guards.expect(partnership, State.ACTIVE)
    if sum(one.state == Party.State.JOINED for one in parties) < 3:
        raise Conflict(_("Only two parties are left. End the partnership instead."))
    reason = guards.clean_reason(reason)
    _write_own(mine, state=Party.State.LEFT, left_on=now.date(), contact_id=None)
    delegations.end_of_party(mine, now=now)
    endings.stop_sharing(partnership.grants.filter(organisation_id=mine.organisation_id), now=now)
    staying = [one for one in parties if one.pk != mine.pk and one.state != Party.State.LEFT]
    signing.settle_without(partnership, staying, now=now)
    audit.record(
        actor,
        "leave_alliance",
        partnership,
        organisation_id=mine.organisation_id,
        partnership_id=partnership.pk,
        why=reason,
    )
    lead_id = partnership.lead_id
    if lead_id == mine.organisation_id:
        lead_id = next(one for one in staying if one.state == Party.State.JOINED).organisation_id
    guards.write(partnership, lead_id=lead_id)
    for leaves in PARTY_LEAVES:
        leaves(actor, partnership, mine, reason, now)
    for then in PARTIES_CHANGED:
        then(partnership, now)
    rest = [one for one in parties if one.state != Party.State.LEFT]
    guards.tell_others(
        "left", partnership, rest, actor=actor, mine=mine, today=now.date(), why=reason
    )
    return partnership
