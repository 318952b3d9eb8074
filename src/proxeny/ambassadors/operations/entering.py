"""What every deed at the desk begins with: whose desk it is, and the locked case."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.ambassadors.models import Introduction, Side
from proxeny.ambassadors.queries.cases import get_case, with_names
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.queries import get_partnership, parties_of
from proxeny.partnerships.rules import party_at_desk

#: What is told where somebody saved in between.
CHANGED = gettext_lazy("Somebody changed this in the meantime. Look at it again.")
#: What is told to who answers too late.
SETTLED = gettext_lazy("This is settled already. If something changed, write to the ambassador.")


@dataclass(frozen=True, slots=True)
class Desk:
    """One cluster's desk in one partnership, as who works at it enters."""

    partnership: Partnership
    parties: tuple[Party, ...]
    mine: Party

    @property
    def cluster_id(self) -> int:
        """The cluster for whose members it works."""
        return self.mine.organisation_id


def enter_desk(actor: Reader, partnership_id: int) -> Desk:
    """Return the actor's desk, to write at it.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        No such partnership of the actor's teams; neither manager nor ambassador; not active.
    """
    partnership = get_partnership(partnership_id)
    if partnership_id not in actor.rooms:
        raise NotFound(_("There is no such partnership."))
    parties = tuple(parties_of(partnership))
    mine = party_at_desk(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only the ambassadors and managers of a cluster work at its desk."))
    if partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. What it keeps stays as it is."))
    return Desk(partnership, parties, mine)


def lock_case(actor: Reader, introduction_id: int, *states: str) -> Introduction:
    """Return a case of the actor's desk, locked until the transaction ends.

    Parameters
    ----------
    states : str
        In which of these it must be; any if none is given.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; of another desk; not in one of the states, or the partnership is over.
    """
    case = get_case(introduction_id)
    desk = enter_desk(actor, case.partnership_id) if case.partnership_id in actor.rooms else None
    if desk is None or desk.cluster_id != case.cluster_id:
        raise NotAllowed(_("Only the desk that looks after it can do this."))
    return hold_case(introduction_id, *states)


def hold_case(introduction_id: int, *states: str) -> Introduction:
    """Return a case locked until the transaction ends, whoever asks; rights are the caller's.

    Raises
    ------
    Conflict
        It is in none of the states that are given.
    """
    with as_service():
        Introduction.objects.select_for_update().filter(pk=introduction_id).first()
        case = with_names(Introduction.objects.filter(pk=introduction_id)).first()
    if case is None:
        raise NotFound(_("There is no such introduction."))
    if states and case.state not in states:
        raise Conflict(
            _("This is not possible any more: the introduction stands at “%(state)s”.")
            % {"state": case.get_state_display()}
        )
    return case


def refuse_ended(case: Introduction) -> None:
    """Raise `Conflict` if the partnership of a case has ended: nothing new is agreed under it."""
    if case.partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. What it keeps stays as it is."))


def write_case(case: Introduction, now: datetime, **values: Any) -> None:
    """Write fields of a locked case and raise its version."""
    values |= {"version": case.version + 1, "changed_at": now}
    for name, value in values.items():
        setattr(case, name, value)
    with as_service():
        case.save(update_fields=list(values))


def side(case: Introduction, role: str) -> Side:
    """Return one of the two sides of a case that was loaded with them."""
    return next(one for one in case.sides.all() if one.role == role)


def other_side(case: Introduction, one: Side) -> Side:
    """Return the side that is not this one."""
    return next(two for two in case.sides.all() if two.pk != one.pk)


def note_deed(
    actor: Reader, verb: str, case: Introduction, *, changes: dict[str, Any] | None = None,
    why: str = "",
) -> None:  # fmt: skip
    """Write the audit row of a deed on a case: the desk's cluster reads it, the other side not."""
    with as_service():
        audit.record(actor, verb, case, organisation_id=case.cluster_id, changes=changes, why=why)
