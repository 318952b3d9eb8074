"""Parties: who speaks for a side, what it thinks for itself, who joins an alliance, who leaves."""

from collections.abc import Callable
from datetime import datetime
from string import ascii_uppercase

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory.models import Kind, Organisation
from proxeny.directory.queries import visible_organisations
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
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
from proxeny.partnerships.operations import desk, endings, signing
from proxeny.partnerships.operations.room import enter
from proxeny.partnerships.room_queries import team_ids

State = Partnership.State
#: What follows when who takes part changes: what waits for signatures may name them.
_CHANGED: list[Callable[[Partnership, datetime], None]] = []
#: What else leaves with a party: who acts, from where, which party, and why.
Leaves = Callable[[Reader, Partnership, Party, str, datetime], None]
_LEAVES: list[Leaves] = []
#: So many parties an alliance takes: sides are lettered.
MOST = len(ascii_uppercase)


def when_parties_change(then: Callable[[Partnership, datetime], None]) -> None:
    """Say what follows once a party has joined or left; called on import.

    It runs in the same transaction, with the partnership locked.
    """
    _CHANGED.append(then)


def when_a_party_leaves(then: Leaves) -> None:
    """Say what else leaves with a party; called when Django is ready, and runs as `then` above."""
    _LEAVES.append(then)


