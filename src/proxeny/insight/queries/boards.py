"""A board as a side reads it: figures with their change and their course over the quarters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from proxeny.insight.board_figures import (
    COUNT,
    DAYS,
    FIGURES,
    INDEX,
    MEAN,
    RANK,
    SECTIONS,
    SHARE,
    SUM,
    Figure,
    figures_of,
)
from proxeny.insight.models import DigestChoice, Snapshot, Trend
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Activity, Partnership, Party, Risk

#: So many quarters are drawn.
QUARTERS = 8
# Decimal places of a change, by unit; of a share, tenths of a percent.
_PLACES = {COUNT: 0, RANK: 0, SHARE: 3, SUM: 2, DAYS: 1, MEAN: 1, INDEX: 2}


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as it is shown; `before` is that of the quarter before, `course` the quarters so far."""

    figure: Figure
    value: float | None
    low: float | None
    high: float | None
    of: int | None
    currency: str
    why: str
    before: float | None
    course: tuple[tuple[str, float | None], ...]

    @property
    def change(self) -> float | None:
        """Return the change since the quarter before, rounded as displayed: anything less counts as
        none.

        None if one of the two is unknown.
        """
        if self.value is None or self.before is None:
            return None
        return round(self.value - self.before, _PLACES[self.figure.unit])

    @property
    def is_of_money(self) -> bool:
        """Whether `of` is a sum of money, of which the figure is a share."""
        return self.figure.unit == SHARE and bool(self.currency)

    @property
    def tone(self) -> str:
        """Whether the change is for the better (`good`) or the worse (`bad`)."""
        change = self.change
        if not change or not self.figure.better:
            return ""
        return "good" if (change > 0) == (self.figure.better == "more") else "bad"


@dataclass(frozen=True, slots=True)
class Section:
    """A group of figures on a board, with the page behind it."""

    code: str
    label: Any
    url: str
    figures: tuple[Shown, ...]
    is_waiting: bool

    @property
    def leading(self) -> list[Shown]:
        """The figures that are shown first and large."""
        return [one for one in self.figures if one.figure.leads]

    @property
    def rest(self) -> list[Shown]:
        """All others."""
        return [one for one in self.figures if not one.figure.leads]


