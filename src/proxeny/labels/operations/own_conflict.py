"""A manager who has a conflict of interest with an application says so, and reads nothing of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import Juror
from proxeny.labels.operations.entering import enter_round, note
from proxeny.labels.queries.applications import get_submitted
from proxeny.partnerships.models import Interest

MOST_REASON = 500


@transaction.atomic
def declare_own_conflict(
    *, actor: Reader, partnership_id: int, round_id: int, application_id: int, reason: str,
    now: datetime,
) -> None:  # fmt: skip
    """Say that one has a conflict of interest with an application: from then on one sees none of it.

    It is not taken back by whoever said so: they do not see it any more.

    Side effects: an audit row that names neither who applies nor the reason.

    Raises
    ------
    NotFound, NotAllowed
        As of `enter_round`; not seen.
    Conflict
        The actor is asked to judge in this round: they say it of all who apply, on the page of the
        jury, where what was assigned to them goes to somebody else.
    InvalidInput
        There is no reason, or a long one.
    """
    entered = enter_round(actor, partnership_id, round_id)
    one = get_submitted(entered.round, application_id)
    reason = " ".join(reason.split())
    if not reason or len(reason) > MOST_REASON:
        raise InvalidInput(
            _("Say in up to %(most)d letters what your interest is.") % {"most": MOST_REASON},
            field="reason",
        )
    judges = Juror.objects.filter(round=entered.round, person_id=actor.person)
    if judges.exclude(state=Juror.State.OUT).exists():
        raise Conflict(_("You are asked to judge in this round: say it on your page of the jury."))
    note(actor, "declare_label_conflict", one, partnership_id=partnership_id,
         organisation_id=entered.organisation_id)  # fmt: skip
    Interest.objects.update_or_create(
        person_id=actor.person, subject="application", subject_id=one.pk,
        defaults={"conflicts": True, "reason": reason, "said_at": now},
        create_defaults={"partnership_id": partnership_id, "conflicts": True, "reason": reason,
                         "said_at": now},
    )  # fmt: skip
