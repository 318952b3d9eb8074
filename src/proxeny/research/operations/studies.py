"""The life cycle of a study: it begins once its preparation is complete, and ends with results."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.operations.room import note, save_version
from proxeny.research.models import Study
from proxeny.research.operations.guards import enter_study
from proxeny.research.queries.studies import count_outcomes, readiness_of

State = Study.State
#: As long as its column.
MOST_SUMMARY, MOST_REASON = 8000, 500


@transaction.atomic
def begin_study(
    *, actor: Reader, partnership_id: int, study_id: int, version: int, now: datetime
) -> Study:
    """Begin a study, once everything is thought of.

    Side effects: an audit row that both sides read.

    Raises
    ------
    NotFound, NotAllowed
        As of `enter_study`.
    Conflict
        Changed since `version`, begun already; or something is missing, which the sentence names.
        Nothing begins then.
    """
    entered = enter_study(actor, partnership_id, study_id, version=version)
    study = entered.record
    if study.state != State.PLANNING:
        raise Conflict(_("This study has already started."))
    points = readiness_of([study], entered.parties)[study.pk]
    if missing := [one.label for one in points if not one.is_met]:
        raise Conflict(
            _("The study can’t start yet. Still missing: %(points)s.")
            % {"points": join_items(missing)}
        )
    save_version(study, state=State.RUNNING, begun_on=now.date())
    note(actor, "begin_study", entered, changes={"begun_on": [None, now.date().isoformat()]})
    return study


@transaction.atomic
def conclude_study(
    *,
    actor: Reader,
    partnership_id: int,
    study_id: int,
    version: int,
    now: datetime,
    summary: str | None = None,
) -> Study:
    """Conclude a study with what was found and at least one outcome.

    Parameters
    ----------
    summary : str, optional
        What was found; without it, what is written already.

    Side effects: an audit row that both sides read.

    Raises
    ------
    NotFound, NotAllowed
        As of `enter_study`.
    InvalidInput
        Nobody has written what was found, or at too great length.
    Conflict
        Changed since `version`, not under way, or no outcome is noted.
    """
    entered = enter_study(actor, partnership_id, study_id, version=version)
    study, before = entered.record, entered.record.summary
    if study.state != State.RUNNING:
        raise Conflict(_("Only a study that is under way can be concluded."))
    found = before if summary is None else summary.strip()
    if not found:
        raise InvalidInput(_("Describe what was found in a few sentences."), field="summary")
    if len(found) > MOST_SUMMARY:
        raise InvalidInput(
            _("Shorten this to %(most)d characters.") % {"most": MOST_SUMMARY}, field="summary"
        )
    if not count_outcomes(study):
        raise Conflict(_("Add at least one outcome first: what changed, and who benefits."))
    save_version(study, state=State.CONCLUDED, concluded_on=now.date(), summary=found)
    changes: dict[str, Any] = {"concluded_on": [None, now.date().isoformat()]}
    if found != before:
        changes["summary"] = [before, found]
    note(actor, "conclude_study", entered, changes=changes)
    return study


@transaction.atomic
def reopen_study(
    *, actor: Reader, partnership_id: int, study_id: int, version: int, reason: str, now: datetime
) -> Study:
    """Take a concluded study up again, with a reason that both sides read.

    Side effects: an audit row with the reason. What was published stays as it is.

    Raises
    ------
    NotFound, NotAllowed
        As of `enter_study`.
    InvalidInput
        No reason, or too long a one.
    Conflict
        Changed since `version`, or not concluded.
    """
    entered = enter_study(actor, partnership_id, study_id, version=version)
    study, reason = entered.record, " ".join(reason.split())
    if study.state != State.CONCLUDED:
        raise Conflict(_("This study isn’t concluded."))
    if not reason:
        raise InvalidInput(_("Explain why the study is being reopened."), field="reason")
    if len(reason) > MOST_REASON:
        raise InvalidInput(
            _("Shorten this to %(most)d characters.") % {"most": MOST_REASON}, field="reason"
        )
    was = study.concluded_on.isoformat() if study.concluded_on else None
    save_version(study, state=State.RUNNING, concluded_on=None)
    note(actor, "reopen_study", entered, changes={"concluded_on": [was, None]}, why=reason)
    return study
