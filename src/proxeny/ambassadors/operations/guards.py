"""First steps of every action at the desk: access to the desk, and the locked case."""

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

#: Error if somebody saved in between.
CHANGED = gettext_lazy(
    "Someone else has changed this since you opened it. Check the latest version."
)
#: Error for a late answer.
SETTLED = gettext_lazy(
    "This has already been settled. If something has changed, write to the ambassador."
)


@dataclass(frozen=True, slots=True)
class Desk:
    """Desk of one cluster in one partnership, as its staff enter it."""

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
        raise NotFound(_("We couldn’t find this partnership."))
    parties = tuple(parties_of(partnership))
    mine = party_at_desk(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a cluster’s ambassadors and managers can use its desk."))
    if partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. Its records stay as they are."))
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
        raise NotAllowed(_("Only the desk in charge can do this."))
    return hold_case(introduction_id, *states)


def hold_case(introduction_id: int, *states: str) -> Introduction:
    """Return a case locked until the transaction ends. The caller checks permissions.

    Raises
    ------
    Conflict
        It is in none of the states that are given.
    """
    with as_service("Sides answer too, but may not lock a case; the caller has checked the right."):
        Introduction.objects.select_for_update().filter(pk=introduction_id).first()
        case = with_names(Introduction.objects.filter(pk=introduction_id)).first()
    if case is None:
        raise NotFound(_("We couldn’t find this introduction."))
    if states and case.state not in states:
        raise Conflict(
            _("This is no longer possible: the introduction’s status is “%(state)s”.")
            % {"state": case.get_state_display()}
        )
    return case


def refuse_ended(case: Introduction) -> None:
    """Raise `Conflict` if the partnership of a case has ended: nothing new is agreed under it."""
    if case.partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. Its records stay as they are."))


def write_case(case: Introduction, now: datetime, **values: Any) -> None:
    """Write fields of a locked case and raise its version."""
    values |= {"version": case.version + 1, "changed_at": now}
    for name, value in values.items():
        setattr(case, name, value)
    with as_service("An answer of a side moves its case on, which only the desk may write."):
        case.save(update_fields=list(values))


def withdraw_times(case: Introduction, now: datetime, **which: Any) -> None:
    """Take back times proposed for a locked case: those that a filter names, else all of them."""
    with as_service("The case was locked for its own desk, which may take any of its times back."):
        case.options.filter(withdrawn_at=None, **which).update(withdrawn_at=now)


def side(case: Introduction, role: str) -> Side:
    """Return one of the two sides of a case that was loaded with them."""
    return next(one for one in case.sides.all() if one.role == role)


def other_side(case: Introduction, one: Side) -> Side:
    """Return the side that is not this one."""
    return next(two for two in case.sides.all() if two.pk != one.pk)


def note_deed(
    actor: Reader,
    verb: str,
    case: Introduction,
    *,
    changes: dict[str, Any] | None = None,
    why: str = "",
) -> None:
    """Write the audit row of an action on a case, readable by the desk's cluster alone."""
    with as_service("Links and jobs act without a person, for whom no policy allows audit rows."):
        audit.record(actor, verb, case, organisation_id=case.cluster_id, changes=changes, why=why)
