"""First and last steps of every operation in a room: the locked record, and the audit row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import queries, rules
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.models.records import RoomRecord

#: The message after a concurrent save.
CHANGED = gettext_lazy(
    "Someone else has changed this since you opened it. Check the latest version."
)


@dataclass(frozen=True, slots=True)
class Entered[R: RoomRecord]:
    """A locked record of a room, its partnership, the parties, and the actor's organisation."""

    record: R
    partnership: Partnership
    parties: list[Party]
    organisation_id: int | None


class Acting(Protocol):
    """A record that was entered, and the organisation for which the actor acts."""

    @property
    def record(self) -> Model:
        """The record."""

    @property
    def partnership(self) -> Partnership:
        """Its partnership."""

    @property
    def organisation_id(self) -> int | None:
        """The actor's organisation."""


def enter(
    actor: Reader, partnership_id: int, *, binding: bool = False
) -> tuple[Partnership, list[Party]]:
    """Return a partnership in which the actor may write, with its parties.

    Raises
    ------
    NotFound
        The actor does not take part in it.
    Conflict
        It is not active.
    NotAllowed
        Only managers may (with `binding`).
    """
    partnership = queries.get_partnership(partnership_id)
    if partnership.pk not in actor.rooms:
        raise NotFound(_("We couldn’t find this partnership."))
    parties = queries.parties_of(partnership)
    if partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. Its records stay as they are."))
    if not rules.can_keep(actor, partnership, parties, binding=binding):
        raise NotAllowed(_("Only a manager of one of the clusters can change this."))
    return partnership, parties


def own_side(actor: Reader, parties: Iterable[Party]) -> int | None:
    """Return the organisation for which the actor acts here."""
    mine = rules.party_joined(actor, parties)
    return mine.organisation_id if mine else None


def enter_record[R: RoomRecord](
    actor: Reader,
    records: QuerySet[R],
    partnership_id: int,
    record_id: int,
    *,
    see: Callable[[int, int], object],
    expect: Callable[[R], None],
    binding: bool = False,
    version: int | None = None,
) -> Entered[R]:
    """Return a record of a room in which the actor may write, locked until the transaction ends.

    Parameters
    ----------
    records : QuerySet
        All records of its kind, with what is read along.
    see : callable
        Reads the record by the numbers of the room and its own; raises `NotFound`.
    expect : callable
        Raises `Conflict` if the record is archived or in another state.
    binding : bool
        Whether only managers may write.
    version : int, optional
        The version that the actor has seen.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter`, `see` and `expect`; the record was changed since `version`.
    """
    partnership, parties = enter(actor, partnership_id, binding=binding)
    see(partnership_id, record_id)
    record = records.select_for_update(of=("self",)).get(pk=record_id)
    expect(record)
    if version is not None and record.version != version:
        raise Conflict(CHANGED)
    return Entered(record, partnership, parties, own_side(actor, parties))


def save_version(record: Any, **values: Any) -> None:
    """Write columns of a locked record and raise its version."""
    values |= {"version": record.version + 1}
    for name, value in values.items():
        setattr(record, name, value)
    record.save(update_fields=list(values))


def note(
    actor: Reader,
    verb: str,
    entered: Acting,
    target: Model | None = None,
    *,
    changes: dict[str, Any] | None = None,
    why: str = "",
) -> None:
    """Write the audit row of an action on an entered record, or on `target`, a part of it."""
    audit.record(
        actor,
        verb,
        target if target is not None else entered.record,
        organisation_id=entered.organisation_id,
        partnership_id=entered.partnership.pk,
        changes=changes,
        why=why,
    )
