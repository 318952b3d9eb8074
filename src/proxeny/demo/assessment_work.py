"""The demo's assessment of one company: the teams' findings, their report, and the follow-up."""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from proxeny.assessments.models import Step
from proxeny.assessments.operations.advising import ADVICE, AdviceFacts, rest_on
from proxeny.assessments.operations.closing import close_engagement
from proxeny.assessments.operations.figures import FigureFacts, bring_table
from proxeny.assessments.operations.findings import FINDINGS, FindingFacts, add_source
from proxeny.assessments.operations.follow_up import LaterFacts, answer_later, ask_later
from proxeny.assessments.operations.handing_over import (
    HandOverFacts,
    arrange_hand_over,
    note_handed_over,
)
from proxeny.assessments.operations.notes import NOTES, NoteFacts
from proxeny.assessments.operations.plan import finish_step
from proxeny.assessments.operations.remarks import write_remark
from proxeny.assessments.operations.reports import give_report, write_summary
from proxeny.assessments.operations.work import FIGURE, FINDING, NOTE
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.assessments.queries.follow_up import seen_of
from proxeny.assessments.queries.reports import read_draft
from proxeny.assessments.queries.templates import read_template
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Recommendation
from proxeny.partnerships.operations.advice import take_own_step

if TYPE_CHECKING:
    from proxeny.demo.assessments import _Consultants

_TARGETS = {"note": NOTE, "figure": FIGURE, "finding": FINDING}


