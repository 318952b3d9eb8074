"""The teams' findings: their confidence, their sources, and their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from proxeny.assessments.models import FigureVersion, Finding, FindingSource, Note
from proxeny.assessments.operations.guards import Entered
from proxeny.assessments.operations.work import (
    FINDING,
    Draft,
    WorkKind,
    is_evidence,
    refuse_long,
    tidy,
    tidy_lines,
)
from proxeny.assessments.queries.findings import get_finding, live_findings
from proxeny.assessments.queries.notes import get_note
from proxeny.assessments.rules import CONCLUDED_IN
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.operations.room import CHANGED, note

#: Most sources of a finding.
MOST_SOURCES = 30


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """The content of a finding."""

    title: str
    text: str = ""
    chapter: str = ""
    confidence: str = Finding.Confidence.MEDIUM


@transaction.atomic
def move_finding(
    *, actor: Reader, engagement_id: int, finding_id: int, by: int, now: datetime
) -> Finding:
    """Move a finding up (`by` -1) or down (1) among those of its chapter; at an end it stays."""
    draft = FINDINGS.enter(actor, engagement_id, finding_id, now)
    entered, finding = draft.entered, draft.record
    if finding.dropped_at is not None:
        raise Conflict(CHANGED)
    rows = list(live_findings(engagement_id).filter(chapter=finding.chapter))
    at = next(place for place, one in enumerate(rows) if one.pk == finding.pk)
    to = min(max(at + (1 if by > 0 else -1), 0), len(rows) - 1)
    if to != at:
        rows.insert(to, rows.pop(at))
        _number(rows)
        note(actor, "move_finding", entered, finding)
    return finding


def _number(rows: Sequence[Finding]) -> None:
    """Give findings of one chapter places in their order; the version of none of them changes."""
    for place, one in enumerate(rows, start=1):
        one.order = place
    Finding.objects.bulk_update(rows, ["order"])


@transaction.atomic
def add_source(
    *,
    actor: Reader,
    engagement_id: int,
    finding_id: int,
    note_id: int | None = None,
    figure_id: int | None = None,
    place: str = "",
    now: datetime,
) -> FindingSource:
    """Add a source to a finding: a note, or a figure as it was at one time.

    If it is a source already, its place is replaced.

    Parameters
    ----------
    figure_id : int, optional
        The id of a figure's version.
    place : str
        Which part of it: a page, a row, a year.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `FINDINGS.write`; there are too many sources.
    InvalidInput
        Neither or both are named, or it is none of this engagement.
    """
    draft = FINDINGS.enter(actor, engagement_id, finding_id, now)
    entered, finding = draft.entered, draft.record
    if finding.dropped_at is not None:
        raise Conflict(CHANGED)
    found = _what(entered, note_id, figure_id)
    place = tidy(place)
    refuse_long(FindingSource, {"place": place}, ["place"])
    known = FindingSource.objects.filter(finding=finding, **found).first()
    if known is not None:
        known.place = place
        known.save(update_fields=["place"])
        return known
    if finding.sources.count() >= MOST_SOURCES:
        raise Conflict(_("You’ve reached the maximum. Archive some first."))
    made = FindingSource.objects.create(
        engagement=entered.engagement,
        partnership_id=entered.engagement.partnership_id,
        finding=finding,
        place=place,
        **found,
    )
    note(actor, "name_finding_source", entered, finding)
    return made


@transaction.atomic
def remove_source(
    *, actor: Reader, engagement_id: int, finding_id: int, source_id: int, now: datetime
) -> FindingSource:
    """Take a source away from a finding; what it was is returned. What it names stays."""
    draft = FINDINGS.enter(actor, engagement_id, finding_id, now)
    entered, finding = draft.entered, draft.record
    one = FindingSource.objects.filter(pk=source_id, finding=finding).first()
    if one is None:
        raise NotFound(_("We couldn’t find this source."))
    note(actor, "remove_finding_source", entered, finding)
    one.delete()
    return one


def _what(entered: Entered, note_id: int | None, figure_id: int | None) -> dict[str, Any]:
    """Return the cited record, as columns of a source."""
    if (note_id is None) == (figure_id is None):
        raise InvalidInput(_("Choose a note or a figure."), field="source")
    if note_id is not None:
        return {"note": find_note(entered, note_id)}
    return {"figure": find_figure(entered, figure_id or 0)}


def find_note(entered: Entered, note_id: int) -> Note:
    """Return a note that something may rest on; `InvalidInput` if it is none of the engagement."""
    try:
        note = get_note(entered.engagement.pk, note_id)
    except NotFound as error:
        raise InvalidInput(_("Choose an option from the list."), field="source") from error
    if note.dropped_at is not None:
        raise InvalidInput(_("This note is archived. Restore it first."), field="source")
    return note


def find_figure(entered: Entered, version_id: int) -> FigureVersion:
    """Return a figure's version of the partnership's library, likewise."""
    one = (
        FigureVersion.objects.filter(
            pk=version_id, partnership_id=entered.engagement.partnership_id, figure__dropped_at=None
        )
        .select_related("figure")
        .first()
    )
    if one is None:
        raise InvalidInput(_("Choose an option from the list."), field="source")
    return one


def _last_place(engagement_id: int) -> int:
    found = live_findings(engagement_id).aggregate(last=Max("order"))
    return min((found["last"] or 0) + 1, 32_000)


def _clean(facts: FindingFacts, draft: Draft[Finding]) -> dict[str, Any]:
    """Return the checked columns; in a new chapter, a finding comes last."""
    values: dict[str, Any] = {
        "title": tidy(facts.title),
        "text": tidy_lines(facts.text),
        "chapter": tidy(facts.chapter),
        "confidence": facts.confidence,
    }
    if not values["title"]:
        raise InvalidInput(_("Enter your conclusion in one sentence."), field="title")
    refuse_long(Finding, values, ("title", "text", "chapter"))
    if facts.confidence not in Finding.Confidence.values:
        raise InvalidInput(_("Choose an option from the list."), field="confidence")
    if draft.record.pk is None or values["chapter"] != draft.record.chapter:
        values["order"] = _last_place(draft.entered.engagement.pk)
    return values


def _refuse_evidence(draft: Draft[Finding]) -> None:
    if is_evidence(draft.entered, FINDING, draft.record.pk):
        raise Conflict(_("A recommendation is based on this finding. Remove it there first."))


def _restore_sources(draft: Draft[Finding]) -> None:
    notes = Note.objects.filter(cited_by__finding=draft.record, dropped_at__isnull=False)
    notes.update(dropped_at=None)


FINDINGS = WorkKind(
    "finding",
    Finding,
    FindingFacts,
    CONCLUDED_IN,
    most=200,
    start=lambda _actor, engagement: {"engagement": engagement},
    live=lambda engagement: live_findings(engagement.pk),
    get=lambda engagement, pk: get_finding(engagement.pk, pk),
    clean=_clean,
    before_drop=_refuse_evidence,
    before_restore=_restore_sources,
)
