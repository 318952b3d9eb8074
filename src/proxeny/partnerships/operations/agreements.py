"""Signing the agreement, and proposing another text."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import rules
from proxeny.partnerships.models import Agreement, Partnership, Party, Stage
from proxeny.partnerships.operations import guards, signing
from proxeny.partnerships.operations.signers import Side

State = Partnership.State


@transaction.atomic
def sign_agreement(
    *, actor: Reader, partnership_id: int, number: int, text_hash: str, now: datetime
) -> Partnership:
    """Sign a text of the agreement for the actor's cluster; with the last signature it binds.

    Parameters
    ----------
    number, text_hash : int, str
        Which text the actor read. If it is not the newest any more, nothing is signed.

    Returns
    -------
    Partnership
        `active` from the moment in which every party has signed the same text.

    Raises
    ------
    NotFound
        The actor does not see the partnership.
    NotAllowed
        The actor manages none of its parties.
    Conflict
        The text has changed, it is signed already for this side, the actor has signed it for
        another side, or the partnership is neither proposed nor active.

    Notes
    -----
    Side effects: the signature with name, time and hash; mails to the other side's managers. Of
    two signatures at the same moment the second waits for the first, so that one of them, and only
    one, makes the partnership active.
    """
    partnership, parties = guards.lock(partnership_id)
    if rules.party_managed(actor, parties) is None:
        raise NotAllowed(_("Only a manager of one of the clusters can sign."))
    guards.expect(partnership, State.PROPOSED, State.ACTIVE)
    newest = guards.newest_agreement(partnership)
    if (newest.number, newest.text_hash) != (number, text_hash):
        raise Conflict(_("The text has changed. Read it again before you sign."))
    mine, is_complete = signing.sign(actor, partnership, parties, newest, now=now)
    guards.write(partnership)
    if is_complete and partnership.state == State.PROPOSED:
        _activate(actor, partnership, mine, newest, now=now)
    kind = "active" if is_complete else "signature"
    guards.tell_others(kind, partnership, parties, actor=actor, mine=mine, today=now.date())
    return partnership


def _activate(
    actor: Reader, partnership: Partnership, mine: Side, newest: Agreement, *, now: datetime
) -> None:
    starts_on = partnership.starts_on or now.date()
    # Both have looked for themselves and chosen each other: what follows is the plan.
    guards.write(
        partnership,
        state=State.ACTIVE,
        starts_on=starts_on,
        stage=Stage.SELECTION,
        stage_since=now.date(),
    )
    with as_service("The last signature makes all parties members of the partnership."):
        Party.objects.filter(partnership=partnership, state=Party.State.JOINED).update(
            joined_at=now
        )
        # Whoever signs is whom the others turn to, until somebody else is named.
        signers = newest.sign_offs.filter(party__contact=None, person__isnull=False)
        for party_id, person_id in signers.values_list("party__pk", "person"):
            Party.objects.filter(pk=party_id).update(contact_id=person_id)
    _record(actor, "activate_partnership", partnership, mine)


@transaction.atomic
def amend_agreement(
    *, actor: Reader, partnership_id: int, text: str, number: int, now: datetime
) -> Agreement:
    """Propose another text: a new version that needs the signatures of all sides again.

    While a partnership is active, the text that all sides signed stays in force until they have
    signed the new one too.

    Parameters
    ----------
    number : int
        The version that the actor's text was written from.

    Raises
    ------
    NotFound, NotAllowed
        As for `sign_agreement`.
    InvalidInput
        The text is empty, too long or not changed.
    Conflict
        Somebody proposed another text in the meantime, or the state does not allow it.
    """
    partnership, parties = guards.lock(partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the clusters can change the text."))
    guards.expect(partnership, State.PROPOSED, State.ACTIVE)
    newest = guards.newest_agreement(partnership)
    if newest.number != number:
        raise Conflict(
            _(
                "Someone else has proposed another text since you opened this one. Yours is kept "
                "here."
            )
        )
    text = guards.clean_text(text)
    if text == newest.text:
        raise InvalidInput(_("You haven’t changed anything in the text."), field="text")
    agreement = guards.add_agreement(partnership, text, number=number + 1)
    guards.write(partnership)
    _record(actor, "amend_agreement", partnership, mine, changes={"number": agreement.number})
    guards.tell_others("amendment", partnership, parties, actor=actor, mine=mine, today=now.date())
    return agreement


def _record(
    actor: Reader,
    verb: str,
    partnership: Partnership,
    mine: Side,
    *,
    changes: dict[str, int] | None = None,
) -> None:
    audit.record(
        actor,
        verb,
        partnership,
        organisation_id=mine.organisation_id,
        partnership_id=partnership.pk,
        changes=changes,
    )
