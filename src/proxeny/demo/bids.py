"""Two bids of one demo partnership: one in preparation, one that was lost."""

import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from proxeny.accounts.models import Person
from proxeny.bids.models import Bid, Partner, Search
from proxeny.bids.operations import proposing, searching
from proxeny.bids.operations.answering import sign_own
from proxeny.bids.operations.asking import ask_partner
from proxeny.bids.operations.deciding import say_stance
from proxeny.bids.operations.papers import bring_version
from proxeny.bids.operations.planning import set_needs
from proxeny.bids.operations.results import note_result
from proxeny.bids.operations.signing_off import put_before_all
from proxeny.bids.operations.spending import Figures, write_budget
from proxeny.bids.operations.steps import plan_back
from proxeny.bids.operations.submitting import submit_bid
from proxeny.bids.queries.bids import partners_of
from proxeny.bids.queries.budgets import packages_of
from proxeny.calls.models import Call
from proxeny.demo.in_room import InRoom
from proxeny.demo.texts import read_content
from proxeny.demo.world import World
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Agreement

type Told = Mapping[str, Any]
#: Costs of a work package for each partner besides months, in the order of the partners.
_MONEY = ("subcontracting", "travel", "equipment", "goods")


def build_bids(world: World) -> None:
    """Prepare two bids; one of them was lost."""
    content = read_content("bids")
    room = Bids(world, content["partnership"])
    for told in content["bids"]:
        room.live(told)
    world.say(f"  {len(content['bids'])} joint bids")


