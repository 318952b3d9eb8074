"""Managers' conflicts of interest with an application: declared, they read nothing of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import Juror
from proxeny.labels.operations.guards import enter_round
from proxeny.labels.queries.applications import get_submitted
from proxeny.partnerships.models import Interest
from proxeny.partnerships.operations.room import note

MOST_REASON = 500


@transaction.atomic
def declare_own_conflict(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    application_id: int,
    reason: str,
    now: datetime,
) -> None:
    """Declare the actor's conflict of interest with an application, and end their access to it.

    The actor cannot take it back: they do not see the application any more.

    Side effects: an audit row that names neither the applicant nor the reason.

    Raises
    ------
    NotFound, NotAllowed
        As of `enter_round`; not seen.
    Conflict
        The actor is asked to judge in this round: they declare for all applicants, on the page of
        the jury, where their assignments go to other jurors.
    InvalidInput
        There is no reason, or a long one.
    """
    entered = enter_round(actor, partnership_id, round_id)
    one = get_submitted(entered.record, application_id)
    reason = " ".join(reason.split())
    if not reason or len(reason) > MOST_REASON:
        raise InvalidInput(
            _("Describe your interest in up to %(most)d characters.") % {"most": MOST_REASON},
            field="reason",
        )
    judges = Juror.objects.filter(round=entered.record, person_id=actor.own_id)
    if judges.exclude(state=Juror.State.OUT).exists():
        raise Conflict(
            _("You’ve been invited to judge in this round: declare it on your jury page.")
        )
    note(actor, "declare_label_conflict", entered, one)
    Interest.objects.update_or_create(
        person_id=actor.own_id,
        subject="application",
        subject_id=one.pk,
        defaults={"conflicts": True, "reason": reason, "said_at": now},
        create_defaults={
            "partnership_id": partnership_id,
            "conflicts": True,
            "reason": reason,
            "said_at": now,
        },
    )
