"""Reports: the summary that begins them, and the versions that are given to the client."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from proxeny.assessments.models import Engagement, Report
from proxeny.assessments.operations.advising import propose_all
from proxeny.assessments.operations.guards import (
    Entered,
    enter_as_team,
    note_deed,
    write_engagement,
)
from proxeny.assessments.operations.mail_parts import (
    own_foot,
    own_sender,
    people_of_client,
    url_for_client,
)
from proxeny.assessments.operations.work import tidy, tidy_lines
from proxeny.assessments.queries.reports import MOST_SUMMARY, Draft, read_draft
from proxeny.assessments.rules import CONCLUDED_IN, State
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.operations.mails import Letter, send, to_person

#: While the teams find out, and until the report is handed over: it can have a further version.
WRITTEN = CONCLUDED_IN
#: So many versions are enough for anything.
MOST_VERSIONS = 50


@transaction.atomic
def write_summary(
    *, actor: Reader, engagement_id: int, version: int, summary: str, now: datetime
) -> Engagement:
    """Write the summary at the beginning of the report; it fills one page at most.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every action of the teams; before the work begins, or after the handover.
    InvalidInput
        It is too long.
    """
    entered = enter_as_team(actor, engagement_id, *WRITTEN, version=version)
    summary = tidy_lines(summary)
    if len(summary) > MOST_SUMMARY:
        raise InvalidInput(
            _("The summary has %(count)d characters; one page fits %(most)d. Shorten it.")
            % {"count": len(summary), "most": MOST_SUMMARY},
            field="summary",
        )
    if summary != entered.engagement.summary:
        write_engagement(entered.engagement, summary=summary)
        note_deed(actor, "write_summary", entered, changes={"length": len(summary)})
    return entered.engagement


@transaction.atomic
def give_report(
    *, actor: Reader, engagement_id: int, seen: str, news: str = "", now: datetime
) -> Report:
    """Give the client the current report: from then on this version never changes.

    Parameters
    ----------
    seen : str
        The fingerprint of the draft that the actor has read.
    news : str
        The changes in it, from the second version on.

    Side effects: the engagement is reported; its recommendations are proposed; a mail to each of
    the client's people; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `write_summary`; the draft has changed since it was read, or has no changes.
    InvalidInput
        A required part is missing, or `news` is.
    """
    entered = enter_as_team(actor, engagement_id, *WRITTEN)
    engagement = entered.engagement
    draft = read_draft(engagement)
    number = _next_number(engagement)
    news = tidy(news)[:500]
    _refuse_unready(draft, seen, number, news)
    _refuse_same(engagement, draft, number)
    with as_service("The teams alone give reports, which was checked on entry."):
        report = Report.objects.create(
            engagement=engagement,
            partnership=engagement.partnership,
            number=number,
            language=engagement.language,
            news=news if number > 1 else "",
            content=draft.content,
            sha256=draft.seen,
            given_by_id=actor.person,
            given_at=now,
        )
    before = engagement.state
    values: dict[str, Any] = {"state": State.REPORTED} if before == State.WORKING else {}
    if engagement.reported_at is None:
        values["reported_at"] = now
    write_engagement(engagement, **values)
    propose_all(actor=actor, entered=entered, now=now)
    note_deed(
        actor,
        "give_report",
        entered,
        changes={"number": number, "state": [before, engagement.state]},
    )
    _tell_client(entered, report, now)
    return report


def _next_number(engagement: Engagement) -> int:
    with as_service("A new version is numbered after all others, whatever the actor may see."):
        found = Report.objects.filter(engagement=engagement).aggregate(last=Max("number"))
    if (found["last"] or 0) >= MOST_VERSIONS:
        raise Conflict(
            _("This report has reached the maximum of %(count)d versions.")
            % {"count": MOST_VERSIONS}
        )
    return (found["last"] or 0) + 1


def _refuse_unready(draft: Draft, seen: str, number: int, news: str) -> None:
    for one in draft.missing:
        if one.blocks:
            raise InvalidInput(one.text)
    if draft.seen != seen:
        raise Conflict(
            _("The draft has changed since you opened this page. Read it again before you send it.")
        )
    if number > 1 and not news:
        raise InvalidInput(
            _("Describe in one sentence what’s new in this version. The client will read it."),
            field="news",
        )


def _refuse_same(engagement: Engagement, draft: Draft, number: int) -> None:
    with as_service("The last version counts, whatever the actor may see of it."):
        last = Report.objects.filter(engagement=engagement, number=number - 1).first()
    if last is not None and last.sha256 == draft.seen:
        raise Conflict(_("Nothing has changed since the version the client has."))


def _tell_client(entered: Entered, report: Report, now: datetime) -> None:
    engagement = entered.engagement
    for person in people_of_client(engagement, now.date()):
        send(
            to_person(person, "assessments"),
            _letter(engagement, report),
            key=f"assessment:{engagement.pk}:report:{report.number}:{person.pk}",
        )


def _letter(engagement: Engagement, report: Report) -> Callable[[], Letter]:
    def write() -> Letter:
        words = {"title": engagement.title, "number": report.number}
        if report.number == 1:
            subject = _("Your report is ready: %(title)s") % words
            line = _(
                "The report you requested is ready, starting with a one-page summary. Add your "
                "remarks and questions beside the text."
            )
        else:
            subject = _("Version %(number)d of your report: %(title)s") % words
            line = _("There’s a new version of your report. What’s new:")
        return Letter(
            subject=subject,
            lines=(line,),
            quote=report.news,
            label=_("Read the report"),
            url=url_for_client(engagement, "own-report"),
            foot=own_foot(engagement),
            sender=own_sender(engagement),
        )

    return write
