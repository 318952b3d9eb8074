"""Plans of introductions between the members that two parties share, and what becomes of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import introduction_queries as reads
from proxeny.partnerships import rules
from proxeny.partnerships.models import IntroductionPlan, Party, ProposedIntroduction
from proxeny.partnerships.operations import guards

#: The most introductions that one member may be given.
MOST_EACH = 20

State = IntroductionPlan.State
RowState = ProposedIntroduction.State


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """Under what a plan is made; empty choices ask for all.

    Attributes
    ----------
    per_left, per_right : int
        Most introductions for one member of each side.
    most : int, optional
        Most in all.
    everybody : bool
        Whether each member is promised one.
    leave_out : sequence of int
        Members not to introduce.
    """

    per_left: int = 3
    per_right: int = 3
    most: int | None = None
    everybody: bool = False
    kinds: Sequence[str] = ()
    countries: Sequence[str] = ()
    fields: Sequence[str] = ()
    leave_out: Sequence[int] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the settings as they are kept."""
        return {
            name: list(value) if isinstance(value, list | tuple) else value
            for name, value in asdict(self).items()
        }


@transaction.atomic
def plan_introductions(
    *, actor: Reader, partnership_id: int, settings: PlanSettings, with_id: int | None = None
) -> IntroductionPlan:
    """Queue a job that finds the best introductions between the members of two parties.

    Only members that are shared with the partnership take part, of both sides; pairs that have
    met, or were kept or dropped before, are left out.

    Parameters
    ----------
    with_id : int, optional
        The other party, where there are more than two.

    Side effects: a job; an audit row that both sides read.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the partnership, or manages none of its parties.
    InvalidInput
        A number out of range, or a party that is none.
    Conflict
        The partnership is not active, or a plan is running already.
    """
    partnership, parties = guards.lock(partnership_id)
    mine = refuse_others(actor, parties)
    guards.expect(partnership, "active")
    _refuse_bad(settings)
    left, right = _two_sides(mine, parties, with_id)
    _refuse_while_working(partnership_id)
    plan = IntroductionPlan.objects.create(
        partnership=partnership,
        left=left.organisation,
        right=right.organisation,
        settings=settings.to_json(),
        person_id=actor.person,
    )
    job = enqueue(
        "partnerships.introduce",
        actor=actor,
        key=f"partnerships.introduce:{plan.pk}",
        arguments={"plan_id": plan.pk, "partnership_id": partnership_id},
        partnership_id=partnership_id,
    )
    plan.job_id = job.pk
    plan.save(update_fields=["job_id"])
    audit.record(
        actor,
        "plan_introductions",
        plan,
        organisation_id=mine.organisation_id,
        partnership_id=partnership_id,
    )
    return plan


def refuse_others(actor: Reader, parties: Sequence[Party]) -> Party:
    """Return the party that the actor manages; `NotAllowed` if there is none."""
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only cluster managers can search for introductions."))
    return mine


def _refuse_bad(settings: PlanSettings) -> None:
    for name in ("per_left", "per_right"):
        if not 1 <= getattr(settings, name) <= MOST_EACH:
            raise InvalidInput(
                _("Enter between 1 and %(most)d introductions per member.") % {"most": MOST_EACH},
                field=name,
            )
    if settings.most is not None and settings.most < 1:
        raise InvalidInput(_("Enter at least one introduction in total."), field="most")


def _two_sides(mine: Party, parties: Sequence[Party], with_id: int | None) -> tuple[Party, Party]:
    others = [one for one in parties if one.pk != mine.pk]
    if with_id is not None:
        others = [one for one in others if one.organisation_id == with_id]
    if not others:
        raise InvalidInput(_("Choose the other side."), field="with_id")
    left, right = sorted((mine, others[0]), key=lambda one: one.side)
    return left, right


def _refuse_while_working(partnership_id: int) -> None:
    for plan in reads.list_plans(partnership_id).filter(state=State.WORKING):
        job = reads.get_plan_job(plan)
        if job is not None and not job.is_over:
            raise Conflict(_("A search for introductions is already running."))


@transaction.atomic
def decide_introduction(
    *, actor: Reader, partnership_id: int, plan_id: int, row_id: int, state: str, now: datetime
) -> ProposedIntroduction:
    """Keep or drop a proposed introduction, or undo either.

    Both sides see the decision; no mail is sent. A decided pair is not proposed again.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the proposal, or manages none of the parties.
    InvalidInput
        A word that is none of the states.
    Conflict
        The partnership is not active.
    """
    partnership, parties = guards.lock(partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only cluster managers can keep or drop introductions."))
    guards.expect(partnership, "active")
    if state not in RowState.values:
        raise InvalidInput(_("Choose to keep or drop it."), field="state")
    row = reads.get_row(reads.get_plan(partnership_id, plan_id), row_id)
    before, row.state = row.state, state
    is_open = state == RowState.PROPOSED
    row.person_id, row.decided_at = (None, None) if is_open else (actor.person, now)
    row.save(update_fields=["state", "person", "decided_at"])
    if before != state:
        audit.record(
            actor,
            "decide_introduction",
            row,
            organisation_id=mine.organisation_id,
            partnership_id=partnership_id,
            changes={"state": [before, state]},
        )
    return row
