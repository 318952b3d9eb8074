"""What the teams conclude, how sure they are, from what, and in which order it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from proxeny.assessments.models import FigureVersion, Finding, FindingSource, Note
from proxeny.assessments.operations.entering import CHANGED, Entered, enter_as_team
from proxeny.assessments.operations.work import (
    FINDING,
    is_evidence,
    keep_deed,
    refuse_long,
    save_changes,
    tidy,
    tidy_lines,
)
from proxeny.assessments.queries.findings import get_finding, live_findings
from proxeny.assessments.queries.notes import get_note
from proxeny.assessments.rules import CONCLUDED_IN
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader

#: So many findings has one engagement, and so many sources one finding.
MOST_FINDINGS, MOST_SOURCES = 200, 30


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """What a finding says."""

    title: str
    text: str = ""
    chapter: str = ""
    confidence: str = Finding.Confidence.MEDIUM


@transaction.atomic
def write_finding(
    *, actor: Reader, engagement_id: int, facts: FindingFacts, now: datetime
) -> Finding:
    """Write a finding, at the end of its chapter. Its sources are named next (`add_source`).

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every deed of the teams; nothing is concluded before the brief is signed or after
        the hand-over; there are too many.
    InvalidInput
        It says nothing, or something too long.
    """
    entered = enter_as_team(actor, engagement_id, *CONCLUDED_IN)
    values = _clean(facts)
    engagement = entered.engagement
    if live_findings(engagement.pk).count() >= MOST_FINDINGS:
        raise Conflict(_("There are too many of these. Put some away first."))
    made = Finding.objects.create(
        engagement=engagement, partnership_id=engagement.partnership_id, created_at=now,
        order=_last_place(engagement.pk), **values,
    )  # fmt: skip
    keep_deed(actor, "write_finding", made, entered)
    return made


@transaction.atomic
def change_finding(
    *, actor: Reader, engagement_id: int, finding_id: int, version: int, facts: FindingFacts,
    now: datetime,
) -> Finding:  # fmt: skip
    """Change a finding; in another chapter it stands last.

    Errors as of `write_finding`, and `Conflict` if it changed since `version`.
    """
    entered, finding = _enter(actor, engagement_id, finding_id)
    if finding.version != version or finding.dropped_at:
        raise Conflict(CHANGED)
    values = _clean(facts)
    if values["chapter"] != finding.chapter:
        values["order"] = _last_place(engagement_id)
    save_changes(finding, values, actor, "change_finding", entered)
    return finding


@transaction.atomic
def drop_finding(*, actor: Reader, engagement_id: int, finding_id: int, now: datetime) -> Finding:
    """Put a finding away; one that a recommendation rests on stays. Twice changes nothing."""
    entered, finding = _enter(actor, engagement_id, finding_id)
    if finding.dropped_at is None:
        if is_evidence(entered, FINDING, finding.pk):
            raise Conflict(_("A recommendation rests on this finding. Take it away there first."))
        save_changes(finding, {"dropped_at": now}, actor, "drop_finding", entered)
    return finding


@transaction.atomic
def restore_finding(
    *, actor: Reader, engagement_id: int, finding_id: int, now: datetime
) -> Finding:
    """Bring back what was put away; its sources come back with it. Twice changes nothing."""
    entered, finding = _enter(actor, engagement_id, finding_id)
    if finding.dropped_at is not None:
        Note.objects.filter(cited_by__finding=finding, dropped_at__isnull=False).update(
            dropped_at=None
        )
        save_changes(finding, {"dropped_at": None}, actor, "restore_finding", entered)
    return finding


@transaction.atomic
def move_finding(
    *, actor: Reader, engagement_id: int, finding_id: int, by: int, now: datetime
) -> Finding:
    """Move a finding up (`by` -1) or down (1) among those of its chapter; at an end it stays."""
    entered, finding = _enter(actor, engagement_id, finding_id)
    if finding.dropped_at is not None:
        raise Conflict(CHANGED)
    rows = list(live_findings(engagement_id).filter(chapter=finding.chapter))
    at = next(place for place, one in enumerate(rows) if one.pk == finding.pk)
    to = min(max(at + (1 if by > 0 else -1), 0), len(rows) - 1)
    if to != at:
        rows.insert(to, rows.pop(at))
        _number(rows)
        keep_deed(actor, "move_finding", finding, entered)
    return finding


def _number(rows: Sequence[Finding]) -> None:
    """Give findings of one chapter places in their order; the version of none of them changes."""
    for place, one in enumerate(rows, start=1):
        one.order = place
    Finding.objects.bulk_update(rows, ["order"])


@transaction.atomic
def add_source(
    *, actor: Reader, engagement_id: int, finding_id: int, note_id: int | None = None,
    figure_id: int | None = None, place: str = "", now: datetime,
) -> FindingSource:  # fmt: skip
    """Say what a finding rests on: a note, or a figure as it was at one time.

    Named once more, the place is written anew.

    Parameters
    ----------
    figure_id : int, optional
        The number of a figure's version.
    place : str
        Which part of it: a page, a row, a year.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `write_finding`; there are too many sources.
    InvalidInput
        Neither or both are named, or it is none of this engagement.
    """
    entered, finding = _enter(actor, engagement_id, finding_id)
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
        raise Conflict(_("There are too many of these. Put some away first."))
    made = FindingSource.objects.create(
        engagement=entered.engagement, partnership_id=entered.engagement.partnership_id,
        finding=finding, place=place, **found,
    )  # fmt: skip
    keep_deed(actor, "name_finding_source", finding, entered)
    return made


@transaction.atomic
def remove_source(
    *, actor: Reader, engagement_id: int, finding_id: int, source_id: int, now: datetime
) -> FindingSource:
    """Take a source away from a finding; what it was is returned. What it names stays."""
    entered, finding = _enter(actor, engagement_id, finding_id)
    one = FindingSource.objects.filter(pk=source_id, finding=finding).first()
    if one is None:
        raise NotFound(_("There is no such source."))
    keep_deed(actor, "remove_finding_source", finding, entered)
    one.delete()
    return one


def _enter(actor: Reader, engagement_id: int, finding_id: int) -> tuple[Entered, Finding]:
    # The engagement is locked: nobody else writes in its work until this is over.
    entered = enter_as_team(actor, engagement_id, *CONCLUDED_IN)
    return entered, get_finding(engagement_id, finding_id)


def _what(entered: Entered, note_id: int | None, figure_id: int | None) -> dict[str, Any]:
    """Return what is cited, as columns of a source."""
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
        raise InvalidInput(_("Choose one from the list."), field="source") from error
    if note.dropped_at is not None:
        raise InvalidInput(_("This note was put away. Bring it back first."), field="source")
    return note


def find_figure(entered: Entered, version_id: int) -> FigureVersion:
    """Return a figure's version of the partnership's library, likewise."""
    one = FigureVersion.objects.filter(
        pk=version_id, partnership_id=entered.engagement.partnership_id, figure__dropped_at=None
    ).select_related("figure").first()  # fmt: skip
    if one is None:
        raise InvalidInput(_("Choose one from the list."), field="source")
    return one


def _last_place(engagement_id: int) -> int:
    found = live_findings(engagement_id).aggregate(last=Max("order"))
    return min((found["last"] or 0) + 1, 32_000)


def _clean(facts: FindingFacts) -> dict[str, Any]:
    values = {
        "title": tidy(facts.title), "text": tidy_lines(facts.text),
        "chapter": tidy(facts.chapter), "confidence": facts.confidence,
    }  # fmt: skip
    if not values["title"]:
        raise InvalidInput(_("Say in one sentence what you conclude."), field="title")
    refuse_long(Finding, values, ("title", "text", "chapter"))
    if facts.confidence not in Finding.Confidence.values:
        raise InvalidInput(_("Choose one from the list."), field="confidence")
    return values
