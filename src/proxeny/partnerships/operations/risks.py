"""Risks submitted to all parties for acceptance as they are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Agreement, Partnership, Risk
from proxeny.partnerships.models.records import RoomRecord
from proxeny.partnerships.operations import guards, signing
from proxeny.partnerships.operations.records import add_record
from proxeny.partnerships.operations.room import enter
from proxeny.partnerships.room_queries import get_record
from proxeny.partnerships.texts import READINGS, Rewrite


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
    # Locked before the partnership, in the same order as a change of it: the current version is
    # signed.
    risk = Risk.objects.select_for_update().get(pk=risk_id)
    partnership, parties = guards.lock(partnership_id)
    guards.expect(partnership, Partnership.State.ACTIVE)
    if risk.version != version or risk.dropped_at or risk.closed_on:
        raise Conflict(
            _("Someone else has changed this since you opened it. Check the latest version.")
        )
    if not risk.response:
        raise InvalidInput(_("Choose a response before you accept it."))
    live = Agreement.objects.filter(
        partnership=partnership, kind=Agreement.Kind.RISK, subject=str(risk.pk), closed_at=None
    )
    if live.exists():
        raise Conflict(_("It’s already accepted or waiting for signatures."))
    return signing.ask_signatures(
        actor=actor,
        partnership=partnership,
        parties=parties,
        kind=Agreement.Kind.RISK,
        subject=str(risk.pk),
        text=_write(risk),
        now=now,
    )


@transaction.atomic
def add_accepted_risk(
    *, actor: Reader, kind: str, partnership_id: int, values: Mapping[str, Any], now: datetime
) -> RoomRecord:
    """Add a risk to the register, and accept it for the actor's side at once, or neither.

    The others are asked to sign, as `ask_acceptance` does. Errors as of `add_record` and of it.
    """
    if kind != "risk":
        raise InvalidInput(_("Only a risk can be accepted."))
    made = add_record(
        actor=actor, kind=kind, partnership_id=partnership_id, values=dict(values), now=now
    )
    ask_acceptance(
        actor=actor, partnership_id=partnership_id, risk_id=made.pk, version=made.version, now=now
    )
    return made


def _write(risk: Risk) -> str:
    grades = [
        (_("Inherent risk"), risk.inherent_likelihood, risk.inherent_impact),
        (_("Today"), risk.current_likelihood, risk.current_impact),
        (_("Residual risk"), risk.residual_likelihood, risk.residual_impact),
    ]
    told = [
        _("%(when)s: likelihood %(likelihood)s, impact %(impact)s")
        % {"when": when, "likelihood": likelihood, "impact": impact}
        for when, likelihood, impact in grades
    ]
    parts = [
        risk.title,
        risk.details,
        "\n".join(told),
        f"{risk.get_response_display()}\n{risk.treatment}".strip(),
    ]
    return "\n\n".join(part for part in parts if part)


def _rewrite(agreement: Agreement) -> Rewrite | None:
    risk = Risk.objects.filter(pk=agreement.subject).first()
    return (lambda: _write(risk)) if risk else None


READINGS.add(Agreement.Kind.RISK, _rewrite)