@transaction.atomic
def name_contact(
    *, actor: Reader, partnership_id: int, person_id: int | None, now: datetime
) -> Party:
    """Say who speaks for the actor's side in everyday matters; None: nobody any more.

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
        raise InvalidInput(_("Choose one from the list."), field="person")
    before = mine.contact_id
    with as_service():
        Party.objects.filter(pk=mine.pk).update(contact_id=person_id)
    mine.contact_id = person_id
    audit.record(
        actor, "name_contact", partnership, organisation_id=mine.organisation_id,
        partnership_id=partnership.pk, changes={"contact": [before, person_id]},
    )  # fmt: skip
    return mine


@transaction.atomic
def write_assessment(
    *, actor: Reader, partnership_id: int, version: int, is_done: bool, brings: str, needs: str,
    limits: str, doubts: str, now: datetime,
) -> Assessment:  # fmt: skip
    """Write what the actor's side thinks for itself; nobody else reads it.

    With `is_done` the other side sees the day. Once all have, the partnership is assessed.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the partnership, or manages none of its parties.
    Conflict
        A colleague changed it since `version` (0: there was none), or it is over.
    """
    partnership, parties = desk.lock(partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can do this."))
    desk.expect(partnership, State.DRAFT, State.PROPOSED, State.ACTIVE)
    kept = Assessment.objects.select_for_update().filter(
        partnership=partnership, organisation_id=mine.organisation_id
    ).first()  # fmt: skip
    if (kept.version if kept else 0) != version:
        raise Conflict(_("A colleague changed this in the meantime. Your text is kept here."))
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
        with as_service():
            Party.objects.filter(pk=mine.pk).update(assessed_on=now.date())
        audit.record(
            actor, "assess_partnership", partnership, organisation_id=mine.organisation_id,
            partnership_id=None if partnership.state == State.DRAFT else partnership.pk,
        )  # fmt: skip
        others = [one for one in parties if one.pk != mine.pk and one.state == Party.State.JOINED]
        if partnership.state == State.PROPOSED and all(one.assessed_on for one in others):
            desk.write(partnership, stage=Stage.ASSESSMENT, stage_since=now.date())
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
    partnership, parties = desk.lock(partnership_id)
    if rules.party_managed(actor, parties) is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can do this."))
    desk.expect(partnership, State.ACTIVE)
    cluster = _cluster(organisation_id)
    before = next((one for one in parties if one.organisation_id == cluster.pk), None)
    if before and before.state != Party.State.LEFT:
        raise Conflict(_("This cluster is a party, or invited, already."), field="organisation")
    if before is None and len(parties) >= MOST:
        raise Conflict(_("An alliance has room for 26 parties."))
    newest = desk.newest_agreement(partnership)
    if newest.completed_at is None:
        raise Conflict(_("A new text of the agreement waits for signatures. Sign it first."))
    with as_service():
        if before is None:
            before = Party.objects.create(
                partnership=partnership, organisation=cluster, side=ascii_uppercase[len(parties)],
                state=Party.State.INVITED,
            )  # fmt: skip
        else:
            Party.objects.filter(pk=before.pk).update(state=Party.State.INVITED, left_on=None)
            before.state, before.left_on = Party.State.INVITED, None
    parties = [*(one for one in parties if one.pk != before.pk), before]
    text = _("%(name)s joins “%(title)s” and signs agreement no. %(number)s (SHA-256 %(hash)s).") % {
        "name": cluster.name, "title": partnership.title, "number": newest.number,
        "hash": newest.text_hash,
    }  # fmt: skip
    note = note.strip()[:2000]
    signing.ask_signatures(
        actor=actor, partnership=partnership, parties=parties, kind=Agreement.Kind.JOINING,
        subject=str(before.pk), text=f"{text}\n\n{note}" if note else text, now=now,
    )  # fmt: skip
    return before


def _cluster(organisation_id: int) -> Organisation:
    clusters = visible_organisations().filter(kind=Kind.CLUSTER, steward=None)
    found = clusters.filter(pk=organisation_id).first()
    if found is None:
        raise InvalidInput(_("Choose a cluster from the list."), field="organisation")
    return found


def _join(
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: Party, now: datetime
) -> None:
    with as_service():
        party = Party.objects.select_related("organisation").get(pk=agreement.subject)
        Party.objects.filter(pk=party.pk).update(state=Party.State.JOINED, joined_at=now)
        own = agreement.sign_offs.get(party=party)
        newest = desk.newest_agreement(partnership)
        # Its signature under the invitation names the agreement's text, and stands under it too.
        SignOff.objects.get_or_create(
            agreement=newest, party=party,
            defaults={"person_id": own.person_id, "person_name": own.person_name,
                      "text_hash": newest.text_hash, "signed_at": now},
        )  # fmt: skip
    desk.write(partnership)
    signing.record(actor, "join_alliance", agreement, party,
                   changes={"title": party.organisation.name})  # fmt: skip
    for then in _CHANGED:
        then(partnership, now)


def _stay_out(
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: Party, now: datetime
) -> None:
    """One side said no, or the invited cluster itself: it does not join."""
    with as_service():
        Party.objects.filter(pk=agreement.subject).update(
            state=Party.State.LEFT, left_on=now.date()
        )


signing.follow(Agreement.Kind.JOINING, _join, refused=_stay_out)


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
    partnership, parties = desk.lock(partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can do this."))
    desk.expect(partnership, State.ACTIVE)
    if sum(one.state == Party.State.JOINED for one in parties) < 3:
        raise Conflict(_("Only two are left: end the partnership instead."))
    reason = desk.clean_reason(reason)
    with as_service():
        Party.objects.filter(pk=mine.pk).update(
            state=Party.State.LEFT, left_on=now.date(), contact_id=None
        )
    endings.stop_sharing(partnership.grants.filter(organisation_id=mine.organisation_id), now=now)
    staying = [one for one in parties if one.pk != mine.pk and one.state != Party.State.LEFT]
    signing.settle_without(partnership, staying, now=now)
    audit.record(
        actor, "leave_alliance", partnership, organisation_id=mine.organisation_id,
        partnership_id=partnership.pk, why=reason,
    )  # fmt: skip
    lead_id = partnership.lead_id
    if lead_id == mine.organisation_id:
        lead_id = next(one for one in staying if one.state == Party.State.JOINED).organisation_id
    desk.write(partnership, lead_id=lead_id)
    for leaves in _LEAVES:
        leaves(actor, partnership, mine, reason, now)
    for then in _CHANGED:
        then(partnership, now)
    rest = [one for one in parties if one.state != Party.State.LEFT]
    desk.tell_others(
        "left", partnership, rest, actor=actor, mine=mine, today=now.date(), why=reason
    )
    return partnership
