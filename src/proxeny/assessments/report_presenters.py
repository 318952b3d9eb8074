"""A report as people read it: the given content in the active language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from proxeny.assessments.drawing import colour_of, draw_figure, numbers_of, periods_of, tell_number
from proxeny.assessments.models import Figure, Finding, Note, Question
from proxeny.assessments.queries.report_content import Content
from proxeny.directory.countries import country_name
from proxeny.kernel.addresses import web_address
from proxeny.partnerships.models import Evidence

#: So many periods of a figure stand in its table; the last ones.
MOST_PERIODS = 24


@dataclass(frozen=True, slots=True)
class Cited:
    """A source behind a finding: its number in the list, and where in it."""

    number: int
    place: str


@dataclass(frozen=True, slots=True)
class ToldFigure:
    """A figure: its picture, and the same as a table."""

    id: int
    number: int
    title: str
    unit: str
    source: str
    url: str
    licence: str
    brought_on: date | None
    picture: SafeString
    legend: tuple[tuple[str, str], ...]
    periods: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def by_period(self) -> list[tuple[str, tuple[str, ...]]]:
        """The table: each period with a value of each line."""
        return [
            (period, tuple(cells[at] for _name, cells in self.rows))
            for at, period in enumerate(self.periods)
        ]


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """A finding, how sure the teams are, and what it rests on."""

    id: int
    number: str
    title: str
    text: str
    confidence: str
    confidence_label: str
    sources: tuple[Cited, ...]
    #: Those that no finding before it has shown; `leads_to` names all that it rests on.
    figures: tuple[ToldFigure, ...]
    leads_to: tuple[ToldFigure, ...]


@dataclass(frozen=True, slots=True)
class ToldChapter:
    """Findings that belong together."""

    number: int
    title: str
    findings: tuple[ToldFinding, ...]


@dataclass(frozen=True, slots=True)
class ToldEvidence:
    """The evidence of a recommendation, and its passage."""

    kind: str
    text: str
    url: str
    passage: str
    where: str


@dataclass(frozen=True, slots=True)
class ToldAdvice:
    """A recommendation, its addressee, and its evidence."""

    id: int
    number: int
    title: str
    details: str
    to: str
    evidence: tuple[ToldEvidence, ...]


@dataclass(frozen=True, slots=True)
class ToldSource:
    """One entry of the list of sources."""

    number: int
    kind: str
    title: str
    origin: str
    url: str
    licence: str
    seen_on: date | None


@dataclass(frozen=True, slots=True)
class Told:
    """All that page and document show of a report."""

    title: str
    client: str
    market: str
    question: str
    partnership: str
    summary: str
    chapters: tuple[ToldChapter, ...]
    advice: tuple[ToldAdvice, ...]
    sources: tuple[ToldSource, ...]
    people: tuple[tuple[str, str, str], ...]
    asked_on: date | None
    signed_on: date | None
    due_on: date | None


def tell_report(content: Content) -> Told:
    """Return a report in words. No query: the given content holds all of it."""
    figures = {one["id"]: tell_figure(one) for one in content.get("figures", ())}
    waiting = dict(figures)
    chapters = tuple(
        ToldChapter(
            number,
            one["title"] or _("Further findings"),
            tuple(
                _finding(row, f"{number}.{place}", figures, waiting)
                for place, row in enumerate(one["findings"], start=1)
            ),
        )
        for number, one in enumerate(content.get("chapters", ()), start=1)
    )
    where = _places(chapters, figures.values())
    return Told(
        title=content["title"],
        client=content["client"],
        market=country_name(content["market"]),
        question=str(dict(Question.choices).get(content["question"], "")),
        partnership=content.get("partnership", ""),
        summary=content["summary"],
        chapters=chapters,
        advice=tuple(_advice(one, where) for one in content.get("advice", ())),
        sources=tuple(_source(one) for one in content.get("sources", ())),
        people=tuple((one["name"], _role(one["role"]), one["side"]) for one in content["people"]),
        asked_on=_day(content["asked_on"]),
        signed_on=_day(content["signed_on"]),
        due_on=_day(content["due_on"]),
    )


def _role(role: str) -> str:
    return _("lead for this side") if role == "lead" else _("adviser")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _finding(
    row: Content, number: str, figures: Mapping[int, ToldFigure], waiting: dict[int, ToldFigure]
) -> ToldFinding:
    """Tell a finding, with the figures that still wait to be shown."""
    return ToldFinding(
        row["id"],
        number,
        row["title"],
        row["text"],
        row["confidence"],
        str(dict(Finding.Confidence.choices).get(row["confidence"], "")),
        tuple(Cited(one["number"], one["place"]) for one in row["sources"]),
        tuple(waiting.pop(pk) for pk in row["figures"] if pk in waiting),
        tuple(figures[pk] for pk in row["figures"] if pk in figures),
    )


def tell_figure(figure: Content) -> ToldFigure:
    """Return a figure with its picture and its table."""
    title = _("Figure %(number)d: %(title)s") % {
        "number": figure["number"],
        "title": figure["title"],
    }
    picture = draw_figure(figure, label=title)
    periods = periods_of(figure["series"])[-MOST_PERIODS:]
    is_drawn = bool(picture) and figure["shape"] != Figure.Shape.TABLE
    return ToldFigure(
        figure["id"],
        figure["number"],
        figure["title"],
        figure["unit"],
        figure["source"],
        web_address(figure["url"]),
        figure["licence"],
        _day(figure["brought_on"]),
        picture,
        tuple((colour_of(number), line["name"]) for number, line in enumerate(figure["series"]))
        if is_drawn
        else (),
        tuple(periods),
        tuple((line["name"], _cells(line, periods)) for line in figure["series"]),
    )


def _cells(line: Mapping[str, Any], periods: Iterable[str]) -> tuple[str, ...]:
    values = numbers_of(line)
    return tuple(tell_number(values[one]) if one in values else "–" for one in periods)


def _places(chapters: Iterable[ToldChapter], figures: Iterable[ToldFigure]) -> dict[str, str]:
    """Return the labels of passages in links."""
    found = {
        f"finding-{row.id}": _("Finding %(number)s") % {"number": row.number}
        for one in chapters
        for row in one.findings
    }
    return found | {
        f"figure-{one.id}": _("Figure %(number)d") % {"number": one.number} for one in figures
    }


def _advice(one: Content, where: Mapping[str, str]) -> ToldAdvice:
    return ToldAdvice(
        one["id"],
        one["number"],
        one["title"],
        one["details"],
        one["to"],
        tuple(_evidence(row, where) for row in one["evidence"]),
    )


def _evidence(row: Content, where: Mapping[str, str]) -> ToldEvidence:
    passage, place = row["passage"], row.get("place", "")
    name = where.get(passage, "")
    if passage.startswith("source-"):
        name = _("Source %(number)s") % {"number": passage.partition("-")[2]}
    return ToldEvidence(
        str(dict(Evidence.Kind.choices).get(row["kind"], "")),
        row["text"],
        web_address(row["url"]),
        passage if name else "",
        ", ".join(filter(None, (name, place))),
    )


def _source(one: Content) -> ToldSource:
    kinds = dict(Note.Kind.choices) | {"figure": _("Statistics")}
    return ToldSource(
        one["number"],
        str(kinds.get(one["kind"], "")),
        one["title"],
        one["origin"],
        web_address(one["url"]),
        one["licence"],
        _day(one["seen_on"]),
    )
