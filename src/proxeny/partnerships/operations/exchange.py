"""Give and take confirmed by the other side, and the agreed rhythm of catch-ups."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Favour, Partnership, Rhythm
from proxeny.partnerships.operations import guards
from proxeny.partnerships.operations.room import enter, own_side
from proxeny.partnerships.room_queries import get_record

#: A rhythm is at most so long.
LONGEST = 1096


@transaction.atomic
def answer_favour(
    *,
    actor: Reader,
    partnership_id: int,
    favour_id: int,
    version: int,
    is_right: bool,
    why: str,
    now: datetime,
) -> Favour:
    """Confirm a contribution recorded by the other side, or reject it with a reason.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of the room; or the actor is on the side that recorded it, or on neither
        of the two.
    InvalidInput
        It is rejected without a reason.
    Conflict
        It changed since `version`, or was archived.
    """
    partnership, parties = enter(actor, partnership_id)
    get_record(KINDS["favour"], partnership.pk, favour_id)
    favour = Favour.objects.select_for_update().get(pk=favour_id)
    sides = {one.pk: one.organisation_id for one in parties}
    others = {sides[favour.giver_id], sides[favour.receiver_id]} - {favour.noted_by_id}
    if not others & set(actor.organisations):
        raise NotAllowed(_("Only the other side can confirm this."))
    if favour.version != version or favour.dropped_at:
        raise Conflict(
            _("Someone else has changed this since you opened it. Check the latest version.")
        )
    why = "" if is_right else guards.clean_reason(why)[:300]
    favour.confirmed_at = now if is_right else None
    favour.contested_at = None if is_right else now
    favour.contested_why = why
    favour.save(update_fields=["confirmed_at", "contested_at", "contested_why"])
    audit.record(
        actor,
        "confirm_favour" if is_right else "contest_favour",
        favour,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        changes={"title": favour.what},
        why=why,
    )
    return favour


@transaction.atomic
def set_rhythm(
    *,
    actor: Reader,
    partnership_id: int,
    in_person: bool,
    every_days: int | None,
    since_on: date,
    version: int,
    now: datetime,
) -> Rhythm | None:
    """Say how often the parties meet, at all or face to face; None: not any more.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of the room; managers only.
    InvalidInput
        A rhythm of no days or of more than three years.
    Conflict
        Somebody changed it since `version` (0: there was none).
    """
    partnership, parties = enter(actor, partnership_id, binding=True)
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    kept = Rhythm.objects.filter(partnership=partnership, in_person=in_person).first()
    if (kept.version if kept else 0) != version:
        raise Conflict(
            _("Someone else has changed this since you opened it. Check the latest version.")
        )
    if every_days is not None and not 1 <= every_days <= LONGEST:
        raise InvalidInput(
            _("Choose an interval between one day and three years."), field="every_days"
        )
    before = kept.every_days if kept else None
    if every_days is None:
        Rhythm.objects.filter(partnership=partnership, in_person=in_person).delete()
        made = None
    else:
        made, is_new = Rhythm.objects.get_or_create(
            partnership=partnership,
            in_person=in_person,
            defaults={"every_days": every_days, "since_on": since_on},
        )
        if not is_new:
            Rhythm.objects.filter(pk=made.pk).update(
                every_days=every_days, since_on=since_on, version=F("version") + 1
            )
            made.refresh_from_db()
    audit.record(
        actor,
        "set_rhythm",
        partnership,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        changes={"in_person": in_person, "every_days": [before, every_days]},
    )
    return made
