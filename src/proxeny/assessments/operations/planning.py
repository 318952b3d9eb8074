"""The plan that an engagement begins with: the steps of the template, each on its day and side."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.utils.translation import override

from proxeny.assessments.models import Adviser, Engagement, Step
from proxeny.assessments.queries.templates import read_template
from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Party


def make_plan(engagement: Engagement, parties: Sequence[Party], *, today: date) -> int:
    """Create the steps of an engagement once all have signed its brief; return their number.

    The first and the last step belong to the side of the company that asked, which knows it best;
    between them the sides take turns, the others first. The side's lead is the owner. If the
    template needs longer than was promised, its days are scaled down.
    """
    with as_service("The last signature may be the company's, which cannot write a plan."):
        with override(engagement.language):
            steps = read_template(engagement.partnership_id, engagement.question).steps
        leads = {
            one.party_id: one.person_id
            for one in Adviser.objects.filter(engagement=engagement, leads=True, left_at=None)
        }
        sides = _turns(parties, engagement.cluster_id, len(steps))
        days = _days([after for _text, after in steps], engagement.due_on, today)
        made = Step.objects.bulk_create(
            Step(
                engagement=engagement,
                partnership_id=engagement.partnership_id,
                order=number,
                title=text[:300],
                due_on=days[number],
                party=sides[number],
                person_id=_lead_of(leads, sides[number]),
            )
            for number, (text, _after) in enumerate(steps)
        )
    return len(made)


def _lead_of(leads: Mapping[int, int | None], side: Party | None) -> int | None:
    return leads.get(side.pk) if side else None


def _turns(parties: Sequence[Party], cluster_id: int, count: int) -> list[Party | None]:
    """Return whose turn each step is."""
    own = next((one for one in parties if one.organisation_id == cluster_id), None)
    others = [one for one in parties if one is not own]
    turns = [*others, own] if own else others
    if not turns:
        return [None] * count
    found = [turns[number % len(turns)] for number in range(-1, count - 1)]
    return [*found[:-1], own or found[-1]] if found else []


def _days(after: Sequence[int], due_on: date | None, today: date) -> list[date]:
    """Return the day of each step, at the latest the day that was promised."""
    longest, room = max(after, default=0), (due_on - today).days if due_on else 0
    if due_on is None or longest <= room:
        return [today + timedelta(days=days) for days in after]
    return [today + timedelta(days=days * max(room, 0) // longest) for days in after]
