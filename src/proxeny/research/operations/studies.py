"""How a study goes on: it begins once all is thought of, is concluded with what it yields."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader
from proxeny.research.models import Study
from proxeny.research.operations.entering import enter_study, note
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
    study = entered.study
    if study.state != State.PLANNING:
        raise Conflict(_("This study has begun already."))
    points = readiness_of([study], entered.parties)[study.pk]
    if missing := [one.label for one in points if not one.is_met]:
        raise Conflict(
            _("It cannot begin yet. Still missing: %(points)s.") % {"points": join_items(missing)}
        )
    _write(study, state=State.RUNNING, begun_on=now.date())
    note(actor, "begin_study", entered, changes={"begun_on": [None, now.date().isoformat()]})
    return study


@transaction.atomic
def conclude_study(
    *, actor: Reader, partnership_id: int, study_id: int, version: int, now: datetime,
    summary: str | None = None,
) -> Study:  # fmt: skip
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
    study, before = entered.study, entered.study.summary
    if study.state != State.RUNNING:
        raise Conflict(_("Only a study that is under way can be concluded."))
    found = before if summary is None else summary.strip()
    if not found:
        raise InvalidInput(_("Write what was found, in a few sentences."), field="summary")
    if len(found) > MOST_SUMMARY:
        raise InvalidInput(
            _("Shorten this to %(most)d letters.") % {"most": MOST_SUMMARY}, field="summary"
        )
    if not count_outcomes(study):
        raise Conflict(
            _("Note at least one outcome first: what changed, and whom it serves.")
        )  # fmt: skip
    _write(study, state=State.CONCLUDED, concluded_on=now.date(), summary=found)
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
    study, reason = entered.study, " ".join(reason.split())
    if study.state != State.CONCLUDED:
        raise Conflict(_("This study is not concluded."))
    if not reason:
        raise InvalidInput(_("Say why it is taken up again."), field="reason")
    if len(reason) > MOST_REASON:
        raise InvalidInput(
            _("Shorten this to %(most)d letters.") % {"most": MOST_REASON}, field="reason"
        )
    was = study.concluded_on.isoformat() if study.concluded_on else None
    _write(study, state=State.RUNNING, concluded_on=None)
    note(actor, "reopen_study", entered, changes={"concluded_on": [was, None]}, why=reason)
    return study


def _write(study: Study, **values: Any) -> None:
    """Write columns of a locked study and raise its version."""
    values |= {"version": study.version + 1}
    for name, value in values.items():
        setattr(study, name, value)
    study.save(update_fields=list(values))
