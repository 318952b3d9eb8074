"""Key results measured."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import KeyResult, Measurement
from proxeny.partnerships.operations.room import enter, own_side
from proxeny.partnerships.room_queries import get_record


@transaction.atomic
def measure(
    *,
    actor: Reader,
    partnership_id: int,
    result_id: int,
    value: Decimal,
    measured_on: date,
    note: str,
    now: datetime,
) -> Measurement:
    """Record the value of a key result on a day; a second value of the same day replaces the first.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every record of the room; or the key result was archived.
    InvalidInput
        The day lies in the future, or the figure is too large.
    """
    partnership, parties = enter(actor, partnership_id)
    get_record(KINDS["key-result"], partnership.pk, result_id)
    # Locked: two figures of one day, noted at the same moment, are one.
    result = KeyResult.objects.select_for_update(no_key=True).get(pk=result_id)
    if result.dropped_at:
        raise Conflict(_("This is archived. Restore it to change it."))
    if measured_on > now.date():
        raise InvalidInput(
            _("This date is in the future. Choose an earlier one."), field="measured_on"
        )
    if abs(value) >= Decimal("1e12"):
        raise InvalidInput(_("This figure is too large."), field="value")
    Measurement.objects.filter(result=result, measured_on=measured_on).delete()
    made = Measurement.objects.create(
        partnership=partnership,
        result=result,
        value=value,
        measured_on=measured_on,
        note=note.strip()[:300],
        person_id=actor.person,
    )
    audit.record(
        actor,
        "measure",
        result,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        changes={"title": result.title, "value": str(value), "measured_on": str(measured_on)},
    )
    return made


@transaction.atomic
def remove_measurement(*, actor: Reader, partnership_id: int, measurement_id: int) -> KeyResult:
    """Take a figure back that was noted by mistake."""
    partnership, parties = enter(actor, partnership_id)
    found = Measurement.objects.filter(pk=measurement_id, partnership=partnership)
    made = found.select_related("result").first()
    if made is None:
        raise NotFound(_("We couldn’t find this entry."))
    audit.record(
        actor,
        "remove_measurement",
        made.result,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        changes={
            "title": made.result.title,
            "value": str(made.value),
            "measured_on": str(made.measured_on),
        },
    )
    made.delete()
    return made.result
