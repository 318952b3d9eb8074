"""Status of a country in a programme on a day: member, associated, third; a table with sources."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, Protocol, get_args

__all__ = [
    "BODY",
    "STATUSES",
    "Setting",
    "Source",
    "Standing",
    "Status",
    "country_of",
    "find_statuses",
    "plain_code",
]

type Status = Literal[
    "member", "as_member", "associated", "transitional", "international", "fundable", "third"
]
STATUSES: tuple[str, ...] = get_args(Status.__value__)
_THIRD = frozenset({"third"})
#: The code of bodies that count as a country each, of its own.
BODY = "INT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Source of a statement.

    Parameters
    ----------
    title : str
        Document, article, version.
    url : str
    seen : date or None
        The day it was checked.
    """

    title: str
    url: str = ""
    seen: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Facts that determine the status of a country.

    Parameters
    ----------
    programme : str
        As in the table, e.g. `horizon-europe`; an unknown one leaves the members of the Union.
    on : date
        The day the call closes.
    budget_year : int, optional
        The year whose money the call spends; that of `on` if it is not known.
    part : str
        The part of the programme, e.g. `pillar-2`; empty if it is not known, which leaves statuses
        in doubt that hold for some parts only.
    """

    programme: str
    on: date
    budget_year: int | None = None
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A line of the table: some countries, their status, and from when until when.

    Parameters
    ----------
    sure_from, sure_until : date
        Outside of these days and inside of `since` and `until` the status is in doubt.
    """

    programme: str
    status: Status
    countries: frozenset[str]
    since: date
    until: date
    sure_from: date
    sure_until: date
    parts: frozenset[str]
    by: Literal["date", "budget"]
    sure: bool
    source: Source

    def holds(self, setting: Setting) -> bool | None:
        """Whether it applies; None if that is in doubt."""
        if self.programme not in ("*", setting.programme):
            return False
        day = setting.on
        if self.by == "budget" and setting.budget_year is not None:
            day = date(setting.budget_year, 1, 1)
        if not self.since <= day <= self.until:
            return False
        if self.parts and setting.part and setting.part not in self.parts:
            return False
        is_sure = self.sure and self.sure_from <= day <= self.sure_until
        return True if is_sure and (not self.parts or setting.part) else None


def plain_code(country: str) -> str:
    """Return a country's code as ISO 3166-1 has it; `EL` and `UK` are known."""
    code = country.strip().upper()
    return _table().aliases.get(code, code)


class Placed(Protocol):
    """Something with a key and a country: a participant, an organisation."""

    @property
    def key(self) -> str:
        """The key of the participant."""

    @property
    def country(self) -> str:
        """Its country's code."""


def country_of(one: Placed) -> str:
    """Return which country it counts as: its own code, or `INT` and its key for such a body."""
    code = plain_code(one.country)
    return f"{BODY} {one.key}" if code == BODY else code


def find_statuses(country: str, setting: Setting) -> tuple[frozenset[str], tuple[Standing, ...]]:
    """Return the possible statuses of a country in a programme, and the table lines behind them.

    Returns
    -------
    statuses : frozenset of str
        One: the status. Several: in doubt. None: there is no such country.
    lines : tuple of Standing

    Examples
    --------
    >>> call = Setting(programme="horizon-europe", on=date(2024, 2, 1), budget_year=2023)
    >>> sorted(find_statuses("UK", call)[0]), sorted(find_statuses("NO", call)[0])
    (['third'], ['associated'])
    """
    return _find(plain_code(country), setting)


@cache
def _find(code: str, setting: Setting) -> tuple[frozenset[str], tuple[Standing, ...]]:
    table = _table()
    found = [
        (line, held)
        for line in table.standings
        if code in line.countries and (held := line.holds(setting)) is not False
    ]
    lines = tuple(line for line, _ in found)
    # The first line that is sure ends it: the table goes from the stronger to the weaker status.
    statuses: set[str] = set()
    for line, held in found:
        statuses.add(line.status)
        if held:
            return frozenset(statuses), lines
    if not statuses and code not in table.codes:
        return frozenset(), ()
    return frozenset(statuses) | _THIRD, lines


@dataclass(frozen=True, slots=True)
class _Table:
    standings: tuple[Standing, ...]
    codes: frozenset[str]
    aliases: Mapping[str, str]


@cache
def _table() -> _Table:
    text = files("proxeny.engine.consortium").joinpath("countries.toml").read_text("utf-8")
    told = tomllib.loads(text)
    sources = {key: Source(**one) for key, one in told["sources"].items()}
    return _Table(
        standings=tuple(_standing(one, sources) for one in told["standing"]),
        codes=frozenset(told["iso"]["codes"].split()),
        aliases=told["iso"]["aliases"],
    )


def _standing(told: Mapping[str, Any], sources: Mapping[str, Source]) -> Standing:
    since, until = told["from"], told.get("until", date.max)
    return Standing(
        programme=told["programme"],
        status=told["status"],
        countries=frozenset(told["countries"]),
        since=since,
        until=until,
        sure_from=told.get("sure_from", since),
        sure_until=told.get("sure_until", until),
        parts=frozenset(told.get("parts", ())),
        by=told.get("by", "date"),
        sure=told.get("sure", True),
        source=sources[told["source"]],
    )
