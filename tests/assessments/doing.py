"""What tests of assessments share: a moment, doing things as somebody, and the way to each state."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from proxeny.accounts.models import Person
from proxeny.assessments.models import Engagement, Service
from proxeny.assessments.operations.advisers import name_adviser
from proxeny.assessments.operations.briefs import (
    BriefFacts,
    ask_brief,
    sign_brief,
    write_brief,
)
from proxeny.assessments.operations.interests import declare_interest
from proxeny.assessments.operations.requests import RequestFacts, ask_assessment
from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships.models import Agreement
from tests.conftest import reader_of
from tests.factories.assessments import make_service
from tests.factories.world import Side, World

#: In the year of `tests.factories.events.DAY`.
NOW = datetime(2083, 3, 1, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


def do(person: Person, operation: Any, *, now: datetime = NOW, **values: Any) -> Any:
    """Call an operation as the web role of a person."""
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return operation(actor=reader, now=now, **values)


def asked_facts(**changes: Any) -> RequestFacts:
    """Return what a company asks."""
    values: dict[str, Any] = {
        "title": "Would French studios buy our sound library?",
        "market": "FR",
        "product": "Sounds for games",
        "language": "en",
        "wanted_on": TODAY + timedelta(days=90),
        "answers": ("Small studios.",),
    }
    return RequestFacts(**{**values, **changes})


def ask(
    world: World, *, service: Service | None = None, member: int = 0, **changes: Any
) -> Engagement:
    """Let a member of A ask for a service."""
    service = service or make_service(world)
    return do(
        world.a.representatives[member],
        ask_assessment,
        service_id=service.pk,
        client_id=world.a.members[member].pk,
        facts=asked_facts(**changes),
    )


def name(engagement: Engagement, side: Side, person: Person | None = None, **values: Any) -> Any:
    """Let a side's manager name who works on it: the ambassador unless another is given."""
    person = person or side.ambassador
    given = {"leads": True, "effort_days": Decimal(10), **values}
    return do(side.manager, name_adviser, engagement_id=engagement.pk, person_id=person.pk, **given)


def declare(engagement: Engagement, person: Person, *, conflicts: bool = False) -> Any:
    """Let somebody declare to be free, or to have a conflict of interest."""
    reason = "My sister works there." if conflicts else ""
    return do(
        person, declare_interest, engagement_id=engagement.pk, conflicts=conflicts, reason=reason
    )


def staff(engagement: Engagement, world: World) -> Engagement:
    """Let both sides name a lead, and both declare to be free: the brief can be written."""
    for side in (world.a, world.b):
        name(engagement, side)
    for side in (world.a, world.b):
        declare(engagement, side.ambassador)
    return fresh(engagement)


def brief_facts(**changes: Any) -> BriefFacts:
    """Return what a brief says."""
    values: dict[str, Any] = {
        "goal": "Know whether to enter.",
        "scope": "Studios of games",
        "leaves_out": "Film",
        "delivers": "A report of ten pages",
        "price": Decimal(1200),
        "currency": "EUR",
        "payer": "client",
        "due_on": TODAY + timedelta(days=60),
    }
    return BriefFacts(**{**values, **changes})


def write(engagement: Engagement, person: Person, **changes: Any) -> Engagement:
    """Let somebody of the teams write the brief."""
    return do(
        person,
        write_brief,
        engagement_id=engagement.pk,
        version=fresh(engagement).version,
        facts=brief_facts(**changes),
    )


def put(engagement: Engagement, world: World) -> Agreement:
    """Let A's manager put the brief before all."""
    return do(
        world.a.manager, ask_brief, engagement_id=engagement.pk, version=fresh(engagement).version
    )


def sign(engagement: Engagement, person: Person, text: Agreement) -> Any:
    """Let somebody sign the brief."""
    return do(
        person,
        sign_brief,
        engagement_id=engagement.pk,
        agreement_id=text.pk,
        text_hash=text.text_hash,
    )


def begin(world: World, *, service: Service | None = None, member: int = 0) -> Engagement:
    """Let an engagement of a member of A come as far as work: asked, checked, briefed, signed."""
    one = staff(ask(world, service=service, member=member), world)
    write(one, world.a.ambassador)
    text = put(one, world)
    sign(one, world.b.manager, text)
    sign(one, world.a.representatives[member], text)
    return fresh(one)


def fresh(engagement: Engagement) -> Engagement:
    """Return an engagement as it stands."""
    return Engagement.objects.get(pk=engagement.pk)


def told(person: Person) -> list[str]:
    """Return the subjects of the mails that somebody got, in their order."""
    mails = Mail.objects.filter(recipient=person.email).order_by("pk")
    return list(mails.values_list("subject", flat=True))
