"""What tests of the desk's API share: addresses, what is sent, and how an answer is read."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from proxeny.accounts.models import Person, Role
from proxeny.ambassadors.models import Introduction
from tests.ambassadors.desk import CLAIRE
from tests.factories.accounts import PersonFactory, SeatFactory

BY_ADDRESS = {"name": CLAIRE.name, "email": CLAIRE.email, "language": "fr"}


def make_adviser(world) -> Person:
    """Make somebody of A's team who does not work at its desk."""
    person = PersonFactory(name="Greek adviser")
    SeatFactory(person=person, organisation=world.a.cluster, role=Role.ADVISER)
    return person


def one(base: str, case: Introduction, *more: object) -> str:
    """Return the address of an introduction at its desk."""
    return "/".join([base, "introductions", str(case.pk), *map(str, more)])


def own(case: Introduction, *more: object) -> str:
    """Return its address for one of the two."""
    return "/".join(["/desk/own/introductions", str(case.pk), *map(str, more)])


def body(world, **changes: Any) -> dict:
    """Return an introduction to note, as a program sends it."""
    person = world.a.representatives[0]
    return {
        "member_id": world.a.members[0].pk,
        "stakeholder_id": world.b.members[0].pk,
        "reason": "They make what you look for.",
        "place": "Paris, 12 rue de Rome",
        "member_contact": {"person_id": person.pk},
        "stakeholder_contact": BY_ADDRESS,
        **changes,
    }


def noon(days: int = 9) -> str:
    """Return noon of a day to come."""
    moment = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    return (moment + timedelta(days=days)).isoformat()


def done(answer, status: int = 200) -> Any:
    """Return what an answer of a status says."""
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else None


def rows(answer) -> list[dict]:
    """Return the rows of a page."""
    return done(answer)["results"]


def side_of(told: dict, role: str) -> dict:
    """Return one of the two sides of an introduction that was answered."""
    return next(side for side in told["sides"] if side["role"] == role)
