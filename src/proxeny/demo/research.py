"""Three studies of one demo partnership: in preparation, under way, concluded."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from proxeny.demo.in_room import InRoom
from proxeny.demo.research_advice import recommend
from proxeny.demo.research_data import bring_data
from proxeny.demo.research_published import publish
from proxeny.demo.texts import read_content
from proxeny.demo.world import World
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Risk
from proxeny.partnerships.operations.records import change_record
from proxeny.research.models import Study
from proxeny.research.operations.studies import begin_study, conclude_study
from proxeny.research.rules import ELEMENTS

type Told = Mapping[str, Any]
#: Fields written by the first side at the start; the second completes them.
_FIRST = ("why", "expected")


def build_research(world: World) -> None:
    """Prepare three studies, begin two, conclude one."""
    content = read_content("research")
    room = Studies(world, content["partnership"])
    for told in sorted(content["studies"], key=lambda one: one["written"]):
        room.live(told)
    world.say(f"  {len(content['studies'])} studies")


class Studies(InRoom):
    """The two sides, as they look into something together."""

    def live(self, told: Told) -> None:
        """Live through one study as far as it has come."""
        study = self.prepare(told)
        if "begun" not in told:
            return
        self._go(told["begun"], begin_study, study)
        self.take_steps(study, told)
        end = told.get("concluded", 0)
        self.note_results(study, [one for one in told["results"] if one["on"] <= end])
        bring_data(self, study, told)
        if "concluded" in told:
            self._go(end, conclude_study, study, summary=told["summary"].strip())
        recommend(self, study, told)
        # Later results.
        self.note_results(study, [one for one in told["results"] if one["on"] > end])
        publish(self, study, told)

    def prepare(self, told: Told) -> int:
        """Write a study with its contributors and risks; return its number."""
        names = ("title", "question", "language", "licence", "keywords")
        values = {name: told[name] for name in names}
        values |= {name: told[name].strip() for name in _FIRST}
        first, last = (self.day(days) for days in told["days"])
        study: int = self.add(
            "a", told["written"], "study", **values, starts_on=first, ends_on=last
        ).pk
        for one in told["contributors"]:
            self.name(study, told["written"], one)
        if "completed" in told:
            rest = {name: told[name].strip() for name in ELEMENTS if name not in _FIRST}
            self.act(
                "b",
                told["completed"],
                change_record,
                kind="study",
                record_id=study,
                version=1,
                values=rest,
            )
        for one in told.get("risks", ()):
            self.add(
                "b",
                told["completed"],
                "weighed-risk",
                study=study,
                risk=self.risk(one["title"]),
                note=one["note"],
            )
        return study

    def name(self, study: int, days: int, one: Told) -> None:
        """Name a contributor: one of the demo's people, or an invented person."""
        name = one.get("name") or self.name_of(one["person"])
        self.add(
            one.get("side", "a"),
            days,
            "contributor",
            study=study,
            name=name,
            role=one["role"],
            kind=one.get("kind", "person"),
            party=self.parties.get(one.get("side", "")),
            affiliation=one.get("affiliation", ""),
            cited=one.get("cited", False),
        )

    def name_of(self, email: str) -> str:
        """Return the name of one of the demo's people."""
        found = [one for one in read_content("people")["seats"] if one["email"] == email]
        return str(found[0]["name"])

    def risk(self, title: str) -> int:
        """Return a risk of the joint register."""
        with acting_as(SERVICE):
            return Risk.objects.get(partnership_id=self.pk, title=title).pk

    def take_steps(self, study: int, told: Told) -> None:
        """Plan the steps of a study with owners and due dates, and mark the finished ones done."""
        for one in told["steps"]:
            self.add(
                one["side"],
                one.get("done", min(one["due"], 0) - 10),
                "action",
                origin="study",
                origin_id=study,
                title=one["title"],
                due_on=self.day(one["due"]),
                party=self.parties[one["side"]],
                person=self.people[one["person"]],
                done_on=self.day(one["done"]) if "done" in one else None,
            )

    def note_results(self, study: int, results: Iterable[Told]) -> None:
        """Record its results, on their days."""
        for one in results:
            self.add(
                "b",
                one["on"],
                "result",
                study=study,
                happened_on=self.day(one["on"]),
                **{name: one[name] for name in _RESULT if name in one},
            )

    def _go(self, days: int, operation: Callable[..., Any], study: int, **given: Any) -> None:
        with acting_as(SERVICE):
            version = Study.objects.values_list("version", flat=True).get(pk=study)
        self.act("a", days, operation, study_id=study, version=version, **given)


_RESULT = ("kind", "title", "details", "benefits", "reached", "proof")