@dataclass(frozen=True, slots=True)
class Named:
    """Something that a board names, with its page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Board:
    """A board of one quarter, as one side reads it."""

    partnership: Partnership
    mine: Party
    quarter: str
    quarters: tuple[str, ...]
    snapshot: Snapshot
    sections: tuple[Section, ...]
    risks: tuple[Named, ...]
    stopped: tuple[Named, ...]
    gaps: tuple[Named, ...]
    links: Sequence[Mapping[str, Any]]
    reviewed_at: datetime | None

    @property
    def figures(self) -> list[Shown]:
        """All figures in the order of the sections."""
        return [one for section in self.sections for one in section.figures]

    @property
    def is_newest(self) -> bool:
        """Whether there are no figures of a later quarter."""
        return self.quarter == self.quarters[0]


def read_board(partnership: Partnership, mine: Party, *, quarter: str = "") -> Board | None:
    """Return the board of a quarter, the newest if none is named; None before a job has made one.

    At most five queries, however much is behind it.

    Raises
    ------
    NotFound
        There is none of that quarter.
    """
    kept = list(
        Snapshot.objects.filter(
            kind=Snapshot.Kind.BOARD,
            organisation_id=mine.organisation_id,
            partnership_id=partnership.pk,
        ).order_by("-period")
    )
    if not kept:
        return None
    periods = [one.period for one in kept]
    if quarter and quarter not in periods:
        raise NotFound(_("We couldn’t find a board for that quarter."))
    place = periods.index(quarter) if quarter else 0
    snapshot = kept[place]
    content = snapshot.content
    so_far = kept[place : place + QUARTERS]
    room = partnership.pk
    return Board(
        partnership,
        mine,
        snapshot.period,
        tuple(periods),
        snapshot,
        tuple(_section(code, so_far, room) for code in SECTIONS),
        risks=_name(Risk, content.get("risks", []), room, "partnerships:risks", "risk"),
        stopped=_name(Activity, content.get("stopped", []), room, "partnerships:plan", "activity"),
        gaps=_gaps(content.get("gaps", []), room),
        links=content.get("links", []),
        reviewed_at=parse_datetime(str(content.get("review", {}).get("shown_at") or "")),
    )


def _section(code: str, so_far: Sequence[Snapshot], room: int) -> Section:
    label, name = SECTIONS[code]
    url = reverse(name) if name == "insight:network-position" else reverse(name, args=[room])
    figures = tuple(_shown(one, so_far) for one in figures_of(code))
    return Section(code, label, url, figures, all(one.why == "wait" for one in figures))


def _shown(figure: Figure, so_far: Sequence[Snapshot]) -> Shown:
    # What was counted by another method, or is a sum in another currency, cannot be compared.
    told = [
        one.content.get("values", {}).get(figure.code, {}) if one.method == so_far[0].method else {}
        for one in so_far
    ]
    currency = told[0].get("currency") or ""
    if figure.unit == SUM:
        told = [one if (one.get("currency") or "") == currency else {} for one in told]
    now, earlier = told[0], told[1] if len(told) > 1 else {}
    course = tuple(
        (snapshot.period, value.get("value"))
        for snapshot, value in zip(reversed(so_far), reversed(told), strict=True)
    )
    return Shown(
        figure,
        now.get("value"),
        now.get("low"),
        now.get("high"),
        now.get("of"),
        currency,
        now.get("why") or "" if now else "wait",
        earlier.get("value"),
        course,
    )


def _name(model: Any, ids: Sequence[int], room: int, page: str, tag: str) -> tuple[Named, ...]:
    """Return records of the room by their numbers, as far as they are still there, in that order."""
    if not ids:
        return ()
    found = _titles(model, ids, room)
    url = reverse(page, args=[room])
    return tuple(Named(found[pk], f"{url}#{tag}-{pk}") for pk in ids if pk in found)


def _titles(model: Any, ids: Sequence[int], room: int) -> dict[int, str]:
    there = model.objects.filter(pk__in=ids, partnership_id=room, dropped_at=None)
    return dict(there.values_list("pk", "title"))


def _gaps(ids: Sequence[int], room: int) -> tuple[Named, ...]:
    if not ids:
        return ()
    found = _titles(Trend, ids, room)
    return tuple(
        Named(found[pk], reverse("insight:cell", args=[room, pk])) for pk in ids if pk in found
    )


def wants_mail(reader: Reader, partnership: Partnership, mine: Party) -> bool:
    """Whether the reader gets the quarterly mail of a partnership. One query."""
    said = DigestChoice.objects.filter(partnership=partnership, person_id=reader.own_id).first()
    return said.wanted if said else mine.organisation_id in reader.managed


#: The columns of the figures as a table: for files and programs.
COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("quarter", "string", "The quarter, such as 2026-Q3."),
    ("side", "string", "The cluster with whose eyes the figures were worked out."),
    ("section", "string", "What the figure belongs to."),
    ("figure", "string", "The code of the figure."),
    ("label", "string", "What it is called."),
    ("value", "number", "What it comes to; empty where nothing can be said."),
    ("low", "number", "The lower end of its range at 95%, where it is an estimate."),
    ("high", "number", "The upper end."),
    ("of", "integer", "Of how many it was counted."),
    ("unit", "string", "count, share (0 to 1), sum, days, mean (1 to 5), rank or index."),
    ("currency", "string", "Of a sum, as ISO 4217."),
    ("missing", "string", "Why there is no value: none, few, half or wait."),
    ("computed_at", "datetime", "When it was worked out."),
    ("method", "string", "The version of the method."),
)


def table_of(board: Board) -> tuple[list[str], list[list[object]]]:
    """Return a board's figures as a table: header and rows, in the columns of `COLUMNS`."""
    stamp = board.snapshot.computed_at.isoformat(timespec="seconds")
    rows: list[list[object]] = [
        [
            board.quarter,
            board.mine.organisation.name,
            one.figure.section,
            one.figure.code,
            str(one.figure.label),
            one.value,
            one.low,
            one.high,
            one.of,
            one.figure.unit,
            one.currency,
            one.why,
            stamp,
            board.snapshot.method,
        ]
        for one in board.figures
    ]
    return [name for name, _type, _about in COLUMNS], rows


def schema_of() -> dict[str, Any]:
    """Return the meaning of the columns, as a Table Schema (Frictionless, v1)."""
    fields: list[dict[str, Any]] = [
        {"name": name, "type": kind, "description": about} for name, kind, about in COLUMNS
    ]
    codes = {one.code: f"{one.label}: {one.about}" for one in FIGURES}
    for one in fields:
        if one["name"] == "figure":
            one["constraints"] = {"required": True, "enum": list(codes)}
            one["rdf:comment"] = codes
    return {
        "fields": fields,
        "primaryKey": ["quarter", "side", "figure"],
        "missingValues": [""],
    }
