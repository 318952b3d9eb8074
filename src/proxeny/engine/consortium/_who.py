"""Match of a participant with a rule's target: yes, no, or in doubt with a reason."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from proxeny.engine.consortium.countries import Setting, find_statuses, plain_code
from proxeny.engine.consortium.model import Doubt, Participant, Who
from proxeny.engine.consortium.rules import Call

__all__ = ["Judge", "Seen", "paid_of"]


class _Asking(Protocol):
    @property
    def request(self) -> int | None:
        """In minor units."""


def paid_of(one: _Asking) -> bool | None:
    """Whether one requests money; None if that is not known."""
    return None if one.request is None else one.request > 0


@dataclass(frozen=True, slots=True)
class Seen:
    """Those that a rule means for sure, those that it may mean, and why it is not sure."""

    sure: tuple[Participant, ...]
    maybe: tuple[Participant, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class Judge:
    """Says of participants of a call what they are."""

    call: Call

    @cached_property
    def _setting(self) -> Setting:
        call = self.call
        return Setting(
            programme=call.programme, on=call.on, budget_year=call.budget_year, part=call.part
        )

    def see(self, participants: tuple[Participant, ...], who: Who) -> Seen:
        """Return which of some participants a rule means."""
        sure, maybe, doubts = [], [], []
        for one in participants:
            answer = self.matches(one, who)
            if answer is True:
                sure.append(one)
            if answer is not False:
                maybe.append(one)
            if isinstance(answer, Doubt):
                doubts.append(answer)
        return Seen(tuple(sure), tuple(maybe), tuple(doubts))

    def matches(self, one: Participant, who: Who) -> bool | Doubt:
        """Return whether a participant is meant, or the doubt that decides it."""
        plain = (
            (not who.roles or one.role in who.roles)
            and (not who.countries or plain_code(one.country) in who.countries)
            and (not who.kinds or one.kind in who.kinds)
            and (not who.sides or one.side in who.sides)
            and (not who.tags or bool(one.tags & who.tags))
            and (who.sme is None or one.sme == who.sme)
            and (who.coordinator is None or one.coordinator == who.coordinator)
        )
        if not plain:
            return False
        paid = paid_of(one)
        if who.paid is not None and paid is not None and paid != who.paid:
            return False
        doubt = self.status_doubt(one, who)
        if doubt is not None:
            return doubt
        if who.paid is not None and paid is None:
            return Doubt(code="figures", participant=one.key, value="request")
        return True

    def status_doubt(self, one: Participant, who: Who) -> bool | Doubt | None:
        """Return None if its country has the status, False if not, or the doubt."""
        if not who.statuses:
            return None
        setting = self._setting
        if who.programme:
            setting = replace(setting, programme=who.programme, part="")
        statuses, _ = find_statuses(one.country, setting)
        if not statuses:
            return Doubt(code="no_country", participant=one.key, value=one.country)
        if statuses <= who.statuses:
            return None
        if statuses & who.statuses:
            return Doubt(code="status", participant=one.key, value=plain_code(one.country))
        return False

    def is_for_now(self, one: Participant) -> bool:
        """Whether its country may be associated provisionally only."""
        return "transitional" in find_statuses(one.country, self._setting)[0]
