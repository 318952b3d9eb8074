"""The consultation service of one demo partnership, from the catalogue to the outcome."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from decimal import Decimal
from random import Random
from typing import Any

from proxeny.assessments.models import Engagement, Later, Question
from proxeny.assessments.operations.advisers import name_adviser
from proxeny.assessments.operations.briefs import BriefFacts, ask_brief, sign_brief, write_brief
from proxeny.assessments.operations.catalogue import (
    ServiceFacts,
    Words,
    add_service,
    name_deliverer,
)
from proxeny.assessments.operations.interests import declare_interest
from proxeny.assessments.operations.requests import RequestFacts, ask_assessment
from proxeny.assessments.operations.terms import ask_terms
from proxeny.demo.assessment_work import Work
from proxeny.demo.guests import GuestBook
from proxeny.demo.in_room import InRoom
from proxeny.demo.texts import read_content
from proxeny.demo.world import World
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.operations.signing import sign_text

type Told = Mapping[str, Any]


def build_assessments(world: World, guests: GuestBook) -> None:
    """Offer three services, and live through six requests for them."""
    content = read_content("assessments")
    desk = _Consultants(world, guests, content)
    for key, told in content["services"].items():
        desk.offer(key, told)
    for told in sorted(content["engagements"], key=lambda one: one["asked"]):
        desk.live(told)
    world.say(f"  {len(content['engagements'])} market assessments")


class _Consultants(InRoom):
    """The teams of both sides, and the companies that ask them."""

    def __init__(self, world: World, guests: GuestBook, content: Told) -> None:
        super().__init__(world, content["partnership"])
        self.guests, self.content = guests, content
        self.services: dict[str, int] = {}

    def offer(self, key: str, told: Told) -> None:
        """Write a service, name its advisers, and have both sides sign its terms."""
        texts = {
            language: Words(one["name"], one["summary"], one["details"].strip())
            for language, one in told["texts"].items()
        }
        facts = ServiceFacts(
            question=Question(told["question"]),
            price=Decimal(told["price"]),
            currency="EUR",
            payer=told["payer"],
            capacity=told["capacity"],
            promised_days=told["promised_days"],
            texts=texts,
        )
        made = self.act("a", told["written"], add_service, facts=facts)
        self.services[key] = made.pk
        if "signed" not in told:
            return
        for side in "ab":
            made = self.act(
                side,
                told["written"],
                name_deliverer,
                service_id=made.pk,
                person_id=self.adviser(side),
            )
        text = self.act(
            "a", told["written"], ask_terms, hour=12, service_id=made.pk, seen=made.version
        )
        self.act("b", told["signed"], sign_text, agreement_id=text.pk, text_hash=text.text_hash)

    def adviser(self, side: str) -> int:
        """Return the adviser of a side."""
        return self.people[self.content["people"][side][0]]

    def find_client(self, key: str) -> tuple[int, int]:
        """Return a company and its contact person: by its slug, or the one shown for a side."""
        if key in self.sides:
            [guest] = self.guests.choose(self.sides[key].slug, 1, Random(0))  # noqa: S311
            return guest.organisation_id, guest.person_id
        for side in self.sides.values():
            for pk, member in side.members:
                if member.slug == key:
                    return pk, self.guests.guest(side.slug, pk).person_id
        raise KeyError(key)

    def version(self, engagement: int) -> int:
        """Return how often an engagement was written so far."""
        with acting_as(SERVICE):
            return Engagement.objects.values_list("version", flat=True).get(pk=engagement)

    def live(self, told: Told) -> None:
        """Live through one request as far as it has come."""
        client, person = self.find_client(told["client"])
        facts = RequestFacts(
            title=told["title"],
            market=told["market"],
            product=told["product"],
            language=told["language"],
            answers=tuple(told["answers"]),
        )
        made = self.deed(
            person,
            told["asked"],
            ask_assessment,
            service_id=self.services[told["service"]],
            client_id=client,
            facts=facts,
        ).pk
        if "named" not in told:
            return
        for side in "ab":
            self.deed(
                self.sides[side].manager_id,
                told["named"],
                name_adviser,
                engagement_id=made,
                person_id=self.adviser(side),
                leads=True,
                effort_days=Decimal(6),
            )
            self.deed(
                self.adviser(side),
                told["free"],
                declare_interest,
                engagement_id=made,
                conflicts=False,
                reason="",
            )
        self.agree(made, person, told)
        if "signed" in told:
            Work(self, made, person, told).live()

    def agree(self, engagement: int, client: int, told: Told) -> None:
        """Write the brief, put it before all, and sign it."""
        terms = self.content["services"][told["service"]]
        facts = BriefFacts(
            goal=told["goal"],
            scope=told["scope"],
            delivers=told["delivers"],
            leaves_out=told["leaves_out"],
            due_on=self.day(told["put"] + told["due"]),
            price=Decimal(terms["price"]),
            currency="EUR",
            payer=terms["payer"],
        )
        self.deed(
            self.adviser("a"),
            told["brief"],
            write_brief,
            engagement_id=engagement,
            version=self.version(engagement),
            facts=facts,
        )
        text = self.act_on(
            "a", told["put"], ask_brief, engagement_id=engagement, version=self.version(engagement)
        )
        if "signed" not in told:
            return
        for person in (self.sides["b"].manager_id, client):
            self.deed(
                person,
                told["signed"],
                sign_brief,
                engagement_id=engagement,
                agreement_id=text.pk,
                text_hash=text.text_hash,
            )

    def act_on(self, side: str, days: int, operation: Callable[..., Any], **given: Any) -> Any:
        """Run an operation as a side's manager."""
        return self.deed(self.sides[side].manager_id, days, operation, **given)

    def moment(self, days: int, at: str) -> datetime:
        """Return a time of a day, by the clocks of the world."""
        return datetime.combine(
            self.day(days), time.fromisoformat(at), tzinfo=self.world.moment(0).tzinfo
        )

    def later_of(self, engagement: int, months: int) -> Later:
        """Return the answers of a company to the follow-up after some months."""
        with acting_as(SERVICE):
            return Later.objects.get(engagement=engagement, months=months)
