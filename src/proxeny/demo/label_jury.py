"""Judging of the demo's label rounds: assignments, scores, the discussion, the decision."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from proxeny.accounts.models import Role
from proxeny.accounts.operations import create_holder
from proxeny.demo.guests import Guest
from proxeny.demo.in_room import InRoom
from proxeny.demo.texts import read_content
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.labels.composing import key_of
from proxeny.labels.models import Assignment, Decision, Indicator, Round
from proxeny.labels.operations.abstaining import abstain
from proxeny.labels.operations.appeals import ask_appeal, read_anew
from proxeny.labels.operations.assigning import show_proposal, take_proposal
from proxeny.labels.operations.deciding import decide_round
from proxeny.labels.operations.deciding_appeals import decide_appeal
from proxeny.labels.operations.declaring import answer_invitation, declare
from proxeny.labels.operations.discussing import remark_as_juror, remark_as_manager
from proxeny.labels.operations.jury import ask_juror
from proxeny.labels.operations.letters import send_letters
from proxeny.labels.operations.meetings import Meeting
from proxeny.labels.operations.rounds import begin_discussing
from proxeny.labels.operations.scoring import Typed, TypedComment, finish_scoring, save_scores
from proxeny.labels.operations.selecting import Wish, read_proposal
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations.signing import sign_text

type Told = Mapping[str, Any]
#: Applications in the order of the content, with their applicants.
type Applied = Sequence[tuple[int, Guest]]
#: A juror's overall comments, by the result.
_SAID = (
    (Decimal(4), "Others can learn from it. I would show it tomorrow."),
    (Decimal(3), "It works, and there is a need for it. What’s missing is listed below."),
    (Decimal(0), "A good beginning. It is too early for both shores."),
)


class Jury:
    """Six jurors: the ambassadors, and two from each cluster with no other part in the demo."""

    def __init__(self, room: InRoom, content: Told) -> None:
        self.room, self.content = room, content
        self.people: dict[str, int] = {}
        for side in "ab":
            slug = room.sides[side].slug
            self.people[f"ambassador@{slug}.example"] = room.people[f"ambassador@{slug}.example"]
            for one in content["jurors"]:
                if one["side"] == side:
                    self.people[one["email"]] = self.seat(one, slug)
        #: Places in juries, by round and person.
        self.jurors: dict[int, dict[str, int]] = {}

    def seat(self, one: Told, slug: str) -> int:
        """Give somebody the seat of a juror."""
        return create_holder(
            email=one["email"],
            name=one["name"],
            organisation_id=self.room.world.sides[slug].id,
            role=Role.JUROR,
            today=self.room.world.since,
            language=one["language"],
            time_zone=read_content("clusters")[slug]["time_zone"],
            password=read_content("people")["password"],
        ).pk

    def ask(self, held: int, told: Told) -> None:
        """Ask all six, each by their own cluster; all say yes."""
        judging = self.content["judging"]
        self.jurors[held] = {}
        for place, (email, person) in enumerate(self.people.items()):
            asked = self.room.act(
                "ab"[place // 3],
                told["asked"],
                ask_juror,
                round_id=held,
                person_id=person,
                topics=judging["fields"][place].split(", "),
            )
            self.room.deed(
                person, told["asked"] + 1, answer_invitation, juror_id=asked.pk, takes_part=True
            )
            self.jurors[held][email] = asked.pk

    def live(self, held: int, told: Told, applied: Applied) -> None:
        """Judge a round as far as it has come."""
        by_key = {guest.member.slug: guest.organisation_id for _pk, guest in applied}
        for email, person in self.people.items():
            key, reason = told["conflicts"].get(email, ("", ""))
            self.room.deed(
                person,
                told["judged"] + 1,
                declare,
                juror_id=self.jurors[held][email],
                conflicts={by_key[key]: reason} if key else {},
            )
        shown = self.room.act("a", told["judged"] + 2, show_proposal, round_id=held)
        self.room.act("a", told["judged"] + 2, take_proposal, round_id=held, seen=shown.fingerprint)
        if "decided" in told:
            self.score(held, told, applied)
            self.decide(held, told, applied)
        else:
            self.begin(held, told, applied)

    def begin(self, held: int, told: Told, applied: Applied) -> None:
        """Let each score some, begin another, and one abstain: the rest waits."""
        away = told["abstains"]
        for place, (email, done) in enumerate(zip(self.people, told["done"], strict=True)):
            given = self.given(held, email)
            for number, one in enumerate(given[: done + 1]):
                if number < done:
                    self.finish(place, email, told["scored"], one, told, applied)
                elif email != away["by"]:
                    self.room.deed(
                        self.people[email],
                        told["scored"],
                        save_scores,
                        assignment_id=one.pk,
                        scores=self.scores(place, one, told, applied, days=told["scored"])[:2],
                    )
                else:
                    self.room.deed(
                        self.people[email],
                        told["scored"] + 1,
                        abstain,
                        assignment_id=one.pk,
                        why=away["why"],
                    )

    def score(self, held: int, told: Told, applied: Applied) -> None:
        """Have all jurors score their applications."""
        for place, email in enumerate(self.people):
            for one in self.given(held, email):
                self.finish(place, email, told["scored"], one, told, applied)

    def given(self, held: int, email: str, *, anew: bool = False) -> list[Assignment]:
        """Return a juror's applications, in the order of submission."""
        with acting_as(SERVICE):
            found = Assignment.objects.filter(
                round_id=held, juror_id=self.jurors[held][email], is_appeal=anew
            )
            return list(found.order_by("application_id"))

    def finish(
        self, place: int, email: str, days: int, one: Assignment, told: Told, applied: Applied
    ) -> None:
        """Score one application to the end."""
        scores = self.scores(place, one, told, applied, days=days)
        given = [score.points for score in scores if score.points is not None]
        mean = sum(given) / len(given)
        said = next(text for least, text in _SAID if mean >= least)
        at = self.room.world.moment(days)
        self.room.deed(
            self.people[email],
            days,
            finish_scoring,
            assignment_id=one.pk,
            scores=scores,
            comment=TypedComment(said, at),
        )

    def scores(
        self, place: int, one: Assignment, told: Told, applied: Applied, *, days: int
    ) -> list[Typed]:
        """Return a juror's scores: close to the true ones, with a personal bias."""
        at = [pk for pk, _guest in applied].index(one.application_id)
        stands = told["applications"][at]["points_anew" if one.is_appeal else "points"]
        lean = Decimal(str(self.content["judging"]["leans"][place]))
        with acting_as(SERVICE):
            found = Indicator.objects.filter(scheme__rounds=one.round_id)
            indicators = list(found.order_by("criterion__number", "number"))
        made = []
        for number, (indicator, base) in enumerate(zip(indicators, stands, strict=True)):
            own = Decimal("0.5") if (at + 2 * place + number) % 5 == 0 and not lean else Decimal(0)
            points = max(Decimal(0), min(Decimal(indicator.scale), Decimal(str(base)) + lean - own))
            comment = "" if number else told["applications"][at]["answers"][0]
            made.append(
                Typed(
                    key_of(indicator),
                    points,
                    f"“{comment}” I agree." if comment else "",
                    self.room.world.moment(days),
                )
            )
        return made

    def decide(self, held: int, told: Told, applied: Applied) -> None:
        """Discuss, decide at a meeting, send the letters, and read one application again."""
        self.room.act("a", told["discussed"], begin_discussing, round_id=held)
        for one in told["remarks"]:
            self.remark(held, told, applied, one)
        at = self.room.world.moment(told["decided"], 10)
        with self.room.world.acting(self.room.sides["a"].manager_id, at=at) as actor:
            one = Round.objects.select_related("scheme", "scheme_version").get(pk=held)
            seen = read_proposal(actor=actor, held=one, wish=Wish()).fingerprint
            decision = decide_round(
                actor=actor,
                partnership_id=self.room.pk,
                round_id=held,
                seen=seen,
                wish=Wish(),
                meeting=self.meeting(told, told["decided"], told["minutes"]),
                now=at,
            )
        self.confirm("b", told["decided"] + 1, decision)
        self.room.act("b", told["told"], send_letters, round_id=held)
        for (pk, guest), one in zip(applied, told["applications"], strict=True):
            if "appeal" in one:
                self.appeal(held, told, applied, pk, guest, one)

    def remark(self, held: int, told: Told, applied: Applied, one: Told) -> None:
        """Say something of an application, as a juror of it or as a manager."""
        pk = applied[one["number"] - 1][0]
        if one["by"] == "juror":
            # The first juror who reads it: assignments were calculated, not given by the content.
            reads = {
                email: given
                for email in self.people
                for given in self.given(held, email)
                if given.application_id == pk
            }
            email, given = next(iter(reads.items()))
            self.room.deed(
                self.people[email],
                told["discussed"] + 1,
                remark_as_juror,
                assignment_id=given.pk,
                text=one["text"],
            )
        else:
            self.room.act(
                one["by"],
                told["discussed"] + 1,
                remark_as_manager,
                round_id=held,
                application_id=pk,
                text=one["text"],
            )

    def appeal(
        self, held: int, told: Told, applied: Applied, pk: int, guest: Guest, one: Told
    ) -> None:
        """Appeal; three others read it, and do not find it better."""
        days = told["told"] + 5
        made = self.room.deed(
            guest.person_id, days, ask_appeal, application_id=pk, text=one["appeal"]
        )
        self.room.act("a", days + 1, read_anew, round_id=held, appeal_id=made.pk)
        for place, email in enumerate(self.people):
            for given in self.given(held, email, anew=True):
                self.finish(place, email, days + 6, given, told, applied)
        decision = self.room.act(
            "b",
            days + 8,
            decide_appeal,
            round_id=held,
            appeal_id=made.pk,
            answer=one["appeal_answer"],
            meeting=self.meeting(told, days + 8, one["appeal_answer"]),
        )
        self.confirm("a", days + 8, decision)

    def confirm(self, side: str, days: int, decision: Decision) -> None:
        """Confirm the other side's decision on behalf of a side."""
        with acting_as(SERVICE):
            text = Agreement.objects.get(
                partnership_id=self.room.pk,
                kind=Agreement.Kind.ROUND,
                subject=str(decision.pk),
                closed_at=None,
            )
        self.room.act(side, days, sign_text, agreement_id=text.pk, text_hash=text.text_hash)

    def meeting(self, told: Told, days: int, minutes: str) -> Meeting:
        """Return a meeting of the jury, this many days from that of loading."""
        return Meeting(held_on=self.room.day(days), present=told["present"], minutes=minutes)
