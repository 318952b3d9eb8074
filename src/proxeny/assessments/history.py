"""Events of the consultation service, as a history describes them."""

from django.conf import settings
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import TRAILS, Trail
from proxeny.assessments.figure_history import keep_figures
from proxeny.assessments.models import Question, Service
from proxeny.assessments.queries.catalogue import get_service
from proxeny.kernel import audit

#: Each part adds its own.
SENTENCES: dict[str, object] = {
    "ask_office": _("Requested figures from a statistical office"),
    "bring_figure": _("Added a figure to the library"),
    "change_figure": _("Changed the description of a figure"),
    "check_figure": _("Checked a figure for newer values: nothing had changed"),
    "drop_figure": _("Archived a figure"),
    "refresh_figure": _("Updated the values of a figure"),
    "restore_figure": _("Restored a figure"),
    "add_service": _("Created a service"),
    "apply_lesson": _("Added a lesson to the template"),
    "ask_service": _("Sent the terms of a service for signature"),
    "ask_terms": _("Asked all sides to sign the terms"),
    "begin_template": _("Created their own copy of a template"),
    "change_service": _("Changed a service"),
    "change_template": _("Changed a template"),
    "name_deliverer": _("Named the person who delivers a service"),
    "offer_service": _("Signed by everyone: the service is now offered"),
    "open_lesson": _("Reopened a lesson"),
    "pause_service": _("Paused a service"),
    "refuse_service": _("Terms of a service not signed"),
    "reopen_service": _("Restored a service"),
    "reset_template": _("Went back to Proxeny’s template"),
    "resume_service": _("Resumed offering a service"),
    "retire_service": _("Removed a service from the catalogue"),
    "sign_service": _("Signed the terms of a service"),
    "write_lesson": _("Saved a lesson"),
    "write_template": _("Wrote a template"),
    # The teams' work: notes, findings, recommendations.
    "name_finding_source": _("Added a source to a finding"),
    "change_advice": _("Changed a recommendation in an assessment"),
    "change_finding": _("Changed a finding"),
    "change_note": _("Changed a note"),
    "drop_advice": _("Archived a recommendation in an assessment"),
    "drop_finding": _("Archived a finding"),
    "move_finding": _("Moved a finding within its chapter"),
    "remove_finding_source": _("Removed a source from a finding"),
    "restore_advice": _("Restored a recommendation in an assessment"),
    "restore_finding": _("Restored a finding"),
    "write_advice": _("Added a recommendation to an assessment"),
    "write_finding": _("Added a finding"),
    # Reports, remarks, the handover, and what came of it.
    "answer_later": _("Reported what came of a report"),
    "answer_remark": _("Replied to a remark on a report"),
    "arrange_hand_over": _("Arranged the handover of a report"),
    "call_off_hand_over": _("Cancelled the handover of a report"),
    "change_hand_over": _("Changed the handover of a report"),
    "give_report": _("Sent a report to the company"),
    "hand_over_without_meeting": _("Handed over a report without a meeting"),
    "note_handed_over": _("Handed over a report"),
    "reopen_remark": _("Reopened a remark on a report"),
    "settle_remark": _("Resolved a remark on a report"),
    "write_remark": _("Added a remark to a report"),
    "write_summary": _("Wrote the summary of a report"),
}


def teach() -> None:
    """Called when Django is ready."""
    audit.SENTENCES.update(SENTENCES)
    _keep_services()
    keep_figures()


def _keep_services() -> None:
    """Give services a history: texts are named by their language."""
    columns = {"name": _("Name"), "summary": _("In one sentence"), "details": _("What you get")}
    TRAILS.add(
        "service",
        Trail(
            find=get_service,
            address=lambda one: reverse("assessments:service", args=[one.partnership_id, one.pk]),
            labels={
                "state": _("State"),
                **{
                    f"{column}_{code}": format_lazy("{} ({})", label, name)
                    for column, label in columns.items()
                    for code, name in settings.LANGUAGES
                },
            },
            words={
                "state": lambda value: str(dict(Service.State.choices).get(value, value)),
                "question": lambda value: str(dict(Question.choices).get(value, value)),
            },
        ),
    )
