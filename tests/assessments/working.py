"""What tests of the teams' work share: an engagement at work, and everybody around it."""

import re
from typing import Any

from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Person
from proxeny.assessments.models import Engagement
from proxeny.partnerships.models import Interest
from tests.factories.assessments import (
    FigureFactory,
    FigureVersionFactory,
    FindingFactory,
    FindingSourceFactory,
    NoteFactory,
    make_engagement,
)
from tests.factories.world import World

NOW = timezone.now()
TODAY = NOW.date()


def at_work(world: World, **values: Any) -> Engagement:
    """Make an engagement of A's first member that the teams work on."""
    return make_engagement(world, **{"state": "working", **values})


def wall(engagement: Engagement, person: Person) -> Person:
    """Let somebody have declared a conflict of interest."""
    Interest.objects.create(
        partnership=engagement.partnership,
        person=person,
        subject="assessment",
        subject_id=engagement.pk,
        conflicts=True,
        reason="My sister works there.",
        said_at=NOW,
    )
    return person


def address(engagement: Engagement, name: str, *more: int) -> str:
    """Return the address of a page of the teams."""
    return reverse(f"assessments:{name}", args=[engagement.partnership_id, engagement.pk, *more])


def own_address(engagement: Engagement, name: str, *more: int) -> str:
    """Return the address of a page of the company that asked."""
    return reverse(f"assessments:{name}", args=[engagement.pk, *more])


def page(client: Any, url: str, status: int = 200) -> str:
    """Return a page."""
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def words(html: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def founded(engagement: Engagement, **values: Any) -> Any:
    """Make a finding that rests on a note."""
    finding = FindingFactory(engagement=engagement, **values)
    FindingSourceFactory(finding=finding, note=NoteFactory(engagement=engagement), place="minute 4")
    return finding


def figure(engagement: Engagement, **values: Any) -> Any:
    """Make a figure's version in the partnership's library."""
    made = FigureFactory(partnership=engagement.partnership, **values)
    return FigureVersionFactory(figure=made)


def outsiders(world: World, engagement: Engagement) -> dict[str, Person]:
    """Return everybody for whom the teams' work is not there."""
    return {
        "client": world.a.representatives[0],
        "another member of A": world.a.representatives[1],
        "a member of B": world.b.representatives[0],
        "manager of C": world.c.manager,
        "stranger": world.nobody_special,
    }
