"""The teams' findings in an engagement, by chapter, each with its sources."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from proxeny.assessments.models import Engagement, FigureVersion, Finding, FindingSource, Note
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.assessments.queries.templates import read_template
from proxeny.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Source:
    """A source of a finding: a note, or a figure as it was imported at one time.

    Attributes
    ----------
    id : int
        The id of the row that joins finding and source.
    place : str
        Which part of it, in words; may be empty.
    note : Note or None
        Whole, with its author not loaded.
    figure : FigureVersion or None
        With its `figure` loaded: title, source, licence, unit.
    """

    id: int
    place: str
    note: Note | None
    figure: FigureVersion | None

    @property
    def kind(self) -> str:
        """A kind of note, or `figure`."""
        return self.note.kind if self.note else "figure"

    @property
    def key(self) -> str:
        """Its name in forms and addresses: `note-12`, or `figure-3` by the figure's version."""
        return f"note-{self.note.pk}" if self.note else f"figure-{_version(self).pk}"

    @property
    def title(self) -> str:
        """The title of the note or the figure."""
        return self.note.title if self.note else _version(self).figure.title

    @property
    def kind_label(self) -> Any:
        """Its kind in words."""
        return self.note.get_kind_display() if self.note else pgettext("of statistics", "Figure")


def _version(source: Source) -> FigureVersion:
    assert source.figure is not None  # the table's own constraint  # noqa: S101
    return source.figure


@dataclass(frozen=True, slots=True)
class Concluded:
    """A finding with its sources, in the order in which they were named."""

    finding: Finding
    sources: tuple[Source, ...]

    @property
    def is_founded(self) -> bool:
        """Whether it names a source: without one it does not enter a report."""
        return bool(self.sources)


@dataclass(frozen=True, slots=True)
class Chapter:
    """The findings of one chapter, in their order; `title` is empty for those of none."""

    title: str
    findings: tuple[Concluded, ...]


def live_findings(engagement_id: int) -> QuerySet[Finding]:
    """Return the findings of an engagement that are not archived, in their order."""
    found = Finding.objects.filter(engagement_id=engagement_id, dropped_at=None)
    return found.order_by("order", "pk")


def with_sources(found: QuerySet[Finding]) -> QuerySet[Finding]:
    """Load along what findings rest on. One query more."""
    rows = FindingSource.objects.select_related("note", "figure__figure").order_by("pk")
    return found.prefetch_related(Prefetch("sources", rows))


def conclude(finding: Finding) -> Concluded:
    """Return a finding, loaded `with_sources`, with them."""
    return Concluded(
        finding,
        tuple(Source(one.pk, one.place, one.note, one.figure) for one in finding.sources.all()),
    )


def chapters_of(engagement: Engagement) -> list[str]:
    """Return the chapters that findings are offered, in the language of the report.

    At most two queries. Our own template reads in the language in force; both teams are to name the
    same chapters, whatever languages they read the pages in.
    """
    with override(engagement.language):
        return read_template(engagement.partnership_id, engagement.question).chapters


def read_findings(engagement_id: int) -> tuple[Chapter, ...]:
    """Return an engagement's findings by chapter. At most five queries.

    The chapters of the template come first, in its order, then the teams' own by their first
    finding, and finally the findings without a chapter; none is empty. Only the teams read them:
    everyone else and anyone with a conflict of interest gets nothing.

    Raises
    ------
    NotFound
        The reader sees no such engagement.
    """
    return read_findings_of(get_engagement(engagement_id))


def read_findings_of(engagement: Engagement) -> tuple[Chapter, ...]:
    """Return the findings of an engagement that was read, as `read_findings` does."""
    rows = [conclude(one) for one in with_sources(live_findings(engagement.pk))]
    return tuple(_by_chapter(rows, chapters_of(engagement) if rows else ()))


def _by_chapter(rows: Sequence[Concluded], offered: Iterable[str]) -> list[Chapter]:
    own = sorted(rows, key=lambda one: one.finding.pk)
    names = [*offered, *(one.finding.chapter for one in own if one.finding.chapter), ""]
    grouped: dict[str, list[Concluded]] = {}
    for one in rows:
        grouped.setdefault(one.finding.chapter, []).append(one)
    return [Chapter(name, tuple(grouped[name])) for name in dict.fromkeys(names) if name in grouped]


def list_unfounded(engagement_id: int) -> list[Finding]:
    """Return the findings that name no source: they cannot enter a report. One query."""
    rows = FindingSource.objects.filter(finding=OuterRef("pk"))
    return list(live_findings(engagement_id).filter(~Exists(rows)))


def list_put_away(engagement_id: int) -> list[Finding]:
    """Return the archived findings, the last archived first. One query."""
    found = Finding.objects.filter(engagement_id=engagement_id, dropped_at__isnull=False)
    return list(found.order_by("-dropped_at", "-pk"))


def get_finding(engagement_id: int, finding_id: int) -> Finding:
    """Return a finding with its sources, archived or not; `NotFound` if the reader sees none."""
    found = Finding.objects.filter(pk=finding_id, engagement_id=engagement_id)
    one = with_sources(found).first()
    if one is None:
        raise NotFound(_("We couldn’t find this finding."))
    return one


def list_figures(partnership_id: int) -> list[FigureVersion]:
    """Return the newest values of each figure of the partnership's library. One query."""
    newest = FigureVersion.objects.filter(figure=OuterRef("figure")).order_by("-number")
    found = FigureVersion.objects.filter(
        partnership_id=partnership_id, figure__dropped_at=None, pk=newest.values("pk")[:1]
    )
    return list(found.select_related("figure").order_by("figure__title", "pk").defer("series"))
