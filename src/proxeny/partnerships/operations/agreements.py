"""Signing the agreement, and proposing another text."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import rules
from proxeny.partnerships.models import Agreement, Partnership, Party, Stage
from proxeny.partnerships.operations import desk, signing

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
    partnership, parties = desk.lock(partnership_id)
    if rules.party_managed(actor, parties) is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can sign."))
    desk.expect(partnership, State.PROPOSED, State.ACTIVE)
    newest = desk.newest_agreement(partnership)
    if (newest.number, newest.text_hash) != (number, text_hash):
        raise Conflict(_("The text has changed. Read it again before you sign."))
    mine, is_complete = signing.sign(actor, partnership, parties, newest, now=now)
    desk.write(partnership)
    if is_complete and partnership.state == State.PROPOSED:
        _activate(actor, partnership, mine, now=now)
    kind = "active" if is_complete else "signature"
    desk.tell_others(kind, partnership, parties, actor=actor, mine=mine, today=now.date())
    return partnership


def _activate(actor: Reader, partnership: Partnership, mine: Party, *, now: datetime) -> None:
    starts_on = partnership.starts_on or now.date()
    # Both have looked for themselves and chosen each other: what follows is the plan.
    desk.write(
        partnership, state=State.ACTIVE, starts_on=starts_on, stage=Stage.SELECTION,
        stage_since=now.date(),
    )  # fmt: skip
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
    partnership, parties = desk.lock(partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can change the text."))
    desk.expect(partnership, State.PROPOSED, State.ACTIVE)
    newest = desk.newest_agreement(partnership)
    if newest.number != number:
        raise Conflict(_("Somebody proposed another text in the meantime. Yours is kept here."))
    text = desk.clean_text(text)
    if text == newest.text:
        raise InvalidInput(_("Nothing is changed in the text."), field="text")
    agreement = desk.add_agreement(partnership, text, number=number + 1)
    desk.write(partnership)
    _record(actor, "amend_agreement", partnership, mine, changes={"number": agreement.number})
    desk.tell_others("amendment", partnership, parties, actor=actor, mine=mine, today=now.date())
    return agreement


def _record(
    actor: Reader,
    verb: str,
    partnership: Partnership,
    mine: Party,
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
