"""What every deed in an engagement begins with: who acts, in what right, and the locked row."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.assessments import rules
from proxeny.assessments.models import Engagement
from proxeny.assessments.queries.engagements import get_engagement, with_names
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Partnership, Party
from proxeny.partnerships.queries import parties_joined

#: What is told where somebody saved in between.
CHANGED = gettext_lazy("Somebody changed this in the meantime. Look at it again.")


@dataclass(frozen=True, slots=True)
class Entered:
    """A locked engagement, the parties that take part, and the actor's own; None for the client."""

    engagement: Engagement
    parties: tuple[Party, ...]
    mine: Party | None

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
        raise NotAllowed(_("Only the company that asked for it can do this."))
    return Entered(
        hold_engagement(engagement_id, states, version=version),
        parties_joined(seen.partnership_id),
        None,
    )


def hold_engagement(
    engagement_id: int, states: Collection[str] = (), *, version: int | None = None
) -> Engagement:
    """Return an engagement, locked, whoever acts.

    Raises
    ------
    NotFound, Conflict
        There is none; the partnership is over, or it changed since `version` or is in none of
        the `states`.
    """
    with as_service():
        Engagement.objects.select_for_update().filter(pk=engagement_id).first()
        one = with_names(Engagement.objects.filter(pk=engagement_id)).first()
    if one is None:
        raise NotFound(_("There is no such assessment."))
    if one.partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. What it keeps stays as it is."))
    if version is not None and one.version != version:
        raise Conflict(CHANGED)
    if states and one.state not in states:
        raise Conflict(
            _("This is not possible any more: the assessment stands at “%(state)s”.")
            % {"state": one.get_state_display()}
        )
    return one


def write_engagement(engagement: Engagement, **values: Any) -> None:
    """Write fields of a locked engagement and raise its version."""
    values |= {"version": engagement.version + 1}
    for name, value in values.items():
        setattr(engagement, name, value)
    with as_service():
        engagement.save(update_fields=list(values))


def note_deed(
    actor: Reader, verb: str, entered: Entered, *, changes: dict[str, Any] | None = None,
    why: str = "",
) -> None:  # fmt: skip
    """Write the audit row of a deed: whose cluster acted, or the client's own.

    The room's history is read by all its people, those with a conflict of interest among them: it
    tells states and numbers, never what an engagement is about.
    """
    with as_service():
        audit.record(
            actor, verb, entered.engagement, organisation_id=entered.organisation_id,
            partnership_id=entered.engagement.partnership_id, changes=changes, why=why,
        )  # fmt: skip
