"""The content of a public page as plain data: stored in a version, previewed, and signed.

Nothing here queries the database. The texts of the page are in its own language, all others in the
reader's.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language_info
from pydantic import TypeAdapter

from proxeny.directory.countries import country_name
from proxeny.kernel.addresses import web_address
from proxeny.partnerships.amounts import tell_amount
from proxeny.partnerships.models import Activity
from proxeny.partnerships.public_results import label_of

#: From so many parties on, a partnership is an alliance.
ALLIANCE = 3


@dataclass(frozen=True, slots=True)
class _Placed:
    """An organisation with its country and its web site."""

    name: str
    country: str = ""
    website: str = ""

    @property
    def country_label(self) -> str:
        """The country in the reader's language."""
        return country_name(self.country) if self.country else ""

    @property
    def link(self) -> str:
        """Its web site, where that is one."""
        return web_address(self.website)


@dataclass(frozen=True, slots=True)
class Partner(_Placed):
    """An organisation of a further country that supports the members' activities."""


@dataclass(frozen=True, slots=True)
class Member(_Placed):
    """A party: `party` is its number, so that its leaving can be shown where it is named."""

    party: int = 0
    side: str = ""
    city: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A key result, and how much of its way is gone in percent; None: nobody has measured it."""

    title: str
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A strategic goal, and its progress: the mean of its measures."""

    title: str
    due_on: date | None = None
    closed_on: date | None = None
    outcome: str = ""
    measures: tuple[Measure, ...] = ()

    @property
    def percent(self) -> int | None:
        """Progress in percent; None where nothing is measured yet."""
        found = [one.percent for one in self.measures if one.percent is not None]
        return sum(found) // len(self.measures) if found else None


@dataclass(frozen=True, slots=True)
class Doing:
    """Something that the members do."""

    title: str
    starts_on: date
    ends_on: date
    state: str
    is_milestone: bool = False

    @property
    def state_label(self) -> str:
        """The state, in words."""
        known = self.state in Activity.State.values
        return str(Activity.State(self.state).label) if known else ""


@dataclass(frozen=True, slots=True)
class Result:
    """A result; without an amount, none is shown."""

    kind: str
    title: str
    note: str = ""
    language: str = ""
    on: date | None = None
    url: str = ""
    amount: Decimal | None = None
    currency: str = ""

    @property
    def kind_label(self) -> str:
        """The kind, in words."""
        return label_of(self.kind)

    @property
    def sum(self) -> str:
        """The amount raised, in words."""
        return tell_amount(self.amount, self.currency) if self.amount is not None else ""


@dataclass(frozen=True, slots=True)
class Content:
    """A public page. `since` the members work together; an alliance they are `alliance_since`."""

    headline: str
    about: str = ""
    audience: str = ""
    joining: str = ""
    language: str = "en"
    since: date | None = None
    alliance_since: date | None = None
    members: tuple[Member, ...] = ()
    partners: tuple[Partner, ...] = ()
    goals: tuple[Goal, ...] = ()
    activities: tuple[Doing, ...] = ()
    results: tuple[Result, ...] = ()

    @property
    def direction(self) -> str:
        """In which direction its language is written, as HTML says it."""
        return direction_of(self.language)

    @property
    def is_alliance(self) -> bool:
        """Whether there are more than two members."""
        return len(self.members) >= ALLIANCE

    @property
    def countries(self) -> list[str]:
        """The countries of the members, each once, in their order."""
        return list(dict.fromkeys(one.country_label for one in self.members if one.country))

    @property
    def parties(self) -> set[int]:
        """The numbers of the parties named as members."""
        return {one.party for one in self.members}


_CONTENT = TypeAdapter(Content)


def to_json(content: Content) -> dict[str, Any]:
    """Return a page as JSON holds it."""
    said: dict[str, Any] = _CONTENT.dump_python(content, mode="json")
    return said


def from_json(said: dict[str, Any]) -> Content:
    """Return the page that was kept as JSON."""
    return _CONTENT.validate_python(said)


def direction_of(language: str) -> str:
    """Return in which direction a language is written, as HTML says it."""
    return "rtl" if get_language_info(language)["bidi"] else "ltr"
