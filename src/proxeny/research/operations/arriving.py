"""Studies from elsewhere: checked and shown before anything of them is taken, or left."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.engine.package import Problem
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.operations.room import enter, own_side
from proxeny.research.content import without_nul
from proxeny.research.models import Arrival, Upload
from proxeny.research.operations.unreferenced_bytes import drop_later
from proxeny.research.queries.arrivals import CHECK, TAKE, find_work, get_arrival

State = Arrival.State


@transaction.atomic
def take_in(*, actor: Reader, upload: Upload, sha256: str, now: datetime) -> Arrival:
    """Note that an archive has come, whose bytes are in the store, and have it checked.

    Side effects: a job; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        The actor may not write in the room.
    """
    partnership, parties = enter(actor, upload.partnership_id)
    one = Arrival.objects.create(
        partnership=partnership,
        name=upload.name,
        size=upload.size,
        sha256=sha256,
        brought_by_id=actor.person,
        brought_at=now,
    )
    audit.record(
        actor,
        "bring_study",
        one,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        changes={"title": one.name},
    )
    enqueue(
        "research.check-arrival",
        actor=actor,
        key=f"{CHECK}:{one.pk}",
        arguments={"arrival_id": one.pk},
        partnership_id=partnership.pk,
    )
    return one


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of checking an archive; `content` is None if the archive is not sound."""

    content: dict[str, Any] | None
    problems: tuple[Problem, ...]
    extra: tuple[Mapping[str, Any], ...] = ()


@transaction.atomic
def keep_checked(*, arrival_id: int, checked: Checked) -> Arrival | None:
    """Write what the check has found. Of what is not sound nothing stays but the report.

    Service role only; None if it was left meanwhile.
    """
    one = Arrival.objects.select_for_update(of=("self",)).filter(pk=arrival_id).first()
    if one is None or one.state != State.CHECKING:
        return None
    one.content, one.extra = checked.content, [dict(entity) for entity in checked.extra]
    one.problems = without_nul([asdict(problem) for problem in checked.problems])
    one.state = State.REFUSED if checked.content is None else State.SHOWN
    one.save(update_fields=["content", "extra", "problems", "state"])
    if one.state == State.REFUSED:
        drop_later([one.sha256])
    return one


@transaction.atomic
def start_taking(*, actor: Reader, partnership_id: int, arrival_id: int, now: datetime) -> Job:
    """Have a study that was shown taken: its files are unpacked, then it is in preparation here.

    Asked again while that is under way, it is the same work.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; the actor may not write in the room; it is not one to be taken any more.
    """
    one = hold_arrival(actor, partnership_id, arrival_id).arrival
    work = find_work(one)
    if work is not None and work.kind == TAKE and not work.is_over:
        return work
    return enqueue(
        "research.take-arrival",
        actor=actor,
        key=f"{TAKE}:{one.pk}:{work.pk if work else 0}",
        arguments={"arrival_id": one.pk},
        partnership_id=partnership_id,
    )


@transaction.atomic
def leave_arrival(*, actor: Reader, partnership_id: int, arrival_id: int, now: datetime) -> Arrival:
    """Leave a study from elsewhere: nothing of it stays but that it was here, and its report.

    Raises as `start_taking`.
    """
    held = hold_arrival(actor, partnership_id, arrival_id, State.CHECKING, State.SHOWN)
    one = held.arrival
    one.state, one.content, one.extra = State.LEFT, None, []
    one.save(update_fields=["state", "content", "extra"])
    audit.record(
        actor,
        "leave_study",
        one,
        organisation_id=own_side(actor, held.parties),
        partnership_id=partnership_id,
        changes={"title": one.name},
    )
    drop_later([one.sha256])
    return one


@dataclass(frozen=True, slots=True)
class Held:
    """A locked arrival, and the room it is in."""

    arrival: Arrival
    partnership: Partnership
    parties: list[Party]


def hold_arrival(actor: Reader, partnership_id: int, arrival_id: int, *states: str) -> Held:
    """Return a locked arrival of a room in which the actor may write; shown, or in other states.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; the actor may not write there; it is in another state.
    """
    partnership, parties = enter(actor, partnership_id)
    get_arrival(partnership_id, arrival_id)
    with as_service("The arrival was found by policy, in a room where the actor may write."):
        one = Arrival.objects.select_for_update(of=("self",)).get(pk=arrival_id)
    if one.state not in (states or (State.SHOWN,)):
        raise Conflict(_("This has already been decided. Check the latest version."))
    return Held(one, partnership, parties)
