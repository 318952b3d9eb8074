"""The content of a report, gathered from the teams' findings: given to the client and stored.

It is plain JSON without labels: they are added in the report's language when it is shown.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch

from proxeny.assessments.models import Adviser, Engagement, FigureVersion, Note
from proxeny.assessments.queries.advised import find_advice
from proxeny.assessments.queries.findings import Concluded, Source, read_findings_of
from proxeny.kernel.canonical import digest_of
from proxeny.kernel.personal_data import ERASED_NAME
from proxeny.kernel.tenancy import as_service
from proxeny.partnerships.models import Evidence, Recommendation

Content = dict[str, Any]
#: Of which making the content is.
FORMAT = 1
#: Recommendations that no report shows.
_GONE = (Recommendation.State.DROPPED, Recommendation.State.REFUSED)


def gather_content(engagement: Engagement) -> Content:
    """Return the content of an engagement's report in its current state. At most six queries.

    Sources are numbered as they are cited, figures likewise. Of notes, only the citation is
    included: title, source, place and date.
    """
    cited = _Cited()
    chapters = [
        {"title": one.title, "findings": [_finding(row, cited) for row in one.findings]}
        for one in read_findings_of(engagement)
    ]
    return {
        "format": FORMAT,
        "title": engagement.title,
        "client": engagement.client.name,
        "market": engagement.market,
        "question": engagement.question,
        "partnership": engagement.partnership.title,
        "asked_on": _day(engagement.asked_at),
        "signed_on": _day(engagement.signed_at),
        "due_on": _day(engagement.due_on),
        "people": _people(engagement),
        "summary": engagement.summary,
        "chapters": chapters,
        "advice": _advice(engagement, cited),
        "sources": cited.sources,
        "figures": cited.figures,
    }


def fingerprint_of(content: Content) -> str:
    """Return the SHA-256 of content."""
    return digest_of(content)


def passages_of(content: Content) -> dict[str, str]:
    """Return the passages open to remarks, with their titles: `summary`, `finding-3`, and so on."""
    found = {"summary": ""}
    for chapter in content.get("chapters", ()):
        found |= {f"finding-{one['id']}": one["title"] for one in chapter["findings"]}
    found |= {f"figure-{one['id']}": one["title"] for one in content.get("figures", ())}
    return found | {f"advice-{one['id']}": one["title"] for one in content.get("advice", ())}


class _Cited:
    """Sources and figures, numbered in the order in which they are cited first."""

    def __init__(self) -> None:
        self.sources: list[Content] = []
        self.figures: list[Content] = []
        self._numbers: dict[str, int] = {}

    def cite(self, one: Source) -> Content:
        """Return the number of a source, and where in it."""
        if one.key not in self._numbers:
            number = self._numbers[one.key] = len(self._numbers) + 1
            told = _figure_source(one.figure) if one.figure else _note_source(one.note)
            self.sources.append({"number": number, "key": one.key, **told})
            if one.figure:
                self.figures.append(_figure(one.figure, len(self.figures) + 1))
        return {"number": self._numbers[one.key], "place": one.place}

    def passage(self, target: str, number: int | None) -> str:
        """Return the passage of a piece of evidence in the report; empty if it is not included."""
        kind = target.rpartition(".")[2].lower()
        key = {"finding": "finding", "note": "note"}.get(kind, "figure" if "figure" in kind else "")
        name = f"{key}-{number}"
        if key == "note":
            return f"source-{self._numbers[name]}" if name in self._numbers else ""
        return name if key == "finding" or name in self._numbers else ""


def _finding(row: Concluded, cited: _Cited) -> Content:
    one = row.finding
    return {
        "id": one.pk,
        "title": one.title,
        "text": one.text,
        "confidence": one.confidence,
        "sources": [cited.cite(source) for source in row.sources],
        "figures": [source.figure.pk for source in row.sources if source.figure],
    }


def _note_source(note: Note | None) -> Content:
    assert note is not None  # a source is a note or a figure  # noqa: S101
    return {
        "kind": note.kind,
        "title": note.title,
        "origin": note.origin,
        "url": note.url,
        "seen_on": _day(note.seen_on),
        "licence": "",
    }


def _figure_source(version: FigureVersion) -> Content:
    figure = version.figure
    return {
        "kind": "figure",
        "title": figure.title,
        "origin": figure.source,
        "url": figure.url,
        "seen_on": _day(version.brought_at),
        "licence": figure.licence,
    }


def _figure(version: FigureVersion, number: int) -> Content:
    figure = version.figure
    return {
        "id": version.pk,
        "number": number,
        "title": figure.title,
        "unit": figure.unit,
        "shape": figure.shape,
        "source": figure.source,
        "url": figure.url,
        "licence": figure.licence,
        "brought_on": _day(version.brought_at),
        "series": [
            {"name": line["name"], "points": [[str(p), _value(v)] for p, v in line["points"]]}
            for line in version.series
        ],
    }


def _value(value: Any) -> Any:
    # The database writes 13.0 and 1e22 in its own way: whole numbers come back as they went in.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _people(engagement: Engagement) -> list[Content]:
    # Whoever reads the report reads who made it, whichever side they are of.
    with as_service("The report names all its advisers, whatever the actor sees of their side."):
        found = Adviser.objects.filter(engagement=engagement, left_at=None).exclude(person=None)
        rows = list(found.select_related("person", "party__organisation"))
    rows.sort(key=lambda one: (one.party_id, not one.leads, one.pk))
    return [
        {
            "name": one.person.name,
            "role": "lead" if one.leads else "adviser",
            "side": one.party.organisation.name,
        }
        for one in rows
        if one.person and one.person.name != ERASED_NAME
    ]


def list_reported_advice(engagement: Engagement) -> list[Recommendation]:
    """Return the recommendations of a report, with evidence. Two queries."""
    found = find_advice(engagement).exclude(state__in=_GONE)
    return list(found.prefetch_related(Prefetch("evidence", Evidence.objects.order_by("pk"))))


def _advice(engagement: Engagement, cited: _Cited) -> list[Content]:
    return [
        {
            "id": one.pk,
            "number": number,
            "title": one.title,
            "details": one.details,
            "addressee": one.addressee,
            "to": _addressee(one),
            "evidence": [
                {
                    "kind": piece.kind,
                    "text": piece.text,
                    "url": piece.url,
                    "place": piece.place,
                    "passage": cited.passage(piece.target, piece.target_id),
                }
                for piece in one.evidence.all()
            ],
        }
        for number, one in enumerate(list_reported_advice(engagement), start=1)
    ]


def _addressee(one: Recommendation) -> str:
    if one.organisation is not None:
        return one.organisation.name
    return one.party.organisation.name if one.party else ""


def _day(moment: date | datetime | None) -> str:
    if isinstance(moment, datetime):
        moment = moment.date()
    return moment.isoformat() if moment else ""


def find_findings(content: Content) -> dict[int, Content]:
    """Return the findings of a report by their number."""
    return {
        one["id"]: one for chapter in content.get("chapters", ()) for one in chapter["findings"]
    }


def unsourced(content: Content) -> list[Content]:
    """Return the findings that rest on nothing."""
    return [one for one in find_findings(content).values() if not one["sources"]]


def unfounded(content: Content) -> list[Content]:
    """Return the recommendations without evidence, or that nobody is to follow."""
    return [one for one in content.get("advice", ()) if not one["evidence"] or not one["addressee"]]


def compare_rows(
    before: Mapping[int, Content], after: Mapping[int, Content], names: Iterable[str]
) -> dict[str, list[Content]]:
    """Return the `new`, `changed` (in one of the named facts) and `gone` rows between versions."""
    names = tuple(names)
    return {
        "new": [one for pk, one in after.items() if pk not in before],
        "changed": [
            one
            for pk, one in after.items()
            if pk in before and any(one.get(name) != before[pk].get(name) for name in names)
        ],
        "gone": [one for pk, one in before.items() if pk not in after],
    }
