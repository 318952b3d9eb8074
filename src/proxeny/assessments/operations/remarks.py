"""Remarks on the text of a report by the client and the teams: written, answered and settled."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments import rules
from proxeny.assessments.models import Engagement, Remark, Report
from proxeny.assessments.operations.guards import (
    Entered,
    enter_as_client,
    enter_as_team,
    note_deed,
)
from proxeny.assessments.operations.mail_parts import (
    own_foot,
    people_named,
    people_of_client,
    team_foot,
    url_for_client,
    url_for_team,
)
from proxeny.assessments.operations.work import tidy_lines
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.assessments.queries.report_content import passages_of
from proxeny.assessments.rules import REMARKED_IN
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.operations.mails import Letter, send, to_person

MOST_LETTERS = 2000
#: So many stand beside one report.
MOST_REMARKS = 500


@transaction.atomic
def write_remark(
    *,
    actor: Reader,
    engagement_id: int,
    number: int,
    passage: str,
    text: str,
    now: datetime,
    answers: int | None = None,
) -> Remark:
    """Write a remark on a passage of a report, or answer one.

    Parameters
    ----------
    number : int
        The number of the version that was read.
    passage : str
        As `report_content.passages_of` names them.
    answers : int, optional
        The remark that is answered; answers to an answer belong to the same remark.

    Side effects: an audit row; the other side is told by mail, once a day at most. Answering what
    was settled opens it again.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        No such engagement, version or remark; not of the teams or the company; closed.
    InvalidInput
        There is no text, or it is too long; the version has no such passage.
    """
    entered = _enter(actor, engagement_id)
    report = _get_report(entered, number)
    text = _clean(text)
    asked = _get_remark(entered, answers) if answers else None
    if asked is not None:
        passage = asked.passage
    elif passage not in passages_of(report.content):
        raise InvalidInput(
            _("This version of the report doesn’t contain this passage."), field="passage"
        )
    if Remark.objects.filter(engagement=entered.engagement).count() >= MOST_REMARKS:
        raise Conflict(_("There are too many remarks. Discuss them at the handover meeting."))
    made = Remark(
        engagement=entered.engagement,
        partnership=entered.engagement.partnership,
        report=report,
        passage=passage,
        answers=asked,
        text=text,
        written_by_id=actor.person,
        organisation_id=_side(entered),
        created_at=now,
    )
    _save(made)
    if asked is not None and asked.settled_at is not None:
        asked.settled_at = None
        _save(asked)
    note_deed(
        actor, "answer_remark" if asked else "write_remark", entered, changes={"remark": made.pk}
    )
    _tell_others(entered, made, actor, now)
    return made


@transaction.atomic
def settle_remark(
    *, actor: Reader, engagement_id: int, remark_id: int, is_settled: bool, now: datetime
) -> Remark:
    """Say that a remark is settled, or open it again; both sides can. An audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `write_remark`.
    """
    entered = _enter(actor, engagement_id)
    remark = _get_remark(entered, remark_id)
    if (remark.settled_at is not None) != is_settled:
        remark.settled_at = now if is_settled else None
        _save(remark)
        note_deed(
            actor,
            "settle_remark" if is_settled else "reopen_remark",
            entered,
            changes={"remark": remark.pk},
        )
    return remark


def _save(remark: Remark) -> None:
    """Write a new remark, or whether one is settled: nothing else of it changes."""
    with as_service("The company and the teams may do this, which was checked on entry."):
        remark.save(update_fields=["settled_at"] if remark.pk else None)


def _enter(actor: Reader, engagement_id: int) -> Entered:
    enter = (
        enter_as_client if rules.is_client(actor, get_engagement(engagement_id)) else enter_as_team
    )
    return enter(actor, engagement_id, *REMARKED_IN)


def _side(entered: Entered) -> int:
    return entered.mine.organisation_id if entered.mine else entered.engagement.client_id


def _get_report(entered: Entered, number: int) -> Report:
    report = Report.objects.filter(engagement=entered.engagement, number=number).first()
    if report is None:
        raise NotFound(_("We couldn’t find this report."))
    return report


def _get_remark(entered: Entered, remark_id: int) -> Remark:
    """Return a remark; of an answer, what it answers."""
    found = Remark.objects.filter(engagement=entered.engagement, pk=remark_id)
    one = found.select_related("answers").first()
    if one is None:
        raise NotFound(_("We couldn’t find this remark."))
    return one.answers or one


def _clean(text: str) -> str:
    text = tidy_lines(text)
    if not text:
        raise InvalidInput(_("Write your remark first."), field="text")
    if len(text) > MOST_LETTERS:
        raise InvalidInput(
            _("Your remark is too long. Use %(most)d characters or fewer.")
            % {"most": MOST_LETTERS},
            field="text",
        )
    return text


def _tell_others(entered: Entered, made: Remark, actor: Reader, now: datetime) -> None:
    """Write to the other side; each person gets one mail a day, however much is said."""
    engagement = entered.engagement
    if entered.mine:
        people = people_of_client(engagement, now.date())
        url = url_for_client(engagement, "own-report")
    else:
        people, url = people_named(engagement), url_for_team(engagement, "report")
    for person in people:
        if person.pk != actor.person:
            send(
                to_person(person, "assessments"),
                _letter(engagement, made, f"{url}#{made.passage}", actor),
                key=f"assessment:{engagement.pk}:remarks:{now:%Y-%m-%d}:{person.pk}",
            )


def _letter(engagement: Engagement, made: Remark, url: str, actor: Reader) -> Callable[[], Letter]:
    is_client = made.organisation_id != engagement.client_id

    def write() -> Letter:
        words = {"title": engagement.title, "name": actor.name}
        return Letter(
            subject=_("Remarks on the report: %(title)s") % words,
            lines=(
                _("%(name)s has added a remark to the report:") % words,
                _("You’ll find any further remarks from today there: we send one email a day."),
            ),
            quote=made.text,
            label=_("Read and answer"),
            url=url,
            foot=own_foot(engagement) if is_client else team_foot(engagement),
        )

    return write