class Work:
    """One engagement from its signed brief on."""

    def __init__(
        self, desk: "_Consultants", engagement: int, client: int, told: Mapping[str, Any]
    ) -> None:
        self.desk, self.pk, self.client, self.told = desk, engagement, client, told
        self.made: dict[tuple[str, str], int] = {}
        self.advice: list[tuple[int, Mapping[str, Any]]] = []

    def live(self) -> None:
        """Research, conclude, report, and record the outcome, as far as it has come."""
        for told in self.told.get("notes", []):
            self.note(told)
        for told in self.told.get("figures", []):
            self.bring(told)
        for told in self.told.get("findings", []):
            self.conclude(told)
        for told in self.told.get("advice", []):
            self.advise(told)
        self.finish_steps()
        if "report" in self.told:
            self.report(self.told["report"])
        if "close" in self.told:
            self.team(
                "b",
                self.told["close"]["on"],
                close_engagement,
                version=self.version,
                text=self.told["close"]["lesson"],
            )

    @property
    def version(self) -> int:
        """The number of times the engagement has been saved."""
        return self.desk.version(self.pk)

    def team(self, side: str, days: int, operation: Any, **given: Any) -> Any:
        """Run an operation as a side's adviser."""
        return self.desk.deed(
            self.desk.adviser(side), days, operation, engagement_id=self.pk, **given
        )

    def note(self, told: Mapping[str, Any]) -> None:
        """Record a finding, on the side whose market it is."""
        facts = NoteFacts(
            kind=told["kind"],
            title=told["title"],
            text=told.get("text", ""),
            origin=told["origin"],
            url=told.get("url", ""),
            seen_on=self.desk.day(told["on"]),
            amount=Decimal(told["amount"]) if "amount" in told else None,
            currency=told.get("currency", ""),
            unit=told.get("unit", ""),
        )
        side = "a" if self.told["market"] == "GR" else "b"
        self.made["note", told["key"]] = self.team(side, told["on"], NOTES.write, facts=facts).pk

    def bring(self, told: Mapping[str, Any]) -> None:
        """Add a figure to the library."""
        facts = FigureFacts(
            title=told["title"],
            unit=told["unit"],
            shape="line",
            source=told["source"],
            url=told["url"],
            licence=told["licence"],
        )
        figure = self.desk.deed(
            self.desk.adviser("a"),
            told["on"],
            bring_table,
            partnership_id=self.desk.pk,
            facts=facts,
            text=told["table"].strip(),
            decimal=",",
        )
        with acting_as(SERVICE):
            self.made["figure", told["key"]] = figure.versions.get().pk

    def conclude(self, told: Mapping[str, Any]) -> None:
        """Write a finding with its sources."""
        with acting_as(SERVICE), override(self.told["language"]):
            engagement = get_engagement(self.pk)
            chapters = read_template(engagement.partnership_id, engagement.question).chapters
        facts = FindingFacts(
            title=told["title"],
            text=told["text"],
            chapter=chapters[told["chapter"]],
            confidence=told["confidence"],
        )
        on = self.told.get("report", {"given": -4})["given"] - 6
        made = self.team("a", on, FINDINGS.write, facts=facts).pk
        self.made["finding", told["key"]] = made
        for kind, key, place in told["sources"]:
            source = {f"{kind}_id": self.made[kind, key]}
            self.team("a", on, add_source, finding_id=made, place=place, **source)

    def advise(self, told: Mapping[str, Any]) -> None:
        """Recommend something, with its evidence."""
        on = self.told["report"]["given"] - 3
        facts = AdviceFacts(told["title"], told["details"], Recommendation.Addressee.COMPANY, None)
        made = self.team("b", on, ADVICE.write, facts=facts).pk
        for kind, key, place in told["rests"]:
            self.team(
                "b",
                on,
                rest_on,
                advice_id=made,
                target=_TARGETS[kind],
                target_id=self.made[kind, key],
                place=place,
            )
        self.advice.append((made, told))

    def finish_steps(self) -> None:
        """Mark the finished steps of the plan: all of them, or those that were due."""
        with acting_as(SERVICE):
            steps = list(Step.objects.filter(engagement=self.pk).order_by("due_on", "pk"))
        for one in steps:
            days = (one.due_on - self.desk.world.today).days
            done = min(days, self.told["steps_done"]) if "steps_done" in self.told else days - 1
            if done < -1:
                self.team("a", done, finish_step, step_id=one.pk)

    def report(self, told: Mapping[str, Any]) -> None:
        """Send the report, discuss it, hand it over, and record the outcome."""
        self.team(
            "a",
            told["given"] - 1,
            write_summary,
            version=self.version,
            summary=told["summary"].strip(),
        )
        with acting_as(SERVICE):
            seen = read_draft(get_engagement(self.pk)).seen
        self.team("a", told["given"], give_report, seen=seen, hour=11)
        for one in told.get("remarks", []):
            self.remark(one)
        for record, one in self.advice:
            self.decide(record, one)
        if "held" in told:
            self.team(
                "b",
                told["held"],
                note_handed_over,
                seen=self.version,
                held_on=self.desk.day(told["held"]),
                hour=15,
            )
        if "meets" in told:
            self.meet(*told["meets"])
        for value, days, worth, text in told.get("later", []):
            self.tell_later(value, days, worth, text)

    def remark(self, told: Mapping[str, Any]) -> None:
        """Say something beside a finding, and answer it."""
        passage = f"finding-{self.made['finding', told['finding']]}"
        given: dict[str, Any] = {"engagement_id": self.pk, "number": 1, "passage": passage}
        made = self.desk.deed(self.client, told["on"], write_remark, text=told["text"], **given)
        self.desk.deed(
            self.desk.adviser("a"),
            told["answered"],
            write_remark,
            text=told["answer"],
            answers=made.pk,
            **given,
        )

    def decide(self, record: int, told: Mapping[str, Any]) -> None:
        """Let the company decide on a recommendation, and say how it is done."""
        for state, on, reason in (
            (told.get("decision"), told.get("decided"), told.get("reason", "")),
            (
                "adopted" if "adopted" in told else None,
                told.get("adopted"),
                told.get("adoption", ""),
            ),
        ):
            if state and on is not None:
                with acting_as(SERVICE):
                    version = Recommendation.objects.values_list("version", flat=True).get(
                        pk=record
                    )
                self.desk.deed(
                    self.client,
                    on,
                    take_own_step,
                    record_id=record,
                    version=version,
                    state=state,
                    reason=reason,
                )

    def meet(self, days: int, at: str, place: str) -> None:
        """Arrange the meeting in which the report is handed over."""
        guests = (self.client, *(self.desk.adviser(side) for side in "ab"))
        facts = HandOverFacts(
            starts_at=self.desk.moment(days, at),
            duration_min=60,
            time_zone="Europe/Paris",
            place=place,
            guests=guests,
        )
        self.team("b", -4, arrange_hand_over, version=self.version, facts=facts)

    def tell_later(self, value: str, days: int, worth: str, text: str) -> None:
        """Ask the company half a year later, and let it answer."""
        asked = self.desk.later_of(self.pk, 6)
        due = (asked.due_on - self.desk.world.today).days
        with acting_as(SERVICE):
            ask_later(asked.pk, now=self.desk.world.moment(due, 8))
        facts = LaterFacts(value=value, worth=Decimal(worth), currency="EUR", text=text)
        asked = self.desk.later_of(self.pk, 6)
        self.desk.deed(
            self.client,
            max(days, due),
            answer_later,
            engagement_id=self.pk,
            months=6,
            seen=seen_of(asked),
            facts=facts,
        )
