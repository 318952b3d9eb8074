"""Events of labels, as a history describes them."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import TRAILS
from proxeny.labels.models import (
    Condition,
    Criterion,
    Decision,
    Indicator,
    Juror,
    Level,
    Quota,
    Round,
    SchemeVersion,
)
from proxeny.partnerships import history
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.record_trails import trail_of

#: Deeds that are no adding, changing, putting away and bringing back. Each part adds its own.
DEEDS: dict[str, object] = {
    "begin_scheme": _("Created a label from an example"),
    "take_back_example": _("Archived the example"),
    "translate_scheme": _("Translated a label’s texts"),
    "publish_scheme": _("All sides signed: label published"),
    "withdraw_scheme": _("Withdrew a label"),
    "open_round": _("Published a round: applications open"),
    "make_issuer_key": _("Created a key for signing awards"),
    "rotate_issuer_key": _("Replaced the key for signing awards"),
    "lose_issuer_key": _("Reported a key as lost"),
    "sign_awards_anew": _("Requested new signatures on awards after the loss of a key"),
    "put_awards": _("Sent awards for signature"),
    "issue_awards": _("All sides signed: awards valid"),
    "ask_checkups": _("Requested project reviews from holders"),
    "ask_checkup": _("Requested a project review from a holder"),
    "answer_checkup": _("Answered a project review"),
    "review_checkup": _("Checked a holder’s answer"),
    "ask_new_name": _("Requested an award in a new name"),
    "ask_revocation": _("Requested the revocation of an award"),
    "revoke_award": _("All sides signed: award revoked"),
    "take_back_round": _("Unpublished a round"),
    "begin_judging": _("Started judging a round"),
    "begin_discussing": _("Moved a round to discussion"),
    "resume_judging": _("Moved a round back to judging"),
    "ask_juror": _("Invited someone to judge"),
    "change_juror": _("Changed a juror’s fields or limit"),
    "take_out_juror": _("Removed someone from a jury"),
    "remind_jurors": _("Reminded a jury"),
    "join_jury": _("Agreed to judge"),
    "leave_jury": _("Declined to judge in a round"),
    "declare_jury": _("Declared conflicts of interest before judging"),
    "assign_jury": _("Assigned applications to a jury"),
    "add_assignment": _("Assigned an application to a juror"),
    "remove_assignment": _("Unassigned an application from a juror"),
    "abstain": _("Abstained from judging an application"),
    "save_scores": _("Scored an application"),
    "finish_scoring": _("Finished scoring an application"),
    "reopen_scoring": _("Resumed scoring an application"),
    "change_scores": _("Changed scores during the jury’s discussion"),
    "remark_application": _("Commented on an application"),
    "begin_label_application": _("Started an application for a label"),
    "write_label_application": _("Edited an application for a label"),
    "decide_label_round": _("Decided a round: scores frozen"),
    "write_result_letter": _("Wrote a letter to an applicant"),
    "send_result_letter": _("Sent a letter to an applicant"),
    "give_up_place": _("Gave up a place in a round"),
    "move_up_in_round": _("Moved an application up from the waiting list"),
    "ask_label_appeal": _("Appealed against a decision on a label"),
    "read_label_appeal": _("Requested a second reading of an application after an appeal"),
    "decide_label_appeal": _("Decided an appeal"),
    "submit_label_application": _("Submitted an application for a label"),
    "withdraw_label_application": _("Withdrew an application for a label"),
    "restore_label_application": _("Undid the withdrawal of an application for a label"),
    "bring_label_document": _("Uploaded a document to an application for a label"),
    "drop_label_document": _("Removed a document from an application for a label"),
    "restore_label_document": _("Restored a document in an application for a label"),
    "note_label_eligibility": _("Recorded whether an application is eligible"),
    "declare_label_conflict": _("Declared a conflict of interest with an application"),
    "note_label_fee": _("Recorded when an application fee was paid"),
    "ask_label_applicant": _("Asked a question about an application"),
    "ask_as_label_juror": _("Asked a question about an application as a juror"),
    "pass_on_label_question": _("Passed on a question about an application"),
    "answer_label_question": _("Answered a question about an application"),
}
#: Entries of their history that aren't fields with a name of their own.
LABELS: dict[str, object] = {"count": _("How many"), "number": _("Number")}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in DEEDS.items():
        history.tell(verb, sentence)
    for name, related in {
        "scheme": _of_scheme,
        "label-criterion": _alone,
        "label-indicator": _alone,
        "label-condition": _alone,
        "label-level": _alone,
        "label-quota": _alone,
        "label-round": _of_round,
    }.items():
        trail = trail_of(KINDS[name], related)
        TRAILS.add(name, replace(trail, labels={**trail.labels, **LABELS}))


def _alone(_one: Any) -> dict[str, QuerySet[Any]]:
    return {}


def _of_scheme(scheme: Any) -> dict[str, QuerySet[Any]]:
    """Return the records whose history belongs to a label's: its parts, versions and rounds."""
    own = {
        f"labels.{model.__name__}": model.objects.filter(scheme=scheme).values("pk")
        for model in (Criterion, Indicator, Condition, Level, Quota, Round, SchemeVersion)
    }
    signed = Agreement.objects.filter(
        partnership_id=scheme.partnership_id, kind=Agreement.Kind.SCHEME, subject=str(scheme.pk)
    )
    return {**own, "partnerships.Agreement": signed.values("pk")}


def _of_round(held: Any) -> dict[str, QuerySet[Any]]:
    """Return the records whose history belongs to a round's: its jury and its decisions."""
    return {
        f"labels.{model.__name__}": model.objects.filter(round=held).values("pk")
        for model in (Juror, Decision)
    }
