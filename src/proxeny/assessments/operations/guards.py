"""Guards of the actions in an engagement: the actor, the right used, and the locked row."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from proxeny.assessments import rules
from proxeny.assessments.models import Engagement
from proxeny.assessments.queries.engagements import get_engagement, with_names
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.operations.room import CHANGED, note, save_version
from proxeny.partnerships.queries import parties_joined


@dataclass(frozen=True, slots=True)
class Entered:
    """A locked engagement, the parties that take part, and the actor's own; None for the client."""

    engagement: Engagement
    parties: tuple[Party, ...]
    mine: Party | None

    @property
    def record(self) -> Engagement:
        """The engagement, for audit rows."""
        return self.engagement

    @property
    def partnership(self) -> Partnership:
        """The partnership of the engagement."""
        return self.engagement.partnership

    @property
    def organisation_id(self) -> int:
        """The organisation that acts: the actor's cluster, or the client."""
        return self.mine.organisation_id if self.mine else self.engagement.client_id


def enter_as_team(
    actor: Reader, engagement_id: int, *states: str, version: int | None = None
) -> Entered:
    """Return an engagement of the actor's team, locked until the transaction ends.

    Parameters
    ----------
    states : str
        In which of these it must be; any if none is given.
    version : int, optional
        The version that the actor has seen.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen (a conflict of interest hides it); the actor is not of the team; it is in none of
        the states, changed since, or the partnership is over.
    """
    seen = get_engagement(engagement_id)
    parties = parties_joined(seen.partnership_id)
    mine = rules.party_of_team(actor, parties)
    if not rules.is_team(actor, seen) or mine is None:
        raise NotAllowed(_("Only the teams of the two clusters can do this."))
    return Entered(hold_engagement(engagement_id, states, version=version), parties, mine)


def enter_as_client(
    actor: Reader, engagement_id: int, *states: str, version: int | None = None
) -> Entered:
    """Return an engagement of the actor's company, locked; parameters and errors as for the team."""
    seen = get_engagement(engagement_id)
    if not rules.is_client(actor, seen):
        raise NotAllowed(_("Only the company that requested it can do this."))
    return Entered(
        hold_engagement(engagement_id, states, version=version),
        parties_joined(seen.partnership_id),
        None,
    )


def hold_engagement(
    engagement_id: int, states: Collection[str] = (), *, version: int | None = None
) -> Engagement:
    """Return an engagement, locked, without checking the actor.

    Raises
    ------
    NotFound, Conflict
        There is none; the partnership is over, or it changed since `version` or is in none of
        the `states`.
    """
    with as_service("Names around the row may be hidden from the actor; callers check the right."):
        Engagement.objects.select_for_update().filter(pk=engagement_id).first()
        one = with_names(Engagement.objects.filter(pk=engagement_id)).first()
    if one is None:
        raise NotFound(_("We couldn’t find this assessment."))
    if one.partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. Its records stay as they are."))
    if version is not None and one.version != version:
        raise Conflict(CHANGED)
    if states and one.state not in states:
        raise Conflict(
            _("This is no longer possible: the assessment is now “%(state)s”.")
            % {"state": one.get_state_display()}
        )
    return one


def write_engagement(engagement: Engagement, **values: Any) -> None:
    """Write fields of a locked engagement and raise its version."""
    with as_service("The row is locked, and the caller has checked the actor's right to it."):
        save_version(engagement, **values)


def note_deed(
    actor: Reader,
    verb: str,
    entered: Entered,
    *,
    changes: dict[str, Any] | None = None,
    why: str = "",
) -> None:
    """Write the audit row of an action: by a cluster, or by the client itself.

    The room's history is read by all its people, those with a conflict of interest among them: it
    contains states and numbers, never the subject of an engagement.
    """
    with as_service("Every action is recorded, even by a person with a conflict of interest."):
        note(actor, verb, entered, changes=changes, why=why)