class Bids(InRoom):
    """The two sides, as they bid for something together."""

    def live(self, told: Told) -> None:
        """Live through one bid as far as it has come."""
        bid = self.begin(told)
        for one in told["stances"]:
            self.act(
                one["side"],
                one["on"],
                say_stance,
                bid_id=bid,
                says=one["says"],
                goes_on=one["goes_on"],
                without_grant=one["without_grant"],
                why=one.get("why", ""),
            )
        partners = [self.note(bid, told["begun"] + 3, one) for one in told["partners"]]
        self.plan(bid, told, partners)
        self.reckon(bid, told, partners)
        for partner, one in zip(partners, told["partners"], strict=True):
            self.ask(bid, partner, one)
        if "steps" in told:
            self.act("a", told["steps"], plan_back, bid_id=bid)
        for one in told.get("papers", ()):
            self.write(bid, told["begun"] + 4, one)
        if "search" in told:
            self.search(bid, told["search"])
        if "submitted" in told:
            self.finish(bid, told, partners)

    def begin(self, told: Told) -> int:
        """Begin a bid; return its number."""
        with acting_as(SERVICE):
            call = Call.objects.get(reference=told["call"]).pk
        made = self.add(
            "a",
            told["begun"],
            "bid",
            call=call,
            title=told["title"],
            acronym=told["acronym"],
            idea=told["idea"].strip(),
            months=told["months"],
            starts_on=self.day(told["starts"]),
        )
        return int(made.pk)

    def note(self, bid: int, days: int, one: Told) -> int:
        """Note a partner: the organisation of one of the demo's members, or a cluster."""
        values = {name: one[name] for name in _FACTS if name in one}
        values["party"] = self.parties.get(one.get("side", ""))
        organisation = (
            self.world.sides[one["cluster"]].id
            if "cluster" in one
            else _organisation_of(one["member"])
        )
        made = self.add(
            one.get("side", "a"), days, "bid-partner", bid=bid, organisation=organisation, **values
        )
        return int(made.pk)

    def plan(self, bid: int, told: Told, partners: list[int]) -> None:
        """Write the work packages, their leaders and their dependencies."""
        made = [
            self.add(
                "b",
                told["begun"] + 5,
                "work-package",
                bid=bid,
                number=number,
                title=one["title"],
                first_month=one["first"],
                last_month=one["last"],
                lead=partners[one["lead"]],
            )
            for number, one in enumerate(told["packages"], start=1)
        ]
        for package, one in zip(made, told["packages"], strict=True):
            if "needs" in one:
                self.act(
                    "b",
                    told["begun"] + 5,
                    set_needs,
                    bid_id=bid,
                    package_id=package.pk,
                    version=1,
                    needs=[made[at].pk for at in one["needs"]],
                )

    def reckon(self, bid: int, told: Told, partners: list[int]) -> None:
        """Enter each partner's contribution to each work package."""
        packages = self.read(lambda: [one.pk for one in packages_of(self.bid(bid))])
        for place, (partner, one) in enumerate(zip(partners, told["partners"], strict=True)):
            cells = {
                (package, category): Decimal(amount)
                for package, work in zip(packages, told["packages"], strict=True)
                for category, amount in (
                    ("months", work["months"][place]),
                    *((name, work.get(name, [0] * len(partners))[place]) for name in _MONEY),
                )
                if amount
            }
            self.act(
                one.get("side", "a"),
                told["begun"] + 6,
                write_budget,
                bid_id=bid,
                partner_id=partner,
                version=self.version(Partner, partner),
                figures=Figures(rate=Decimal(one["rate"]), cells=cells),
            )

    def ask(self, bid: int, partner: int, one: Told) -> None:
        """Ask a partner for its letter, and sign it where it was signed."""
        if "asked" not in one:
            return
        self.act("a", one["asked"], ask_partner, bid_id=bid, partner_id=partner)
        if "signed" in one:
            self.sign(partner, Agreement.Kind.LETTER, str(partner), one["member"], one["signed"])

    def sign(self, partner: int, kind: str, subject: str, email: str, days: int) -> None:
        """Sign the pending text of a partner, as one of its people."""
        with acting_as(SERVICE):
            text = Agreement.objects.get(
                partnership_id=self.pk, kind=kind, subject=subject, closed_at=None
            )
            person = Person.objects.get(account__email=email).pk
        self.deed(
            person,
            days,
            sign_own,
            partner_id=partner,
            agreement_id=text.pk,
            text_hash=text.text_hash,
        )

    def write(self, bid: int, days: int, one: Told) -> None:
        """Add a document, and upload its versions."""
        paper = self.add(
            "a",
            days,
            "bid-paper",
            bid=bid,
            title=one["title"],
            kind=one["kind"],
            is_required=one["required"],
        )
        for number, version in enumerate(one["versions"], start=1):
            self.act(
                version["by"],
                version["on"],
                bring_version,
                bid_id=bid,
                paper_id=paper.pk,
                name=f"part-b-{number}.txt",
                content=version["text"].encode(),
                news=version["news"],
            )

    def search(self, bid: int, days: int) -> None:
        """Look for the best consortia, as the background job would."""
        at = self.world.moment(days)
        with self.world.acting(self.sides["a"].manager_id, at=at) as actor:
            one = self.bid(bid)
            settings = searching.begin_settings(
                one, partners_of(one), packages_of(one), list(self.parties.values())
            )
            made = searching.search_partners(
                actor=actor, partnership_id=self.pk, bid_id=bid, settings=settings
            )
            draft = proposing.load_search(
                actor=actor,
                partnership_id=self.pk,
                bid_id=bid,
                search_id=made.pk,
                today=self.world.today,
            )
            result = proposing.work_search_out(
                draft,
                report=lambda step, percent: None,
                should_stop=lambda: False,
                clock=time.monotonic,
            )
            proposing.store_search(draft=draft, result=result, seconds=1.0, now=at)
        _call_off(made)

    def finish(self, bid: int, told: Told, partners: list[int]) -> None:
        """Put a bid before all, sign it, submit it and note the result."""
        self.act("a", told["signed"], put_before_all, bid_id=bid)
        for partner, one in zip(partners, told["partners"], strict=True):
            self.sign(partner, Agreement.Kind.BID, str(bid), one["member"], told["signed"] + 1)
        self.act(
            "a",
            told["submitted"],
            submit_bid,
            bid_id=bid,
            version=self.version(Bid, bid),
            submitted_at=self.world.moment(told["submitted"], 9),
            number=told["submitted_as"],
            although=told.get("although", ""),
        )
        result = told["result"]
        self.act(
            "b",
            result["on"],
            note_result,
            bid_id=bid,
            version=self.version(Bid, bid),
            answer=result["answer"],
            decided_on=self.day(result["on"]),
            points=Decimal(result["points"]),
            learned=result["learned"],
        )

    def bid(self, pk: int) -> Bid:
        """Return the current state of a bid."""
        return Bid.objects.select_related("call").get(pk=pk)

    def read(self, work: Any) -> Any:
        """Read data of the room, with no regard to rights."""
        with acting_as(SERVICE):
            return work()

    def version(self, model: Any, pk: int) -> int:
        """Return the version of a row."""
        with acting_as(SERVICE):
            return int(model.objects.values_list("version", flat=True).get(pk=pk))


_FACTS = ("role", "leads", "brings", "contact_name", "contact_email")


def _organisation_of(email: str) -> int:
    with acting_as(SERVICE):
        person = Person.objects.get(account__email=email)
        return int(person.seats.get().organisation_id)


def _call_off(made: Search) -> None:
    """Mark the job of a search that has already been run as done."""
    with acting_as(SERVICE):
        Job.objects.filter(pk=made.job_id or 0).update(
            state=Job.State.DONE, finished_at=made.created_at
        )
