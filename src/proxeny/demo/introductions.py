"""The introductions of the demo's desks, from a note to the outcome of the meeting."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from proxeny.ambassadors.models import Introduction, Side, TimeOption
from proxeny.ambassadors.operations import booking, reminders, wishes
from proxeny.ambassadors.operations import introductions as cases
from proxeny.ambassadors.operations.ratings import rate_by_link
from proxeny.ambassadors.queries.cases import Contact
from proxeny.demo.at_desks import AtDesks
from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import SERVICE, STRANGER, WEB, acting_as
from proxeny.meetings.operations import rate_meeting

type Told = Mapping[str, Any]

BOTH = (Side.Role.MEMBER, Side.Role.STAKEHOLDER)
_LINK = re.compile(r"/answer/([\w-]+)/")


class Case:
    """One introduction, from the note to its outcome."""

    def __init__(self, desk: AtDesks, told: Told) -> None:
        self.desk, self.told = desk, told
        self.ambassador = desk.ambassador(told["desk"])
        self.zone = desk.content["desks"][told["desk"]]["zone"]
        self.contacts: dict[str, Contact] = {}
        self.pk = 0

    def live(self) -> None:
        """Go through its steps, in order."""
        self.note()
        for step in self.told["steps"]:
            given = {name: value for name, value in step.items() if name not in ("do", "on")}
            DEEDS[step["do"]](self, step.get("on", 0), **given)

    def note(self) -> None:
        """Note the two organisations to introduce, and the reason."""
        ids = []
        for role in BOTH:
            pk, self.contacts[role] = self.desk.find(self.told[role])
            ids.append(pk)
        mandate = self.desk.mandates.get(self.told.get("mandate", ""))
        source = Introduction.Source.MANDATE if mandate else Introduction.Source.HAND
        member, stakeholder = (self.contacts[role] for role in BOTH)
        self.pk = self.desk.deed(
            self.ambassador,
            self.told["noted"],
            cases.note_introduction,
            partnership_id=self.desk.pk,
            member_id=ids[0],
            stakeholder_id=ids[1],
            facts=self.facts(
                self.told.get("next", {}),
                member_contact=member,
                stakeholder_contact=None if self.told.get("nobody") else stakeholder,
            ),
            origin=cases.Origin(source, mandate),
        ).pk

    def facts(self, following: Told, **contacts: Contact | None) -> cases.Facts:
        """Return the desk's facts about it, and the next step."""
        told, due = self.told, following.get("due")
        return cases.Facts(
            reason=told["reason"],
            place=told.get("place", ""),
            bring=told.get("bring", ""),
            duration_min=told.get("minutes", 45),
            needs_interpreter="interpreter" in told,
            interpreter=told.get("interpreter", ""),
            in_charge_id=self.ambassador,
            next_step=following.get("step", ""),
            next_on=None if due is None else self.desk.day(due),
            **contacts,
        )

    def at_desk(self, days: int, operation: Callable[..., Any], **given: Any) -> Any:
        """Do something as the ambassador."""
        return self.desk.deed(self.ambassador, days, operation, introduction_id=self.pk, **given)

    def by_side(
        self,
        who: str,
        days: int,
        own: Callable[..., Any],
        by_link: Callable[..., Any],
        /,
        **given: Any,
    ) -> None:
        """Answer as one of the two: on the own page, or by the newest link in their mail."""
        contact = self.contacts[who]
        if contact.person_id:
            self.desk.deed(contact.person_id, days, own, hour=15, introduction_id=self.pk, **given)
            return
        now = self.desk.world.moment(days, 16)
        token = self.read_token(contact.email)
        with acting_as(WEB, STRANGER):
            by_link(token=token, now=now, **given)
        self.desk.world.date_history(now)

    def read_token(self, email: str) -> str:
        """Return the secret of the newest link that an address got: the mail alone holds it."""
        with acting_as(SERVICE):
            mails = Mail.objects.filter(
                recipient=email, key__startswith=f"desk:{self.pk}:", text__contains="/answer/"
            )
            return str(_LINK.findall(mails.order_by("-pk")[0].text)[-1])

    def by_itself(self, now: datetime, operation: Callable[..., Any], number: int) -> None:
        """Run Proxeny's hourly duties."""
        with acting_as(SERVICE):
            operation(number, now=now)
        self.desk.world.date_history(now)

    def side(self, who: str) -> int:
        """Return the number of one of the two sides."""
        with acting_as(SERVICE):
            return Side.objects.get(introduction_id=self.pk, role=who).pk

    def options(self, times: Sequence[str]) -> list[int]:
        """Return the numbers of open times."""
        wanted = [self.desk.moment(one, self.zone) for one in times]
        with acting_as(SERVICE):
            found = TimeOption.objects.filter(
                introduction_id=self.pk, withdrawn_at=None, starts_at__in=wanted
            )
            return list(found.values_list("pk", flat=True))

    def ask(self, days: int, roles: Sequence[str] = BOTH) -> None:
        """Ask whether they want to meet."""
        self.at_desk(days, wishes.ask_sides, roles=roles)

    def wish(
        self, days: int, who: str, *, wants: bool, why: str = "", pass_on: bool | None = None
    ) -> None:
        """Say whether one wants to meet, and by link whether the address may be passed on."""
        by_link = partial(wishes.answer_wish_by_link, may_pass_on=pass_on)
        self.by_side(who, days, wishes.answer_wish, by_link, wants=wants, why=why)

    def agree(self, days: int, *, pass_on: bool | None = None) -> None:
        """Let both say that they want to meet."""
        for who in BOTH:
            self.wish(days, who, wants=True, pass_on=pass_on)

    def hear(self, days: int, who: str, *, wants: bool, why: str) -> None:
        """Record a side's answer by telephone."""
        self.at_desk(days, wishes.note_answer, role=who, wants=wants, why=why)

    def offer(self, days: int, times: Sequence[str]) -> None:
        """Propose times."""
        proposals = [booking.Proposal(self.desk.moment(one, self.zone)) for one in times]
        self.at_desk(days, booking.offer_times, proposals=proposals, time_zone=self.zone)

    def suit(self, days: int, who: str, times: Sequence[str]) -> None:
        """Say which times suit a side."""
        self.by_side(
            who, days, booking.answer_times, booking.answer_times_by_link, suits=self.options(times)
        )

    def settle(self, days: int, time: str) -> None:
        """Let both say that a time suits."""
        for who in BOTH:
            self.suit(days, who, [time])

    def propose(self, days: int, who: str, time: str, word: str) -> None:
        """Propose another time for a side, none of the others suiting it."""
        proposal = booking.Proposal(self.desk.moment(time, self.zone), note=word)
        self.by_side(
            who,
            days,
            booking.answer_times,
            booking.answer_times_by_link,
            suits=[],
            proposal=proposal,
        )

    def accept(self, days: int, time: str) -> None:
        """Say for the desk that a time which a side proposed suits."""
        (option,) = self.options([time])
        self.at_desk(days, booking.answer_for_desk, option_id=option, suits=True)

    def book(self, days: int, time: str, why: str) -> None:
        """Book the meeting agreed by telephone."""
        self.at_desk(
            days,
            booking.book_directly,
            starts_at=self.desk.moment(time, self.zone),
            time_zone=self.zone,
            why=why,
        )

    def remind(self, days: int, who: str) -> None:
        """Have Proxeny remind a side that has not answered."""
        self.by_itself(self.desk.world.moment(days, 11), reminders.remind_side, self.side(who))

    def end(self, _days: int) -> None:
        """Let Proxeny note that the meeting is over, and ask how it went."""
        with acting_as(SERVICE):
            meeting = Introduction.objects.select_related("meeting").get(pk=self.pk).meeting
        assert meeting is not None  # noqa: S101 - it was booked a step before
        self.by_itself(meeting.ends_at + timedelta(minutes=20), reminders.close_day, self.pk)

    def remind_to_rate(self, days: int, who: str) -> None:
        """Let Proxeny ask once more how it went."""
        self.by_itself(self.desk.world.moment(days, 11), reminders.remind_to_rate, self.side(who))

    def ask_later(self, days: int) -> None:
        """Have Proxeny ask for the outcome."""
        self.by_itself(self.desk.world.moment(days, 11), reminders.ask_later, self.pk)

    def rate(
        self,
        days: int,
        who: str,
        value: str,
        *,
        phase: str = "day",
        note: str = "",
        agreed: str = "",
        worth: int | None = None,
    ) -> None:
        """Rate the meeting, or its outcome."""
        with acting_as(SERVICE):
            meeting = Introduction.objects.get(pk=self.pk).meeting_id
        own = partial(_rate_own, meeting_id=meeting, phase=phase)
        self.by_side(
            who,
            days,
            own,
            rate_by_link,
            value=value,
            note=note,
            agreed=agreed,
            worth=None if worth is None else Decimal(worth),
        )

    def write(self, days: int, text: str) -> None:
        """Keep a note that the desk's team alone reads."""
        self.at_desk(days, cases.write_note, text=text)

    def plan(self, days: int, step: str, due: int) -> None:
        """Save the next step."""
        with acting_as(SERVICE):
            version = Introduction.objects.get(pk=self.pk).version
        self.at_desk(
            days,
            cases.change_introduction,
            version=version,
            facts=self.facts({"step": step, "due": due}),
        )

    def close(self, days: int, why: str) -> None:
        """Put it aside."""
        self.at_desk(days, cases.close_introduction, why=why)


def _rate_own(*, introduction_id: int, **given: Any) -> Any:
    """Rate a meeting from the participant's own page, where it is known by its number."""
    return rate_meeting(**given)


#: The action of each entry in `steps`.
DEEDS: dict[str, Callable[..., None]] = {
    "ask": Case.ask,
    "wish": Case.wish,
    "agree": Case.agree,
    "told": Case.hear,
    "offer": Case.offer,
    "suit": Case.suit,
    "settle": Case.settle,
    "propose": Case.propose,
    "accept": Case.accept,
    "book": Case.book,
    "remind": Case.remind,
    "over": Case.end,
    "remind_to_rate": Case.remind_to_rate,
    "later": Case.ask_later,
    "rate": Case.rate,
    "note": Case.write,
    "plan": Case.plan,
    "close": Case.close,
}
