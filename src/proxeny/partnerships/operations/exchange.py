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
from proxeny.partnerships.operations import desk
from proxeny.partnerships.operations.room import enter, own_side
from proxeny.partnerships.room_queries import get_record

#: A rhythm is at most so long.
LONGEST = 1096


@transaction.atomic
def answer_favour(
    *, actor: Reader, partnership_id: int, favour_id: int, version: int, is_right: bool, why: str,
    now: datetime,
) -> Favour:  # fmt: skip
    """Confirm what the other side noted, or say why it is not so.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of the room; or the actor is on the side that noted it, or on none of
        the two.
    InvalidInput
        It is said to be wrong without a reason.
    Conflict
        It changed since `version`, or was put away.
    """
    partnership, parties = enter(actor, partnership_id)
    get_record(KINDS["favour"], partnership.pk, favour_id)
    favour = Favour.objects.select_for_update().get(pk=favour_id)
    sides = {one.pk: one.organisation_id for one in parties}
    others = {sides[favour.giver_id], sides[favour.receiver_id]} - {favour.noted_by_id}
    if not others & set(actor.organisations):
        raise NotAllowed(_("The other side confirms this."))
    if favour.version != version or favour.dropped_at:
        raise Conflict(_("Somebody changed this in the meantime. Look at it again."))
    why = "" if is_right else desk.clean_reason(why)[:300]
    favour.confirmed_at = now if is_right else None
    favour.contested_at = None if is_right else now
    favour.contested_why = why
    favour.save(update_fields=["confirmed_at", "contested_at", "contested_why"])
    audit.record(
        actor, "confirm_favour" if is_right else "contest_favour", favour,
        organisation_id=own_side(actor, parties), partnership_id=partnership.pk,
        changes={"title": favour.what}, why=why,
    )  # fmt: skip
    return favour


@transaction.atomic
def set_rhythm(
    *, actor: Reader, partnership_id: int, in_person: bool, every_days: int | None, since_on: date,
    version: int, now: datetime,
) -> Rhythm | None:  # fmt: skip
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
        raise Conflict(_("Somebody changed this in the meantime. Look at it again."))
    if every_days is not None and not 1 <= every_days <= LONGEST:
        raise InvalidInput(_("Choose between a day and three years."), field="every_days")
    before = kept.every_days if kept else None
    if every_days is None:
        Rhythm.objects.filter(partnership=partnership, in_person=in_person).delete()
        made = None
    else:
        made, is_new = Rhythm.objects.get_or_create(
            partnership=partnership, in_person=in_person,
            defaults={"every_days": every_days, "since_on": since_on},
        )  # fmt: skip
        if not is_new:
            Rhythm.objects.filter(pk=made.pk).update(
                every_days=every_days, since_on=since_on, version=F("version") + 1
            )
            made.refresh_from_db()
    audit.record(
        actor, "set_rhythm", partnership, organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        changes={"in_person": in_person, "every_days": [before, every_days]},
    )  # fmt: skip
    return made
