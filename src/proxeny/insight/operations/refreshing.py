"""Recalculation of figures whose input has changed."""

import time
from datetime import datetime
from typing import cast

from django.db import connection
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from proxeny.insight.models import Snapshot
from proxeny.insight.pipeline import Eyes, Figures, Inputs, Part, Report
from proxeny.insight.rules import can_refresh
from proxeny.kernel.errors import NotAllowed, NotFound
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import SERVICE, Reader, acting_as
from proxeny.partnerships.queries import get_partnership, parties_of
from proxeny.partnerships.rules import party_joined


def refresh(eyes: Eyes, part: Part, *, report: Report) -> bool:
    """Recalculate one kind of figures unless its input is unchanged; return whether it was done.

    No transaction is held during the calculation. If two run at once, the input read last wins.
    """
    begun = time.monotonic()
    period = part.period(eyes.today)
    with eyes.reading():
        # What happens from here on is not counted, however long it takes.
        looked_at = _now()
        inputs = part.read(eyes)
    with acting_as(SERVICE):
        before = _before(eyes, part, period)
        if before and (before.digest, before.method) == (inputs.digest, part.method):
            Snapshot.objects.filter(pk=before.pk, looked_at__lt=looked_at).update(
                looked_at=looked_at, counted_until=inputs.counted_until
            )
            return False
    figures = part.work_out(eyes, inputs, before, report)
    took = round(1000 * (time.monotonic() - begun))
    with acting_as(SERVICE):
        return _store(eyes, part, period, inputs, figures, took, looked_at)


def _now() -> datetime:
    """Return the database's current time, which all other moments here use."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cast(datetime, cursor.fetchone()[0])


def _before(eyes: Eyes, part: Part, period: str) -> Snapshot | None:
    found = Snapshot.objects.at(part.kind, eyes.organisation_id, eyes.partnership_id, period)
    return found.defer(None).first()


def _store(
    eyes: Eyes,
    part: Part,
    period: str,
    inputs: Inputs,
    figures: Figures,
    took: int,
    looked_at: datetime,
) -> bool:
    """Keep figures, unless there are some by now of what was read later; return whether it did."""
    there = Snapshot.objects.at(part.kind, eyes.organisation_id, eyes.partnership_id, period)
    last = there.select_for_update().values_list("looked_at", flat=True).first()
    if last and last > looked_at:
        return False
    values = {
        "content": figures.content,
        "data": figures.data,
        "digest": inputs.digest,
        "method": part.method,
        "counted_until": inputs.counted_until,
        "computed_at": Now(),
        "looked_at": looked_at,
        "took_ms": took,
    }
    Snapshot.objects.update_or_create(
        organisation_id=eyes.organisation_id,
        # Typed as a number, where none stands for all that a team sees.
        partnership_id=cast(int, eyes.partnership_id),
        kind=part.kind,
        period=period,
        defaults=values,
    )
    return True


def ask_anew(
    *, actor: Reader, organisation_id: int, partnership_id: int | None, now: datetime
) -> Job:
    """Queue a recalculation of a side's figures; a second click within a minute has no effect.

    Raises
    ------
    NotFound, NotAllowed
        Not of that team, or not in that room; only an observer there.
    """
    if organisation_id not in actor.organisations:
        raise NotFound(_("We couldn’t find these figures."))
    if not can_refresh(actor, organisation_id):
        raise NotAllowed(
            _("Only managers, ambassadors and advisers of a cluster can calculate figures.")
        )
    if partnership_id is not None:
        room = get_partnership(partnership_id)
        mine = party_joined(actor, parties_of(room))
        if room.pk not in actor.rooms or mine is None or mine.organisation_id != organisation_id:
            raise NotFound(_("We couldn’t find this partnership."))
    return queue_refresh(actor, organisation_id, partnership_id, when=f"{now:%Y-%m-%d-%H-%M}")


def queue_refresh(
    actor: Reader, organisation_id: int, partnership_id: int | None, *, when: str
) -> Job:
    """Queue the work that makes a side's figures; the same `when` again is the same work."""
    return enqueue(
        "insight.refresh",
        actor=actor,
        organisation_id=organisation_id,
        partnership_id=partnership_id,
        arguments={"organisation_id": organisation_id, "partnership_id": partnership_id},
        key=f"insight.refresh:{organisation_id}:{partnership_id or 0}:{when}",
    )
