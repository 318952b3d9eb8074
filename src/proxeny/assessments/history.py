"""How what happens in the consultation service reads in a history."""

from django.conf import settings
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import Trail, keep_trail
from proxeny.assessments.figure_history import keep_figures
from proxeny.assessments.models import Question, Service
from proxeny.assessments.queries.catalogue import get_service
from proxeny.kernel import audit

#: Each part adds its own.
SENTENCES: dict[str, object] = {
    "ask_office": _("Asked a statistical office for figures"),
    "bring_figure": _("Brought a figure into the library"),
    "change_figure": _("Changed what is said of a figure"),
    "check_figure": _("Looked for newer values of a figure: nothing had changed"),
    "drop_figure": _("Put a figure away"),
    "refresh_figure": _("Brought newer values of a figure"),
    "restore_figure": _("Brought a figure back"),
    "add_service": _("Noted a service"),
    "apply_lesson": _("Put a lesson into the template"),
    "ask_service": _("Put the terms of a service before all sides"),
    "ask_terms": _("Asked all sides to sign the terms"),
    "begin_template": _("Made a template their own"),
    "change_service": _("Changed a service"),
    "change_template": _("Changed a template"),
    "name_deliverer": _("Said who delivers a service"),
    "offer_service": _("All have signed: the service is offered"),
    "open_lesson": _("Took a lesson up again"),
    "pause_service": _("Paused a service"),
    "refuse_service": _("The terms of a service were not signed"),
    "reopen_service": _("Brought a service back"),
    "reset_template": _("Went back to Proxeny’s template"),
    "resume_service": _("Offered a service again"),
    "retire_service": _("Took a service from the catalogue"),
    "sign_service": _("Signed the terms of a service"),
    "write_lesson": _("Kept a lesson"),
    "write_template": _("Wrote a template"),
    # The teams' work: notes, findings, recommendations.
    "name_finding_source": _("Said what a finding rests on"),
    "change_advice": _("Changed a recommendation of an assessment"),
    "change_finding": _("Changed a finding"),
    "change_note": _("Changed a note"),
    "drop_advice": _("Put a recommendation of an assessment away"),
    "drop_finding": _("Put a finding away"),
    "move_finding": _("Moved a finding in its chapter"),
    "remove_finding_source": _("Took a source of a finding away"),
    "restore_advice": _("Brought a recommendation of an assessment back"),
    "restore_finding": _("Brought a finding back"),
    "write_advice": _("Wrote a recommendation of an assessment"),
    "write_finding": _("Wrote a finding"),
    # Reports, remarks, the hand-over, and what came of it.
    "answer_later": _("Said what came of a report"),
    "answer_remark": _("Answered a remark on a report"),
    "arrange_hand_over": _("Arranged the hand-over of a report"),
    "call_off_hand_over": _("Called the hand-over of a report off"),
    "change_hand_over": _("Changed the hand-over of a report"),
    "give_report": _("Gave a report to the company"),
    "hand_over_without_meeting": _("Handed a report over without a meeting"),
    "note_handed_over": _("Handed a report over"),
    "reopen_remark": _("Took up a remark on a report again"),
    "settle_remark": _("Settled a remark on a report"),
    "write_remark": _("Wrote a remark on a report"),
    "write_summary": _("Wrote the summary of a report"),
}


def teach() -> None:
    """Called when Django is ready."""
    audit.tell(SENTENCES)
    _keep_services()
    keep_figures()


def _keep_services() -> None:
    """Give services a history: texts are named by their language."""
    columns = {"name": _("Name"), "summary": _("In one sentence"), "details": _("What you get")}
    keep_trail(
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
