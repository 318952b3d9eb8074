"""The room of one demo partnership, filled as the people of its two sides would in a year."""

from collections.abc import Mapping
from typing import Any

from proxeny.demo.catch_ups import keep_in_touch
from proxeny.demo.in_room import InRoom
from proxeny.demo.texts import read_content
from proxeny.demo.world import World
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.factors import FACTORS
from proxeny.partnerships.models import Agreement, Recommendation
from proxeny.partnerships.operations import (
    exchange,
    goals,
    parties,
    reviews,
    risks,
    signing,
    stages,
)
from proxeny.partnerships.operations.advice import take_step

GRADES = ("likelihood", "impact")


def build_room(world: World) -> None:
    """Write goals, plan, risks, give and take, money, catch-ups, a review and the stage they lead to."""
    content = read_content("room")
    room = _Room(world, content)
    room.name_contacts()
    room.agree_on_rhythm()
    room.write_goals()
    room.write_plan()
    room.write_money()
    room.write_risks()
    room.give_and_take()
    room.agree_on_exit()
    room.enter("working", days=-200)
    keep_in_touch(room)
    room.review()


class _Room(InRoom):
    """The contents of the room, in chronological order."""

    def __init__(self, world: World, content: Mapping[str, Any]) -> None:
        super().__init__(world, content["partnership"])
        self.content = content
        self.activities: dict[str, int] = {}

    def name_contacts(self) -> None:
        """Name the contact person of each side."""
        for side in "ab":
            self.act(side, -305, parties.name_contact, person_id=self.sides[side].manager_id)

    def agree_on_rhythm(self) -> None:
        """Agree to meet each month, and each half year face to face."""
        for in_person, every in ((False, 30), (True, 182)):
            self.act(
                "a",
                -304,
                exchange.set_rhythm,
                in_person=in_person,
                every_days=every,
                since_on=self.day(-304),
                version=0,
            )

    def write_goals(self) -> None:
        """Write objectives with key results, and measure these."""
        for one in self.content["objectives"]:
            made = self.add(
                "a",
                -250,
                "objective",
                title=one["title"],
                details=one["details"],
                due_on=self.day(one["due_in_days"]),
            )
            for result in one["results"]:
                kept = self.add(
                    "b",
                    -248,
                    "key-result",
                    objective=made.pk,
                    title=result["title"],
                    unit=result.get("unit", ""),
                    start=result["start"],
                    target=result["target"],
                    due_on=self.day(result["due_in_days"]),
                    party=self.parties.get(result.get("side", "")),
                )
                for days, value in result["figures"]:
                    self.act(
                        "b",
                        days,
                        goals.measure,
                        result_id=kept.pk,
                        value=value,
                        measured_on=self.day(days),
                        note="",
                    )

    def write_plan(self) -> None:
        """Write activities with their requirements, and actions."""
        for one in self.content["activities"]:
            first, last = (self.day(days) for days in one["days"])
            made = self.add(
                "a",
                -245,
                "activity",
                title=one["title"],
                starts_on=first,
                ends_on=last,
                is_milestone=one.get("milestone", False),
                state=one.get("state", "planned"),
                core=one.get("core", False),
                worth=one["worth"],
                cost=one.get("cost", 0),
                charges=self.charges(),
                needs=[self.activities[key] for key in one.get("needs", ())],
            )
            self.activities[one["key"]] = made.pk
        for one in self.content["actions"]:
            self.add(
                one["side"],
                one.get("done", min(one["due"], 0) - 20),
                "action",
                title=one["title"],
                due_on=self.day(one["due"]),
                party=self.parties[one["side"]],
                person=self.people[one["person"]],
                done_on=self.day(one["done"]) if "done" in one else None,
            )

    def write_money(self) -> None:
        """Write sources and sums."""
        sources = {}
        for one in self.content["sources"]:
            sources[one["key"]] = self.add(
                "b",
                -240,
                "source",
                name=one["name"],
                kind=one["kind"],
                party=self.parties.get(one.get("side", "")),
                certainty=one.get("certainty", "secured"),
                movable=one.get("movable", False),
                ends_on=self.day(one["ends"]) if "ends" in one else None,
            ).pk
        for one in self.content["lines"]:
            self.add(
                "b",
                -240,
                "line",
                source=sources[one["source"]],
                amount=one["amount"],
                activity=self.activities[one["activity"]],
                year=self.world.today.year,
                currency="EUR",
            )

    def write_risks(self) -> None:
        """Note risks; all that working together asks for is accepted by both."""
        for one in self.content["risks"]:
            values = {
                f"{step}_{grade}": one[step][number]
                for step in ("inherent", "current", "residual")
                for number, grade in enumerate(GRADES)
            }
            made = self.add(
                "a",
                -235,
                "risk",
                title=one["title"],
                details=one.get("details", ""),
                response=one["response"],
                treatment=one["treatment"],
                review_on=self.day(one["review"]),
                charges=self.charges(),
                **values,
            )
            asked = self.act("a", -230, risks.ask_acceptance, risk_id=made.pk, version=1)
            self.sign("b", -228, asked)

    def sign(self, side: str, days: int, asked: Agreement) -> None:
        """Sign the other side's request."""
        self.act(side, days, signing.sign_text, agreement_id=asked.pk, text_hash=asked.text_hash)

    def give_and_take(self) -> None:
        """Record favours given, and confirm most of them."""
        for one in self.content["favours"]:
            giver, receiver = (one["giver"], "ab".replace(one["giver"], ""))
            made = self.add(
                giver,
                one["on"] + 1,
                "favour",
                kind=one["kind"],
                giver=self.parties[giver],
                receiver=self.parties[receiver],
                happened_on=self.day(one["on"]),
                count=one.get("count", 1),
                what=one["what"],
            )
            if one.get("confirmed"):
                self.act(
                    receiver,
                    one["on"] + 3,
                    exchange.answer_favour,
                    favour_id=made.pk,
                    version=1,
                    is_right=True,
                    why="",
                )

    def agree_on_exit(self) -> None:
        """Sign how they would part."""
        text = self.content["exit"].strip()
        self.sign("a", -220, self.act("b", -222, stages.write_exit_plan, text=text, number=0))

    def enter(self, stage: str, *, days: int) -> None:
        """Enter a stage with the signatures of both."""
        asked = self.act("a", days - 2, stages.ask_stage, stage=stage, note="")
        self.sign("b", days, asked)

    def review(self) -> None:
        """Answer a review on both sides, show it, and decide on the first thing that follows."""
        told = self.content["review"]
        due = self.day(told["opened"] + 20)
        opened = self.act("a", told["opened"], reviews.open_review, due_on=due)
        for who, values in told["answers"].items():
            answers = {one.code: (value, "") for one, value in zip(FACTORS, values, strict=True)}
            self.act(
                who, told["opened"] + 5, reviews.answer_review, review_id=opened.pk, answers=answers
            )
        self.act("b", told["shown"], reviews.show_review, review_id=opened.pk)
        with acting_as(SERVICE):
            drafted = Recommendation.objects.filter(partnership_id=self.pk).order_by("pk")[:2]
            wanted = [(one.pk, one.version) for one in drafted]
        for number, (pk, version) in enumerate(wanted):
            self.act(
                "a",
                told["shown"] + 2,
                take_step,
                record_id=pk,
                version=version,
                state="proposed",
                reason="",
            )
            if number == 0:
                for side in ("b", "a"):
                    self.act(
                        side,
                        told["shown"] + 6,
                        take_step,
                        record_id=pk,
                        version=version + 1,
                        state="accepted",
                        reason="",
                    )
