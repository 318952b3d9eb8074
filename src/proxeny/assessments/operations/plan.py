"""The plan of an engagement: steps are added, changed, completed and removed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.assessments import rules
from proxeny.assessments.models import Step
from proxeny.assessments.operations.advisers import enter_as_worker
from proxeny.assessments.operations.guards import Entered, note_deed
from proxeny.assessments.queries.advisers import declared
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Party
from proxeny.partnerships.operations.room import CHANGED, save_version

#: So many steps has a plan at most.
MOST_STEPS = 100


@dataclass(frozen=True, slots=True)
class StepFacts:
    """The task, day and owner of a step; `party` is a side's id; without it, nobody's."""

    title: str
    due_on: date
    party: int | None = None
    person: int | None = None


@transaction.atomic
def add_step(
    *,
    actor: Reader,
    engagement_id: int,
    facts: StepFacts,
    now: datetime,
    done_on: date | None = None,
) -> Step:
    """Add a step to the plan.

    Parameters
    ----------
    done_on : date, optional
        For a removed step that is restored as it was.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_as_worker`; the work has not begun, is over, or has as many steps as can be.
    InvalidInput
        No words, a day that cannot be, no such side, somebody who is no adviser of it.
    """
    entered = enter_as_worker(actor, engagement_id, *rules.PLANNED)
    one = entered.engagement
    values = _checked(entered, facts, now.date())
    with as_service("Advisers free of conflicts change the plan, which was checked on entry."):
        found = one.steps.aggregate(last=Max("order"))
        if one.steps.count() >= MOST_STEPS:
            raise Conflict(_("A plan can have up to a hundred steps."))
        step = Step.objects.create(
            engagement=one,
            partnership_id=one.partnership_id,
            order=(found["last"] or 0) + 1,
            done_on=done_on,
            **values,
        )
    note_deed(actor, "add_step", entered, changes={"step": step.pk})
    return step


@transaction.atomic
def change_step(
    *,
    actor: Reader,
    engagement_id: int,
    step_id: int,
    version: int,
    facts: StepFacts,
    now: datetime,
) -> Step:
    """Change a step; `Conflict` if somebody saved in between, other errors as of `add_step`."""
    entered = enter_as_worker(actor, engagement_id, *rules.PLANNED)
    step = _hold(entered, step_id, version)
    values = _checked(entered, facts, now.date(), before=step)
    changed = sorted(name for name, value in values.items() if getattr(step, name) != value)
    if changed:
        _write(step, **values)
        note_deed(actor, "change_step", entered, changes={"step": step.pk, "fields": changed})
    return step


@transaction.atomic
def finish_step(*, actor: Reader, engagement_id: int, step_id: int, now: datetime) -> Step:
    """Note that a step is done today; nothing happens if it was. Errors as of `enter_as_worker`."""
    return _mark(actor, engagement_id, step_id, "finish_step", now.date())


@transaction.atomic
def reopen_step(*, actor: Reader, engagement_id: int, step_id: int, now: datetime) -> Step:
    """Note that a step is not done after all. Errors as of `enter_as_worker`."""
    return _mark(actor, engagement_id, step_id, "reopen_step", None)


def _mark(actor: Reader, engagement_id: int, step_id: int, verb: str, done_on: date | None) -> Step:
    entered = enter_as_worker(actor, engagement_id, *rules.PLANNED)
    step = _hold(entered, step_id)
    if bool(step.done_on) != bool(done_on):
        _write(step, done_on=done_on)
        note_deed(actor, verb, entered, changes={"step": step.pk})
    return step


@transaction.atomic
def drop_step(*, actor: Reader, engagement_id: int, step_id: int, now: datetime) -> Step:
    """Take a step out of the plan; what is returned can be added again as it was.

    Errors as of `enter_as_worker`.
    """
    entered = enter_as_worker(actor, engagement_id, *rules.PLANNED)
    step = _hold(entered, step_id)
    number = step.pk
    with as_service("Advisers free of conflicts change the plan, which was checked on entry."):
        step.delete()
    note_deed(actor, "drop_step", entered, changes={"step": number})
    return step


def _hold(entered: Entered, step_id: int, version: int | None = None) -> Step:
    # Nobody changes it meanwhile: the engagement was locked on entry.
    step = entered.engagement.steps.filter(pk=step_id).first()
    if step is None:
        raise NotFound(_("We couldn’t find this step."))
    if version is not None and step.version != version:
        raise Conflict(CHANGED)
    return step


def _write(step: Step, **values: Any) -> None:
    with as_service("Advisers free of conflicts change the plan, which was checked on entry."):
        save_version(step, **values)


def _checked(
    entered: Entered, facts: StepFacts, today: date, *, before: Step | None = None
) -> dict[str, Any]:
    title = facts.title.strip()
    limits = (
        (title, "title", _("Enter what needs to be done.")),
        (len(title) <= 300, "title", _("Use 300 characters or fewer.")),
        (
            facts.due_on >= today - timedelta(days=731),
            "due_on",
            _("This day is too far in the past. Choose a later one."),
        ),
        (
            facts.due_on <= today + timedelta(days=731),
            "due_on",
            _("This day is more than two years away. Choose an earlier one."),
        ),
    )
    for holds, name, sentence in limits:
        if not holds:
            raise InvalidInput(sentence, field=name)
    person, party = _owner(entered, facts, before)
    return {"title": title, "due_on": facts.due_on, "party": party, "person": person}


def _owner(
    entered: Entered, facts: StepFacts, before: Step | None
) -> tuple[Person | None, Party | None]:
    """Return a step's person and side; a named person determines the side."""
    sides = {one.pk: one for one in entered.parties}
    with as_service("Any free adviser may own a step, whatever the actor may see of them."):
        free = declared([entered.engagement.pk]).values("person_id")
        working = {
            one.person_id: one
            for one in entered.engagement.advisers.filter(
                left_at=None, person__in=free
            ).select_related("person", "party")
        }
    if facts.person is not None:
        if facts.person not in working:
            raise InvalidInput(
                _("Choose an adviser of this assessment who has declared no conflict of interest."),
                field="person",
            )
        return working[facts.person].person, working[facts.person].party
    if facts.party is not None and facts.party not in sides:
        raise InvalidInput(_("Choose one of the sides."), field="party")
    return None, sides.get(facts.party or 0)
