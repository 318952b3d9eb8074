"""A report on the page: its passages in order, each with what was said beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language_info, override

from proxeny.assessments.forms.remarks import RemarkForm
from proxeny.assessments.models import Engagement, Report
from proxeny.assessments.queries.remarks import Thread, by_passage, list_threads
from proxeny.assessments.queries.report_content import Content
from proxeny.assessments.report_presenters import Told, tell_report
from proxeny.kernel.tenancy import Reader


@dataclass(frozen=True, slots=True)
class Slot:
    """One passage: what kind it is, what it shows, and what was said beside it."""

    passage: str
    kind: str
    item: Any
    threads: tuple[Thread, ...] = ()

    @property
    def open(self) -> int:
        """The number of remarks waiting to be settled here."""
        return sum(one.is_open for one in self.threads)


@dataclass(frozen=True, slots=True)
class Shown:
    """A report or a draft, as the page shows it. `lost` was said beside passages that are gone."""

    told: Told
    slots: tuple[Slot, ...]
    lost: tuple[Thread, ...]
    language: str
    direction: str


def show_content(content: Content, language: str, threads: list[Thread]) -> Shown:
    """Return the content of the page, in the report's own language."""
    found = by_passage(threads)
    with override(language):
        told = tell_report(content)
    slots = tuple(_slots(told, found))
    known = {one.passage for one in slots}
    lost = tuple(one for one in threads if one.passage not in known)
    bidi = get_language_info(language)["bidi"]
    return Shown(told, slots, lost, language, "rtl" if bidi else "ltr")


def _slots(told: Told, found: Mapping[str, list[Thread]]) -> Iterator[Slot]:
    def slot(passage: str, kind: str, item: Any) -> Slot:
        return Slot(passage, kind, item, tuple(found.get(passage, ())))

    yield slot("summary", "summary", told.summary)
    for chapter in told.chapters:
        yield Slot(f"chapter-{chapter.number}", "chapter", chapter)
        for one in chapter.findings:
            yield slot(f"finding-{one.id}", "finding", one)
            for figure in one.figures:
                yield slot(f"figure-{figure.id}", "figure", figure)
    if told.advice:
        yield Slot("advice", "advice-head", told)
    for piece in told.advice:
        yield slot(f"advice-{piece.id}", "advice", piece)


def show_report(report: Report, engagement: Engagement, reader: Reader) -> Shown:
    """Return a version that was given, with all that was said beside it and the others."""
    return show_content(report.content, report.language, list_threads(engagement, reader))


def remark_context(
    post_url: str, report: Report | None, *, may_write: bool, refused: RemarkForm | None
) -> dict[str, Any]:
    """Return the context of `assessments/report_remarks.html`, except for the threads."""
    place: dict[str, Any] = {}
    if refused is not None:
        place = {
            "refused_at": refused.data.get("passage", ""),
            "refused_answers": refused.data.get("answers", ""),
            "refused_text": refused.data.get("text", ""),
            "refused_why": " ".join(str(one) for rows in refused.errors.values() for one in rows),
        }
    return {
        "remark_url": post_url,
        "number": report.number if report else 0,
        "may_remark": may_write and report is not None,
        **place,
    }


def asked_version(request: HttpRequest) -> int | None:
    """Return the version that an address names; None if it names none."""
    text = request.GET.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 5 else None


def language_name(code: str) -> str:
    """Return the name of a language in the active language."""
    return str(dict(settings.LANGUAGES).get(code, code))
