"""Handover of a desk: all cases of one person in one step, even if they have left."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from proxeny.ambassadors.models import Introduction
from proxeny.ambassadors.operations.guards import Desk, enter_desk
from proxeny.ambassadors.operations.introductions import reassign_introductions
from proxeny.ambassadors.queries.cases import find_cases, people_at_desk
from proxeny.ambassadors.queries.handover import HANDED
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader, as_service

State = Introduction.State


@transaction.atomic
def hand_over_desk(
    *,
    actor: Reader,
    partnership_id: int,
    from_id: int | None,
    person_id: int,
    why: str,
    now: datetime,
) -> int:
    """Give all open and met cases of a person to another; return the number of cases.

    Notes, times, mandates and links go with their cases. Addresses that may not be passed on stay
    hidden from the next person, and mails still reach them.

    Parameters
    ----------
    from_id : int or None
        The person in charge now, also if they have left; None for unassigned cases.

    Side effects: those of `reassign_introductions`; of met cases an audit row each, and no mail.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        Not at a desk of the partnership; nobody of the desk, the same person, or no reason; nothing
        to hand over, or the partnership is over.
    """
    desk = enter_desk(actor, partnership_id)
    if from_id == person_id:
        raise InvalidInput(
            _("Choose someone else: this person is already in charge of them."), field="person"
        )
    if person_id not in {one.pk for one in people_at_desk(desk.cluster_id, today=now.date())}:
        raise InvalidInput(_("Choose someone who works at your desk."), field="person")
    why = why.strip()[:300]
    if not why:
        raise InvalidInput(_("Give a reason. It will appear in the history."), field="why")
    cases = find_cases(partnership_id, desk.cluster_id, states=HANDED, in_charge=from_id or 0)
    numbers = dict(cases.values_list("pk", "state"))
    if not numbers:
        raise Conflict(_("There’s nothing left to hand over."))
    met = [pk for pk, state in numbers.items() if state == State.MET]
    handed = reassign_introductions(
        actor=actor,
        introduction_ids=[pk for pk, state in numbers.items() if state != State.MET],
        person_id=person_id,
        why=why,
        now=now,
    )
    return handed + _hand_on_met(
        met, desk, actor=actor, from_id=from_id, person_id=person_id, why=why, now=now
    )


def _hand_on_met(
    numbers: Sequence[int],
    desk: Desk,
    *,
    actor: Reader,
    from_id: int | None,
    person_id: int,
    why: str,
    now: datetime,
) -> int:
    """Hand on what was held: it has no appointment to move, and a desk of some years has thousands."""
    with as_service("The desk was entered with the right to it, and only its own cases are moved."):
        held = Introduction.objects.select_for_update().filter(
            pk__in=numbers, cluster=desk.cluster_id, state=State.MET, in_charge=from_id
        )
        cases = list(held.only("pk"))
        Introduction.objects.filter(pk__in=[one.pk for one in cases]).update(
            in_charge=person_id, version=F("version") + 1, changed_at=now
        )
        for one in cases:
            audit.record(
                actor,
                "reassign_introduction",
                one,
                organisation_id=desk.cluster_id,
                changes={"in_charge": [from_id, person_id]},
                why=why,
            )
    return len(cases)
