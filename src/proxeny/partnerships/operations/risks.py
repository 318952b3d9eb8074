"""A risk put before all parties to be accepted as it stands."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Agreement, Partnership, Risk
from proxeny.partnerships.operations import desk, signing
from proxeny.partnerships.operations.room import enter
from proxeny.partnerships.room_queries import get_record


@transaction.atomic
def ask_acceptance(
    *, actor: Reader, partnership_id: int, risk_id: int, version: int, now: datetime
) -> Agreement:
    """Accept a risk for the actor's side, and ask the others to.

    What is signed is a text with all that the register says of it; a change of that closes it.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of the room; managers only.
    InvalidInput
        There is no response yet.
    Conflict
        It changed since `version`, is closed, or is accepted already.
    """
    enter(actor, partnership_id, binding=True)
    get_record(KINDS["risk"], partnership_id, risk_id)
    # Before the partnership, in the order of a change of it: what is signed is what stands.
    risk = Risk.objects.select_for_update().get(pk=risk_id)
    partnership, parties = desk.lock(partnership_id)
    desk.expect(partnership, Partnership.State.ACTIVE)
    if risk.version != version or risk.dropped_at or risk.closed_on:
        raise Conflict(_("Somebody changed this in the meantime. Look at it again."))
    if not risk.response:
        raise InvalidInput(_("Choose what is done about it before you accept it."))
    live = Agreement.objects.filter(
        partnership=partnership, kind=Agreement.Kind.RISK, subject=str(risk.pk), closed_at=None
    )
    if live.exists():
        raise Conflict(_("It is accepted, or waits for signatures already."))
    return signing.ask_signatures(
        actor=actor, partnership=partnership, parties=parties, kind=Agreement.Kind.RISK,
        subject=str(risk.pk), text=_write(risk), now=now,
    )  # fmt: skip


def _write(risk: Risk) -> str:
    grades = [
        (_("Untreated"), risk.inherent_likelihood, risk.inherent_impact),
        (_("Today"), risk.current_likelihood, risk.current_impact),
        (_("In the end"), risk.residual_likelihood, risk.residual_impact),
    ]
    told = [
        _("%(when)s: likelihood %(likelihood)s, impact %(impact)s")
        % {"when": when, "likelihood": likelihood, "impact": impact}
        for when, likelihood, impact in grades
    ]
    parts = [
        risk.title, risk.details, "\n".join(told),
        f"{risk.get_response_display()}\n{risk.treatment}".strip(),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part)
